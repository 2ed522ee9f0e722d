import { Module } from '@nestjs/common';
import { CountyRefresh } from './county.refresh.js';
import { CoverageController } from './coverage.controller.js';
import { CoverageRefreshHandler, CoverageRollHandler, CoverageSweepHandler } from './coverage.jobs.js';
import { CoverageRebuild } from './coverage.rebuild.js';
import { CoverageRefresh } from './coverage.refresh.js';
import { CoverageScope } from './coverage.scope.js';
import { CoverageService } from './coverage.service.js';
import { CoverageStream } from './coverage.stream.js';
import { DayFactsRepository } from './day.facts.repository.js';
import { EvidenceRepository } from './evidence.repository.js';
import { EvidenceService } from './evidence.service.js';
import { RefreshPace } from './refresh.pace.js';
import { StaleDayRepository } from './stale.day.repository.js';
import { UnitMonthRepository } from './unit.month.repository.js';

/** Coverage of villages by express delivery: facts, figures, evidence and the live stream. Needs the platform and the directory beside it. */
@Module({
  controllers: [CoverageController],
  providers: [
    CountyRefresh,
    CoverageRebuild,
    CoverageRefresh,
    CoverageRefreshHandler,
    CoverageRollHandler,
    CoverageScope,
    CoverageService,
    CoverageStream,
    CoverageSweepHandler,
    DayFactsRepository,
    EvidenceRepository,
    EvidenceService,
    RefreshPace,
    StaleDayRepository,
    UnitMonthRepository,
  ],
  exports: [CoverageRebuild, CoverageRefresh, CoverageScope, CoverageService, UnitMonthRepository],
})
export class CoverageModule {}
