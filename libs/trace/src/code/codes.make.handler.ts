import { Injectable } from '@nestjs/common';
import type { JobPayload } from '#contracts';
import { JobHandler, type Handler } from '#platform';

/** Makes the codes of batches. */
@Injectable()
@JobHandler('trace.codes.make')
export class CodesMakeHandler implements Handler<'trace.codes.make'> {
  handle(_payload: JobPayload<'trace.codes.make'>): Promise<void> {
    return Promise.resolve();
  }
}
