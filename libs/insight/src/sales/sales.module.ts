import { Module } from '@nestjs/common';
import { CoverageModule } from '../coverage/coverage.module.js';
import { SalesController } from './sales.controller.js';
import { SalesEvidence } from './sales.evidence.js';
import { SalesMonths } from './sales.months.js';
import { SalesReader } from './sales.reader.js';
import { SalesRebuild } from './sales.rebuild.js';
import { SalesRefresh } from './sales.refresh.js';
import { SalesRefreshHandler } from './sales.refresh.handler.js';
import { SalesRepository } from './sales.repository.js';
import { SalesSweepHandler } from './sales.sweep.handler.js';
import { StaleSaleRepository } from './stale.sale.repository.js';

/** Sales of produce (metric M10): facts, report and evidence. Parcels and who may ask for what come from coverage. */
@Module({
  imports: [CoverageModule],
  controllers: [SalesController],
  providers: [
    SalesEvidence,
    SalesMonths,
    SalesReader,
    SalesRebuild,
    SalesRefresh,
    SalesRefreshHandler,
    SalesRepository,
    SalesSweepHandler,
    StaleSaleRepository,
  ],
  exports: [SalesRebuild],
})
export class SalesModule {}
