/** What a producer got and what is coming, of payout sheets. Pure, no DOM; money in fen. */
import type { PayoutView } from '#contracts';

/** My part of one sheet; a cancelled sheet pays nothing. */
export function myPartFen(payout: Pick<PayoutView, 'producers' | 'state'>, mine: readonly string[]): number {
  if (payout.state === 'cancelled') return 0;
  return payout.producers.filter((entry) => mine.includes(entry.producer.id)).reduce((sum, entry) => sum + entry.amountFen, 0);
}

/** Sums of my parts: what was paid, and what sheets say that will be. */
export function payoutSums(payouts: readonly PayoutView[], mine: readonly string[]): { paidFen: number; comingFen: number } {
  const sum = (state: PayoutView['state']) =>
    payouts.filter((payout) => payout.state === state).reduce((total, payout) => total + myPartFen(payout, mine), 0);
  return { paidFen: sum('paid'), comingFen: sum('draft') };
}
