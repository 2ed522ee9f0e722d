import { Injectable } from '@nestjs/common';
import type { JobPayload } from '#contracts';
import { JobHandler, type Handler } from '#platform';

/** Recomputes sales. */
@Injectable()
@JobHandler('insight.sales.refresh')
export class SalesRefreshHandler implements Handler<'insight.sales.refresh'> {
  handle(_payload: JobPayload<'insight.sales.refresh'>): Promise<void> {
    return Promise.resolve();
  }
}
