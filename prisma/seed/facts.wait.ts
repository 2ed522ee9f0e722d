/** Waits until the jobs have turned everything that was loaded into figures. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { Database, JobQueues } from '#platform';

const POLL_MS = 100;

/** A job may publish events of its own, so a clean look counts when the next one is clean too. */
const CLEAN_LOOKS = 2;

/**
 * Returns once no domain event waits in the outbox, no job waits or runs, and no fact is stale.
 * @throws Error after the timeout, saying what is left
 */
export async function waitForFacts(app: INestApplicationContext, timeoutMs: number): Promise<void> {
  const database = app.get(Database, { strict: false });
  const queues = app.get(JobQueues, { strict: false });
  const deadlineMs = performance.now() + timeoutMs;
  for (let clean = 0; clean < CLEAN_LOOKS;) {
    const left = await unfinished(database, queues);
    clean = left ? 0 : clean + 1;
    if (left && performance.now() > deadlineMs) throw new Error(`The demo's figures are not ready: ${left}`);
    await sleep(POLL_MS);
  }
}

/** What is still to be done, in words; empty when nothing is. Looked at in the direction in which work flows, so that nothing slips past. */
async function unfinished(database: Database, queues: JobQueues): Promise<string> {
  const events = await countOf(database, 'platform.outbox');
  if (events > 0) return `${events} events`;
  const queued = Object.values(await queues.counts());
  const jobs = queued.reduce((sum, queue) => sum + (queue['waiting'] ?? 0) + (queue['active'] ?? 0), 0);
  if (jobs > 0) return `${jobs} jobs`;
  const stale = await countOf(database, 'insight.stale_day');
  const sales = await countOf(database, 'insight.stale_sale');
  return stale + sales > 0 ? `${stale} stale days, ${sales} stale months of sales` : '';
}

async function countOf(
  database: Database,
  table: 'platform.outbox' | 'insight.stale_day' | 'insight.stale_sale',
): Promise<number> {
  const [row] = await database.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  return row?.count ?? 0;
}
