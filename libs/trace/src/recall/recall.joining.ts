import type { Tx } from '#platform';

/**
 * Lets everything that was made of recalled lots join the recalls in force. Steps may be told out of order, so all that came of these lots joins, not
 * their next of kin alone.
 */
export async function joinRecalled(tx: Tx, sources: readonly string[]): Promise<void> {
  if (sources.length === 0) return;
  await tx.query(
    `with recursive reached(recall_id, lot_id) as (
       select x.recall_id, x.lot_id from trace.recall_lot x join trace.recall r on r.id = x.recall_id
       where x.lot_id = any($1::uuid[]) and r.ended_at is null
       union select d.recall_id, p.child_id from reached d join upflow.lot_part p on p.parent_id = d.lot_id)
     insert into trace.recall_lot (recall_id, lot_id) select recall_id, lot_id from reached on conflict do nothing`,
    [[...new Set(sources)]],
  );
}
