import { Injectable } from '@nestjs/common';
import { DOMAIN_EVENTS, type JobPayload } from '#contracts';
import { Database, JobHandler, ProcessedEvents, type Handler } from '#platform';
import { TracedProductRepository } from './traced.product.repository.js';

const JOB = 'trace.product.record';

/** Records the products that upflow told of, each event once. */
@Injectable()
@JobHandler(JOB)
export class ProductRecordHandler implements Handler<typeof JOB> {
  constructor(
    private readonly database: Database,
    private readonly processed: ProcessedEvents,
    private readonly products: TracedProductRepository,
  ) {}

  async handle({ events }: JobPayload<typeof JOB>): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const event of await this.processed.firstTime(tx, JOB, events))
        await this.products.record(tx, event.countyCode, DOMAIN_EVENTS['upflow.product.changed'].parse(event.payload));
    });
  }
}
