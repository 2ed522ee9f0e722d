/** Waits until the jobs have turned everything that was loaded into figures. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { Database, JobQueues } from '#platform';

const POLL_MS = 100;

/**
 * Returns once no domain event waits in the outbox, no job waits or runs, and no fact is stale.
 * @throws Error after the timeout, saying what is left
 */
export async function waitForFacts(app: INestApplicationContext, timeoutMs: number): Promise<void> {
  const database = app.get(Database, { strict: false });
  const queues = app.get(JobQueues, { strict: false });
  for (let leftMs = timeoutMs; leftMs > 0; leftMs -= POLL_MS) {
    const left = await unfinished(database, queues);
    if (!left) return;
    if (leftMs <= POLL_MS) throw new Error(`The demo's figures are not ready: ${left}`);
    await sleep(POLL_MS);
  }
}

/** What is still to be done, in words; empty when nothing is. A job may publish events, so the outbox is looked at last. */
async function unfinished(database: Database, queues: JobQueues): Promise<string> {
  const jobs = Object.values(await queues.counts()).reduce(
    (sum, queue) => sum + (queue['waiting'] ?? 0) + (queue['active'] ?? 0),
    0,
  );
  const [row] = await database.query<{ events: number; stale: number }>(
    'select (select count(*) from platform.outbox)::int as events, (select count(*) from insight.stale_day)::int as stale',
  );
  const { events = 0, stale = 0 } = row ?? {};
  return jobs + events + stale === 0 ? '' : `${events} events, ${jobs} jobs, ${stale} stale days`;
}
