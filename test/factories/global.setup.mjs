// One embedded PostgreSQL for a whole Jest run, with a migrated template that every test clones.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { migrate, startEmbeddedPostgres } from '../../dist/libs/platform/src/index.js';

export default async function setup() {
  const folder = mkdtempSync(path.join(tmpdir(), 'xiangyi-test-'));
  const server = await startEmbeddedPostgres(folder);
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  await client.query('create database template_xiangyi');
  await client.end();
  await migrate(server.url('template_xiangyi'), 'prisma');
  process.env.TEST_POSTGRES_URL = server.url('postgres');
  globalThis.stopTestDatabase = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
