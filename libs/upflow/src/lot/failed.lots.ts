import type { Tx } from '#platform';

/** Those of some lots of which a test failed, their own or one of any lot that they were made of: splitting and mixing cure nothing. */
export async function failedLots(tx: Tx, lotIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ lotId: string }>(
    `with recursive above (lot_id, id) as (
       select id, id from unnest($1::uuid[]) as id
       union select a.lot_id, p.parent_id from above a join upflow.lot_part p on p.child_id = a.id)
     select distinct a.lot_id as "lotId" from above a join upflow.lot l on l.id = a.id where 'test_failed' = any(l.flags)`,
    [lotIds],
  );
  return new Set(rows.map(({ lotId }) => lotId));
}
