import { Module } from '@nestjs/common';
import { AccountController } from './account.controller.js';
import { AccountImportService } from './account.import.service.js';
import { AccountReader } from './account.reader.js';
import { AccountRepository } from './account.repository.js';
import { IncomeAggregateHandler } from './income.aggregate.handler.js';
import { IncomeAggregator } from './income.aggregator.js';
import { IncomeController } from './income.controller.js';
import { IncomeEvidence } from './income.evidence.js';
import { IncomeReader } from './income.reader.js';
import { IncomeRepository } from './income.repository.js';
import { IncomeService } from './income.service.js';

/** Collective income (metric M12): accounts entered and approved, and what is aggregated from them. Needs the platform and the directory beside it. */
@Module({
  controllers: [AccountController, IncomeController],
  providers: [
    AccountImportService,
    AccountReader,
    AccountRepository,
    IncomeAggregateHandler,
    IncomeAggregator,
    IncomeEvidence,
    IncomeReader,
    IncomeRepository,
    IncomeService,
  ],
  exports: [IncomeAggregator, IncomeService],
})
export class IncomeModule {}
