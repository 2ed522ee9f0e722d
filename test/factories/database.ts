/** A database of its own for a test: a clone of the migrated template. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { addMonths, periodOf } from '#contracts';
import { Database, ensurePartitions, loadConfig, uuidv7, type Config } from '#platform';

export interface TestDatabase {
  url: string;
  database: Database;
  close(): Promise<void>;
}

/** Configuration of a test's application: the test's database, a data folder of its own, the queue on Redis when one is given. */
export function testConfig(url: string, redisUrl: string | undefined, overrides: Partial<Config> = {}): Config {
  const config = loadConfig({
    DATA_DIR: mkdtempSync(path.join(tmpdir(), 'xiangyi-data-')),
    DATABASE_URL: url,
    SECRET_KEY: 'a key for tests that is long enough for the check',
    RATE_LIMIT: 'off',
    DEMO: '0',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    DATABASE_POOL: '8',
    ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
  });
  return { ...config, ...overrides };
}

const REDIS_DATABASES_PER_WORKER = 7;
let redisDatabasesTaken = 0;

/**
 * The next numbered database of the test Redis for this Jest worker, so that the queues of two applications never meet (not of two
 * workers, and not of two applications in one test); `undefined` for the queue on PostgreSQL.
 */
export function nextRedisUrl(): string | undefined {
  const server = process.env['TEST_REDIS_URL'];
  const worker = Number(process.env['JEST_WORKER_ID'] ?? '1') - 1;
  const index = worker * REDIS_DATABASES_PER_WORKER + (redisDatabasesTaken++ % REDIS_DATABASES_PER_WORKER);
  return server ? `${server}/${index}` : undefined;
}

/** Clones the template; closing drops the clone. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = process.env['TEST_POSTGRES_URL'];
  if (!server) throw new Error('Run through jest.integration.config.js, which starts the database');
  const name = `test_${uuidv7().replaceAll('-', '')}`;
  await administrate(server, `create database ${name} template template_xiangyi`);
  const url = server.replace(/\/postgres$/, `/${name}`);
  const database = new Database(url, { DATABASE_POOL: 6 });
  const period = periodOf(new Date());
  await ensurePartitions(database, addMonths(period, -4), addMonths(period, 1));
  return {
    url,
    database,
    close: async () => {
      await database.onApplicationShutdown();
      await administrate(server, `drop database ${name} with (force)`);
    },
  };
}

async function administrate(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
