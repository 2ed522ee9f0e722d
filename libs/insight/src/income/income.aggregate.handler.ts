import { Injectable } from '@nestjs/common';
import { DOMAIN_EVENTS, type DeliveredEvent, type JobPayload, type Period } from '#contracts';
import { Database, JobHandler, ProcessedEvents, type Handler } from '#platform';
import { IncomeAggregator, type IncomeChange } from './income.aggregator.js';

const JOB = 'insight.income.aggregate';

/**
 * Aggregates collective income after accounts or units changed: the months touched, the trailing years they are part of, and
 * every unit above, under a lock of the county. Events of one batch are taken together, so a bulk import costs one aggregation.
 */
@Injectable()
@JobHandler(JOB)
export class IncomeAggregateHandler implements Handler<typeof JOB> {
  constructor(
    private readonly database: Database,
    private readonly processed: ProcessedEvents,
    private readonly aggregator: IncomeAggregator,
  ) {}

  /** Takes each event once; counties are done one after another, each in its own transaction. */
  async handle({ events }: JobPayload<typeof JOB>): Promise<void> {
    for (const countyCode of new Set(events.map((event) => event.countyCode))) {
      // Units above the county have no income of their own.
      if (!countyCode) continue;
      const ofCounty = events.filter((event) => event.countyCode === countyCode);
      await this.database.transaction(async (tx) => {
        const fresh = await this.processed.firstTime(tx, JOB, ofCounty);
        if (!fresh.length) return;
        await this.aggregator.refresh(tx, countyCode, await this.aggregator.periodsTouched(tx, countyCode, changeOf(fresh)));
      });
    }
  }
}

/** What the events of one county say has changed, taken together. */
function changeOf(events: readonly DeliveredEvent[]): IncomeChange {
  const months = new Set<Period>();
  let unitsSince: Period | null | undefined;
  for (const event of events) {
    if (event.topic === 'insight.account.changed') months.add(DOMAIN_EVENTS[event.topic].parse(event.payload).period);
    if (event.topic === 'directory.changed') {
      const { from } = DOMAIN_EVENTS[event.topic].parse(event.payload);
      unitsSince =
        unitsSince === undefined || from === null ? from : unitsSince === null || unitsSince < from ? unitsSince : from;
    }
  }
  return { months: [...months], unitsSince };
}
