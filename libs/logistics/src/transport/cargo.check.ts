import type { TransportState, UnitLevel } from '#contracts';
import { DomainError, type Tx } from '#platform';
import { textArray } from '../ledger/array.literal.js';
import type { SnapshotFacts } from '../ledger/directory.facts.js';
import type { RecordPlace } from '../record/record.kind.js';
import type { Journey } from './handover.fold.js';
import { turnedUpSince } from './transport.repository.js';

/** Waybills that a refusal names in its sentence; each has its own field error besides. */
const NAMED = 10;
/** From the carriers' side down to the recipient. */
const DEPTH: Readonly<Record<UnitLevel, number>> = { province: 0, prefecture: 1, county: 2, town: 3, village: 4 };

/** Whether something leaves the villages: what nobody has seen before was then taken in from a sender. */
function goesOut({ levelOf }: SnapshotFacts, { from, to }: Journey): boolean {
  const [start, end] = [levelOf(from.unitId), levelOf(to.unitId)];
  return start !== undefined && end !== undefined && (start === 'village' || DEPTH[end] < DEPTH[start]);
}

/**
 * What has to hold before parcels go into a bag or on a manifest.
 * @throws DomainError `consignment_missing` 409 for an outbound parcel without its record, `already_bagged` 409 for one that is in a bag that nobody
 * opened or on a manifest that nobody received
 */
export async function checkCargo(
  tx: Tx,
  { countyCode, facts }: Pick<RecordPlace, 'countyCode' | 'facts'>,
  waybills: readonly string[],
  journey: Journey,
): Promise<void> {
  if (waybills.length === 0) return;
  refuse('consignment_missing', waybills, await withoutConsignment(tx, countyCode, waybills, goesOut(facts, journey)));
  refuse('already_bagged', waybills, await packedElsewhere(tx, countyCode, waybills, facts));
}

/** Outbound parcels by the ledger, and unknown ones on their way out. A parcel that came in and goes back needs no new record. */
async function withoutConsignment(tx: Tx, countyCode: string, waybills: readonly string[], out: boolean): Promise<Set<string>> {
  const rows = await tx.query<{ waybill: string }>(
    `select w.waybill from unnest($2::text[]) as w (waybill)
     left join logistics.parcel p on p.county_code = $1 and p.waybill = w.waybill
     where coalesce(p.direction = 'outbound', $3::boolean)
       and not exists (select 1 from logistics.consignment c where c.county_code = $1 and c.waybill = w.waybill)`,
    [countyCode, textArray(waybills), out],
  );
  return new Set(rows.map(({ waybill }) => waybill));
}

/**
 * A bag that a village received is left out: there each parcel is scanned by itself as it goes on the shelf, and the bag is often never said to be
 * opened. So is a parcel that turned up in another bag since: it cannot be in this one.
 */
async function packedElsewhere(
  tx: Tx,
  countyCode: string,
  waybills: readonly string[],
  { levelOf }: SnapshotFacts,
): Promise<Set<string>> {
  const rows = await tx.query<{ waybill: string; state: TransportState; toUnitId: string }>(
    `select bp.waybill, b.state, b.to_unit_id as "toUnitId" from logistics.bag_parcel bp
     join logistics.bag b on b.county_code = bp.county_code and b.code = bp.bag_code
     where bp.county_code = $1 and bp.waybill = any($2::text[]) and bp.state = 'listed' and b.state <> 'opened'
       and not ${turnedUpSince('bp.waybill', 'b.sealed_at')}
     union all
     select w.waybill, m.state, m.to_unit_id from logistics.manifest m cross join unnest(m.waybills) as w (waybill)
     where m.county_code = $1 and m.state <> 'received' and m.waybills && $2::text[] and w.waybill = any($2::text[])`,
    [countyCode, textArray(waybills)],
  );
  const packed = rows.filter(({ state, toUnitId }) => state !== 'received' || levelOf(toUnitId) !== 'village');
  return new Set(packed.map(({ waybill }) => waybill));
}

function refuse(code: string, waybills: readonly string[], bad: ReadonlySet<string>): void {
  if (bad.size === 0) return;
  const named = [...bad].slice(0, NAMED).join(', ') + (bad.size > NAMED ? ` … (${bad.size})` : '');
  throw new DomainError(
    code,
    409,
    { waybills: named },
    waybills.flatMap((waybill, index) => (bad.has(waybill) ? [{ path: `waybills.${index}`, code, message: waybill }] : [])),
  );
}
