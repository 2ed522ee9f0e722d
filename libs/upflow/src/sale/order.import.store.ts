import { Injectable } from '@nestjs/common';
import type { BuyerInput, Channel } from '#contracts';
import { Clock, SecretBox, uuidv7, type Tx } from '#platform';
import { openText, sealBuyer, type SealedBuyer } from './buyer.seal.js';
import { OrderRefresher } from './order.refresher.js';
import type { ToldOrder } from './order.rows.js';
import type { Seller } from './order.scope.js';
import { stableId } from './stable.id.js';
import { unitWeightG } from './weight.text.js';

/** What came of one order of an export. */
export type ImportOutcome = 'added' | 'changed' | 'same' | 'other_seller' | 'order_in_work';

/** What orders are stored for. */
export interface ImportTarget {
  seller: Seller;
  channel: Channel;
  importId: string;
  actorId: string;
}
interface StoredOrder extends SealedBuyer {
  id: string;
  no: string;
  sellerId: string;
  paidAt: Date | null;
  freightFen: number;
  status: string | null;
  waybill: string | null;
  carrier: string | null;
  cancelled: boolean;
  /** Lines were allocated, refunded or paid out: they may not be replaced. */
  inWork: boolean;
  lines: { id: string; sku: string; quantity: number; amountFen: number; weightG: number | null; refundedFen: number }[];
}
type Product = { id: string; name: string; spec: string | null };

/** Writes the orders of an export, a batch a transaction. */
@Injectable()
export class OrderImportStore {
  constructor(
    private readonly refresher: OrderRefresher,
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
  ) {}

  /**
   * Brings a batch of orders up to date, in the order given; `dry` only tells what would come of each. Imports of one channel in one county go one after
   * the other, so that the same file twice at once adds nothing twice.
   */
  async store(tx: Tx, target: ImportTarget, orders: readonly ToldOrder[], dry: boolean): Promise<ImportOutcome[]> {
    const { seller, channel } = target;
    if (!dry)
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`order import ${seller.countyCode} ${channel}`]);
    const stored = await this.stored(tx, target, orders);
    const fresh: ToldOrder[] = [];
    const touched: string[] = [];
    const outcomes: ImportOutcome[] = [];
    const products = dry ? [] : await this.products(tx, seller.id);
    const learned = dry ? new Map<string, string>() : await this.learned(tx, seller.id, orders);
    const product = (sku: string) => productOf(sku, products, learned);
    for (const order of orders) {
      const known = stored.get(order.channelOrderNo);
      const outcome = known ? outcomeOf(known, order, seller.id, this.change(known, order)) : 'added';
      outcomes.push(outcome);
      if (dry || (outcome !== 'added' && outcome !== 'changed')) continue;
      if (!known) fresh.push(order);
      else {
        await this.update(tx, known, order, product, target.actorId);
        touched.push(known.id);
      }
    }
    if (fresh.length > 0) touched.push(...(await this.insert(tx, target, fresh, product)));
    await this.refresher.refresh(tx, seller.countyCode, touched);
    return outcomes;
  }

  private async stored(
    tx: Tx,
    { seller, channel }: ImportTarget,
    orders: readonly ToldOrder[],
  ): Promise<Map<string, StoredOrder>> {
    const rows = await tx.query<StoredOrder>(
      `select o.id, o.channel_order_no as no, o.seller_id as "sellerId", o.paid_at as "paidAt", o.freight_fen as "freightFen", o.channel_status as status,
         o.channel_waybill as waybill, o.channel_carrier as carrier, o.cancelled, o.buyer_name as "buyerName", o.buyer_phone as "buyerPhone",
         o.buyer_tail as "buyerTail", o.buyer_address as "buyerAddress", o.province, o.city,
         exists (select 1 from upflow.order_line l where l.order_id = o.id and (l.refunded_fen > 0
           or exists (select 1 from upflow.allocation a where a.line_id = l.id) or exists (select 1 from upflow.payout_line y where y.order_line_id = l.id)))
           or exists (select 1 from upflow.refund r where r.order_id = o.id) as "inWork",
         (select json_agg(json_build_object('id', l.id, 'sku', l.sku, 'quantity', l.quantity, 'amountFen', l.amount_fen, 'weightG', l.weight_g,
           'refundedFen', l.refunded_fen) order by l.line_no) from upflow.order_line l where l.order_id = o.id) as lines
       from upflow.sale_order o where o.county_code = $1 and o.channel = $2 and o.channel_order_no = any($3::text[]) order by o.id for update`,
      [seller.countyCode, channel, orders.map(({ channelOrderNo }) => channelOrderNo)],
    );
    return new Map(rows.map((row) => [row.no, row]));
  }

  /** What differs: nothing, the order's own columns, its lines, refunds. */
  private change(known: StoredOrder, told: ToldOrder): { lines: boolean; other: boolean } {
    const text = (lines: readonly { sku: string; quantity: number; amountFen: number }[]) =>
      lines
        .map(({ sku, quantity, amountFen }) => JSON.stringify([sku, quantity, amountFen]))
        .sort()
        .join();
    const head =
      known.paidAt?.getTime() !== told.paidAt.getTime() ||
      known.freightFen !== told.freightFen ||
      known.status !== told.status ||
      (told.waybill !== null && known.waybill !== told.waybill) ||
      (told.carrier !== null && known.carrier !== told.carrier) ||
      known.cancelled !== (told.state === 'cancelled') ||
      JSON.stringify(this.buyerAfter(known, told.buyer)) !== JSON.stringify(this.buyerOf(known));
    return { lines: text(known.lines) !== text(told.lines), other: head || newRefunds(known, told).length > 0 };
  }

  private buyerOf(known: StoredOrder): BuyerInput {
    const open = (sealed: Uint8Array | null) => openText(this.secrets, sealed) ?? undefined;
    return { name: open(known.buyerName), phone: open(known.buyerPhone), address: open(known.buyerAddress) };
  }

  /** What an export shows masked, or leaves out, does not replace what we know. */
  private buyerAfter(known: StoredOrder, told: BuyerInput): BuyerInput {
    const old = this.buyerOf(known);
    const pick = (after: string | undefined, before: string | undefined) =>
      after && !after.includes('*') ? after : (before ?? after);
    return { name: pick(told.name, old.name), phone: pick(told.phone, old.phone), address: pick(told.address, old.address) };
  }

  private async update(
    tx: Tx,
    known: StoredOrder,
    told: ToldOrder,
    product: (sku: string) => Product | undefined,
    actorId: string,
  ): Promise<void> {
    const { province, city } = told.buyer;
    const after = {
      ...this.buyerAfter(known, told.buyer),
      province: province ?? known.province ?? undefined,
      city: city ?? known.city ?? undefined,
    };
    const buyer = sealBuyer(this.secrets, after);
    await tx.query(
      `update upflow.sale_order set paid_at = $2::timestamptz, freight_fen = $3::bigint, channel_status = $4, channel_waybill = coalesce($5, channel_waybill),
         channel_carrier = coalesce($6, channel_carrier), cancelled = $7, buyer_name = $8, buyer_phone = $9, buyer_tail = $10, buyer_address = $11,
         province = $12, city = $13 where id = $1::uuid`,
      [
        known.id,
        told.paidAt.toISOString(),
        told.freightFen,
        told.status,
        told.waybill,
        told.carrier,
        told.state === 'cancelled',
        buyer.buyerName,
        buyer.buyerPhone,
        buyer.buyerTail,
        buyer.buyerAddress,
        buyer.province,
        buyer.city,
      ],
    );
    if (this.change(known, told).lines) {
      await tx.query('delete from upflow.order_line where order_id = $1::uuid', [known.id]);
      const lines = await this.insertLines(tx, [{ id: known.id, told }], product);
      await this.insertRefunds(tx, { ...known, lines }, told, actorId);
    } else await this.insertRefunds(tx, known, told, actorId);
  }

  private async insert(
    tx: Tx,
    { seller, channel, importId, actorId }: ImportTarget,
    orders: readonly ToldOrder[],
    product: (sku: string) => Product | undefined,
  ): Promise<string[]> {
    const rows = orders.map((told) => ({ id: uuidv7(), told, buyer: sealBuyer(this.secrets, told.buyer) }));
    await tx.query(
      `insert into upflow.sale_order (county_code, channel, seller_id, village_id, import_id, created_by, created_at, state, revision, id, channel_order_no,
         paid_at, buyer_name, buyer_phone, buyer_tail, buyer_address, province, city, freight_fen, channel_status, channel_waybill, channel_carrier, cancelled)
       select $1, $2, $3::uuid, $4::uuid, $5::uuid, $6::uuid, $7::timestamptz, 'paid', 0, v.* from unnest($8::uuid[], $9::text[], $10::timestamptz[],
         $11::bytea[], $12::bytea[], $13::text[], $14::bytea[], $15::text[], $16::text[], $17::bigint[], $18::text[], $19::text[], $20::text[], $21::boolean[]) as v`,
      [
        seller.countyCode,
        channel,
        seller.id,
        seller.villageId,
        importId,
        actorId,
        this.clock.now().toISOString(),
        rows.map(({ id }) => id),
        rows.map(({ told }) => told.channelOrderNo),
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
      ],
    );
    const lines = await this.insertLines(tx, rows, product);
    for (const { id, told } of rows)
      if (told.lines.some(({ refundFen }) => refundFen > 0))
        await this.insertRefunds(tx, { id, lines: lines.filter(({ orderId }) => orderId === id) }, told, actorId);
    return rows.map(({ id }) => id);
  }

  private async insertLines(
    tx: Tx,
    orders: readonly { id: string; told: ToldOrder }[],
    product: (sku: string) => Product | undefined,
  ): Promise<(StoredOrder['lines'][number] & { orderId: string })[]> {
    const lines = orders.flatMap(({ id: orderId, told }) =>
      told.lines.map((line, index) => {
        const found = product(line.sku);
        const unitG = unitWeightG(found?.spec ?? '') ?? unitWeightG(line.sku);
        const weightG = line.weightG ?? (unitG === undefined ? null : unitG * line.quantity);
        return { ...line, id: uuidv7(), orderId, no: index + 1, productId: found?.id ?? null, weightG, refundedFen: 0 };
      }),
    );
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
    return lines;
  }

  private async insertRefunds(tx: Tx, order: Pick<StoredOrder, 'id' | 'lines'>, told: ToldOrder, actorId: string): Promise<void> {
    for (const { lineId, amountFen, total, at } of newRefunds(order, told))
      await tx.query(
        `insert into upflow.refund (id, order_id, line_id, amount_fen, refunded_at, created_by)
         values ($1::uuid, $2::uuid, $3::uuid, $4::bigint, $5::timestamptz, $6::uuid) on conflict do nothing`,
        [stableId('import refund', lineId, total), order.id, lineId, amountFen, (at ?? this.clock.now()).toISOString(), actorId],
      );
  }

  private products(tx: Tx, sellerId: string): Promise<Product[]> {
    return tx.query('select id, name, spec from upflow.product where producer_id = $1::uuid order by length(name) desc, id', [
      sellerId,
    ]);
  }

  /** Products that lines of the same name turned out to be. */
  private async learned(tx: Tx, sellerId: string, orders: readonly ToldOrder[]): Promise<Map<string, string>> {
    const skus = [...new Set(orders.flatMap(({ lines }) => lines.map(({ sku }) => sku)))];
    const rows = await tx.query<{ sku: string; productId: string }>(
      `select distinct on (l.sku) l.sku, l.product_id as "productId" from upflow.order_line l join upflow.sale_order o on o.id = l.order_id
       where o.seller_id = $1::uuid and l.sku = any($2::text[]) and l.product_id is not null order by l.sku, l.id desc`,
      [sellerId, skus],
    );
    return new Map(rows.map(({ sku, productId }) => [sku, productId]));
  }
}

const bytes = (sealed: Uint8Array | null) => (sealed ? Buffer.from(sealed) : null);

function productOf(sku: string, products: readonly Product[], learned: ReadonlyMap<string, string>): Product | undefined {
  const id = learned.get(sku);
  if (id !== undefined) return products.find((product) => product.id === id) ?? { id, name: sku, spec: null };
  const named = products.filter(({ name }) => sku.includes(name));
  // Two products of the same name cannot be told apart by it.
  return named.filter(({ name }) => name === named[0]?.name).length === 1 ? named[0] : undefined;
}

function outcomeOf(
  known: StoredOrder,
  told: ToldOrder,
  sellerId: string,
  change: { lines: boolean; other: boolean },
): ImportOutcome {
  if (known.sellerId !== sellerId) return 'other_seller';
  if (change.lines) return known.inWork ? 'order_in_work' : 'changed';
  return change.other && told.lines.length > 0 ? 'changed' : 'same';
}

/** What an export tells of refunds beyond those that are known. It never takes one back: an older file may come after a newer one. */
function newRefunds(
  known: Pick<StoredOrder, 'lines'>,
  told: ToldOrder,
): { lineId: string; amountFen: number; total: number; at: Date | null }[] {
  const open = [...known.lines];
  return told.lines.flatMap(({ sku, quantity, amountFen, refundFen, refundedAt }) => {
    const index = open.findIndex((line) => line.sku === sku && line.quantity === quantity && line.amountFen === amountFen);
    const [line] = index < 0 ? [] : open.splice(index, 1);
    if (!line || refundFen <= line.refundedFen) return [];
    return [{ lineId: line.id, amountFen: refundFen - line.refundedFen, total: refundFen, at: refundedAt }];
  });
}
