import type { BuyerInput } from '#contracts';
import { compare } from './fen.share.js';
import type { ToldOrder } from './order.rows.js';

/** What came of one order of an export. */
export type ImportOutcome = 'added' | 'changed' | 'same' | 'other_seller' | 'order_in_work';

/** A line as stored, as far as an import compares it. */
export interface KnownLine {
  id: string;
  sku: string;
  quantity: number;
  amountFen: number;
  refundedFen: number;
}
/** An order as stored, as far as an import compares it. */
export interface KnownOrder {
  sellerId: string;
  paidAt: Date | null;
  freightFen: number;
  status: string | null;
  waybill: string | null;
  carrier: string | null;
  cancelled: boolean;
  buyer: BuyerInput;
  /** Lines were allocated, refunded or paid out: they may not be replaced. */
  inWork: boolean;
  lines: readonly KnownLine[];
}
/** What makes two lines the same to an import. */
type Comparable = Pick<KnownLine, 'sku' | 'quantity' | 'amountFen'>;
/** A refund that an export tells of and we do not know. */
export interface NewRefund {
  lineId: string;
  amountFen: number;
  /** Refunded of the order in all, with this one and those before it in the list. */
  total: number;
  at: Date | null;
}

/** What is to become of a known order: what it is to the import, and whether its lines are others. */
export function changeOf(known: KnownOrder, told: ToldOrder, sellerId: string): { outcome: ImportOutcome; lines: boolean } {
  const lines = linesText(known.lines) !== linesText(told.lines);
  if (known.sellerId !== sellerId) return { outcome: 'other_seller', lines };
  if (lines) return { outcome: known.inWork ? 'order_in_work' : 'changed', lines };
  const other = headDiffers(known, told) || newRefunds(known.lines, told).length > 0;
  return { outcome: other && told.lines.length > 0 ? 'changed' : 'same', lines };
}

/** What an export shows masked, or leaves out, does not replace what we know. */
export function buyerAfter(old: BuyerInput, told: BuyerInput): BuyerInput {
  const pick = (after: string | undefined, before: string | undefined) =>
    after && !after.includes('*') ? after : (before ?? after);
  return { name: pick(told.name, old.name), phone: pick(told.phone, old.phone), address: pick(told.address, old.address) };
}

/**
 * What an export tells of refunds beyond those that are known. It never takes one back: an older file may come after a newer one. Lines that look alike
 * are paired by their refunds, since each export has its own order of rows; and no order gets more than the export tells in all, since what was refunded
 * of the whole order is shared over other lines than the export names.
 */
export function newRefunds(known: readonly KnownLine[], told: ToldOrder): NewRefund[] {
  const before = known.reduce((sum, { refundedFen }) => sum + refundedFen, 0);
  let room = told.lines.reduce((sum, { refundFen }) => sum + refundFen, 0) - before;
  let total = before;
  const open = [...known].sort((a, b) => b.refundedFen - a.refundedFen);
  return [...told.lines]
    .sort((a, b) => b.refundFen - a.refundFen)
    .flatMap((line) => {
      const index = open.findIndex((other) => lineKey(other) === lineKey(line));
      const [match] = index < 0 ? [] : open.splice(index, 1);
      const amountFen = match ? Math.min(line.refundFen - match.refundedFen, room) : 0;
      if (!match || amountFen <= 0) return [];
      room -= amountFen;
      total += amountFen;
      return [{ lineId: match.id, amountFen, total, at: line.refundedAt }];
    });
}

function headDiffers(known: KnownOrder, told: ToldOrder): boolean {
  const { buyer: old } = known;
  const after = buyerAfter(old, told.buyer);
  return (
    known.paidAt?.getTime() !== told.paidAt.getTime() ||
    known.freightFen !== told.freightFen ||
    known.status !== told.status ||
    (told.waybill !== null && known.waybill !== told.waybill) ||
    (told.carrier !== null && known.carrier !== told.carrier) ||
    known.cancelled !== (told.state === 'cancelled') ||
    after.name !== old.name ||
    after.phone !== old.phone ||
    after.address !== old.address
  );
}

/** Lines whatever their order. */
function linesText(lines: readonly Comparable[]): string {
  return lines.map(lineKey).sort(compare).join();
}

function lineKey({ sku, quantity, amountFen }: Comparable): string {
  return JSON.stringify([sku, quantity, amountFen]);
}
