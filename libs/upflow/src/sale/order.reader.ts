import { Injectable } from '@nestjs/common';
import {
  addDays,
  decodeCursor,
  encodeCursor,
  startOfDay,
  type Channel,
  type OrderListItem,
  type OrderListQuery,
  type OrderState,
  type OrderView,
  type Page,
  type ParcelStage,
  type ShipmentView,
} from '#contracts';
import { actsForProducer, DirectoryReader, type ProduceActor } from '#directory';
import { Clock, Database, DomainError, notFound, SecretBox, type Tx } from '#platform';
import { listedProducers } from '../village.scope.js';
import { maskedBuyer, type SealedBuyer } from './buyer.seal.js';

interface OrderRow extends SealedBuyer {
  id: string;
  channel: Channel;
  channelOrderNo: string;
  sellerId: string;
  sellerName: string;
  villageId: string;
  state: OrderState;
  paidAt: Date | null;
  freightFen: number;
  amountFen: number;
  refundedFen: number;
  goods: string;
  channelStatus: string | null;
  channelWaybill: string | null;
  channelCarrier: string | null;
  revision: number;
  createdAt: Date;
}
type LineRow = Omit<OrderView['lines'][number], 'allocations'>;
type AllocationRow = OrderView['lines'][number]['allocations'][number] & { lineId: string };
/** A shipment as stored. */
export interface ShipmentRow extends Omit<ShipmentView, 'packedAt' | 'stageAt' | 'stage'> {
  stage: ParcelStage;
  packedAt: Date;
  stageAt: Date;
}

const ORDER = `select o.id, o.channel, o.channel_order_no as "channelOrderNo", o.seller_id as "sellerId", p.name as "sellerName", o.village_id as "villageId",
  o.state, o.paid_at as "paidAt", o.buyer_name as "buyerName", o.buyer_phone as "buyerPhone", o.buyer_tail as "buyerTail",
  o.buyer_address as "buyerAddress", o.province, o.city, o.freight_fen as "freightFen", o.channel_status as "channelStatus",
  o.channel_waybill as "channelWaybill", o.channel_carrier as "channelCarrier", o.revision, o.created_at as "createdAt",
  l.amount_fen as "amountFen", l.refunded_fen as "refundedFen", l.goods
  from upflow.sale_order o join upflow.producer p on p.id = o.seller_id
  cross join lateral (select coalesce(sum(amount_fen), 0)::bigint as amount_fen, coalesce(sum(refunded_fen), 0)::bigint as refunded_fen,
    coalesce(string_agg(sku || ' × ' || quantity, '；' order by line_no), '') as goods from upflow.order_line where order_id = o.id) l`;
const SHIPMENT = `select id, order_id as "orderId", waybill, carrier_code as "carrierCode", weight_g as "weightG", freight_fen as "freightFen", province,
  packed_at as "packedAt", stage, stage_at as "stageAt" from upflow.shipment`;
/** Later than every payment: where a list of the latest begins. */
const END_OF_TIME = '9999-12-31T00:00:00.000Z';

/** Orders as they are read. */
@Injectable()
export class OrderReader {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** One order. @throws DomainError `not_found` 404, also when it is somebody else's */
  async get(actor: ProduceActor, id: string): Promise<OrderView> {
    const snapshot = await this.directory.snapshot();
    const [row] = await this.database.query<OrderRow>(`${ORDER} where o.id = $1::uuid`, [id]);
    if (!row || !actsForProducer(snapshot, actor, { id: row.sellerId, villageId: row.villageId })) throw notFound(id);
    return this.view(this.database, id);
  }

  /** One order as it stands in a transaction. @throws DomainError `not_found` 404 */
  async view(tx: Tx, id: string): Promise<OrderView> {
    const [row] = await tx.query<OrderRow>(`${ORDER} where o.id = $1::uuid`, [id]);
    if (!row) throw notFound(id);
    const { goods: _goods, ...head } = this.item(row);
    const { channelStatus: status, channelWaybill: waybill, channelCarrier: carrier } = row;
    return {
      ...head,
      lines: await this.lines(tx, id),
      shipments: (await tx.query<ShipmentRow>(`${SHIPMENT} where order_id = $1::uuid order by packed_at, id`, [id])).map(
        shipmentView,
      ),
      refunds: await this.refunds(tx, id),
      ...((status ?? waybill ?? carrier) ? { told: { status, waybill, carrier } } : {}),
    };
  }

  /** A shipment; `undefined` when there is none of that id. */
  async shipment(tx: Tx, id: string): Promise<ShipmentRow | undefined> {
    const [row] = await tx.query<ShipmentRow>(`${SHIPMENT} where id = $1::uuid`, [id]);
    return row;
  }

  /** Orders of a unit's sellers, the last paid first. @throws DomainError `not_found` 404, `forbidden` 403, `bad_cursor` 400 */
  async list(actor: ProduceActor, query: OrderListQuery): Promise<Page<OrderListItem>> {
    const snapshot = await this.directory.snapshot();
    const listed = listedProducers(snapshot, actor, query.unit, this.clock.now());
    const { sellerId, channel, state, from, to, limit } = query;
    const after = afterPaid(query.cursor);
    const rows = await this.database.query<OrderRow>(
      `${ORDER} where ($1::uuid[] is null or o.village_id = any($1::uuid[])) and ($2::uuid[] is null or o.seller_id = any($2::uuid[]))
         and ($3::uuid is null or o.seller_id = $3::uuid) and ($4::text is null or o.channel = $4) and ($5::text is null or o.state = $5)
         and ($6::timestamptz is null or o.paid_at >= $6::timestamptz) and ($7::timestamptz is null or o.paid_at < $7::timestamptz)
         and (coalesce(o.paid_at, o.created_at), o.id) < ($8::timestamptz, $9::uuid)
       order by coalesce(o.paid_at, o.created_at) desc, o.id desc limit $10`,
      [
        listed.villageIds,
        listed.producerIds,
        sellerId ?? null,
        channel ?? null,
        state ?? null,
        from === undefined ? null : startOfDay(from).toISOString(),
        to === undefined ? null : startOfDay(addDays(to, 1)).toISOString(),
        after.at,
        after.id,
        limit + 1,
      ],
    );
    const items = rows.slice(0, limit).map((row) => this.item(row));
    const last = items.at(-1);
    return {
      items,
      ...(rows.length > limit && last ? { nextCursor: encodeCursor([last.paidAt ?? last.createdAt, last.id]) } : {}),
    };
  }

  private item(row: OrderRow): OrderListItem {
    const { id, channel, channelOrderNo, state, freightFen, amountFen, refundedFen, goods, revision } = row;
    return {
      id,
      channel,
      channelOrderNo,
      seller: { id: row.sellerId, name: row.sellerName },
      state,
      paidAt: row.paidAt?.toISOString() ?? null,
      buyer: maskedBuyer(this.secrets, row),
      freightFen,
      amountFen,
      refundedFen,
      goods,
      revision,
      createdAt: row.createdAt.toISOString(),
    };
  }

  private async lines(tx: Tx, id: string): Promise<OrderView['lines']> {
    const lines = await tx.query<LineRow>(
      `select id, product_id as "productId", sku, quantity, weight_g as "weightG", amount_fen as "amountFen", refunded_fen as "refundedFen"
       from upflow.order_line where order_id = $1::uuid order by line_no`,
      [id],
    );
    const allocations = await tx.query<AllocationRow>(
      `select a.id, a.line_id as "lineId", a.lot_id as "lotId", t.lot_no as "lotNo", a.quantity_g as "quantityG", a.shipment_id as "shipmentId"
       from upflow.allocation a join upflow.order_line l on l.id = a.line_id join upflow.lot t on t.id = a.lot_id
       where l.order_id = $1::uuid order by a.created_at, a.id`,
      [id],
    );
    return lines.map((line) => ({
      ...line,
      allocations: allocations.flatMap(({ lineId, ...allocation }) => (lineId === line.id ? [allocation] : [])),
    }));
  }

  private async refunds(tx: Tx, id: string): Promise<OrderView['refunds']> {
    const rows = await tx.query<{
      id: string;
      lineId: string | null;
      amountFen: number;
      refundedAt: Date;
      reason: string | null;
    }>(
      `select id, line_id as "lineId", amount_fen as "amountFen", refunded_at as "refundedAt", reason from upflow.refund
       where order_id = $1::uuid order by refunded_at, id`,
      [id],
    );
    return rows.map(({ id: refundId, lineId, amountFen, refundedAt, reason }) => ({
      id: refundId,
      ...(lineId === null ? {} : { lineId }),
      amountFen,
      refundedAt: refundedAt.toISOString(),
      ...(reason === null ? {} : { reason }),
    }));
  }
}

/** A shipment as answers show it. */
export function shipmentView({ packedAt, stageAt, ...row }: ShipmentRow): ShipmentView {
  return { ...row, packedAt: packedAt.toISOString(), stageAt: stageAt.toISOString() };
}

function afterPaid(cursor: string | undefined): { at: string; id: string } {
  if (cursor === undefined) return { at: END_OF_TIME, id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };
  const [at, id] = decodeCursor(cursor, 2) ?? [];
  const time = new Date(typeof at === 'string' ? at : NaN);
  if (Number.isNaN(time.getTime()) || typeof id !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
    throw new DomainError('bad_cursor', 400);
  return { at: time.toISOString(), id };
}
