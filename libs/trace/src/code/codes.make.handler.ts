import { Injectable } from '@nestjs/common';
import { DOMAIN_EVENTS, JOBS, type DeliveredEvent, type JobPayload } from '#contracts';
import { DomainError, JobHandler, type Handler } from '#platform';
import { CodeMaker } from './code.maker.js';

/** Makes the next codes of batches that are wanted. */
@Injectable()
@JobHandler('trace.codes.make')
export class CodesMakeHandler implements Handler<'trace.codes.make'> {
  constructor(private readonly maker: CodeMaker) {}

  /** One chunk for each event. A batch that cannot be made is marked, at once when the reason is ours, else after the last try. */
  async handle({ events }: JobPayload<'trace.codes.make'>, job: { id: string; attempt: number }): Promise<void> {
    const failures: unknown[] = [];
    for (const event of events) {
      try {
        await this.maker.makeChunk(event);
      } catch (error) {
        if (!(await this.gaveUp(event, error, job.attempt))) failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Codes were not made');
  }

  private async gaveUp(event: DeliveredEvent, error: unknown, attempt: number): Promise<boolean> {
    if (!(error instanceof DomainError) && attempt < JOBS['trace.codes.make'].attempts) return false;
    await this.maker.fail(DOMAIN_EVENTS['trace.batch.wanted'].parse(event.payload).batchId, error);
    return error instanceof DomainError;
  }
}
