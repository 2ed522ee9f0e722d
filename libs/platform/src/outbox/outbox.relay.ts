import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { JOBS, type DeliveredEvent, type DomainEventTopic, type JobDefinition, type JobName, type ServiceName } from '#contracts';
import { Database, type Tx } from '../database/database.js';
import { Notifier } from '../notify/notifier.js';
import { JobQueues, type JobToAdd } from '../queue/job.queues.js';
import { OUTBOX_CHANNEL } from './outbox.js';

const BATCH = 500;
/** What one job takes at most: as many events as the catalogue allows, and not too large a payload. */
const EVENTS_PER_JOB = 500;
const CHARACTERS_PER_JOB = 500_000;
const POLL_MS = 1000;
/** After a batch, what comes next gathers this long, so that a busy outbox makes few jobs of many events; the first event after a pause goes at once. */
const GATHER_MS = 150;
const BACKOFF_MS = 2000;

interface OutboxRow {
  id: string;
  county_code: string;
  topic: DomainEventTopic;
  payload: unknown;
  correlation_id: string;
  created_at: Date;
}

const CONSUMERS = (Object.entries(JOBS) as [JobName, JobDefinition][]).flatMap(([job, definition]) =>
  (definition.consumes ?? []).map((topic) => ({ job, topic })),
);

/**
 * Moves domain events from the outbox to the queues of their consumers, in batches, each row by one relay at a time. A row is deleted in the
 * transaction that handed it on, so a crash in between delivers it again and never loses it.
 */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OutboxRelay.name);
  private running: Promise<void> | undefined;
  private wanted = false;
  private stopped = false;
  private holds = 0;
  private timer: NodeJS.Timeout | undefined;
  private stopListening: (() => void) | undefined;

  constructor(
    private readonly database: Database,
    private readonly queues: JobQueues,
    private readonly notifier: Notifier,
    private readonly services: readonly ServiceName[],
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.notifier.listen(OUTBOX_CHANNEL, () => this.wake());
    this.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.stopListening?.();
    clearTimeout(this.timer);
    await this.running;
  }

  /**
   * Lets the events of a bulk load wait until it is over, so that what they change is worked out once. Holds of this process only, and adds up.
   * @returns goes on with the delivery
   */
  hold(): () => void {
    this.holds += 1;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.holds -= 1;
      this.wake();
    };
  }

  private wake(): void {
    this.wanted = true;
    if (this.running || this.stopped || this.holds > 0) return;
    clearTimeout(this.timer);
    this.running = this.drain().finally(() => (this.running = undefined));
  }

  private async drain(): Promise<void> {
    let delayMs = POLL_MS;
    try {
      while (this.wanted && !this.stopped && this.holds === 0) {
        this.wanted = false;
        while (!this.stopped && (await this.relayBatch()) === BATCH);
        await sleep(GATHER_MS, undefined, { ref: false });
      }
    } catch (error) {
      this.logger.error(error);
      delayMs = BACKOFF_MS;
    }
    if (!this.stopped) this.timer = setTimeout(() => this.wake(), delayMs).unref();
  }

  private relayBatch(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const rows = await this.take(tx);
      if (rows.length > 0) {
        await this.queues.add(jobsFor(rows));
        await tx.query('delete from platform.outbox where id = any($1::uuid[])', [rows.map((row) => row.id)]);
      }
      return rows.length;
    });
  }

  private take(tx: Tx): Promise<OutboxRow[]> {
    return tx.query<OutboxRow>(
      `select id, county_code, topic, payload, correlation_id, created_at from platform.outbox
       where service = any($1) order by id limit ${BATCH} for update skip locked`,
      [this.services],
    );
  }
}

function jobsFor(rows: readonly OutboxRow[]): JobToAdd[] {
  return CONSUMERS.flatMap(({ job, topic }) => {
    const events = rows.filter((row) => row.topic === topic).map(toEvent);
    return portions(events).map((portion) => ({ name: job, payload: { events: portion } }));
  });
}

/** Cuts a list of events into what one job takes, in order. */
function portions(events: readonly DeliveredEvent[]): DeliveredEvent[][] {
  const found: DeliveredEvent[][] = [];
  let characters = 0;
  for (const event of events) {
    const size = JSON.stringify(event.payload).length;
    const last = found.at(-1);
    characters += size;
    if (last && last.length < EVENTS_PER_JOB && characters <= CHARACTERS_PER_JOB) last.push(event);
    else {
      found.push([event]);
      characters = size;
    }
  }
  return found;
}

const toEvent = (row: OutboxRow): DeliveredEvent => ({
  id: row.id,
  topic: row.topic,
  countyCode: row.county_code,
  createdAt: row.created_at.toISOString(),
  correlationId: row.correlation_id,
  payload: row.payload,
});
