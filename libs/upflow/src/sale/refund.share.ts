import { compare, largestRemainder } from './fen.share.js';

/** A line as refunds see it. */
export interface RefundableLine {
  readonly id: string;
  readonly amountFen: number;
}
/** A refund of one line, or (`lineId` null) of the order as a whole. */
export interface RefundFact {
  readonly id: string;
  readonly lineId: string | null;
  readonly amountFen: number;
  readonly refundedAt: Date;
}
/** What one refund takes off one line. */
export interface RefundShare {
  readonly refundId: string;
  readonly lineId: string;
  readonly amountFen: number;
}

/**
 * What each refund takes off each line. Refunds of a line come first, then those of the whole order in the order of their time, spread over what is
 * left of each line. No line is refunded beyond its amount: the rest of a refund is freight, which is no sale.
 */
export function refundShares(lines: readonly RefundableLine[], refunds: readonly RefundFact[]): RefundShare[] {
  const left = new Map(lines.map(({ id, amountFen }) => [id, amountFen]));
  const shares: RefundShare[] = [];
  const take = (refundId: string, lineId: string, wanted: number) => {
    const rest = left.get(lineId) ?? 0;
    const amountFen = Math.min(wanted, rest);
    if (amountFen <= 0) return;
    left.set(lineId, rest - amountFen);
    shares.push({ refundId, lineId, amountFen });
  };
  const sorted = [...refunds].sort((a, b) => a.refundedAt.getTime() - b.refundedAt.getTime() || compare(a.id, b.id));
  for (const { id, lineId, amountFen } of sorted) if (lineId !== null) take(id, lineId, amountFen);
  for (const { id, lineId, amountFen } of sorted) {
    if (lineId !== null) continue;
    const open = [...left.values()].reduce((sum, rest) => sum + rest, 0);
    const parts = [...left].map(([key, rest]) => ({ key, weight: BigInt(rest) }));
    if (open > 0) for (const [line, amount] of largestRemainder(Math.min(amountFen, open), parts)) take(id, line, amount);
  }
  return shares;
}

/** Fen refunded of each line. */
export function refundedOf(shares: readonly RefundShare[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { lineId, amountFen } of shares) sums.set(lineId, (sums.get(lineId) ?? 0) + amountFen);
  return sums;
}
