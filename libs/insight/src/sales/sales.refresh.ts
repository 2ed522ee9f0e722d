import { Injectable } from '@nestjs/common';
import { dayOf, DOMAIN_EVENTS, type CoverageChange, type DeliveredEvent, type Period } from '#contracts';
import { DirectoryReader } from '#directory';
import { Clock, Database, Notifier, ProcessedEvents, type Tx } from '#platform';
import { COVERAGE_CHANNEL } from '../coverage/coverage.refresh.js';
import { SalesMonths } from './sales.months.js';
import { SalesRepository } from './sales.repository.js';
import { StaleSaleRepository } from './stale.sale.repository.js';

const CONSUMER = 'insight.sales.refresh';
/** Unit ids of one notice: a notice must stay below 8,000 bytes. */
const UNITS_PER_NOTICE = 150;

/** Keeps sales up to date: notes which months are out of date, then recomputes them, never adding to what is there. */
@Injectable()
export class SalesRefresh {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly reader: DirectoryReader,
    private readonly processed: ProcessedEvents,
    private readonly notifier: Notifier,
    private readonly stale: StaleSaleRepository,
    private readonly months: SalesMonths,
    private readonly sales: SalesRepository,
  ) {}

  /** Notes what the events touch, each event once. */
  async note(events: readonly DeliveredEvent[]): Promise<void> {
    // The change that an event tells of must be seen, also when the notice of it is still on its way to this process.
    if (events.some((event) => event.topic === 'directory.changed')) this.reader.expire();
    await this.database.transaction(async (tx) => {
      const fresh = await this.processed.firstTime(tx, CONSUMER, events);
      for (const { topic, payload, countyCode } of fresh) {
        if (topic === 'upflow.sales.touched') await this.stale.mark(tx, countyCode, DOMAIN_EVENTS[topic].parse(payload).keys);
        if (topic !== 'directory.changed') continue;
        const { unitIds, from } = DOMAIN_EVENTS[topic].parse(payload);
        // Who is where bears on the whole month of the county: any of the units stands for it on the list.
        if (unitIds[0]) await this.stale.markSince(tx, countyCode, unitIds[0], from);
      }
    });
  }

  /** Recomputes everything of the county that is out of date, a month a transaction; returns when nothing is. */
  async drain(countyCode: string): Promise<void> {
    while (
      await this.database.transaction(async (tx) => {
        await this.sales.lock(tx, countyCode);
        const period = await this.stale.takeMonth(tx, countyCode);
        if (period !== undefined) await this.refresh(tx, countyCode, period);
        return period !== undefined;
      })
    );
  }

  /** Recomputes what an interrupted refresh left, and the months that a new day or a new formula changes. */
  async sweep(): Promise<void> {
    const now = this.clock.now();
    const today = dayOf(now);
    const snapshot = await this.reader.snapshot();
    const counties = snapshot.unitsOfLevel('county', today).map((county) => snapshot.countyCodeOf(county.id));
    for (const countyCode of new Set([...counties, ...(await this.stale.countyCodes(this.database))])) {
      for (const period of await this.sales.outdated(this.database, countyCode, today))
        await this.database.transaction(async (tx) => {
          await this.sales.lock(tx, countyCode);
          await this.refresh(tx, countyCode, period);
        });
      await this.drain(countyCode);
    }
  }

  private async refresh(tx: Tx, countyCode: string, period: Period): Promise<void> {
    const asOf = this.clock.now();
    const changed = await this.sales.replace(
      tx,
      countyCode,
      period,
      await this.months.compute(tx, countyCode, period, asOf),
      asOf,
    );
    await this.tell(tx, countyCode, period, changed);
  }

  /** Tells everyone who looks at one of these units; what is above a unit that changed is mostly among them. */
  private async tell(tx: Tx, countyCode: string, period: Period, changed: readonly string[]): Promise<void> {
    const ids = [...new Set(changed)].sort();
    for (let start = 0; start < ids.length; start += UNITS_PER_NOTICE) {
      const change: CoverageChange = { countyCode, unitIds: ids.slice(start, start + UNITS_PER_NOTICE), periods: [period] };
      await this.notifier.notify(tx, COVERAGE_CHANNEL, JSON.stringify(change));
    }
  }
}
