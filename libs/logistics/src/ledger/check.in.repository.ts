import type { ScanFlag } from '#contracts';
import type { Tx } from '#platform';
import { dayOfMs } from '../parcel/day.memo.js';
import type { LedgerEvent } from '../parcel/parcel.event.js';
import { undoingOf } from '../parcel/parcel.undo.js';
import { plainArray } from './array.literal.js';
import type { SnapshotFacts } from './directory.facts.js';
import { EVENT_COLUMNS } from './ledger.repository.js';
import { openDaysOf, type OpenDay } from './open.day.js';

const DAY_MS = 86_400_000;
/** Check-ins up to this long before may be taken back, or keep a day open, by what came now. */
const LOOK_BACK_MS = 5 * DAY_MS;
/** An undoing reaches two days both ways. */
const REACH_MS = 2 * DAY_MS;

/** What became of the open days of some stations. */
export interface SettledDays {
  /** Open days that appeared or went away, as `unit day`. */
  readonly touched: readonly string[];
  /** What is to be said of the events that came, by id. */
  readonly flags: ReadonlyMap<string, readonly ScanFlag[]>;
}

/**
 * Makes the open days what the check-ins and their undoings say, around those that came now and are in the ledger already. Those who settle the
 * same station's days wait for each other.
 */
export async function settleCheckIns(
  tx: Tx,
  countyCode: string,
  fresh: readonly LedgerEvent[],
  facts: SnapshotFacts,
): Promise<SettledDays> {
  const stations = [...new Set(fresh.flatMap(({ stationId }) => stationId ?? []))].sort();
  const instants = fresh.map((event) => event.occurredAt);
  const [earliest, latest] = [Math.min(...instants), Math.max(...instants)];
  const events: LedgerEvent[] = stations.length > 0 ? await readCheckIns(tx, countyCode, stations, earliest - LOOK_BACK_MS) : [];
  const days = { from: dayOfMs(earliest - REACH_MS), to: dayOfMs(latest + REACH_MS) };
  const expected = new Map(
    openDaysOf(events, facts)
      .filter(({ day }) => day >= days.from && day <= days.to)
      .map((open) => [openDayKey(open), open]),
  );
  const stored = await readOpenDays(tx, countyCode, stations, days);
  const gone = stored.filter((open) => !expected.delete(openDayKey(open)));
  await removeOpenDays(tx, countyCode, gone);
  await addOpenDays(tx, countyCode, [...expected.values()]);
  const touched = [...gone, ...expected.values()].map(({ unitId, day }) => `${unitId} ${day}`);
  return { touched, flags: flagsOf(fresh, events) };
}

/** Key of an open day within its county. */
export const openDayKey = ({ unitId, day, stationId }: OpenDay): string => `${unitId} ${day} ${stationId}`;

function flagsOf(fresh: readonly LedgerEvent[], events: readonly LedgerEvent[]): Map<string, readonly ScanFlag[]> {
  const undoing = undoingOf(events.filter((event) => !event.flags.includes('quarantined')));
  const flags = new Map<string, readonly ScanFlag[]>();
  for (const event of fresh)
    if (undoing?.scans.has(event.id)) flags.set(event.id, [...event.flags, 'undone']);
    else if (event.kind === 'undone' && !undoing?.by.has(event.id)) flags.set(event.id, [...event.flags, 'illegal_sequence']);
  return flags;
}

/** Check-ins and their undoings at these stations, from a time on; what claims to be later than it was is among them. */
async function readCheckIns(tx: Tx, countyCode: string, stations: readonly string[], sinceMs: number): Promise<LedgerEvent[]> {
  // A statement of its own: what the one before committed is seen by the next only.
  await tx.query(
    `select pg_advisory_xact_lock(hashtextextended('check_in ' || $1 || ' ' || s.id, 0)) from unnest($2::text[]) as s (id)`,
    [countyCode, [...stations]],
  );
  return await tx.query<LedgerEvent & Record<string, unknown>>(
    `select ${EVENT_COLUMNS} from logistics.parcel_event e
     where e.county_code = $1 and e.waybill = '' and e.claimed_at >= to_timestamp($3::float8 / 1000) and e.station_id = any($2::uuid[])`,
    [countyCode, plainArray(stations), sinceMs],
  );
}

async function readOpenDays(
  tx: Tx,
  countyCode: string,
  stations: readonly string[],
  { from, to }: { from: string; to: string },
): Promise<OpenDay[]> {
  const rows = await tx.query<{ unitId: string; day: string; stationId: string }>(
    `select unit_id as "unitId", day, station_id as "stationId" from logistics.open_day
     where county_code = $1 and station_id = any($2::uuid[]) and day between $3::date and $4::date`,
    [countyCode, plainArray(stations), from, to],
  );
  return rows;
}

/** Removes open days that nothing makes. */
export async function removeOpenDays(tx: Tx, countyCode: string, days: readonly OpenDay[]): Promise<void> {
  for (const { unitId, day, stationId } of days)
    await tx.query('delete from logistics.open_day where county_code = $1 and unit_id = $2 and day = $3 and station_id = $4', [
      countyCode,
      unitId,
      day,
      stationId,
    ]);
}

/** Adds open days; those that are there stay as they are. */
export async function addOpenDays(tx: Tx, countyCode: string, days: readonly OpenDay[]): Promise<void> {
  if (days.length === 0) return;
  await tx.query(
    `insert into logistics.open_day (county_code, unit_id, day, station_id)
     select $1, unit_id, day, station_id from unnest($2::uuid[], $3::date[], $4::uuid[]) as o (unit_id, day, station_id) on conflict do nothing`,
    [
      countyCode,
      plainArray(days.map(({ unitId }) => unitId)),
      plainArray(days.map(({ day }) => day)),
      plainArray(days.map(({ stationId }) => stationId)),
    ],
  );
}
