/**
 * `npm run bench scans`: scans through the whole application beside bare PostgreSQL doing the same inserts, in one run on the same
 * embedded server, taken in turns; medians. Everything stays on the loopback address.
 */
import pg from 'pg';
import { openDatabase } from '#platform';
import { startStandalone, type Standalone } from '../factories/standalone.js';
import { load, newScan, signIn, type LoadResult, type ScanClient } from './application.load.js';
import { bareRate, insertOf, shapesOf } from './bare.postgres.js';

const ROUNDS = 3;
const SECONDS = Number(process.argv[2] ?? 8);
const BARE_CLIENTS_TRIED = [1, 2, 4, 8];
const SETTLE_TIMEOUT_MS = 180_000;

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const whole = (value: number) => Math.round(value).toLocaleString('en-US');

/** Waits until the jobs behind the scans are done, so that they do not run into the next measurement. */
async function settle(client: pg.Client): Promise<void> {
  for (const until = Date.now() + SETTLE_TIMEOUT_MS; Date.now() < until;) {
    const { rows } = await client.query<{ waiting: number }>(
      `select (select count(*) from platform.outbox where service <> 'bench')::int + (select count(*) from insight.stale_day)::int as waiting`,
    );
    if (rows[0]?.waiting === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await client.query('checkpoint');
}

/** One scan of a known waybill: its rows are what the yardstick writes. */
async function sampleScan({ baseUrl, token, stations }: ScanClient): Promise<string> {
  const waybill = `SAMPLE${process.pid}`;
  const scan = newScan(stations[0] ?? '', waybill);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const answer = await fetch(`${baseUrl}/api/scans`, { method: 'POST', headers, body: JSON.stringify({ scans: [scan] }) });
  const text = await answer.text();
  if (!text.includes('"accepted"')) throw new Error(`The sample scan answered ${answer.status}: ${text}`);
  return waybill;
}

async function measure(app: Standalone, url: string, database: pg.Client): Promise<void> {
  const client = await signIn(app.baseUrl);
  const insert = insertOf(await shapesOf(database, await sampleScan(client)));
  console.log(`${ROUNDS} rounds of ${SECONDS} s each, in turns; medians.\n`);
  await load(client, { connections: 64, scansPerCall: 1, seconds: 3 });
  await load(client, { connections: 8, scansPerCall: 500, seconds: 3 });

  let best = { clients: 1, rate: 0 };
  for (const clients of BARE_CLIENTS_TRIED) {
    await settle(database);
    const rate = await bareRate(url, insert, { clients, scansPerCommit: 500, seconds: 3 });
    if (rate > best.rate) best = { clients, rate };
  }
  const results = {
    batch: [] as LoadResult[],
    bareBatch: [] as number[],
    single: [] as LoadResult[],
    bareSingle: [] as number[],
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    await settle(database);
    results.batch.push(await load(client, { connections: 8, scansPerCall: 500, seconds: SECONDS }));
    await settle(database);
    results.bareBatch.push(await bareRate(url, insert, { clients: best.clients, scansPerCommit: 500, seconds: SECONDS }));
    await settle(database);
    results.single.push(await load(client, { connections: 64, scansPerCall: 1, seconds: SECONDS }));
    await settle(database);
    results.bareSingle.push(await bareRate(url, insert, { clients: 32, scansPerCommit: 1, seconds: SECONDS }));
  }
  report(
    '500-scan calls, 8 connections',
    results.batch,
    `bare multi-row inserts, ${best.clients} clients`,
    results.bareBatch,
    0.6,
  );
  report('single scans, 64 connections', results.single, 'bare single-row commits, 32 clients', results.bareSingle, 0.5);
}

function report(name: string, application: LoadResult[], bareName: string, bare: number[], aim: number): void {
  const [ours, theirs] = [median(application.map((result) => result.scansPerSecond)), median(bare)];
  const p99 = median(application.map((result) => result.latencyMs.p99));
  console.log(
    `${name}: ${whole(ours)} scans/s (p50 ${median(application.map((result) => result.latencyMs.p50))} ms, p99 ${p99} ms)`,
  );
  console.log(`${bareName}: ${whole(theirs)} scans/s`);
  console.log(`ratio: ${(ours / theirs).toFixed(2)} (aim ≥ ${aim})\n`);
}

async function main(): Promise<void> {
  const app = await startStandalone();
  try {
    const { url } = await openDatabase({ DATABASE_URL: undefined, DATA_DIR: app.dataDir }, { join: true });
    const database = new pg.Client({ connectionString: url });
    await database.connect();
    try {
      await measure(app, url, database);
    } finally {
      await database.end();
    }
  } catch (error) {
    // What the application said belongs to the failure, and stopping it may take a while.
    console.error(error, app.output());
    process.exitCode = 1;
  } finally {
    await app.stop();
  }
}

await main();
