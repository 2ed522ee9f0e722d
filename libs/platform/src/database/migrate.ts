/**
 * Migrations through Prisma's own schema engine as WebAssembly, so that nothing is downloaded. They are recorded in
 * `_prisma_migrations` just as `prisma migrate deploy` does, which therefore works on the same database.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { declareGrowing, growingTables, type SchemaFile } from './growing.tables.js';

/** Any number, the same for all processes that migrate. */
const MIGRATION_LOCK = 7_242_001;

interface Migration {
  name: string;
  sql: string;
}

/** The schema files of a folder. */
export function readSchema(folder: string): SchemaFile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.prisma'))
    .sort()
    .map((file) => ({ path: `${folder}/${file}`, content: readFileSync(path.join(folder, file), 'utf8') }));
}

function readMigrations(folder: string): Migration[] {
  return readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'migration.sql')))
    .sort()
    .map((name) => ({ name, sql: readFileSync(path.join(folder, name, 'migration.sql'), 'utf8') }));
}

/**
 * Applies the migrations that the database lacks; several processes may call it at once.
 * @param prismaFolder holds schema/ and migrations/
 * @returns the names of the migrations applied now
 */
export async function migrate(url: string, prismaFolder: string): Promise<string[]> {
  const migrations = readMigrations(path.join(prismaFolder, 'migrations'));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const missing = await missingMigrations(client, migrations);
    if (missing.length === 0) return [];
    await withEngine(url, readSchema(path.join(prismaFolder, 'schema')), (engine) =>
      engine.applyMigrations({ migrationsList: migrationList(migrations), filters: NO_FILTERS }),
    );
    return missing;
  } finally {
    await client.end();
  }
}

/** Names of the migrations that the database has not finished. @throws Error when an applied one was edited since */
export async function missingMigrations(client: Pick<pg.Client, 'query'>, migrations: readonly Migration[]): Promise<string[]> {
  const { rows } = await client.query<{ found: string | null }>(`select to_regclass('public._prisma_migrations')::text as found`);
  if (!rows[0]?.found) return migrations.map(({ name }) => name);
  const applied = await client.query<{ migration_name: string; checksum: string }>(
    'select migration_name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null',
  );
  const checksums = new Map(applied.rows.map((row) => [row.migration_name, row.checksum]));
  const edited = migrations.filter(
    ({ name, sql }) => checksums.has(name) && checksums.get(name) !== createHash('sha256').update(sql).digest('hex'),
  );
  if (edited.length > 0)
    throw new Error(`Applied migrations were edited afterwards: ${edited.map(({ name }) => name).join(', ')}`);
  return migrations.filter(({ name }) => !checksums.has(name)).map(({ name }) => name);
}

/** Whether every migration of the folder is applied. */
export async function isMigrated(client: Pick<pg.Client, 'query'>, prismaFolder: string): Promise<boolean> {
  return (await missingMigrations(client, readMigrations(path.join(prismaFolder, 'migrations')))).length === 0;
}

/** The SQL that leads from one schema to another, growing tables partitioned; `from` undefined is an empty database. */
export async function migrationScript(url: string, from: SchemaFile[] | undefined, to: SchemaFile[]): Promise<string> {
  const { stdout } = await withEngine(url, to, (engine) =>
    engine.diff({
      from: from ? { tag: 'schemaDatamodel', files: from } : { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files: to },
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    }),
  );
  return declareGrowing(stdout ?? '', growingTables(to));
}

const NO_FILTERS = { externalTables: [], externalEnums: [] };

function migrationList(migrations: readonly Migration[]) {
  return {
    baseDir: 'prisma/migrations',
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  };
}

/** The part of WebAssembly used here; its types come with the browser's library, which a server must not see. */
interface WasmRuntime {
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, unknown>,
  ): Promise<{ instance: { exports: Record<string, (() => void) | undefined> } }>;
}
const wasm = (globalThis as unknown as { WebAssembly: WasmRuntime }).WebAssembly;

/** Runs work with the engine on connections of its own, closed afterwards: the engine itself would keep them. */
async function withEngine<T>(url: string, schema: readonly SchemaFile[], work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  try {
    return await work(await openEngine(pool, schema));
  } finally {
    await pool.end();
  }
}

async function openEngine(pool: pg.Pool, schema: readonly SchemaFile[]): Promise<SchemaEngine> {
  const { SchemaEngine } = await (bindings ??= loadBindings());
  const factory = bindMigrationAwareSqlAdapterFactory(new PrismaPg(pool));
  return await SchemaEngine.new(
    { datamodels: schema.map((file): [string, string] => [file.path, file.content]) },
    () => undefined,
    factory,
  );
}

/** The engine's module keeps its memory in module state, so a process may load it once only. */
let bindings: ReturnType<typeof loadBindings> | undefined;

async function loadBindings() {
  const module = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const folder = path.dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (text: string) => process.stderr.write(`${text}\n`) } });
  const imports = Object.fromEntries(
    Object.entries(module).map(([name, value]) => [
      name,
      name.startsWith('__wbg_setTimeout_') ? withoutHolding(value as never) : (value as unknown),
    ]),
  );
  const { instance } = await wasm.instantiate(readFileSync(path.join(folder, 'schema_engine_bg.wasm')), {
    './schema_engine_bg.js': imports,
  });
  (module as unknown as { __wbg_set_wasm(exports: unknown): void }).__wbg_set_wasm(instance.exports);
  instance.exports['__wbindgen_start']?.();
  return module;
}

/** The engine leaves a ten-second timer of its lock behind, which must not hold a finished process. */
function withoutHolding(start: (...parameters: unknown[]) => NodeJS.Timeout): (...parameters: unknown[]) => NodeJS.Timeout {
  return (...parameters) => start(...parameters).unref();
}
