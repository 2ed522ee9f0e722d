import { Module } from '@nestjs/common';
import { LotModule } from '../lot/lot.module.js';
import { AllocationService } from './allocation.service.js';
import { FreightReader } from './freight.reader.js';
import { OrderController } from './order.controller.js';
import { OrderImportRepository } from './order.import.repository.js';
import { OrderImportService } from './order.import.service.js';
import { OrderImportStore } from './order.import.store.js';
import { OrderReader } from './order.reader.js';
import { OrderRefresher } from './order.refresher.js';
import { OrderService } from './order.service.js';
import { FreightController, PayoutController } from './payout.controller.js';
import { ClawbackRepository } from './payout.clawback.repository.js';
import { PayoutRepository } from './payout.repository.js';
import { PayoutService } from './payout.service.js';
import { RefundService } from './refund.service.js';
import { ShipmentFollowHandler } from './shipment.follow.handler.js';
import { ShipmentService } from './shipment.service.js';

const SERVICES = [OrderService, OrderImportService, AllocationService, ShipmentService, RefundService, PayoutService];

/** Orders, shipments, refunds, payouts and freight. */
@Module({
  imports: [LotModule],
  controllers: [OrderController, PayoutController, FreightController],
  providers: [
    OrderReader,
    OrderRefresher,
    OrderImportRepository,
    OrderImportStore,
    PayoutRepository,
    ClawbackRepository,
    FreightReader,
    ShipmentFollowHandler,
    ...SERVICES,
  ],
  exports: SERVICES,
})
export class SaleModule {}
