import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  importColumnsSchema,
  type ImportColumns,
  type ImportField,
  type OrderImportQuery,
  type OrderImportResult,
} from '#contracts';
import { DirectoryReader, maskName, maskPhone } from '#directory';
import { Clock, Database, invalid, localErrors, uuidv7, type Language, type Table, type Upload } from '#platform';
import { guessColumns, headerHash, missingFields } from './order.columns.js';
import type { ImportTarget } from './order.import.repository.js';
import { OrderImportStore } from './order.import.store.js';
import { readProducts } from './order.product.js';
import { cellReader, readOrders, type RowProblem, type ToldOrder } from './order.rows.js';
import { readOrderTable } from './order.table.js';
import { sellerOf, type SaleActor } from './order.scope.js';

/** Orders of one transaction. */
const BATCH = 500;
const MAX_PROBLEMS = 500;
const SAMPLE_ROWS = 5;
/** Orders with a divided total that the answer shows line by line. */
const MAX_EXAMPLES = 5;
type Counts = OrderImportResult['counts'];

/** Imports the exports of sales channels. */
@Injectable()
export class OrderImportService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly store: OrderImportStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Reads an export and, unless it is a preview, stores its good orders; those with a problem are left out and named row by row. Importing a file again
   * changes nothing.
   * @throws DomainError `invalid_input` 400 for an unknown seller or an unreadable mapping, `table_unreadable` 400
   */
  async import(actor: SaleActor, upload: Upload, query: OrderImportQuery, language: Language): Promise<OrderImportResult> {
    const snapshot = await this.directory.snapshot();
    const seller = await sellerOf(this.database, snapshot, actor, query.sellerId);
    const { header, columns, remembered, missing, rows, sample, orders, problems, refused } = await this.read(upload, query);
    const counts: Counts = { rows, orders: orders.length + refused, added: 0, changed: 0, same: 0, refused };
    const target: ImportTarget = { seller, channel: query.channel, importId: uuidv7(), actorId: actor.id };
    const dry = query.preview || missing.length > 0;
    await this.storeAll(target, orders, { counts, problems, columns, dry });
    problems.sort((a, b) => a.row - b.row);
    if (!dry) await this.record(target, upload, header, query, columns, counts, problems);
    return {
      importId: dry ? null : target.importId,
      header,
      columns,
      remembered,
      missing,
      counts,
      divided: dividedOf(orders),
      problems: localProblems(problems.slice(0, MAX_PROBLEMS), language),
      sample,
    };
  }

  /** What a file says. Its cells are let go of here: of a hundred thousand rows they are most of the memory. */
  private async read(upload: Upload, query: OrderImportQuery) {
    const table = await readOrderTable(upload);
    const { header, rows } = table;
    const { columns, remembered } = await this.columns(query, header);
    const missing = missingFields(columns, header);
    const told = missing.length > 0 ? { orders: [], problems: [], refused: 0 } : readOrders(header, rows, columns);
    return { header, columns, remembered, missing, rows: rows.length, sample: sampleOf(table, columns), ...told };
  }

  /** The mapping: given, remembered, or guessed from the titles. */
  private async columns(
    query: OrderImportQuery,
    header: readonly string[],
  ): Promise<{ columns: ImportColumns; remembered: boolean }> {
    if (query.mapping !== undefined) return { columns: parseMapping(query.mapping, header), remembered: false };
    const [row] = await this.database.query<{ mapping: unknown }>(
      'select mapping from upflow.import_mapping where seller_id = $1::uuid and channel = $2 and header_hash = $3',
      [query.sellerId, query.channel, headerHash(header)],
    );
    const known = importColumnsSchema.safeParse(row?.mapping);
    return row && known.success
      ? { columns: known.data, remembered: true }
      : { columns: guessColumns(header), remembered: false };
  }

  private async storeAll(
    target: ImportTarget,
    orders: readonly ToldOrder[],
    result: { counts: Counts; problems: RowProblem[]; columns: ImportColumns; dry: boolean },
  ): Promise<void> {
    const { counts, problems, columns, dry } = result;
    const productOf = dry ? () => undefined : await readProducts(this.database, target.seller.id, orders);
    for (let start = 0; start < orders.length; start += BATCH) {
      const batch = orders.slice(start, start + BATCH);
      const outcomes = await this.database.transaction((tx) =>
        dry ? this.store.preview(tx, target, batch) : this.store.store(tx, target, batch, productOf),
      );
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome === 'added' || outcome === 'changed' || outcome === 'same') counts[outcome] += 1;
        else {
          const row = batch[index]?.lines[0]?.row ?? 0;
          counts.refused += 1;
          problems.push({ row, path: `${row}:${columns.channelOrderNo ?? ''}`, code: outcome, message: outcome });
        }
      }
    }
  }

  private async record(
    target: ImportTarget,
    { filename, buffer }: Upload,
    header: readonly string[],
    query: OrderImportQuery,
    columns: ImportColumns,
    counts: Counts,
    problems: readonly RowProblem[],
  ): Promise<void> {
    const { seller, channel, importId, actorId } = target;
    const now = this.clock.now().toISOString();
    await this.database.query(
      `insert into upflow.order_import (id, county_code, seller_id, channel, filename, sha256, counts, problems, created_by, created_at)
       values ($1::uuid, $2, $3::uuid, $4, $5, $6, $7::jsonb, $8::jsonb, $9::uuid, $10::timestamptz)`,
      [
        importId,
        seller.countyCode,
        seller.id,
        channel,
        filename.replaceAll('\0', '').slice(0, 200),
        createHash('sha256').update(buffer).digest('hex'),
        JSON.stringify(counts),
        JSON.stringify(problems.slice(0, MAX_PROBLEMS)).replaceAll('\\u0000', ''),
        actorId,
        now,
      ],
    );
    if (query.mapping !== undefined)
      await this.database.query(
        `insert into upflow.import_mapping (seller_id, channel, header_hash, mapping, updated_by, updated_at)
         values ($1::uuid, $2, $3, $4::jsonb, $5::uuid, $6::timestamptz)
         on conflict (seller_id, channel, header_hash) do update set mapping = excluded.mapping, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
        [seller.id, channel, headerHash(header), JSON.stringify(columns), actorId, now],
      );
  }
}

/** @throws DomainError `invalid_input` 400 for what is no mapping, or names columns that the file has not */
function parseMapping(text: string, header: readonly string[]): ImportColumns {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const parsed = importColumnsSchema.safeParse(value);
  if (!parsed.success) throw invalid([{ path: 'mapping', code: 'bad_mapping', message: 'Not a mapping' }]);
  const absent = Object.entries(parsed.data).find(([, title]) => !header.includes(title));
  if (absent) throw invalid([{ path: `mapping.${absent[0]}`, code: 'column_unknown', message: absent[1] }]);
  return parsed.data;
}

/** Orders whose rows repeat the order's total, and what the first of them came to. */
function dividedOf(orders: readonly ToldOrder[]): OrderImportResult['divided'] {
  const divided = orders.filter((order) => order.divided);
  const examples = divided.slice(0, MAX_EXAMPLES).map(({ channelOrderNo, lines }) => ({
    channelOrderNo,
    totalFen: lines.reduce((sum, { amountFen }) => sum + amountFen, 0),
    lines: lines.map(({ row, sku, quantity, amountFen }) => ({ row, sku, quantity, amountFen })),
  }));
  return { orders: divided.length, examples };
}

function localProblems(problems: readonly RowProblem[], language: Language): RowProblem[] {
  const texts = localErrors(problems, language);
  return problems.map((problem, index) => ({ ...problem, message: texts[index]?.message ?? problem.message }));
}

/** The first rows by field, buyers masked. */
function sampleOf(table: Table, columns: ImportColumns): Record<string, string>[] {
  const cellsOfRow = cellReader(table.header, columns);
  return table.rows.slice(0, SAMPLE_ROWS).map((row) => {
    const cell = cellsOfRow(row);
    return Object.fromEntries((Object.keys(columns) as ImportField[]).map((field) => [field, shown(field, cell(field))]));
  });
}

function shown(field: ImportField, text: string): string {
  if (text === '') return '';
  if (field === 'buyerName') return maskName(text);
  if (field === 'buyerPhone') return maskPhone(text);
  return field === 'address' ? '****' : text;
}
