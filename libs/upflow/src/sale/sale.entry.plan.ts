import { dayOf, type Day, type SaleEntryKind } from '#contracts';
import { compare, largestRemainder } from './fen.share.js';
import { refundShares, type RefundFact } from './refund.share.js';
import { stableId } from './stable.id.js';

/** Where money belongs to: a village, and who is behind it. */
export interface SaleOwner {
  readonly villageId: string;
  readonly producerId: string;
  readonly household: boolean;
}
/** All of an order that counts as sales. */
export interface SaleFacts {
  readonly orderId: string;
  readonly paidAt: Date | null;
  readonly cancelled: boolean;
  readonly seller: SaleOwner;
  readonly lines: readonly { readonly id: string; readonly amountFen: number }[];
  readonly allocations: readonly {
    readonly lineId: string;
    readonly lotId: string;
    readonly quantityG: number;
    readonly owner: SaleOwner;
  }[];
  readonly refunds: readonly RefundFact[];
  /** Lines of payout sheets that were paid. */
  readonly payouts: readonly {
    readonly payoutId: string;
    readonly lineId: string;
    readonly lotId: string;
    readonly amountFen: number;
    readonly paidAt: Date;
    readonly owner: SaleOwner;
  }[];
}
/** A row of upflow.sale_entry without its county. */
export interface SaleEntry extends SaleOwner {
  readonly id: string;
  readonly day: Day;
  readonly kind: SaleEntryKind;
  readonly orderId: string;
  /** Never negative: `kind` tells which way the money went. */
  readonly amountFen: number;
}

/**
 * The entries of an order in the published table of sales (libs/contracts/src/published.ts): what was paid, by payment day; what was refunded, by
 * refund day; what producers were paid, by payout day. Each belongs to the village of the allocated lots, by weight; before a lot is known, to the
 * seller's. An order that the channel closed was no sale and has no entries of payment and refund.
 */
export function saleEntries(facts: SaleFacts): SaleEntry[] {
  const entries: SaleEntry[] = [];
  const add = (kind: SaleEntryKind, cause: readonly string[], at: Date, amountFen: number, owner: SaleOwner) => {
    if (amountFen <= 0) return;
    const { villageId, producerId, household } = owner;
    const id = stableId(kind, ...cause);
    entries.push({ id, day: dayOf(at), kind, orderId: facts.orderId, amountFen, villageId, producerId, household });
  };
  const { paidAt } = facts;
  if (paidAt && !facts.cancelled) {
    for (const { id, amountFen } of facts.lines)
      for (const { lotId, owner, share } of owners(facts, id, amountFen)) add('payment', [id, lotId], paidAt, share, owner);
    const times = new Map(facts.refunds.map(({ id, refundedAt }) => [id, refundedAt]));
    for (const { refundId, lineId, amountFen } of refundShares(facts.lines, facts.refunds))
      for (const { lotId, owner, share } of owners(facts, lineId, amountFen))
        add('refund', [refundId, lineId, lotId], times.get(refundId) ?? paidAt, share, owner);
  }
  for (const { payoutId, lineId, lotId, amountFen, paidAt: at, owner } of facts.payouts)
    add('payout', [payoutId, lineId, owner.producerId, lotId], at, amountFen, owner);
  return entries;
}

/** An amount of a line, split over its lots by weight. */
function owners(facts: SaleFacts, lineId: string, amountFen: number): { lotId: string; owner: SaleOwner; share: number }[] {
  const lots = new Map<string, { owner: SaleOwner; grams: number }>();
  for (const { lotId, quantityG, owner } of facts.allocations.filter((allocation) => allocation.lineId === lineId)) {
    const grams = (lots.get(lotId)?.grams ?? 0) + quantityG;
    lots.set(lotId, { owner, grams });
  }
  if (lots.size === 0) return [{ lotId: '', owner: facts.seller, share: amountFen }];
  const shares = largestRemainder(
    amountFen,
    [...lots].map(([key, { grams }]) => ({ key, weight: BigInt(grams) })),
  );
  return [...lots].map(([lotId, { owner }]) => ({ lotId, owner, share: shares.get(lotId) ?? 0 }));
}

/** The (village, day) keys whose sales differ between two sets of entries of the same orders, in order. */
export function touchedKeys(before: readonly SaleEntry[], after: readonly SaleEntry[]): [villageId: string, day: Day][] {
  const text = (entry: SaleEntry) =>
    [entry.id, entry.day, entry.kind, entry.villageId, entry.producerId, entry.household, entry.amountFen].join('|');
  const [old, fresh] = [new Set(before.map(text)), new Set(after.map(text))];
  const keys = new Map<string, [string, Day]>();
  for (const entry of [...before.filter((it) => !fresh.has(text(it))), ...after.filter((it) => !old.has(text(it)))])
    keys.set(`${entry.villageId} ${entry.day}`, [entry.villageId, entry.day]);
  return [...keys].sort(([a], [b]) => compare(a, b)).map(([, key]) => key);
}
