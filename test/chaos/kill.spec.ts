import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { openDatabase } from '#platform';
import { startStandalone, type Standalone } from '../factories/standalone.js';
import { ScanLoad } from './scan.load.js';

const KILLS = 3;
const LOAD_MS = 3000;
const SETTLE_TIMEOUT_MS = 60_000;

/** Kills the application, its PostgreSQL and every process of that server, none of which gets to say goodbye. */
async function killEverything(app: Standalone): Promise<void> {
  const lock = path.join(app.dataDir, 'postgres', 'cluster', 'postmaster.pid');
  const postmaster = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  const backends = childrenOf(postmaster);
  app.process.kill('SIGKILL');
  for (const pid of [postmaster, ...backends]) kill(pid);
  await app.stop({ signal: 'SIGKILL', keepData: true });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went with its server.
  }
}

/** Where /proc does not tell, the server's processes end by themselves when it is gone. */
function childrenOf(parent: number): number[] {
  if (!existsSync('/proc')) return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      // "pid (name) state ppid …"; the name may hold spaces.
      return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()?.split(' ')[1]) === parent;
    } catch {
      return false;
    }
  });
}

async function withDatabase<T>(dataDir: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const { url } = await openDatabase({ DATABASE_URL: undefined, DATA_DIR: dataDir }, { join: true });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Waits until every domain event was delivered, every job done and every stale key recomputed: looked at in this order, the way of the work. */
async function settle(client: pg.Client, baseUrl: string): Promise<void> {
  const count = async (table: string) =>
    (await client.query<{ count: number }>(`select count(*)::int as count from ${table}`)).rows[0]?.count ?? 0;
  let last = {};
  let clean = 0;
  for (const until = Date.now() + SETTLE_TIMEOUT_MS; Date.now() < until;) {
    const left = { events: await count('platform.outbox'), jobs: await jobsAt(baseUrl), keys: await count('insight.stale_day') };
    clean = left.events + left.jobs + left.keys === 0 ? clean + 1 : 0;
    if (clean === 3) return;
    last = left;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`Still waiting: ${JSON.stringify(last)}`);
}

/** Jobs that wait or run, as the application's metrics tell. */
async function jobsAt(baseUrl: string): Promise<number> {
  const text = await (await fetch(`${baseUrl}/metrics`, { signal: AbortSignal.timeout(10_000) })).text();
  const counts = [...text.matchAll(/^xiangyi_jobs\{[^}]*state="(?:waiting|active)"[^}]*\} (\d+)/gm)];
  expect(counts.length).toBeGreaterThan(0);
  return counts.reduce((sum, [, value]) => sum + Number(value), 0);
}

/** Rebuilds every fact from the ledger and compares; what it printed tells the differences. */
function verify(dataDir: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const args = ['dist/apps/standalone/src/rebuild.js', '--verify'];
    const child = execFile(
      process.execPath,
      args,
      { env: { ...process.env, DATA_DIR: dataDir }, timeout: 120_000 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, output: stdout + stderr }),
    );
  });
}

describe('an application that is killed under load', () => {
  const load = new ScanLoad(String(process.pid), 8);
  let app: Standalone;

  beforeAll(async () => {
    app = await startStandalone();
  });
  afterAll(async () => {
    await app.stop();
  });

  it(`starts again by itself after each of ${KILLS} kills, and answers what was not answered`, async () => {
    for (let kills = 0; kills < KILLS; kills += 1) {
      const running = load.run(app.baseUrl);
      await new Promise((resolve) => setTimeout(resolve, LOAD_MS * (0.5 + Math.random())));
      await killEverything(app);
      await running;
      app = await startStandalone({ dataDir: app.dataDir });
      await load.resend(app.baseUrl);
    }
    expect(load.unanswered.size).toBe(0);
    expect(load.acknowledged.size).toBeGreaterThan(KILLS * 20);
  });

  it('keeps every acknowledged scan exactly once', async () => {
    const stored = await withDatabase(app.dataDir, async (client) => {
      const text = 'select id, count(*)::int as times from logistics.parcel_event where id = any($1::uuid[]) group by id';
      return (await client.query<{ id: string; times: number }>(text, [load.sentIds])).rows;
    });
    const ids = new Set(stored.map((row) => row.id));
    const lost = [...load.acknowledged].filter((id) => !ids.has(id));
    expect(lost).toEqual([]);
    expect(stored.filter((row) => row.times !== 1)).toEqual([]);
  });

  it('has no scan that nobody sent', async () => {
    const count = await withDatabase(app.dataDir, async (client) => {
      const text = 'select count(*)::int as count from logistics.parcel_event where waybill like $1';
      return (await client.query<{ count: number }>(text, [`KILL${process.pid}%`])).rows[0]?.count;
    });
    expect(count).toBe(load.acknowledged.size);
  });

  it('has the facts that a rebuild from the ledger gives', async () => {
    await withDatabase(app.dataDir, (client) => settle(client, app.baseUrl));
    expect(await verify(app.dataDir)).toEqual({ code: 0, output: expect.stringContaining('no difference') as string });
  });
});
