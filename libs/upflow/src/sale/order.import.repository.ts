import { Injectable } from '@nestjs/common';
import type { Channel } from '#contracts';
import { Clock, SecretBox, uuidv7, type Tx } from '#platform';
import { openText, sealBuyer, type SealedBuyer } from './buyer.seal.js';
import { buyerAfter, newRefunds, type KnownLine, type KnownOrder } from './order.change.js';
import { grouped, type OfOrder } from './order.group.js';
import type { ProductOf } from './order.product.js';
import type { ToldOrder } from './order.rows.js';
import type { Seller } from './order.scope.js';
import { stableId } from './stable.id.js';
import { unitWeightG } from './weight.text.js';

/** What orders are stored for. */
export interface ImportTarget {
  seller: Seller;
  channel: Channel;
  importId: string;
  actorId: string;
}
/** An order as stored, and what the export says of it. */
export interface KnownImport {
  known: StoredOrder;
  told: ToldOrder;
}
/** A stored order that an import may change. */
export interface StoredOrder extends KnownOrder {
  id: string;
  province: string | null;
  city: string | null;
}
type StoredRow = Omit<StoredOrder, 'buyer'> & SealedBuyer & { no: string };
type Line = OfOrder<KnownLine>;

/** Orders of an export in upflow.sale_order, upflow.order_line and upflow.refund, many in one statement. */
@Injectable()
export class OrderImportRepository {
  constructor(
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** Imports of one channel in one county go one after the other until the transaction ends. */
  async lock(tx: Tx, { seller, channel }: ImportTarget): Promise<void> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`order import ${seller.countyCode} ${channel}`]);
  }

  /** Those orders of an export that are known, by their number; locked. */
  async stored(
    tx: Tx,
    { seller, channel }: ImportTarget,
    orders: readonly ToldOrder[],
  ): Promise<ReadonlyMap<string, StoredOrder>> {
    const rows = await tx.query<StoredRow>(
      `select o.id, o.channel_order_no as no, o.seller_id as "sellerId", o.paid_at as "paidAt", o.freight_fen as "freightFen", o.channel_status as status,
         o.channel_waybill as waybill, o.channel_carrier as carrier, o.cancelled, o.buyer_name as "buyerName", o.buyer_phone as "buyerPhone",
         o.buyer_tail as "buyerTail", o.buyer_address as "buyerAddress", o.province, o.city,
         exists (select 1 from upflow.order_line l where l.order_id = o.id and (l.refunded_fen > 0
           or exists (select 1 from upflow.allocation a where a.line_id = l.id) or exists (select 1 from upflow.payout_line y where y.order_line_id = l.id)))
           or exists (select 1 from upflow.refund r where r.order_id = o.id) as "inWork",
         (select json_agg(json_build_object('id', l.id, 'sku', l.sku, 'quantity', l.quantity, 'amountFen', l.amount_fen,
           'refundedFen', l.refunded_fen) order by l.line_no) from upflow.order_line l where l.order_id = o.id) as lines
       from upflow.sale_order o where o.county_code = $1 and o.channel = $2 and o.channel_order_no = any($3::text[]) order by o.id for update`,
      [seller.countyCode, channel, orders.map(({ channelOrderNo }) => channelOrderNo)],
    );
    return new Map(
      rows.map(({ no, buyerName, buyerPhone, buyerTail: _tail, buyerAddress, ...row }) => {
        const open = (sealed: Uint8Array | null) => openText(this.secrets, sealed) ?? undefined;
        return [no, { ...row, buyer: { name: open(buyerName), phone: open(buyerPhone), address: open(buyerAddress) } }];
      }),
    );
  }

  /** Adds orders with their lines and refunds; answers their ids. */
  async insert(
    tx: Tx,
    { seller, channel, importId, actorId }: ImportTarget,
    orders: readonly ToldOrder[],
    productOf: ProductOf,
  ): Promise<string[]> {
    if (orders.length === 0) return [];
    const rows = orders.map((told) => ({ id: uuidv7(), told, buyer: sealBuyer(this.secrets, told.buyer) }));
    await tx.query(
      `insert into upflow.sale_order (county_code, channel, seller_id, village_id, import_id, created_by, created_at, state, revision, id, channel_order_no,
         paid_at, buyer_name, buyer_phone, buyer_tail, buyer_address, province, city, freight_fen, channel_status, channel_waybill, channel_carrier, cancelled)
       select $1, $2, $3::uuid, $4::uuid, $5::uuid, $6::uuid, $7::timestamptz, 'paid', 0, v.* from unnest($8::uuid[], $9::text[], $10::timestamptz[],
         $11::bytea[], $12::bytea[], $13::text[], $14::bytea[], $15::text[], $16::text[], $17::bigint[], $18::text[], $19::text[], $20::text[], $21::boolean[]) as v`,
      [
        ...[seller.countyCode, channel, seller.id, seller.villageId, importId, actorId, this.clock.now().toISOString()],
        rows.map(({ id }) => id),
        rows.map(({ told }) => told.channelOrderNo),
        ...headColumns(rows),
      ],
    );
    const lines = await this.insertLines(tx, rows, productOf);
    await this.insertRefunds(
      tx,
      rows.map(({ id, told }) => ({ orderId: id, told, lines: lines(id) })),
      actorId,
    );
    return rows.map(({ id }) => id);
  }

  /** Writes what an export says anew of known orders; `replaced` are those whose lines are others. */
  async update(
    tx: Tx,
    { actorId }: ImportTarget,
    changes: readonly KnownImport[],
    replaced: readonly KnownImport[],
    productOf: ProductOf,
  ): Promise<void> {
    if (changes.length === 0) return;
    const rows = changes.map(({ known, told }) => ({ id: known.id, told, buyer: this.sealedAfter(known, told) }));
    await tx.query(
      `update upflow.sale_order o set paid_at = v.paid_at, buyer_name = v.buyer_name, buyer_phone = v.buyer_phone, buyer_tail = v.buyer_tail,
         buyer_address = v.buyer_address, province = v.province, city = v.city, freight_fen = v.freight_fen, channel_status = v.status,
         channel_waybill = coalesce(v.waybill, channel_waybill), channel_carrier = coalesce(v.carrier, channel_carrier), cancelled = v.cancelled
       from unnest($1::uuid[], $2::timestamptz[], $3::bytea[], $4::bytea[], $5::text[], $6::bytea[], $7::text[], $8::text[], $9::bigint[], $10::text[],
         $11::text[], $12::text[], $13::boolean[]) as v (id, paid_at, buyer_name, buyer_phone, buyer_tail, buyer_address, province, city, freight_fen, status,
         waybill, carrier, cancelled) where o.id = v.id`,
      [rows.map(({ id }) => id), ...headColumns(rows)],
    );
    if (replaced.length > 0)
      await tx.query('delete from upflow.order_line where order_id = any($1::uuid[])', [replaced.map(({ known }) => known.id)]);
    const fresh = await this.insertLines(
      tx,
      replaced.map(({ known, told }) => ({ id: known.id, told })),
      productOf,
    );
    const others = new Set(replaced.map(({ known }) => known.id));
    const lines = ({ id, lines: old }: StoredOrder) => (others.has(id) ? fresh(id) : old);
    await this.insertRefunds(
      tx,
      changes.map(({ known, told }) => ({ orderId: known.id, told, lines: lines(known) })),
      actorId,
    );
  }

  private sealedAfter(known: StoredOrder, told: ToldOrder): SealedBuyer {
    const province = told.buyer.province ?? known.province ?? undefined;
    const city = told.buyer.city ?? known.city ?? undefined;
    return sealBuyer(this.secrets, { ...buyerAfter(known.buyer, told.buyer), province, city });
  }

  /** The lines of each order. */
  private async insertLines(
    tx: Tx,
    orders: readonly { id: string; told: ToldOrder }[],
    productOf: ProductOf,
  ): Promise<(orderId: string) => readonly Line[]> {
    const lines = orders.flatMap(({ id: orderId, told }) =>
      told.lines.map((line, index) => {
        const product = productOf(line.sku);
        const unitG = unitWeightG(product?.spec ?? '') ?? unitWeightG(line.sku);
        const weightG = line.weightG ?? (unitG === undefined ? null : unitG * line.quantity);
        return { ...line, id: uuidv7(), orderId, no: index + 1, productId: product?.id ?? null, weightG, refundedFen: 0 };
      }),
    );
    if (lines.length > 0)
      await tx.query(
        `insert into upflow.order_line (id, order_id, line_no, product_id, sku, quantity, weight_g, amount_fen)
         select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::int[], $7::bigint[], $8::bigint[])`,
        [
          lines.map(({ id }) => id),
          lines.map(({ orderId }) => orderId),
          lines.map(({ no }) => no),
          lines.map(({ productId }) => productId),
          lines.map(({ sku }) => sku),
          lines.map(({ quantity }) => quantity),
          lines.map(({ weightG }) => weightG),
          lines.map(({ amountFen }) => amountFen),
        ],
      );
    return grouped(lines);
  }

  private async insertRefunds(
    tx: Tx,
    orders: readonly { orderId: string; told: ToldOrder; lines: readonly KnownLine[] }[],
    actorId: string,
  ): Promise<void> {
    const refunds = orders.flatMap(({ orderId, told, lines }) =>
      newRefunds(lines, told).map((refund) => ({ ...refund, orderId })),
    );
    if (refunds.length === 0) return;
    const now = this.clock.now();
    await tx.query(
      `insert into upflow.refund (id, order_id, line_id, amount_fen, refunded_at, created_by)
       select v.*, $6::uuid from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::timestamptz[]) as v on conflict do nothing`,
      [
        refunds.map(({ lineId, total }) => stableId('import refund', lineId, total)),
        refunds.map(({ orderId }) => orderId),
        refunds.map(({ lineId }) => lineId),
        refunds.map(({ amountFen }) => amountFen),
        refunds.map(({ at }) => (at ?? now).toISOString()),
        actorId,
      ],
    );
  }
}

/** What an export says of orders, column by column, from the payment's time on. */
function headColumns(rows: readonly { told: ToldOrder; buyer: SealedBuyer }[]): unknown[] {
  const bytes = (sealed: Uint8Array | null) => (sealed ? Buffer.from(sealed) : null);
  return [
    rows.map(({ told }) => told.paidAt.toISOString()),
    rows.map(({ buyer }) => bytes(buyer.buyerName)),
    rows.map(({ buyer }) => bytes(buyer.buyerPhone)),
    rows.map(({ buyer }) => buyer.buyerTail),
    rows.map(({ buyer }) => bytes(buyer.buyerAddress)),
    rows.map(({ buyer }) => buyer.province),
    rows.map(({ buyer }) => buyer.city),
    rows.map(({ told }) => told.freightFen),
    rows.map(({ told }) => told.status),
    rows.map(({ told }) => told.waybill),
    rows.map(({ told }) => told.carrier),
    rows.map(({ told }) => told.state === 'cancelled'),
  ];
}
