import { Injectable } from '@nestjs/common';
import { DOMAIN_EVENTS, type DomainEventPayload, type JobPayload } from '#contracts';
import { Clock, Database, JobHandler, ProcessedEvents, type Handler, type Tx } from '#platform';
import { LotStock } from '../lot/lot.stock.js';
import { OrderRefresher } from './order.refresher.js';
import { gramsByLot } from './shipment.service.js';

/** A shipment whose parcel moved. */
interface FollowedShipment {
  id: string;
  createdBy: string;
}

const JOB = 'upflow.shipment.follow';
const TOPIC = 'logistics.produce.moved';

/**
 * Lets orders follow their parcels: a shipment takes the stage of its parcel's fold when that fold is newer than the one it knows, and the order's state
 * is computed anew. A parcel that came back puts its goods back into stock, once; one that the carrier cancelled frees them to be packed again.
 */
@Injectable()
@JobHandler(JOB)
export class ShipmentFollowHandler implements Handler<typeof JOB> {
  constructor(
    private readonly database: Database,
    private readonly processed: ProcessedEvents,
    private readonly stock: LotStock,
    private readonly refresher: OrderRefresher,
    private readonly clock: Clock,
  ) {}

  /** Takes each event once, one parcel a transaction: a lock of one order waits for no other. */
  async handle({ events }: JobPayload<typeof JOB>): Promise<void> {
    for (const event of events)
      await this.database.transaction(async (tx) => {
        const [fresh] = await this.processed.firstTime(tx, JOB, [event]);
        if (fresh?.topic === TOPIC) await this.follow(tx, fresh.countyCode, DOMAIN_EVENTS[TOPIC].parse(fresh.payload));
      });
  }

  private async follow(tx: Tx, countyCode: string, move: DomainEventPayload<typeof TOPIC>): Promise<void> {
    const [order] = await tx.query<{ id: string }>(
      `select o.id from upflow.sale_order o where o.id = (select order_id from upflow.shipment where county_code = $1 and waybill = $2) for update`,
      [countyCode, move.waybill],
    );
    if (!order) return;
    const [shipment] = await tx.query<FollowedShipment>(
      `update upflow.shipment set stage = $3, stage_at = $4::timestamptz, fold_revision = $5
       where county_code = $1 and waybill = $2 and fold_revision < $5 returning id, created_by as "createdBy"`,
      [countyCode, move.waybill, move.stage, move.stageAt, move.revision],
    );
    if (!shipment) return;
    if (move.stage === 'returned') await this.putBack(tx, countyCode, shipment);
    else if (move.stage === 'cancelled') {
      await this.putBack(tx, countyCode, shipment);
      await this.free(tx, shipment.id);
    } else await this.takeUp(tx, countyCode, shipment);
    await this.refresher.refresh(tx, countyCode, [order.id]);
  }

  /** What of a parcel's goods is out of stock goes back. Under the order's lock, so that nobody else puts it back meanwhile. */
  private async putBack(tx: Tx, countyCode: string, shipment: FollowedShipment): Promise<void> {
    const grams = gramsByLot(await this.packed(tx, 'shipment_id', shipment.id));
    await this.stock.lock(tx, [...grams.keys()]);
    const moved = await tx.query<{ lotId: string; outG: number }>(
      `select lot_id as "lotId", -sum(delta_g)::bigint as "outG" from upflow.stock_entry
       where county_code = $1 and lot_id = any($2::uuid[]) and ref_id = $3::uuid and kind in ('shipped', 'returned') group by lot_id`,
      [countyCode, [...grams.keys()], shipment.id],
    );
    for (const { lotId, outG } of moved) if (outG > 0) await this.enter(tx, countyCode, shipment, 'returned', lotId, outG);
  }

  /** The goods of a parcel that never left may be packed again. */
  private async free(tx: Tx, shipmentId: string): Promise<void> {
    await tx.query(
      'update upflow.allocation set shipment_id = null, cancelled_shipment_id = $1::uuid where shipment_id = $1::uuid',
      [shipmentId],
    );
  }

  /** A cancelled parcel that moves after all takes its goods again, unless they were packed elsewhere. */
  private async takeUp(tx: Tx, countyCode: string, shipment: FollowedShipment): Promise<void> {
    const freed = await this.packed(tx, 'cancelled_shipment_id', shipment.id);
    if (freed.length === 0) return;
    const grams = gramsByLot(freed);
    await this.stock.lock(tx, [...grams.keys()]);
    for (const [lotId, gone] of grams) await this.enter(tx, countyCode, shipment, 'shipped', lotId, -gone);
    await tx.query(
      `update upflow.allocation set shipment_id = $1::uuid, cancelled_shipment_id = null
       where cancelled_shipment_id = $1::uuid and shipment_id is null`,
      [shipment.id],
    );
  }

  private packed(
    tx: Tx,
    by: 'shipment_id' | 'cancelled_shipment_id',
    shipmentId: string,
  ): Promise<{ lotId: string; quantityG: number }[]> {
    const free = by === 'cancelled_shipment_id' ? ' and shipment_id is null' : '';
    return tx.query(
      `select lot_id as "lotId", quantity_g as "quantityG" from upflow.allocation where ${by} = $1::uuid${free} for update`,
      [shipmentId],
    );
  }

  private async enter(
    tx: Tx,
    countyCode: string,
    { id: refId, createdBy: actorId }: FollowedShipment,
    kind: 'shipped' | 'returned',
    lotId: string,
    deltaG: number,
  ): Promise<void> {
    await this.stock.move(tx, { countyCode, lotId, kind, deltaG, refId, actorId, at: this.clock.now() });
  }
}
