import { Injectable } from '@nestjs/common';
import { addDays, startOfDay, type Channel, type Day, type PayoutLineView, type PayoutView } from '#contracts';
import type { Tx } from '#platform';
import type { AllocatedLot, LotEdge } from './payout.split.js';

/** A sheet as stored. */
export interface PayoutRow {
  id: string;
  countyCode: string;
  sellerId: string;
  sellerName: string;
  sellerVillageId: string;
  from: Day;
  to: Day;
  state: PayoutView['state'];
  keptBp: number;
  paidAt: Date | null;
  createdAt: Date;
}
/** An order line that may be paid out. */
export interface PayableLine {
  id: string;
  orderId: string;
  amountFen: number;
  refundedFen: number;
  lots: AllocatedLot[];
}
/** A row of upflow.payout_line without its sheet. */
export interface PayoutShare {
  orderLineId: string;
  producerId: string;
  lotId: string;
  weightG: number;
  amountFen: number;
}

/** Shares and what was taken back, alike. */
const ROWS = `(select payout_id, order_line_id, producer_id, lot_id, weight_g, amount_fen, 'share' as kind from upflow.payout_line
  union all select payout_id, order_line_id, producer_id, lot_id, 0, -amount_fen, 'clawback' from upflow.payout_clawback)`;
const SHEET = `select s.id, s.county_code as "countyCode", s.seller_id as "sellerId", p.name as "sellerName", p.village_id as "sellerVillageId",
  s.from_day as "from", s.to_day as "to", s.state, s.kept_bp as "keptBp", s.paid_at as "paidAt", s.created_at as "createdAt"
  from upflow.payout s join upflow.producer p on p.id = s.seller_id`;

/** Payout sheets in upflow.payout and upflow.payout_line. */
@Injectable()
export class PayoutRepository {
  async find(tx: Tx, id: string, lock = false): Promise<PayoutRow | undefined> {
    const [row] = await tx.query<PayoutRow>(`${SHEET} where s.id = $1::uuid${lock ? ' for update of s' : ''}`, [id]);
    return row;
  }

  /** Sheets, the newest first. A sheet is listed for its seller and for whom it pays. */
  async list(
    tx: Tx,
    filter: {
      villageIds: readonly string[] | null;
      producerIds: readonly string[] | null;
      sellerId: string | undefined;
      producerId: string | undefined;
      after: string | undefined;
      limit: number;
    },
  ): Promise<PayoutRow[]> {
    return tx.query(
      `${SHEET} where ($1::uuid[] is null or p.village_id = any($1::uuid[])) and ($2::uuid[] is null or s.seller_id = any($2::uuid[])
           or exists (select 1 from upflow.payout_line l where l.payout_id = s.id and l.producer_id = any($2::uuid[])))
         and ($3::uuid is null or s.seller_id = $3::uuid)
         and ($4::uuid is null or exists (select 1 from upflow.payout_line l where l.payout_id = s.id and l.producer_id = $4::uuid))
         and ($5::uuid is null or s.id < $5::uuid)
       order by s.id desc limit $6`,
      [
        filter.villageIds,
        filter.producerIds,
        filter.sellerId ?? null,
        filter.producerId ?? null,
        filter.after ?? null,
        filter.limit,
      ],
    );
  }

  /** Lines of delivered orders paid in a span of days that no sheet has yet; their orders are locked. */
  async payable(tx: Tx, sellerId: string, from: Day, to: Day): Promise<PayableLine[]> {
    const span = [sellerId, startOfDay(from).toISOString(), startOfDay(addDays(to, 1)).toISOString()];
    const orders = await tx.query<{ id: string }>(
      `select id from upflow.sale_order where seller_id = $1::uuid and state = 'delivered' and paid_at >= $2::timestamptz and paid_at < $3::timestamptz
       order by id for update`,
      span,
    );
    const rows = await tx.query<Omit<PayableLine, 'lots'> & { lotId: string; quantityG: number }>(
      `select l.id, l.order_id as "orderId", l.amount_fen as "amountFen", l.refunded_fen as "refundedFen", a.lot_id as "lotId", a.quantity_g as "quantityG"
       from upflow.order_line l join upflow.allocation a on a.line_id = l.id
       where l.order_id = any($1::uuid[]) and not exists (select 1 from upflow.payout_line y where y.order_line_id = l.id) order by l.id, a.id`,
      [orders.map(({ id }) => id)],
    );
    const lines = new Map<string, PayableLine>();
    for (const { lotId, quantityG, ...line } of rows) {
      const known = lines.get(line.id) ?? { ...line, lots: [] };
      known.lots.push({ lotId, quantityG });
      lines.set(line.id, known);
    }
    return [...lines.values()];
  }

  /** Everything that lots are made of, up to their harvests. */
  async edges(tx: Tx, lotIds: readonly string[]): Promise<LotEdge[]> {
    return tx.query(
      `with recursive made(child_id) as (select unnest($1::uuid[]) union select p.parent_id from upflow.lot_part p join made m on m.child_id = p.child_id)
       select p.parent_id as "parentId", p.child_id as "childId", p.quantity_g as "quantityG" from upflow.lot_part p join made m on m.child_id = p.child_id`,
      [lotIds],
    );
  }

  async producersOfLots(tx: Tx, lotIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await tx.query<{ id: string; producerId: string }>(
      'select id, producer_id as "producerId" from upflow.lot where id = any($1::uuid[])',
      [lotIds],
    );
    return new Map(rows.map(({ id, producerId }) => [id, producerId]));
  }

  async insertShares(tx: Tx, payoutId: string, shares: readonly PayoutShare[]): Promise<void> {
    await tx.query(
      `insert into upflow.payout_line (payout_id, order_line_id, producer_id, lot_id, weight_g, amount_fen)
       select $1::uuid, * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::bigint[])`,
      [
        payoutId,
        shares.map(({ orderLineId }) => orderLineId),
        shares.map(({ producerId }) => producerId),
        shares.map(({ lotId }) => lotId),
        shares.map(({ weightG }) => weightG),
        shares.map(({ amountFen }) => amountFen),
      ],
    );
  }

  /** What each producer gets of each sheet (`producerIds` null: all of them). */
  async producers(
    tx: Tx,
    payoutIds: readonly string[],
    producerIds: readonly string[] | null,
  ): Promise<
    { payoutId: string; id: string; name: string; lines: number; weightG: number; amountFen: number; clawedFen: number }[]
  > {
    return tx.query(
      `select l.payout_id as "payoutId", p.id, p.name, count(distinct l.order_line_id) filter (where l.kind = 'share')::int as lines,
         sum(l.weight_g)::bigint as "weightG", sum(l.amount_fen)::bigint as "amountFen",
         coalesce(-sum(l.amount_fen) filter (where l.kind = 'clawback'), 0)::bigint as "clawedFen"
       from ${ROWS} l join upflow.producer p on p.id = l.producer_id
       where l.payout_id = any($1::uuid[]) and ($2::uuid[] is null or p.id = any($2::uuid[])) group by l.payout_id, p.id, p.name order by p.name, p.id`,
      [payoutIds, producerIds],
    );
  }

  /** The shares of a sheet, order by order, and then what it takes back of earlier ones. */
  async lines(tx: Tx, payoutId: string, producerIds: readonly string[] | null): Promise<PayoutLineView[]> {
    const rows = await tx.query<Omit<PayoutLineView, 'producer' | 'channel'> & { channel: Channel; id: string; name: string }>(
      `select o.channel, o.channel_order_no as "channelOrderNo", l.sku, t.lot_no as "lotNo", p.id, p.name, y.weight_g as "weightG",
         y.amount_fen as "amountFen", y.kind
       from ${ROWS} y join upflow.order_line l on l.id = y.order_line_id join upflow.sale_order o on o.id = l.order_id
       join upflow.lot t on t.id = y.lot_id join upflow.producer p on p.id = y.producer_id
       where y.payout_id = $1::uuid and ($2::uuid[] is null or p.id = any($2::uuid[])) order by y.kind desc, o.paid_at, o.id, l.line_no, p.name,
         t.lot_no`,
      [payoutId, producerIds],
    );
    return rows.map(({ id, name, ...row }) => ({ ...row, producer: { id, name } }));
  }

  /** Orders of a sheet, locked, and what its lines would be paid out now. */
  async standing(
    tx: Tx,
    payoutId: string,
  ): Promise<{ orderId: string; state: string; amountFen: number; refundedFen: number; paidFen: number }[]> {
    await tx.query(
      `select o.id from upflow.sale_order o where o.id in (select l.order_id from upflow.payout_line y join upflow.order_line l on l.id = y.order_line_id
         where y.payout_id = $1::uuid) order by o.id for update`,
      [payoutId],
    );
    return tx.query(
      `select l.order_id as "orderId", o.state, l.amount_fen as "amountFen", l.refunded_fen as "refundedFen", sum(y.amount_fen)::bigint as "paidFen"
       from upflow.payout_line y join upflow.order_line l on l.id = y.order_line_id join upflow.sale_order o on o.id = l.order_id
       where y.payout_id = $1::uuid group by l.id, o.id`,
      [payoutId],
    );
  }
}
