import { Injectable } from '@nestjs/common';
import type { JobPayload } from '#contracts';
import { JobHandler, type Handler } from '#platform';
import { SalesRefresh } from './sales.refresh.js';

/** Payments, refunds, payouts or units changed: notes the months that they touch and has them recomputed. */
@Injectable()
@JobHandler('insight.sales.refresh')
export class SalesRefreshHandler implements Handler<'insight.sales.refresh'> {
  constructor(private readonly refresh: SalesRefresh) {}

  /** A repeat after a failure finds the events noted already and goes on with what is out of date. */
  async handle({ events }: JobPayload<'insight.sales.refresh'>): Promise<void> {
    await this.refresh.note(events);
    for (const countyCode of new Set(events.map((event) => event.countyCode)))
      if (countyCode) await this.refresh.drain(countyCode);
  }
}
