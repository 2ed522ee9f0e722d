import { Module } from '@nestjs/common';
import { ShipmentFollowHandler } from './shipment.follow.handler.js';

/** Orders, shipments, refunds and payouts. */
@Module({ providers: [ShipmentFollowHandler] })
export class SaleModule {}
