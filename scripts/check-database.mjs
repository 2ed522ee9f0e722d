// Proves two things from the catalogue of real databases:
//   1. the migrations lead to exactly what prisma/schema says (no drift);
//   2. every growing table is partitioned by month on its declared column, has a default partition, and holds county_code in every key;
//      and no table outside the growing ones is partitioned.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { growingTables, migrate, migrationScript, readSchema, startEmbeddedPostgres } from '../dist/libs/platform/src/index.js';

const COLUMNS = `
  select format('column %s.%s.%s %s%s %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then ' not null' else '' end, coalesce(pg_get_expr(d.adbin, d.adrelid), '')) as line
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p') and not c.relispartition and n.nspname = any($1)`;
const CONSTRAINTS = `
  select format('constraint %s.%s %s %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) as line
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
  where not c.relispartition and k.contype in ('p', 'u', 'f', 'c') and n.nspname = any($1)`;
const INDEXES = `
  select format('index %s', regexp_replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')) as line
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
  where not c.relispartition and n.nspname = any($1)`;
const PARTITIONED = `
  select n.nspname as schema, c.relname as table, a.attname as column, p.partstrat as strategy, p.partdefid <> 0 as has_default
  from pg_partitioned_table p join pg_class c on c.oid = p.partrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum = p.partattrs[0] where n.nspname = any($1)`;
const KEYS_WITHOUT_COUNTY = `
  select format('%s.%s: %s', n.nspname, c.relname, x.relname) as line
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
  where i.indisunique and c.relkind = 'p' and n.nspname = any($1)
    and not exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'county_code' and a.attnum = any(i.indkey))`;

const schema = readSchema('prisma/schema');
const growing = growingTables(schema);
const schemas = /schemas\s*=\s*\[([^\]]*)\]/.exec(schema.map((file) => file.content).join('\n'))[1].match(/\w+/g);

const folder = mkdtempSync(path.join(tmpdir(), 'xiangyi-check-'));
const server = await startEmbeddedPostgres(folder);

async function within(database, work) {
  const client = new pg.Client({ connectionString: server.url(database) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
const linesOf = (database) =>
  within(database, async (client) => {
    const results = [];
    for (const query of [COLUMNS, CONSTRAINTS, INDEXES])
      results.push(...(await client.query(query, [schemas])).rows.map((row) => row.line));
    return new Set(results);
  });

const problems = [];
try {
  await within('postgres', async (client) => {
    await client.query('create database migrated');
    await client.query('create database declared');
  });
  await migrate(server.url('migrated'), 'prisma');
  const script = await migrationScript(server.url('postgres'), undefined, schema);
  await within('declared', (client) => client.query(script));
  const [migrated, declared] = [await linesOf('migrated'), await linesOf('declared')];
  for (const line of declared) if (!migrated.has(line)) problems.push(`in prisma/schema, not in the migrations: ${line}`);
  for (const line of migrated) if (!declared.has(line)) problems.push(`in the migrations, not in prisma/schema: ${line}`);

  await within('migrated', async (client) => {
    const found = new Map((await client.query(PARTITIONED, [schemas])).rows.map((row) => [`${row.schema}.${row.table}`, row]));
    for (const { schema: name, table, column } of growing) {
      const partitioned = found.get(`${name}.${table}`);
      if (!partitioned || partitioned.strategy !== 'r' || partitioned.column !== column)
        problems.push(`growing table not partitioned by range of ${column}: ${name}.${table}`);
      else if (!partitioned.has_default) problems.push(`growing table without a default partition: ${name}.${table}`);
      found.delete(`${name}.${table}`);
    }
    for (const name of found.keys()) problems.push(`partitioned, but not declared growing: ${name}`);
    for (const { line } of (await client.query(KEYS_WITHOUT_COUNTY, [schemas])).rows)
      problems.push(`key of a growing table without county_code: ${line}`);
  });
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0
    ? `Database: migrations match the schema; ${growing.length} growing tables are partitioned with county_code in every key.`
    : `Database: ${problems.length} problems.`,
);
process.exit(problems.length === 0 ? 0 : 1);
