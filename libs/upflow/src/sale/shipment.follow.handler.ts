import { Injectable } from '@nestjs/common';
import type { JobPayload } from '#contracts';
import { JobHandler, type Handler } from '#platform';

/** Lets orders follow their parcels. */
@Injectable()
@JobHandler('upflow.shipment.follow')
export class ShipmentFollowHandler implements Handler<'upflow.shipment.follow'> {
  handle(_payload: JobPayload<'upflow.shipment.follow'>): Promise<void> {
    return Promise.resolve();
  }
}
