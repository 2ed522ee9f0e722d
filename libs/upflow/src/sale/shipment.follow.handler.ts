import { Injectable } from '@nestjs/common';
import { DOMAIN_EVENTS, type DomainEventPayload, type JobPayload, type ParcelStage } from '#contracts';
import { Clock, Database, JobHandler, ProcessedEvents, type Handler, type Tx } from '#platform';
import { LotStock } from '../lot/lot.stock.js';
import { OrderRefresher } from './order.refresher.js';
import { gramsByLot } from './shipment.service.js';

/** A shipment whose parcel moved. */
interface FollowedShipment {
  id: string;
  createdBy: string;
  /** Its stage until now. */
  before: ParcelStage;
}

const JOB = 'upflow.shipment.follow';
const TOPIC = 'logistics.produce.moved';

/**
 * Lets orders follow their parcels: a shipment takes the stage of its parcel's fold when that fold is newer than the one it knows, and the order's state
 * is computed anew. A parcel that came back puts its goods back into stock, once; one that the carrier cancelled frees them to be packed again. When either
 * turns out to be under way after all, it takes its goods again.
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
      `update upflow.shipment s set stage = $3, stage_at = $4::timestamptz, fold_revision = $5 from upflow.shipment b
       where b.id = s.id and s.county_code = $1 and s.waybill = $2 and s.fold_revision < $5
       returning s.id, s.created_by as "createdBy", b.stage as before`,
      [countyCode, move.waybill, move.stage, move.stageAt, move.revision],
    );
    if (!shipment) return;
    if (move.stage === 'returned') await this.putBack(tx, countyCode, shipment);
    else if (move.stage === 'cancelled') {
      await this.putBack(tx, countyCode, shipment);
      await this.free(tx, shipment.id);
    } else if (shipment.before === 'returned' || shipment.before === 'cancelled') await this.takeUp(tx, countyCode, shipment);
    await this.refresher.refresh(tx, countyCode, [order.id]);
  }

  /** What of a parcel's goods is out of stock goes back. Under the order's lock, so that nobody else puts it back meanwhile. */
  private async putBack(tx: Tx, countyCode: string, shipment: FollowedShipment): Promise<void> {
    for (const { lotId, outG } of await this.goods(tx, countyCode, shipment))
      if (outG > 0) await this.enter(tx, countyCode, shipment, 'returned', lotId, outG);
  }

  /** The goods of a parcel that never left may be packed again. */
  private async free(tx: Tx, shipmentId: string): Promise<void> {
    await tx.query(
      'update upflow.allocation set shipment_id = null, cancelled_shipment_id = $1::uuid where shipment_id = $1::uuid',
      [shipmentId],
    );
  }

  /**
   * A parcel that moves though it was cancelled or had come back takes its goods again, unless they were packed elsewhere: a cancelled one its
   * allocations too, one that had come back has them still.
   */
  private async takeUp(tx: Tx, countyCode: string, shipment: FollowedShipment): Promise<void> {
    await tx.query(
      `update upflow.allocation set shipment_id = $1::uuid, cancelled_shipment_id = null
       where cancelled_shipment_id = $1::uuid and shipment_id is null`,
      [shipment.id],
    );
    for (const { lotId, packedG, outG } of await this.goods(tx, countyCode, shipment))
      if (packedG > outG) await this.enter(tx, countyCode, shipment, 'shipped', lotId, outG - packedG);
  }

  /** What was packed of which lot, and how much of that the ledger says is out of stock. The lots are locked. */
  private async goods(
    tx: Tx,
    countyCode: string,
    { id }: FollowedShipment,
  ): Promise<{ lotId: string; packedG: number; outG: number }[]> {
    const packed = await tx.query<{ lotId: string; quantityG: number }>(
      `select lot_id as "lotId", quantity_g as "quantityG" from upflow.allocation where shipment_id = $1::uuid for update`,
      [id],
    );
    const grams = gramsByLot(packed);
    await this.stock.lock(tx, [...grams.keys()]);
    const rows = await tx.query<{ lotId: string; outG: number }>(
      `select lot_id as "lotId", -sum(delta_g)::bigint as "outG" from upflow.stock_entry
       where county_code = $1 and lot_id = any($2::uuid[]) and ref_id = $3::uuid and kind in ('shipped', 'returned') group by lot_id`,
      [countyCode, [...grams.keys()], id],
    );
    const out = new Map(rows.map(({ lotId, outG }) => [lotId, outG]));
    return [...grams].map(([lotId, packedG]) => ({ lotId, packedG, outG: out.get(lotId) ?? 0 }));
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
