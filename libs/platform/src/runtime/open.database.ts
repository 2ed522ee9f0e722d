import path from 'node:path';
import pg from 'pg';
import type { Config } from '../config/config.js';
import { runningEmbeddedPostgres, startEmbeddedPostgres } from '../database/embedded.postgres.js';

const DATABASE = 'xiangyi';

/** The database that a configuration names, running. */
export interface OpenDatabase {
  url: string;
  /** Stops the embedded server if this call started it. */
  stop(): Promise<void>;
}

/**
 * Opens DATABASE_URL, or the embedded server: its own when none runs on the data folder, else the one that the application started (a command beside
 * a running application joins it).
 */
export async function openDatabase(
  config: Pick<Config, 'DATABASE_URL' | 'DATA_DIR'>,
  options: { join: boolean },
): Promise<OpenDatabase> {
  if (config.DATABASE_URL) return { url: config.DATABASE_URL, stop: () => Promise.resolve() };
  const folder = path.join(config.DATA_DIR, 'postgres');
  const running = options.join ? runningEmbeddedPostgres(folder) : undefined;
  if (running) return { url: running(DATABASE), stop: () => Promise.resolve() };
  const server = await startEmbeddedPostgres(folder);
  await createDatabase(server.url('postgres'), DATABASE);
  return { url: server.url(DATABASE), stop: () => server.stop() };
}

async function createDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (!rowCount) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
