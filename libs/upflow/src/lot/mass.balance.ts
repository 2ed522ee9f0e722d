/** Mass balance of a lot: what leaves it may not exceed what came in, give or take the scales (docs/domain/produce.md). */
import type { LotFlag, STOCK_KINDS } from '#contracts';

export type StockKind = (typeof STOCK_KINDS)[number];

/** Grams that may leave a lot of `quantityG` before it is suspected; `toleranceBp` is in hundredths of a percent. */
export function shippableG(quantityG: number, toleranceBp: number): number {
  return Math.floor((quantityG * (10_000 + toleranceBp)) / 10_000);
}

/** Whether more left a lot than it can have held: produce of somewhere else goes out under its name (origin laundering). */
export function isOverShipped(lot: { quantityG: number; leftG: number }, toleranceBp: number): boolean {
  return lot.leftG > shippableG(lot.quantityG, toleranceBp);
}

/**
 * What an entry of the stock ledger adds to what left the lot. A return takes back from it; a loss or a count is no sale and does not touch it, so
 * counting a lot up never makes room for more to be shipped.
 */
export function leftDeltaG(kind: StockKind, deltaG: number): number {
  switch (kind) {
    case 'shipped':
    case 'returned':
    case 'moved_out':
      return -deltaG;
    case 'harvested':
    case 'moved_in':
    case 'lost':
    case 'counted':
      return 0;
  }
}

/** Whether the sign of an entry suits its kind. A count may go either way, or confirm the stock. */
export function suits(kind: StockKind, deltaG: number): boolean {
  switch (kind) {
    case 'harvested':
    case 'moved_in':
    case 'returned':
      return deltaG > 0;
    case 'shipped':
    case 'moved_out':
    case 'lost':
      return deltaG < 0;
    case 'counted':
      return true;
  }
}

/** Flags with one of them set or cleared; the order of the others stays. */
export function withFlag(flags: readonly LotFlag[], flag: LotFlag, set: boolean): LotFlag[] {
  if (flags.includes(flag) === set) return [...flags];
  return set ? [...flags, flag] : flags.filter((other) => other !== flag);
}
