import { Injectable } from '@nestjs/common';
import type { Tx } from '#platform';
import { owedFen, type Clawback, type PaidShare } from './payout.clawback.js';

type ShareRow = Omit<PaidShare, 'line'> & PaidShare['line'];

const PAID = `select y.order_line_id as "orderLineId", y.producer_id as "producerId", y.lot_id as "lotId", y.amount_fen as "paidFen",
    coalesce((select sum(c.amount_fen) from upflow.payout_clawback c where c.order_line_id = y.order_line_id and c.producer_id = y.producer_id
      and c.lot_id = y.lot_id), 0)::bigint as "clawedFen",
    l.amount_fen as "amountFen", l.refunded_fen as "refundedFen", o.cancelled, s.kept_bp as "keptBp"
  from upflow.payout s join upflow.payout_line y on y.payout_id = s.id join upflow.order_line l on l.id = y.order_line_id
  join upflow.sale_order o on o.id = l.order_id`;

/** What was taken back of payouts, in upflow.payout_clawback. A paid sheet never changes: each stands on a later one. */
@Injectable()
export class ClawbackRepository {
  /** Shares on a seller's paid sheets whose order was refunded or closed, the longest paid first. */
  async refunded(tx: Tx, sellerId: string): Promise<PaidShare[]> {
    const rows = await tx.query<ShareRow>(
      `${PAID} where s.seller_id = $1::uuid and s.state = 'paid' and (l.refunded_fen > 0 or o.cancelled)
       order by s.paid_at, y.order_line_id, y.producer_id, y.lot_id`,
      [sellerId],
    );
    return rows.map(shareOf);
  }

  async insert(tx: Tx, payoutId: string, clawbacks: readonly Clawback[]): Promise<void> {
    if (clawbacks.length === 0) return;
    await tx.query(
      `insert into upflow.payout_clawback (payout_id, order_line_id, producer_id, lot_id, amount_fen)
       select $1::uuid, * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[])`,
      [
        payoutId,
        clawbacks.map(({ orderLineId }) => orderLineId),
        clawbacks.map(({ producerId }) => producerId),
        clawbacks.map(({ lotId }) => lotId),
        clawbacks.map(({ amountFen }) => amountFen),
      ],
    );
  }

  /** Frees what a draft took back. */
  async remove(tx: Tx, payoutId: string): Promise<void> {
    await tx.query('delete from upflow.payout_clawback where payout_id = $1::uuid', [payoutId]);
  }

  /** Whether a sheet takes back more than is owed back by now: an order was opened again. */
  async overdrawn(tx: Tx, payoutId: string): Promise<boolean> {
    const rows = await tx.query<ShareRow>(
      `${PAID} where y.order_line_id in (select order_line_id from upflow.payout_clawback where payout_id = $1::uuid)`,
      [payoutId],
    );
    const held = new Map<string, { fen: number; owed: number }>();
    for (const share of rows.map(shareOf)) {
      const before = held.get(share.orderLineId)?.fen ?? 0;
      held.set(share.orderLineId, { fen: before + share.paidFen - share.clawedFen, owed: owedFen(share.line) });
    }
    return [...held.values()].some(({ fen, owed }) => fen < owed);
  }
}

function shareOf({ amountFen, refundedFen, cancelled, keptBp, ...share }: ShareRow): PaidShare {
  return { ...share, line: { amountFen, refundedFen, cancelled, keptBp } };
}
