import type { FastifyRequest } from 'fastify';
import '@fastify/multipart';
import { parse } from 'csv-parse/sync';
import ExcelJS from 'exceljs';
import iconv from 'iconv-lite';
import { DomainError } from '../http/domain.error.js';

/** A file that came with a request. */
export interface Upload {
  filename: string;
  buffer: Buffer;
}

/** The cells of an uploaded table as trimmed text; `rows` leaves out the header and empty rows. */
export interface Table {
  header: string[];
  /** `number` is the row's line in the file, counted from 1 with the header. */
  rows: { number: number; cells: string[] }[];
}

const MAX_ROWS = 100_000;

/**
 * The one file of a multipart request.
 * @throws DomainError `upload_missing` 400, `payload_too_large` 413
 */
export async function readUpload(request: FastifyRequest): Promise<Upload> {
  if (!request.isMultipart()) throw new DomainError('upload_missing', 400);
  const part = await request.file();
  if (!part) throw new DomainError('upload_missing', 400);
  return { filename: part.filename, buffer: await part.toBuffer() };
}

/**
 * Reads a CSV (UTF-8 with or without BOM, else GB18030) or the first sheet of an XLSX workbook.
 * @throws DomainError `table_unreadable` 400
 */
export async function readTable({ filename, buffer }: Upload): Promise<Table> {
  const isWorkbook = buffer.subarray(0, 2).toString('latin1') === 'PK';
  let lines: { number: number; cells: string[] }[];
  try {
    lines = isWorkbook ? await readWorkbook(buffer) : readCsv(buffer);
  } catch (error) {
    throw new DomainError('table_unreadable', 400, { reason: `${filename}: ${(error as Error).message}` });
  }
  const filled = lines.filter(({ cells }) => cells.some((cell) => cell !== ''));
  const [header, ...rows] = filled;
  if (!header) throw new DomainError('table_unreadable', 400, { reason: `${filename}: empty` });
  if (rows.length > MAX_ROWS) throw new DomainError('table_unreadable', 400, { reason: `${filename}: > ${MAX_ROWS} rows` });
  return { header: header.cells, rows };
}

function readCsv(buffer: Buffer): { number: number; cells: string[] }[] {
  const records = parse(decode(buffer), { relaxColumnCount: true, skipEmptyLines: false, info: true, trim: true }) as unknown as {
    record: string[];
    info: { lines: number };
  }[];
  return records.map(({ record, info }) => ({ number: info.lines, cells: record.map((cell) => cell.trim()) }));
}

function decode(buffer: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer);
  } catch {
    return iconv.decode(buffer, 'gb18030');
  }
}

async function readWorkbook(buffer: Buffer): Promise<{ number: number; cells: string[] }[]> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(buffer as unknown as ExcelJS.Buffer);
  const sheet = workbook.worksheets[0];
  if (!sheet) return [];
  const lines: { number: number; cells: string[] }[] = [];
  sheet.eachRow((row, number) => {
    const cells = Array.from({ length: row.cellCount }, (_, index) => row.getCell(index + 1).text.trim());
    lines.push({ number, cells });
  });
  return lines;
}
