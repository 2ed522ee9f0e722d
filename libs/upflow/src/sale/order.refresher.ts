import { Injectable } from '@nestjs/common';
import type { OrderState, ParcelStage } from '#contracts';
import { Outbox, type Tx } from '#platform';
import { grouped, type OfOrder } from './order.group.js';
import { orderState } from './order.state.js';
import { refundedOf, refundShares, type RefundFact } from './refund.share.js';
import { saleEntries, touchedKeys, type SaleEntry, type SaleFacts, type SaleOwner } from './sale.entry.plan.js';

interface OrderFact {
  id: string;
  countyCode: string;
  state: OrderState;
  paidAt: Date | null;
  cancelled: boolean;
  sellerId: string;
  villageId: string;
  household: boolean;
}
interface LineFact {
  id: string;
  amountFen: number;
  refundedFen: number;
}
type AllocationFact = SaleOwner & { lineId: string; lotId: string; quantityG: number; shipmentId: string | null };
type PayoutFact = SaleOwner & { payoutId: string; lineId: string; lotId: string; amountFen: number; paidAt: Date };

/** Keys of one event, at most (the catalogue's limit). */
const MAX_KEYS = 5000;

/**
 * What follows from an order is recomputed from its rows, never stepped: refunds of its lines, its state, and its entries in the published table of
 * sales. Whoever changes an order calls this in the same transaction, under the order's lock.
 */
@Injectable()
export class OrderRefresher {
  constructor(private readonly outbox: Outbox) {}

  /** Recomputes orders of one county; each gets a new revision. */
  async refresh(tx: Tx, countyCode: string, orderIds: readonly string[]): Promise<void> {
    if (orderIds.length === 0) return;
    const orders = await this.orders(tx, orderIds);
    const lines = grouped(await this.lines(tx, orderIds));
    const allocations = grouped(await this.allocations(tx, orderIds));
    const refunds = grouped(await this.refunds(tx, orderIds));
    const payouts = grouped(await this.payouts(tx, orderIds));
    const shipments = grouped(
      await tx.query<OfOrder<{ stage: ParcelStage }>>(
        `select order_id as "orderId", stage from upflow.shipment where order_id = any($1::uuid[])`,
        [orderIds],
      ),
    );
    const states: OrderState[] = [];
    const refunded: [id: string, fen: number][] = [];
    const entries: SaleEntry[] = [];
    for (const order of orders) {
      const own = { lines: lines(order.id), allocations: allocations(order.id), refunds: refunds(order.id) };
      const sums = refundedOf(refundShares(own.lines, own.refunds));
      const current = own.lines.map((line) => ({ ...line, refundedFen: sums.get(line.id) ?? 0 }));
      for (const [index, line] of current.entries())
        if (line.refundedFen !== own.lines[index]?.refundedFen) refunded.push([line.id, line.refundedFen]);
      states.push(orderState({ ...own, cancelled: order.cancelled, lines: current, shipments: shipments(order.id) }));
      entries.push(...saleEntries(factsOf(order, own, payouts(order.id))));
    }
    await this.store(tx, orders, states, refunded);
    await this.publish(tx, countyCode, orderIds, entries);
  }

  private async store(
    tx: Tx,
    orders: readonly OrderFact[],
    states: readonly OrderState[],
    refunded: readonly [string, number][],
  ): Promise<void> {
    await tx.query(
      `update upflow.sale_order o set state = v.state, revision = o.revision + 1 from unnest($1::uuid[], $2::text[]) as v (id, state) where o.id = v.id`,
      [orders.map(({ id }) => id), states],
    );
    if (refunded.length > 0)
      await tx.query(
        `update upflow.order_line l set refunded_fen = v.fen from unnest($1::uuid[], $2::bigint[]) as v (id, fen) where l.id = v.id`,
        [refunded.map(([id]) => id), refunded.map(([, fen]) => fen)],
      );
  }

  private async publish(tx: Tx, countyCode: string, orderIds: readonly string[], entries: readonly SaleEntry[]): Promise<void> {
    const before = await tx.query<SaleEntry>(
      `select id, day, kind, village_id as "villageId", producer_id as "producerId", household, order_id as "orderId", amount_fen as "amountFen"
       from upflow.sale_entry where county_code = $1 and order_id = any($2::uuid[])`,
      [countyCode, orderIds],
    );
    const keys = touchedKeys(before, entries);
    if (keys.length === 0) return;
    await tx.query('delete from upflow.sale_entry where county_code = $1 and order_id = any($2::uuid[])', [countyCode, orderIds]);
    await tx.query(
      `insert into upflow.sale_entry (county_code, id, day, kind, village_id, producer_id, household, order_id, amount_fen)
       select $1, * from unnest($2::uuid[], $3::date[], $4::text[], $5::uuid[], $6::uuid[], $7::boolean[], $8::uuid[], $9::bigint[])`,
      [
        countyCode,
        entries.map(({ id }) => id),
        entries.map(({ day }) => day),
        entries.map(({ kind }) => kind),
        entries.map(({ villageId }) => villageId),
        entries.map(({ producerId }) => producerId),
        entries.map(({ household }) => household),
        entries.map(({ orderId }) => orderId),
        entries.map(({ amountFen }) => amountFen),
      ],
    );
    for (let start = 0; start < keys.length; start += MAX_KEYS) {
      const payload = { keys: keys.slice(start, start + MAX_KEYS) };
      await this.outbox.publish(tx, 'upflow', [{ countyCode, topic: 'upflow.sales.touched', payload }]);
    }
  }

  private orders(tx: Tx, ids: readonly string[]): Promise<OrderFact[]> {
    return tx.query(
      `select o.id, o.county_code as "countyCode", o.state, o.paid_at as "paidAt", o.cancelled, o.seller_id as "sellerId", o.village_id as "villageId",
         p.kind = 'household' as household
       from upflow.sale_order o join upflow.producer p on p.id = o.seller_id where o.id = any($1::uuid[]) order by o.id`,
      [ids],
    );
  }

  private lines(tx: Tx, ids: readonly string[]): Promise<OfOrder<LineFact>[]> {
    return tx.query(
      `select order_id as "orderId", id, amount_fen as "amountFen", refunded_fen as "refundedFen" from upflow.order_line
       where order_id = any($1::uuid[]) order by order_id, line_no`,
      [ids],
    );
  }

  private allocations(tx: Tx, ids: readonly string[]): Promise<OfOrder<AllocationFact>[]> {
    return tx.query(
      `select l.order_id as "orderId", a.line_id as "lineId", a.lot_id as "lotId", a.quantity_g as "quantityG", a.shipment_id as "shipmentId",
         t.village_id as "villageId", t.producer_id as "producerId", p.kind = 'household' as household
       from upflow.allocation a join upflow.order_line l on l.id = a.line_id join upflow.lot t on t.id = a.lot_id
       join upflow.producer p on p.id = t.producer_id where l.order_id = any($1::uuid[])`,
      [ids],
    );
  }

  private refunds(tx: Tx, ids: readonly string[]): Promise<OfOrder<RefundFact>[]> {
    return tx.query(
      `select order_id as "orderId", id, line_id as "lineId", amount_fen as "amountFen", refunded_at as "refundedAt" from upflow.refund
       where order_id = any($1::uuid[])`,
      [ids],
    );
  }

  private payouts(tx: Tx, ids: readonly string[]): Promise<OfOrder<PayoutFact>[]> {
    return tx.query(
      `select l.order_id as "orderId", y.payout_id as "payoutId", y.order_line_id as "lineId", y.lot_id as "lotId", y.amount_fen as "amountFen",
         s.paid_at as "paidAt", t.village_id as "villageId", y.producer_id as "producerId", p.kind = 'household' as household
       from upflow.payout_line y join upflow.order_line l on l.id = y.order_line_id join upflow.payout s on s.id = y.payout_id
       join upflow.lot t on t.id = y.lot_id join upflow.producer p on p.id = y.producer_id
       where l.order_id = any($1::uuid[]) and s.state = 'paid'`,
      [ids],
    );
  }
}

function factsOf(
  order: OrderFact,
  own: { lines: readonly LineFact[]; allocations: readonly AllocationFact[]; refunds: readonly RefundFact[] },
  payouts: readonly PayoutFact[],
): SaleFacts {
  const { id: orderId, paidAt, cancelled, villageId, sellerId, household } = order;
  return {
    orderId,
    paidAt,
    cancelled,
    seller: { villageId, producerId: sellerId, household },
    lines: own.lines,
    allocations: own.allocations.map((allocation) => ({ ...allocation, owner: allocation })),
    refunds: own.refunds,
    payouts: payouts.map((payout) => ({ ...payout, owner: payout })),
  };
}
