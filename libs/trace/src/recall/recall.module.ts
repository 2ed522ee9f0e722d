import { Module } from '@nestjs/common';
import { EpcisModule } from '../epcis/epcis.module.js';
import { RecallController } from './recall.controller.js';
import { RecallRepository } from './recall.repository.js';
import { RecallRows } from './recall.rows.js';
import { RecallService } from './recall.service.js';

/** Recalls of lots. */
@Module({
  imports: [EpcisModule],
  controllers: [RecallController],
  providers: [RecallRepository, RecallRows, RecallService],
  exports: [RecallRepository],
})
export class RecallModule {}
