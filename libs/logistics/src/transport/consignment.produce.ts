import type { ConsignmentRecord, Produce } from '#contracts';
import { DomainError, type Tx } from '#platform';
import type { SnapshotFacts } from '../ledger/directory.facts.js';
import type { RecordPlace } from '../record/record.kind.js';

/** What a consignment carries out: the lot, where one is named, knows better than whoever fills in the form. */
export interface ConsignedProduce {
  readonly produce: Produce;
  readonly lotId: string | null;
}

interface LotRow {
  lotNo: string;
  categoryCode: string;
  villageId: string;
  testFailed: boolean;
  recalled: boolean;
}

/**
 * The produce of a consignment; of a lot its category and village, read from the published tables (docs/adr/0007-published-produce.md).
 * @throws DomainError `unknown_village` 400 for one of another county, `unknown_lot` 400 for a lot that this county does not have, `lot_recalled` or `lot_test_failed` 409 for one that may not leave
 */
export async function producedBy(
  from: Pick<Tx, 'query'>,
  { produce, weightG }: ConsignmentRecord,
  { countyCode, facts }: RecordPlace,
): Promise<ConsignedProduce | undefined> {
  if (!produce) return undefined;
  const { categoryCode, originVillageCode, lotId } = produce;
  if (originVillageCode !== undefined) assertVillage(originVillageCode, countyCode, facts);
  if (lotId === undefined)
    return { produce: { categoryCode, weightG, ...(originVillageCode === undefined ? {} : { originVillageCode }) }, lotId: null };
  const [lot] = await from.query<LotRow>(
    // Splitting and mixing cure nothing: a failed test of any lot that this one was made of counts too.
    `with recursive above (id) as (
       select $1::uuid union select part.parent_id from above join upflow.lot_part part on part.child_id = above.id)
     select l.lot_no as "lotNo", p.category_code as "categoryCode", l.village_id as "villageId",
       exists (select 1 from above join upflow.lot a on a.id = above.id where 'test_failed' = any(a.flags)) as "testFailed",
       exists (select 1 from trace.recall_lot rl join trace.recall r on r.id = rl.recall_id where rl.lot_id = l.id and r.ended_at is null) as recalled
     from upflow.lot l join upflow.product p on p.id = l.product_id where l.id = $1 and l.county_code = $2`,
    [lotId, countyCode],
  );
  if (!lot) throw new DomainError('unknown_lot', 400, { lot: lotId });
  if (lot.recalled) throw new DomainError('lot_recalled', 409, { lotNo: lot.lotNo });
  if (lot.testFailed) throw new DomainError('lot_test_failed', 409, { lotNo: lot.lotNo });
  const village = facts.snapshot.unit(lot.villageId)?.code;
  return { produce: { categoryCode: lot.categoryCode, weightG, ...(village ? { originVillageCode: village } : {}) }, lotId };
}

function assertVillage(code: string, countyCode: string, facts: SnapshotFacts): void {
  const unit = facts.snapshot.unitByCode(code);
  if (unit?.level !== 'village' || facts.countyOf(unit.id) !== countyCode)
    throw new DomainError('unknown_village', 400, { village: code });
}
