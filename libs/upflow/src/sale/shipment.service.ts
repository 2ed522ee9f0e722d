import { Injectable } from '@nestjs/common';
import type { ShipmentInput, ShipmentView } from '#contracts';
import { DirectoryReader } from '#directory';
import { Clock, Database, DomainError, invalid, Outbox, type Tx } from '#platform';
import { LotStock, type LockedLot } from '../lot/lot.stock.js';
import { stepId } from '../lot/step.id.js';
import { compare } from './fen.share.js';
import { assertMayLeave } from './lot.obstacle.js';
import { OrderReader, shipmentView, type ShipmentRow } from './order.reader.js';
import { OrderRefresher } from './order.refresher.js';
import { lockOrder, type OrderHead, type SaleActor } from './order.scope.js';

interface PackedAllocation {
  id: string;
  lotId: string;
  quantityG: number;
  shipmentId: string | null;
}

/** Packs parcels: what was set aside leaves the stock under a waybill. */
@Injectable()
export class ShipmentService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly stock: LotStock,
    private readonly reader: OrderReader,
    private readonly refresher: OrderRefresher,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Packs a parcel of an order: all of it that is not packed yet, or the allocations named. Sent again, it answers the same shipment.
   * @throws DomainError `not_found` 404, `invalid_input` 400, and 409: `shipment_id_taken`, `waybill_taken`, `nothing_to_pack`, `allocation_packed`,
   *   `order_ended`, `lot_recalled`, `lot_test_failed`
   */
  async pack(actor: SaleActor, orderId: string, input: ShipmentInput): Promise<ShipmentView> {
    const snapshot = await this.directory.snapshot();
    if (!snapshot.carrier(input.carrierCode))
      throw invalid([{ path: 'carrierCode', code: 'carrier_unknown', message: input.carrierCode }]);
    return this.database.transaction(async (tx) => {
      const order = await lockOrder(tx, snapshot, actor, orderId);
      const stored = await this.reader.shipment(tx, input.id);
      if (stored) return shipmentView(assertSame(stored, orderId, input));
      if (['cancelled', 'refunded', 'returned'].includes(order.state)) throw new DomainError('order_ended', 409);
      const allocations = await this.toPack(tx, orderId, input.allocationIds);
      const lots = await this.stock.lock(
        tx,
        allocations.map(({ lotId }) => lotId),
      );
      await assertMayLeave(tx, lots.values());
      const packedAt = new Date(input.packedAt ?? this.clock.now());
      await this.insert(tx, actor, order, input, packedAt);
      await tx.query('update upflow.allocation set shipment_id = $1::uuid where id = any($2::uuid[])', [
        input.id,
        allocations.map(({ id }) => id),
      ]);
      await this.leave(tx, actor, order, input, { grams: gramsByLot(allocations), lots, packedAt });
      await this.refresher.refresh(tx, order.countyCode, [orderId]);
      const row = await this.reader.shipment(tx, input.id);
      if (!row) throw new DomainError('shipment_id_taken', 409);
      return shipmentView(row);
    });
  }

  private async toPack(tx: Tx, orderId: string, wanted: readonly string[] | undefined): Promise<PackedAllocation[]> {
    const all = await tx.query<PackedAllocation>(
      `select a.id, a.lot_id as "lotId", a.quantity_g as "quantityG", a.shipment_id as "shipmentId" from upflow.allocation a
       join upflow.order_line l on l.id = a.line_id where l.order_id = $1::uuid order by a.id`,
      [orderId],
    );
    const chosen =
      wanted === undefined ? all.filter(({ shipmentId }) => shipmentId === null) : all.filter(({ id }) => wanted.includes(id));
    const unknown = (wanted ?? []).find((id) => !all.some((allocation) => allocation.id === id));
    if (unknown !== undefined) throw invalid([{ path: 'allocationIds', code: 'allocation_unknown', message: unknown }]);
    if (chosen.some(({ shipmentId }) => shipmentId !== null)) throw new DomainError('allocation_packed', 409);
    if (chosen.length === 0) throw new DomainError('nothing_to_pack', 409);
    return chosen;
  }

  private async insert(tx: Tx, actor: SaleActor, order: OrderHead, input: ShipmentInput, packedAt: Date): Promise<void> {
    const added = await tx.query(
      `insert into upflow.shipment (id, county_code, order_id, waybill, carrier_code, weight_g, freight_fen, province, packed_at, stage, stage_at, created_by,
         created_at)
       values ($1::uuid, $2, $3::uuid, $4, $5, $6::bigint, $7::bigint, $8, $9::timestamptz, 'announced', $9::timestamptz, $10::uuid, $11::timestamptz)
       on conflict do nothing returning 1`,
      [
        input.id,
        order.countyCode,
        order.id,
        input.waybill,
        input.carrierCode,
        input.weightG,
        input.freightFen,
        order.province,
        packedAt.toISOString(),
        actor.id,
        this.clock.now().toISOString(),
      ],
    );
    if (added.length > 0) return;
    const [same] = await tx.query('select 1 from upflow.shipment where id = $1::uuid', [input.id]);
    throw same ? new DomainError('shipment_id_taken', 409) : new DomainError('waybill_taken', 409, { waybill: input.waybill });
  }

  /** Stock, and what others are told, in the same transaction. */
  private async leave(
    tx: Tx,
    actor: SaleActor,
    { countyCode }: OrderHead,
    { id: shipmentId, waybill, carrierCode, weightG }: ShipmentInput,
    packed: { grams: ReadonlyMap<string, number>; lots: ReadonlyMap<string, LockedLot>; packedAt: Date },
  ): Promise<void> {
    const { grams, lots, packedAt } = packed;
    for (const [lotId, quantityG] of grams)
      await this.stock.move(tx, {
        ...{ countyCode, lotId, kind: 'shipped', deltaG: -quantityG, refId: shipmentId, actorId: actor.id },
        at: this.clock.now(),
      });
    const [most] = [...grams].sort(([a, left], [b, right]) => right - left || compare(a, b));
    const main = lots.get(most?.[0] ?? '');
    if (!main) throw new DomainError('nothing_to_pack', 409);
    const [product] = await tx.query<{ categoryCode: string }>(
      `select category_code as "categoryCode" from upflow.product where id = $1::uuid`,
      [main.productId],
    );
    const at = packedAt.toISOString();
    const { villageId } = main;
    const categoryCode = product?.categoryCode ?? '01';
    await this.outbox.publish(tx, 'upflow', [
      {
        countyCode,
        topic: 'upflow.shipment.packed',
        payload: { shipmentId, waybill, carrierCode, villageId, categoryCode, weightG, packedAt: at },
      },
      {
        countyCode,
        topic: 'upflow.step.recorded',
        payload: {
          stepId: stepId('shipped', shipmentId),
          at,
          step: {
            ...{ kind: 'shipped', shipmentId, waybill, villageId },
            lots: [...grams].map(([lotId, quantityG]) => ({ lotId, quantityG })),
          },
        },
      },
    ]);
  }
}

/** Grams of each lot, in the order of their ids. */
export function gramsByLot(allocations: readonly { lotId: string; quantityG: number }[]): Map<string, number> {
  const grams = new Map<string, number>();
  for (const { lotId, quantityG } of allocations) grams.set(lotId, (grams.get(lotId) ?? 0) + quantityG);
  return new Map([...grams].sort(([a], [b]) => compare(a, b)));
}

function assertSame(stored: ShipmentRow, orderId: string, input: ShipmentInput): ShipmentRow {
  const same =
    stored.orderId === orderId &&
    stored.waybill === input.waybill &&
    stored.carrierCode === input.carrierCode &&
    stored.weightG === input.weightG &&
    stored.freightFen === input.freightFen &&
    (input.packedAt === undefined || stored.packedAt.getTime() === Date.parse(input.packedAt));
  if (!same) throw new DomainError('shipment_id_taken', 409);
  return stored;
}
