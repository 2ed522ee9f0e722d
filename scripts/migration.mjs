// Writes the next migration: the SQL from the schema of the last migration to prisma/schema as it is now.
//   npm run migration -- add_shelves          the schema of the last migration comes from git
//   npm run migration -- initial --from empty
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrationScript, readSchema, startEmbeddedPostgres } from '../dist/libs/platform/src/index.js';

const [name, option, value] = process.argv.slice(2);
if (!/^[a-z][a-z0-9_]*$/.test(name ?? '')) {
  console.error('Usage: npm run migration -- <name_of_the_change> [--from empty]');
  process.exit(1);
}

const git = (...args) => execFileSync('git', args, { encoding: 'utf8' });
function lastSchema() {
  if (option === '--from' && value === 'empty') return undefined;
  const revision = git('log', '-1', '--format=%H', '--', 'prisma/migrations').trim();
  const files = git('ls-tree', '--name-only', `${revision}:prisma/schema`).trim().split('\n');
  return files.map((file) => ({ path: `prisma/schema/${file}`, content: git('show', `${revision}:prisma/schema/${file}`) }));
}

const folder = mkdtempSync(path.join(tmpdir(), 'xiangyi-migration-'));
const server = await startEmbeddedPostgres(folder);
try {
  const sql = await migrationScript(server.url('postgres'), lastSchema(), readSchema('prisma/schema'));
  const numbers = readdirSync('prisma/migrations').flatMap((entry) => /^\d{4}(?=_)/.exec(entry)?.map(Number) ?? []);
  const number = option === '--from' ? 1 : Math.max(0, ...numbers) + 1;
  const target = path.join('prisma/migrations', `${String(number).padStart(4, '0')}_${name}`);
  mkdirSync(target, { recursive: true });
  writeFileSync(path.join(target, 'migration.sql'), sql);
  writeFileSync('prisma/migrations/migration_lock.toml', 'provider = "postgresql"\n');
  console.log(`${target}/migration.sql`);
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
