import { Injectable } from '@nestjs/common';
import type { JobPayload } from '#contracts';
import { JobHandler, type Handler } from '#platform';

/** Expects the waybills that upflow packed. */
@Injectable()
@JobHandler('logistics.shipment.announce')
export class ShipmentAnnounceHandler implements Handler<'logistics.shipment.announce'> {
  handle(_payload: JobPayload<'logistics.shipment.announce'>): Promise<void> {
    return Promise.resolve();
  }
}
