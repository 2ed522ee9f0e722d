import { DomainError, type Tx } from '#platform';
import { failedLots } from '../lot/failed.lots.js';
import type { LockedLot } from '../lot/lot.stock.js';

/** Lots that a recall in force reaches. Recalls are trace's; reading these two tables is agreed (libs/contracts/src/published.ts). */
export async function recalledLots(tx: Tx, lotIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ lotId: string }>(
    `select distinct l.lot_id as "lotId" from trace.recall_lot l join trace.recall r on r.id = l.recall_id
     where r.ended_at is null and l.lot_id = any($1::uuid[])`,
    [lotIds],
  );
  return new Set(rows.map(({ lotId }) => lotId));
}

/** @throws DomainError `lot_recalled` or `lot_test_failed` 409 when one of the lots may not leave */
export async function assertMayLeave(tx: Tx, lots: Iterable<LockedLot>): Promise<void> {
  const all = [...lots];
  const ids = all.map(({ id }) => id);
  const [recalled, failed] = [await recalledLots(tx, ids), await failedLots(tx, ids)];
  for (const { id, lotNo } of all) {
    if (recalled.has(id)) throw new DomainError('lot_recalled', 409, { lotNo });
    if (failed.has(id)) throw new DomainError('lot_test_failed', 409, { lotNo });
  }
}
