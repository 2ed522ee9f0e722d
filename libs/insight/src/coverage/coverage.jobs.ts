import { Injectable } from '@nestjs/common';
import type { JobPayload } from '#contracts';
import { JobHandler, type Handler } from '#platform';
import { CoverageRefresh } from './coverage.refresh.js';
import { RefreshPace } from './refresh.pace.js';

/** Domain events arrive: notes what they touch, and has it recomputed as fast as the county's pace allows. */
@Injectable()
@JobHandler('insight.coverage.refresh')
export class CoverageRefreshHandler implements Handler<'insight.coverage.refresh'> {
  constructor(
    private readonly refresh: CoverageRefresh,
    private readonly pace: RefreshPace,
  ) {}

  /** A repeat after a failure finds the events noted already and goes on with what is out of date. */
  async handle({ events }: JobPayload<'insight.coverage.refresh'>): Promise<void> {
    await this.refresh.note(events);
    for (const countyCode of new Set(events.map((event) => event.countyCode))) await this.pace.request(countyCode);
  }
}

/** Recomputes what an interrupted refresh left out of date. */
@Injectable()
@JobHandler('insight.coverage.sweep')
export class CoverageSweepHandler implements Handler<'insight.coverage.sweep'> {
  constructor(private readonly refresh: CoverageRefresh) {}

  async handle(): Promise<void> {
    for (const countyCode of await this.refresh.countyCodes()) await this.refresh.drain(countyCode);
  }
}

/** A new day has begun: the running month has a day more, and another day's cohort has matured. */
@Injectable()
@JobHandler('insight.coverage.roll')
export class CoverageRollHandler implements Handler<'insight.coverage.roll'> {
  constructor(private readonly refresh: CoverageRefresh) {}

  async handle(): Promise<void> {
    for (const countyCode of await this.refresh.countyCodes()) await this.refresh.drain(countyCode);
  }
}
