import { Injectable } from '@nestjs/common';
import type { Tx } from '#platform';

/** Lots that boxes hold as the codes say: those of a box's units; of a box without any, the lot that it was ordered for. `$1` are the boxes, null for all. */
const HELD = `
  select distinct lot_id, box_serial from trace.code where box_serial is not null and ($1::bigint[] is null or box_serial = any($1::bigint[]))
  union all
  select b.lot_id, b.serial from trace.code b where b.level = 'box' and ($1::bigint[] is null or b.serial = any($1::bigint[]))
    and not exists (select 1 from trace.code u where u.box_serial = b.serial)`;

/** Which lots each box holds some of, in trace.box_lot: a recall finds the boxes of its lots there. Made anew from the codes, never counted up or down. */
@Injectable()
export class BoxLots {
  /** Makes anew what is kept of some boxes, or of all. Call it in the transaction that changed their contents and has locked them. */
  async refresh(tx: Tx, boxSerials: readonly number[] | null): Promise<void> {
    await tx.query(
      `with held as materialized (${HELD}), gone as (
         delete from trace.box_lot k where ($1::bigint[] is null or k.box_serial = any($1::bigint[]))
           and not exists (select 1 from held h where h.lot_id = k.lot_id and h.box_serial = k.box_serial))
       insert into trace.box_lot (lot_id, box_serial) select lot_id, box_serial from held on conflict do nothing`,
      [boxSerials],
    );
  }
}
