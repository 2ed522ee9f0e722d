import { Injectable } from '@nestjs/common';
import { DOMAIN_EVENTS, type DomainEventPayload, type JobPayload } from '#contracts';
import { Clock, Database, JobHandler, ProcessedEvents, type Handler, type Tx } from '#platform';
import { LotStock } from '../lot/lot.stock.js';
import { OrderRefresher } from './order.refresher.js';
import { gramsByLot } from './shipment.service.js';

const JOB = 'upflow.shipment.follow';
const TOPIC = 'logistics.produce.moved';

/**
 * Lets orders follow their parcels: a shipment takes the stage of its parcel's fold when that fold is newer than the one it knows, and the order's state
 * is computed anew. A parcel that came back puts its goods back into stock, once.
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
    const [shipment] = await tx.query<{ id: string; createdBy: string }>(
      `update upflow.shipment set stage = $3, stage_at = $4::timestamptz, fold_revision = $5
       where county_code = $1 and waybill = $2 and fold_revision < $5 returning id, created_by as "createdBy"`,
      [countyCode, move.waybill, move.stage, move.stageAt, move.revision],
    );
    if (!shipment) return;
    if (move.stage === 'returned') await this.putBack(tx, countyCode, shipment);
    await this.refresher.refresh(tx, countyCode, [order.id]);
  }

  /** Under the order's lock, so that nobody else puts the same parcel back meanwhile. */
  private async putBack(tx: Tx, countyCode: string, shipment: { id: string; createdBy: string }): Promise<void> {
    const grams = gramsByLot(
      await tx.query<{ lotId: string; quantityG: number }>(
        `select lot_id as "lotId", quantity_g as "quantityG" from upflow.allocation where shipment_id = $1::uuid`,
        [shipment.id],
      ),
    );
    await this.stock.lock(tx, [...grams.keys()]);
    const done = await tx.query<{ lotId: string }>(
      `select lot_id as "lotId" from upflow.stock_entry where county_code = $1 and lot_id = any($2::uuid[]) and ref_id = $3::uuid and kind = 'returned'`,
      [countyCode, [...grams.keys()], shipment.id],
    );
    const before = new Set(done.map(({ lotId }) => lotId));
    for (const [lotId, deltaG] of grams)
      if (!before.has(lotId))
        await this.stock.move(tx, {
          ...{ countyCode, lotId, kind: 'returned', deltaG, refId: shipment.id, actorId: shipment.createdBy },
          at: this.clock.now(),
        });
  }
}
