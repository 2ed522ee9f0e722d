import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#platform';

async function query(server: EmbeddedPostgres, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded database', () => {
  // A folder that only its owner may enter, as root's and mkdtemp's are.
  const folder = mkdtempSync(path.join(tmpdir(), 'xiangyi-embedded-'));
  const lock = path.join(folder, 'cluster', 'postmaster.pid');
  let server: EmbeddedPostgres;

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is made in a new folder and keeps what was committed over a clean stop', async () => {
    server = await startEmbeddedPostgres(folder);
    await query(server, 'create table kept (id int); insert into kept values (1)');
    await server.stop();
    server = await startEmbeddedPostgres(folder);
    expect(await query(server, 'select id from kept')).toEqual([{ id: 1 }]);
  });

  it('recovers what was committed before it was killed', async () => {
    await query(server, 'insert into kept values (2)');
    process.kill(Number(readFileSync(lock, 'utf8').split('\n')[0]), 'SIGKILL');
    server = await startEmbeddedPostgres(folder);
    expect(await query(server, 'select id from kept order by id')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('takes over from a server whose application was killed', async () => {
    const orphan = server;
    await query(orphan, 'insert into kept values (3)');
    server = await startEmbeddedPostgres(folder);
    expect(await query(server, 'select count(*)::int as count from kept')).toEqual([{ count: 3 }]);
  });

  it('starts beside a lock file whose process number now belongs to another program', async () => {
    await server.stop();
    writeFileSync(lock, `${process.pid}\n${path.join(folder, 'cluster')}\n1700000000\n5432\n\n127.0.0.1\n`);
    server = await startEmbeddedPostgres(folder);
    expect(await query(server, 'select count(*)::int as count from kept')).toEqual([{ count: 3 }]);
  });
});
