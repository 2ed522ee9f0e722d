import { Module } from '@nestjs/common';
import { ProductModule } from '../product/product.module.js';
import { ReportModule } from '../report/report.module.js';
import { LotController } from './lot.controller.js';
import { LotLedgerService } from './lot.ledger.service.js';
import { LotReader } from './lot.reader.js';
import { LotRecordRepository } from './lot.record.repository.js';
import { LotRecordService } from './lot.record.service.js';
import { LotRepository } from './lot.repository.js';
import { LotService } from './lot.service.js';
import { LotStock } from './lot.stock.js';
import { LotTransformService } from './lot.transform.service.js';

const SERVICES = [LotService, LotRecordService, LotTransformService, LotLedgerService, LotStock];

/** Lots of produce and their stock. */
@Module({
  imports: [ProductModule, ReportModule],
  controllers: [LotController],
  providers: [LotRepository, LotRecordRepository, LotReader, ...SERVICES],
  exports: SERVICES,
})
export class LotModule {}
