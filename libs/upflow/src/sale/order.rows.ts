import type { BuyerInput, FieldError, ImportColumns, ImportField } from '#contracts';
import { cleanCell, fenOf, instantOf, lostDigits, quantityOf } from './cell.reading.js';
import { channelState, type ChannelState } from './channel.status.js';
import { gramsOf } from './weight.text.js';

/** A line of an order as the export has it. */
export interface ToldLine {
  row: number;
  sku: string;
  quantity: number;
  amountFen: number;
  weightG: number | null;
  /** Refunded of the line so far. */
  refundFen: number;
  refundedAt: Date | null;
}
/** An order as the export has it. */
export interface ToldOrder {
  channelOrderNo: string;
  paidAt: Date;
  freightFen: number;
  buyer: BuyerInput;
  status: string | null;
  state: ChannelState;
  waybill: string | null;
  carrier: string | null;
  lines: ToldLine[];
}
/** What is wrong with a cell. `path` is row:column. */
export type RowProblem = FieldError & { row: number };
type Row = { readonly number: number; readonly cells: readonly string[] };
type Cell = (field: ImportField) => string;

const MAX_LINES = 200;

/** Reads the rows of an export. Rows of one order number are its lines; an order with a problem in any of its rows is left out whole. */
export function readOrders(
  header: readonly string[],
  rows: readonly Row[],
  columns: ImportColumns,
): { orders: ToldOrder[]; problems: RowProblem[]; refused: number } {
  const orders = new Map<string, ToldOrder>();
  const faulty = new Set<string>();
  const problems: RowProblem[] = [];
  for (const row of rows) {
    const cell = cellsOf(header, row, columns);
    const reading = new RowReading(row.number, columns, cell);
    const order = reading.order();
    const no = cell('channelOrderNo');
    problems.push(...reading.problems);
    const key = no === '' || lostDigits(no) ? `row ${row.number}` : no;
    if (!order) {
      faulty.add(key);
      continue;
    }
    const known = orders.get(no);
    if (!known) orders.set(no, order);
    else if (known.lines.length >= MAX_LINES) {
      problems.push({
        row: row.number,
        path: `${row.number}:${columns.channelOrderNo ?? ''}`,
        code: 'too_many_lines',
        message: 'too_many_lines',
      });
      faulty.add(no);
    } else known.lines.push(...order.lines);
  }
  for (const key of faulty) orders.delete(key);
  return { orders: [...orders.values()], problems, refused: faulty.size };
}

/** The cells of a row by field, cleaned. */
export function cellsOf(header: readonly string[], row: Row, columns: ImportColumns): Cell {
  return (field) => {
    const title = columns[field];
    const index = title === undefined ? -1 : header.indexOf(title);
    return index < 0 ? '' : cleanCell(row.cells[index] ?? '');
  };
}

/** One row on its way to be an order line. Messages carry no cell: it may be a buyer's. */
class RowReading {
  readonly problems: RowProblem[] = [];

  constructor(
    private readonly row: number,
    private readonly columns: ImportColumns,
    private readonly cell: Cell,
  ) {}

  order(): ToldOrder | undefined {
    const { cell } = this;
    const status = cell('status').slice(0, 100);
    const state = channelState(status);
    const channelOrderNo = this.orderNo();
    if (state === 'unpaid' || (state === 'cancelled' && cell('paidAt') === '')) {
      this.fault('status', 'order_unpaid');
      return undefined;
    }
    const paidAt = this.required('paidAt', instantOf, 'bad_time');
    const quantity = this.required('quantity', quantityOf, 'bad_quantity');
    const amountFen = this.required('amount', fenOf, 'bad_money');
    const sku = this.required('sku', (text) => text.slice(0, 200), 'missing');
    const freightFen = this.optional('freight', fenOf, 'bad_money') ?? 0;
    const weightG = this.optional('weight', (text) => this.grams(text), 'bad_weight') ?? null;
    const refund = this.optional('refund', (text) => fenOf(text.replace(/^-/, '')), 'bad_money');
    const refundedAt = this.optional('refundedAt', instantOf, 'bad_time') ?? null;
    const waybill = this.waybill();
    if (amountFen !== undefined && (refund ?? 0) > amountFen) this.fault('refund', 'refund_above_amount');
    if (this.problems.length > 0 || !paidAt || quantity === undefined || amountFen === undefined || !sku) return undefined;
    const refundFen = refund ?? (state === 'refunded' ? amountFen : 0);
    return {
      ...{ channelOrderNo, paidAt, freightFen, buyer: this.buyer(), status: status || null, state, waybill },
      carrier: cell('carrier').slice(0, 50) || null,
      lines: [{ row: this.row, sku, quantity, amountFen, weightG, refundFen, refundedAt }],
    };
  }

  private orderNo(): string {
    const text = this.cell('channelOrderNo');
    if (text === '') this.fault('channelOrderNo', 'missing');
    else if (lostDigits(text)) this.fault('channelOrderNo', 'digits_lost');
    else if (text.length > 64) this.fault('channelOrderNo', 'too_big');
    return text;
  }

  private waybill(): string | null {
    const text = this.cell('waybill').toUpperCase();
    if (lostDigits(text)) this.fault('waybill', 'digits_lost');
    return /^[A-Z0-9][A-Z0-9-]{4,38}[A-Z0-9]$/.test(text) ? text : null;
  }

  private buyer(): BuyerInput {
    const text = (field: ImportField, length: number) => this.cell(field).slice(0, length) || undefined;
    return {
      name: text('buyerName', 50),
      phone: text('buyerPhone', 30),
      address: text('address', 300),
      province: text('province', 30),
      city: text('city', 30),
    };
  }

  /** The unit stands in the cell or in the title; without one it is kilograms. */
  private grams(text: string): number | undefined {
    const match = /^([\d.,]+)\s*([a-z\u4e00-\u9fff]*)$/i.exec(text.normalize('NFKC').toLowerCase());
    const titled = /(公斤|千克|kg|斤|克|\(g\))/i.exec(this.columns.weight?.normalize('NFKC') ?? '')?.[0] ?? 'kg';
    return match?.[1] ? gramsOf(match[1], match[2] ? match[2] : titled.replace(/[()]/g, '').toLowerCase()) : undefined;
  }

  private required<T>(field: ImportField, read: (text: string) => T | undefined, code: string): T | undefined {
    if (this.cell(field) !== '') return this.optional(field, read, code);
    this.fault(field, 'missing');
    return undefined;
  }

  private optional<T>(field: ImportField, read: (text: string) => T | undefined, code: string): T | undefined {
    const text = this.cell(field);
    if (text === '' || text === '-' || text === '--' || text === '无') return undefined;
    const value = read(text);
    if (value === undefined) this.fault(field, code);
    return value;
  }

  private fault(field: ImportField, code: string): void {
    this.problems.push({ row: this.row, path: `${this.row}:${this.columns[field] ?? field}`, code, message: code });
  }
}
