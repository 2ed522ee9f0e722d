import type { ConsignmentRecord, Produce } from '#contracts';
import { DomainError, type Tx } from '#platform';
import type { RecordPlace } from '../record/record.kind.js';

/** What a consignment carries out: the lot, where one is named, knows better than whoever fills in the form. */
export interface ConsignedProduce {
  readonly produce: Produce;
  readonly lotId: string | null;
}

/**
 * The produce of a consignment; of a lot its category and village, read from upflow's published tables (docs/adr/0007-published-produce.md).
 * @throws DomainError `unknown_lot` 400 for a lot that this county does not have
 */
export async function producedBy(
  from: Pick<Tx, 'query'>,
  { produce, weightG }: ConsignmentRecord,
  { countyCode, facts }: RecordPlace,
): Promise<ConsignedProduce | undefined> {
  if (!produce) return undefined;
  const { categoryCode, originVillageCode, lotId } = produce;
  if (lotId === undefined)
    return { produce: { categoryCode, weightG, ...(originVillageCode === undefined ? {} : { originVillageCode }) }, lotId: null };
  const [lot] = await from.query<{ categoryCode: string; villageId: string }>(
    `select p.category_code as "categoryCode", l.village_id as "villageId"
     from upflow.lot l join upflow.product p on p.id = l.product_id where l.id = $1 and l.county_code = $2`,
    [lotId, countyCode],
  );
  if (!lot) throw new DomainError('unknown_lot', 400, { lot: lotId });
  const village = facts.snapshot.unit(lot.villageId)?.code;
  return { produce: { categoryCode: lot.categoryCode, weightG, ...(village ? { originVillageCode: village } : {}) }, lotId };
}
