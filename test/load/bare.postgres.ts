/**
 * The yardstick: PostgreSQL alone, given the very rows that the application writes for a scan, into the same tables with the same
 * indexes. No HTTP, no checks, no fold: what no program in front of this database can beat.
 */
import pg from 'pg';
import { uuidv7 } from '#platform';
import { nextWaybill } from './application.load.js';

const TABLES = ['logistics.parcel_event', 'logistics.parcel', 'logistics.parcel_day', 'platform.outbox'] as const;
type TableName = (typeof TABLES)[number];

interface Column {
  name: string;
  type: string;
}
interface TableShape {
  name: TableName;
  columns: Column[];
  /** One row that the application wrote, each value as text. */
  sample: (string | null)[];
}

/** Inserts into the four tables for one or more scans in one statement, hence one round trip and one commit. */
interface Insert {
  text: string;
  shapes: TableShape[];
}

const COLUMNS = `
  select a.attname as name, format_type(a.atttypid, null) as type from pg_attribute a
  where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`;

/** Reads what the application wrote for one scanned parcel. */
export async function shapesOf(client: pg.Client, waybill: string): Promise<TableShape[]> {
  const shapes: TableShape[] = [];
  for (const name of TABLES) {
    const { rows: columns } = await client.query<Column>(COLUMNS, [name]);
    shapes.push({
      name,
      columns,
      sample: name === 'platform.outbox' ? outboxRow(columns) : await sampleOf(client, name, columns, waybill),
    });
  }
  return shapes;
}

async function sampleOf(client: pg.Client, table: TableName, columns: Column[], waybill: string): Promise<(string | null)[]> {
  const list = columns.map((column) => `${pg.escapeIdentifier(column.name)}::text`).join(', ');
  const { rows } = await client.query<(string | null)[]>({
    text: `select ${list} from ${table} where waybill = $1 limit 1`,
    values: [waybill],
    rowMode: 'array',
  });
  const [row] = rows;
  if (!row) throw new Error(`The application wrote no row of ${table} for ${waybill}`);
  return row;
}

/** The relay deletes its rows, so this one is made: of a service that no relay serves. */
function outboxRow(columns: Column[]): (string | null)[] {
  const values: Record<string, string> = {
    county_code: '990101',
    service: 'bench',
    topic: 'logistics.days.touched',
    payload: JSON.stringify({ keys: [[uuidv7(), '2026-10-01']] }),
    correlation_id: uuidv7(),
    created_at: new Date().toISOString(),
    id: uuidv7(),
  };
  return columns.map(({ name }) => values[name] ?? null);
}

const isArray = (column: Column) => column.type.endsWith('[]');

/** `insert … select from unnest` into each table; an array column travels as text, because unnest would flatten it. */
export function insertOf(shapes: TableShape[]): Insert {
  let parameter = 0;
  const parts = shapes.map(({ name, columns }) => {
    const arrays = columns.map((column) => `$${(parameter += 1)}::${isArray(column) ? 'text' : column.type}[]`);
    const values = columns.map((column, index) => (isArray(column) ? `c${index}::${column.type}` : `c${index}`));
    const names = columns.map((column) => pg.escapeIdentifier(column.name)).join(', ');
    const aliases = columns.map((_, index) => `c${index}`).join(', ');
    return `insert into ${name} (${names}) select ${values.join(', ')} from unnest(${arrays.join(', ')}) as rows (${aliases})`;
  });
  const last = parts.pop() ?? '';
  return { text: `with ${parts.map((part, index) => `t${index} as (${part})`).join(', ')} ${last}`, shapes };
}

function valuesOf(insert: Insert, scans: number): unknown[] {
  const fresh = Array.from({ length: scans }, () => ({ id: uuidv7(), waybill: nextWaybill() }));
  return insert.shapes.flatMap(({ name, columns, sample }) => {
    // One event for the whole call, as the application publishes it.
    const rows = name === 'platform.outbox' ? fresh.slice(0, 1) : fresh;
    return columns.map((column, index) => {
      if (column.name === 'id') return rows.map((row) => row.id);
      if (column.name === 'waybill') return rows.map((row) => row.waybill);
      return rows.map(() => sample[index]);
    });
  });
}

/** Scans a second that bare PostgreSQL takes from so many clients in so many seconds. */
export async function bareRate(
  url: string,
  insert: Insert,
  options: { clients: number; scansPerCommit: number; seconds: number },
): Promise<number> {
  const clients = await Promise.all(
    Array.from({ length: options.clients }, async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
  const startedAt = performance.now();
  const until = startedAt + options.seconds * 1000;
  let commits = 0;
  const work = async (client: pg.Client) => {
    while (performance.now() < until) {
      await client.query({ name: 'insert', text: insert.text, values: valuesOf(insert, options.scansPerCommit) });
      commits += 1;
    }
  };
  try {
    await Promise.all(clients.map(work));
    return (commits * options.scansPerCommit) / ((performance.now() - startedAt) / 1000);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
