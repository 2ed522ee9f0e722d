import { addDays, dayOf } from '#contracts';
import type { StationNode } from '#directory';
import type { Tx } from '#platform';
import { plainArray, textArray } from '../ledger/array.literal.js';
import type { SnapshotFacts } from '../ledger/directory.facts.js';
import { readEvents } from '../ledger/ledger.repository.js';
import { readMeanings } from '../mapping/mapping.repository.js';
import { withMeaning, type LedgerEvent } from '../parcel/parcel.event.js';

/** A parcel that lay on the shelf for longer than this and left it since is not found again. */
const LOOKBACK_DAYS = 60;

/** Units under which a station's rows of parcel_day may be kept: its own, and what that became. */
export const unitsOfStation = (facts: SnapshotFacts, { unitId }: StationNode): string[] => [unitId, ...facts.heirsOf(unitId)];

/**
 * Events of every parcel that had to do with the station between two instants: it lies there now, was handled there in the span, or lay there before
 * and something happened to it since.
 * @param also further waybills, wherever they are
 */
export async function readStationHistory(
  from: Tx,
  facts: SnapshotFacts,
  station: StationNode,
  span: { readonly from: Date; readonly to: Date },
  also: readonly string[] = [],
): Promise<Map<string, LedgerEvent[]>> {
  const countyCode = facts.countyOf(station.unitId);
  const rows = await from.query<{ waybill: string; from: Date }>(
    `with day as (
       select distinct d.waybill, d.day >= $5::date as "inSpan" from logistics.parcel_day d
       where d.county_code = $1 and d.unit_id = any($3::uuid[]) and d.day between $4::date and $6::date and d.station_id = $2
     ), known as (
       select p.waybill, p.first_claimed_at from logistics.parcel p
       where p.county_code = $1 and p.station_id = $2 and p.stage = 'at_station' and p.held_since is not null
       union select p.waybill, p.first_claimed_at from day join logistics.parcel p on p.county_code = $1 and p.waybill = day.waybill
       where day."inSpan" or p.last_event_at >= $7 or p.stage = 'accepted'
       union select p.waybill, p.first_claimed_at from unnest($8::text[]) as w (waybill)
       join logistics.parcel p on p.county_code = $1 and p.waybill = w.waybill
     ) select waybill, first_claimed_at as "from" from known`,
    [
      countyCode,
      station.id,
      plainArray(unitsOfStation(facts, station)),
      addDays(dayOf(span.from), -LOOKBACK_DAYS),
      dayOf(span.from),
      dayOf(span.to),
      span.from,
      textArray(also),
    ],
  );
  const history = new Map<string, LedgerEvent[]>(rows.map(({ waybill }) => [waybill, []]));
  if (rows.length === 0) return history;
  const earliest = Math.min(...rows.map((row) => row.from.getTime()));
  const events = await readEvents(from, countyCode, [...history.keys()], earliest);
  const meanings = events.some(({ kind }) => kind === 'unknown') ? await readMeanings(from, countyCode) : undefined;
  for (const event of events) history.get(event.waybill)?.push(meanings ? withMeaning(event, meanings) : event);
  return history;
}
