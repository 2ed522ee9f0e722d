import { addMonths, firstDayOf, startOfDay, type Period } from '#contracts';
import type { Database, Tx } from './database.js';

interface PartitionedTable {
  schema: string;
  table: string;
  column: string;
  type: string;
}

/** Any number, the same for all processes that make partitions. */
const PARTITION_LOCK = 7_242_002;

/**
 * Makes the month partitions of every partitioned table of ours, from one month to another inclusive. Rows that had to wait in the default
 * partition move to their month.
 */
export async function ensurePartitions(database: Database, from: Period, to: Period): Promise<number> {
  const tables = await database.query<PartitionedTable>(`
    select n.nspname as schema, c.relname as table, a.attname as column, format_type(a.atttypid, null) as type
    from pg_partitioned_table p
    join pg_class c on c.oid = p.partrelid
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum = p.partattrs[0]
    where n.nspname not in ('bullmq', 'pg_catalog') order by 1, 2`);
  const existing = new Set(
    (
      await database.query<{ name: string }>(
        `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relispartition`,
      )
    ).map(({ name }) => name),
  );
  const missing: { table: PartitionedTable; period: Period }[] = [];
  for (const table of tables)
    for (let period = from; period <= to; period = addMonths(period, 1))
      if (!existing.has(`${table.schema}.${partitionName(table, period)}`)) missing.push({ table, period });
  if (missing.length === 0) return 0;
  await database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
    // Append-only tables let their rows move to another partition only under this setting.
    await tx.query(`select set_config('xiangyi.moves_partition', 'on', true)`);
    for (const { table, period } of missing) await makePartition(tx, table, period);
  });
  return missing.length;
}

const partitionName = (table: PartitionedTable, period: Period) => `${table.table}_${period.replace('-', '_')}`;

async function makePartition(tx: Tx, table: PartitionedTable, period: Period): Promise<void> {
  const parent = `"${table.schema}"."${table.table}"`;
  const name = `"${table.schema}"."${partitionName(table, period)}"`;
  const [found] = await tx.query<{ there: boolean }>('select to_regclass($1) is not null as there', [name]);
  if (found?.there) return;
  const [low, high] = [period, addMonths(period, 1)].map((month) => bound(table, month));
  const inMonth = `"${table.column}" >= '${low}' and "${table.column}" < '${high}'`;
  await tx.query(`create table ${name} (like ${parent} including defaults including constraints)`);
  await tx.query(
    `with moved as (delete from "${table.schema}"."${table.table}_default" where ${inMonth} returning *) insert into ${name} select * from moved`,
  );
  await tx.query(`alter table ${parent} attach partition ${name} for values from ('${low}') to ('${high}')`);
}

function bound(table: PartitionedTable, period: Period): string {
  const day = firstDayOf(period);
  return table.type === 'date' ? day : startOfDay(day).toISOString();
}
