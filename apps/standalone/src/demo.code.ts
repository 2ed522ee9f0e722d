/** A code of the demo county to look at, for who has no label at hand. */
import type { INestApplicationContext } from '@nestjs/common';
import { Database } from '#platform';
import { CodeKeys, shortLink } from '#trace';

/** The link of a code on a pack that was sold, or `undefined` when the county has none. A recalled or void one would be no welcome. */
export async function demoCodeLink(app: INestApplicationContext, baseUrl: string): Promise<string | undefined> {
  const [code] = await app.get(Database, { strict: false }).query<{ serial: number }>(
    // In the order of an index, so that the first that fits ends the search; those without a parcel come last.
    `select c.serial from trace.code c
     where c.level = 'unit' and c.state = 'active' and not exists (
       select 1 from trace.recall r join trace.recall_lot l on l.recall_id = r.id where r.ended_at is null and l.lot_id = c.lot_id)
     order by c.shipment_id limit 1`,
  );
  if (!code) return undefined;
  const keys = app.get(CodeKeys, { strict: false });
  await keys.readyFor([code.serial]);
  return shortLink(baseUrl, keys.sign(code.serial));
}
