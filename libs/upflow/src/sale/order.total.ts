import { compare, largestRemainder } from './fen.share.js';

/** A row of an export as it stands, before what it repeats of its order is divided. */
export interface RowLine {
  row: number;
  sku: string;
  quantity: number;
  amountFen: number;
  /** Price of one piece, where a column tells it. */
  priceFen: number | null;
  weightG: number | null;
  /** As the refund's cell tells; `null` without one. */
  refundFen: number | null;
  /** The state says in words that all was refunded. */
  refundedInWords: boolean;
  refundedAt: Date | null;
}
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

/**
 * Whether rows repeat what was paid for their whole order. All rows must say the same amount; then prices decide where they fit one reading exactly: price
 * times pieces is the amount of each row (lines), or their sum is (a total). Else the column's title decides.
 */
export function repeatsTotal(rows: readonly RowLine[], titleIsTotal: boolean): boolean {
  const amountFen = rows[0]?.amountFen ?? 0;
  if (rows.length < 2 || amountFen === 0 || rows.some((row) => row.amountFen !== amountFen)) return false;
  const worths = rows.map(worthFen);
  if (worths.every((worth) => worth === amountFen)) return false;
  return titleIsTotal || worths.reduce((sum: number, worth) => sum + (worth ?? NaN), 0) === amountFen;
}

/**
 * The lines of an order. A total that its rows repeat is divided by price times pieces, or by pieces where a price is missing: whole fen that add up to
 * it (largest remainder; equal remainders go by the goods, so the rows' order does not matter). A refund that belongs to the whole is divided by the
 * lines' amounts.
 */
export function linesOf(rows: readonly RowLine[], titleIsTotal: boolean): { lines: ToldLine[]; divided: boolean } {
  if (!repeatsTotal(rows, titleIsTotal)) return { lines: rows.map((row) => lineOf(row, row.amountFen)), divided: false };
  const worths = rows.map(worthFen);
  const priced = worths.every((worth) => worth !== null) && worths.some((worth) => worth !== 0);
  const keys = contentKeys(rows);
  const shares = largestRemainder(
    rows[0]?.amountFen ?? 0,
    rows.map(({ quantity }, index) => ({ key: keys[index] ?? '', weight: BigInt((priced ? worths[index] : null) ?? quantity) })),
  );
  const lines = rows.map((row, index) => lineOf(row, shares.get(keys[index] ?? '') ?? 0));
  return { lines: withWholeRefund(lines, keys, rows), divided: true };
}

/** A refund told on every row alike, or beyond a line's share, is one of the order. */
function withWholeRefund(lines: readonly ToldLine[], keys: readonly string[], rows: readonly RowLine[]): ToldLine[] {
  const told = rows.map(({ refundFen }) => refundFen ?? 0);
  const repeated = told.every((fen) => fen === told[0]) && (told[0] ?? 0) > 0;
  if (!repeated && lines.every((line) => line.refundFen <= line.amountFen)) return [...lines];
  const total = lines.reduce((sum, { amountFen }) => sum + amountFen, 0);
  const asked = repeated ? (told[0] ?? 0) : lines.reduce((sum, { refundFen }) => sum + refundFen, 0);
  const parts = largestRemainder(
    Math.min(total, asked),
    lines.map(({ amountFen }, index) => ({ key: keys[index] ?? '', weight: BigInt(amountFen) })),
  );
  return lines.map((line, index) => ({ ...line, refundFen: parts.get(keys[index] ?? '') ?? 0 }));
}

function lineOf(row: RowLine, amountFen: number): ToldLine {
  const { row: number, sku, quantity, weightG, refundedAt } = row;
  const refundFen = row.refundFen ?? (row.refundedInWords ? amountFen : 0);
  return { row: number, sku, quantity, amountFen, weightG, refundFen, refundedAt };
}

/** Price times pieces. */
function worthFen({ priceFen, quantity }: RowLine): number | null {
  return priceFen === null ? null : priceFen * quantity;
}

/** A key of each row by what it sells; rows that are alike are told apart by their place, which makes no difference between them. */
function contentKeys(rows: readonly RowLine[]): string[] {
  const texts = rows.map(({ sku, quantity, priceFen }) => JSON.stringify([sku, quantity, priceFen]));
  const places = texts.map((text, index) => ({ text, index })).sort((a, b) => compare(a.text, b.text) || a.index - b.index);
  const keys: string[] = [];
  for (const [place, { index }] of places.entries()) keys[index] = String(place).padStart(6, '0');
  return keys;
}
