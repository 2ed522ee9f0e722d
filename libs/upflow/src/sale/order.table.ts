import ExcelJS from 'exceljs';
import { DomainError, readTable, type Table, type Upload } from '#platform';

/** Whole numbers from here on have lost digits in a spreadsheet, which keeps fifteen. */
const EXACT_BELOW = 1e15;
const MAX_ROWS = 100_000;

/**
 * The table of an export: CSV in UTF-8 or GB18030, or the first sheet of a workbook. Of a workbook the cells' types count: a number too long to be
 * exact is given in exponent form, so that nobody takes it for an order number, and a time as the sheet shows it.
 * @throws DomainError `table_unreadable` 400
 */
export async function readOrderTable({ filename, buffer }: Upload): Promise<Table> {
  if (buffer.subarray(0, 2).toString('latin1') !== 'PK') return readTable({ filename, buffer: withoutFormulas(buffer) });
  const unreadable = (reason: string) => new DomainError('table_unreadable', 400, { reason: `${filename}: ${reason}` });
  const workbook = new ExcelJS.Workbook();
  try {
    await workbook.xlsx.load(buffer as unknown as ExcelJS.Buffer);
  } catch (error) {
    throw unreadable((error as Error).message);
  }
  const lines: { number: number; cells: string[] }[] = [];
  workbook.worksheets[0]?.eachRow((row, number) => {
    const cells = Array.from({ length: row.cellCount }, (_, index) => cellText(row.getCell(index + 1)));
    if (cells.some((cell) => cell !== '')) lines.push({ number, cells });
  });
  const [header, ...rows] = lines;
  if (!header) throw unreadable('empty');
  if (rows.length > MAX_ROWS) throw unreadable(`> ${MAX_ROWS} rows`);
  return { header: header.cells, rows };
}

/** Cells such as `="123"` without quotes around them are no valid CSV; in every encoding that we read these bytes stand for themselves. */
function withoutFormulas(buffer: Buffer): Buffer {
  if (!buffer.includes('="')) return buffer;
  const text = buffer.toString('latin1').replace(/(^|[,\r\n])="([^",\r\n]*)"(?=[,\r\n]|$)/g, '$1"$2"');
  return Buffer.from(text, 'latin1');
}

function cellText(cell: ExcelJS.Cell): string {
  const value: unknown = cell.formula ? cell.result : cell.value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 19).replace('T', ' ');
  if (typeof value !== 'number') return (cell.formula && typeof value === 'string' ? value : cell.text).trim();
  if (Math.abs(value) >= EXACT_BELOW) return value.toExponential();
  // A spreadsheet shows fifteen digits: 0.1 + 0.2 is 0.3 there.
  return String(Number(value.toPrecision(15)));
}
