import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { stringify } from 'csv-stringify';
import ExcelJS from 'exceljs';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A list as a table; `title` is in the reader's language. */
export interface TableAnswer<Row> {
  /** File name without its ending. */
  name: string;
  columns: readonly { title: string; value: (row: Row) => string | number | boolean | null | undefined }[];
  rows: AsyncIterable<Row> | Iterable<Row>;
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const CSV = 'text/csv';

/** Which table form the Accept header asks for; `undefined` means JSON. */
export function tableForm(request: FastifyRequest): 'csv' | 'xlsx' | undefined {
  const accept = request.headers.accept ?? '';
  if (accept.includes(XLSX)) return 'xlsx';
  return accept.includes(CSV) ? 'csv' : undefined;
}

/** Streams rows as CSV (UTF-8 with BOM, so that Excel shows Chinese) or XLSX. */
export async function sendTable<Row>(reply: FastifyReply, form: 'csv' | 'xlsx', table: TableAnswer<Row>): Promise<void> {
  const stream = new PassThrough();
  void reply
    .header('content-type', form === 'csv' ? `${CSV}; charset=utf-8` : XLSX)
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(table.name)}.${form}`)
    .send(stream);
  await (form === 'csv' ? writeCsv(stream, table) : writeXlsx(stream, table));
}

/** A cell that a spreadsheet would run as a formula is shown as text. */
const harmless = (value: string | number | boolean | null | undefined) =>
  typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : (value ?? '');

async function writeCsv<Row>(stream: PassThrough, table: TableAnswer<Row>): Promise<void> {
  const writer = stringify({ bom: true });
  writer.pipe(stream);
  writer.write(table.columns.map(({ title }) => title));
  for await (const row of table.rows)
    if (!writer.write(table.columns.map(({ value }) => harmless(value(row))))) await once(writer, 'drain');
  writer.end();
}

async function writeXlsx<Row>(stream: PassThrough, table: TableAnswer<Row>): Promise<void> {
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream });
  const sheet = workbook.addWorksheet('1');
  sheet.addRow(table.columns.map(({ title }) => title)).commit();
  for await (const row of table.rows) sheet.addRow(table.columns.map(({ value }) => harmless(value(row)))).commit();
  await workbook.commit();
}
