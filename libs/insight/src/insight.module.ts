import { Module } from '@nestjs/common';
import { CoverageModule } from './coverage/coverage.module.js';
import { IncomeModule } from './income/income.module.js';
import { SalesModule } from './sales/sales.module.js';

/** The reports: coverage of villages, collective income and sales of produce. Needs the platform and the directory beside it. */
@Module({ imports: [CoverageModule, IncomeModule, SalesModule], exports: [CoverageModule, IncomeModule, SalesModule] })
export class InsightModule {}
