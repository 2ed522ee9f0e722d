import { largestRemainder } from './fen.share.js';
import { payableFen } from './payout.split.js';

/** What a producer was paid for a line of an order on a sheet that is paid, and what of it was taken back since. */
export interface PaidShare {
  readonly orderLineId: string;
  readonly producerId: string;
  readonly lotId: string;
  readonly paidFen: number;
  readonly clawedFen: number;
  /** Of the whole line, as it stands now. */
  readonly line: {
    readonly amountFen: number;
    readonly refundedFen: number;
    readonly cancelled: boolean;
    readonly keptBp: number;
  };
}
/** What is taken back of one share. */
export interface Clawback {
  readonly orderLineId: string;
  readonly producerId: string;
  readonly lotId: string;
  readonly amountFen: number;
}

/** What a line is worth to its producers now: of a sale that the channel closed, nothing. */
export function owedFen({ amountFen, refundedFen, cancelled, keptBp }: PaidShare['line']): number {
  return cancelled ? 0 : payableFen(amountFen, refundedFen, keptBp);
}

/**
 * What is taken back of shares that were paid before their line was refunded, in the order given. Of each line: what was paid and not taken back yet, less
 * what it is worth now, spread over its shares by what is left of them (whole fen, largest remainder). Nobody gives more than the sheet brings: what is
 * left over waits for the next one.
 * @param earnedFen what each producer gets of the sheet before anything is taken back
 */
export function clawbacks(paid: readonly PaidShare[], earnedFen: ReadonlyMap<string, number>): Clawback[] {
  const left = new Map(earnedFen);
  return dueShares(paid).flatMap(({ amountFen: due, ...share }) => {
    const available = left.get(share.producerId) ?? 0;
    const amountFen = Math.min(due, available);
    if (amountFen <= 0) return [];
    left.set(share.producerId, available - amountFen);
    return [{ ...share, amountFen }];
  });
}

/** What is due back of each share, whoever can give it. */
function dueShares(paid: readonly PaidShare[]): Clawback[] {
  const lines = new Map<string, PaidShare[]>();
  for (const share of paid) {
    const of = lines.get(share.orderLineId);
    if (of) of.push(share);
    else lines.set(share.orderLineId, [share]);
  }
  return [...lines.values()].flatMap((shares) => {
    const heldFen = shares.reduce((sum, { paidFen, clawedFen }) => sum + paidFen - clawedFen, 0);
    const [first] = shares;
    const dueFen = first ? heldFen - owedFen(first.line) : 0;
    if (dueFen <= 0) return [];
    const key = ({ producerId, lotId }: PaidShare) => `${producerId} ${lotId}`;
    const parts = largestRemainder(
      dueFen,
      shares.map((share) => ({ key: key(share), weight: BigInt(Math.max(0, share.paidFen - share.clawedFen)) })),
    );
    return shares.map((share) => {
      const { orderLineId, producerId, lotId } = share;
      return { orderLineId, producerId, lotId, amountFen: parts.get(key(share)) ?? 0 };
    });
  });
}
