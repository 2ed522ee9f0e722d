import type { BuyerInput, FieldError, ImportColumns, ImportField } from '#contracts';
import { cleanCell, fenOf, instantOf, lostDigits, quantityOf } from './cell.reading.js';
import { channelState, type ChannelState } from './channel.status.js';
import { isOrderTotal } from './order.columns.js';
import { linesOf, type RowLine, type ToldLine } from './order.total.js';
import { gramsOf } from './weight.text.js';

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
  /** Its rows repeated the order's total, which was divided over them. */
  divided: boolean;
}
/** An order while its rows are gathered. */
type GatheredOrder = Omit<ToldOrder, 'lines' | 'divided'> & { lines: RowLine[] };
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
  const orders = new Map<string, GatheredOrder>();
  const faulty = new Set<string>();
  const problems: RowProblem[] = [];
  const cellsOfRow = cellReader(header, columns);
  for (const row of rows) {
    const cell = cellsOfRow(row);
    const reading = new RowReading(row.number, columns, cell);
    const order = reading.order();
    const no = cell('channelOrderNo');
    const known = orders.get(no);
    if (order && (known?.lines.length ?? 0) >= MAX_LINES) reading.fault('channelOrderNo', 'too_many_lines');
    problems.push(...reading.problems);
    if (!order || reading.problems.length > 0) faulty.add(no === '' || lostDigits(no) ? `row ${row.number}` : no);
    else if (known) known.lines.push(...order.lines);
    else orders.set(no, order);
  }
  for (const key of faulty) orders.delete(key);
  const titleIsTotal = isOrderTotal(columns.amount);
  const whole = [...orders.values()].map((order) => ({ ...order, ...linesOf(order.lines, titleIsTotal) }));
  return { orders: whole, problems, refused: faulty.size };
}

/** Reads the cells of rows by field, cleaned. Where a column stands is looked up once, not at each of a hundred thousand rows. */
export function cellReader(header: readonly string[], columns: ImportColumns): (row: Row) => Cell {
  const places = new Map<ImportField, number>();
  for (const [field, title] of Object.entries(columns) as [ImportField, string][]) places.set(field, header.indexOf(title));
  return (row) => (field) => cleanCell(row.cells[places.get(field) ?? -1] ?? '');
}

/** One row on its way to be an order line. Messages carry no cell: it may be a buyer's. */
class RowReading {
  readonly problems: RowProblem[] = [];

  constructor(
    private readonly row: number,
    private readonly columns: ImportColumns,
    private readonly cell: Cell,
  ) {}

  order(): GatheredOrder | undefined {
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
    const priceFen = fenOf(cell('price')) ?? null;
    const freightFen = this.optional('freight', fenOf, 'bad_money') ?? 0;
    const weightG = this.optional('weight', (text) => this.grams(text), 'bad_weight') ?? null;
    const refund = this.optional('refund', (text) => fenOf(text.replace(/^-/, '')), 'bad_money');
    const refundedAt = this.optional('refundedAt', instantOf, 'bad_time') ?? null;
    const waybill = this.waybill();
    if (amountFen !== undefined && (refund ?? 0) > amountFen) this.fault('refund', 'refund_above_amount');
    if (this.problems.length > 0 || !paidAt || quantity === undefined || amountFen === undefined || !sku) return undefined;
    return {
      ...{ channelOrderNo, paidAt, freightFen, buyer: this.buyer(), status: status || null, state, waybill },
      carrier: cell('carrier').slice(0, 50) || null,
      lines: [
        {
          ...{ row: this.row, sku, quantity, amountFen, priceFen, weightG, refundedAt },
          refundFen: refund ?? null,
          refundedInWords: state === 'refunded',
        },
      ],
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

  /** Notes what is wrong with the cell of a field. */
  fault(field: ImportField, code: string): void {
    this.problems.push({ row: this.row, path: `${this.row}:${this.columns[field] ?? field}`, code, message: code });
  }
}
