import { largestRemainder, type Weighted } from './fen.share.js';

/** One edge of the graph of lots: grams of `parentId` that went into `childId`. */
export interface LotEdge {
  readonly parentId: string;
  readonly childId: string;
  readonly quantityG: number;
}
/** An exact share of a lot: `part` over `whole`. */
interface Fraction {
  readonly part: bigint;
  readonly whole: bigint;
}
/** Grams of a lot that were set aside for an order line. */
export interface AllocatedLot {
  readonly lotId: string;
  readonly quantityG: number;
}
/** What a harvest contributed to an order line. */
export interface HarvestShare {
  readonly lotId: string;
  readonly weightG: number;
  readonly amountFen: number;
}

/**
 * The harvests that lots are made of, each as an exact share of its lot: through splitting, mixing and repacking to any depth, by the grams that
 * went in. Trimming takes from all alike, so shares always add up to one.
 */
export class LotComposition {
  private readonly parents = new Map<string, LotEdge[]>();
  private readonly known = new Map<string, ReadonlyMap<string, Fraction>>();

  constructor(edges: readonly LotEdge[]) {
    for (const edge of edges) {
      if (edge.quantityG <= 0) continue;
      const list = this.parents.get(edge.childId);
      if (list) list.push(edge);
      else this.parents.set(edge.childId, [edge]);
    }
  }

  /** Harvest lot → its share of the lot. A lot that was made of none is its own harvest. */
  of(lotId: string): ReadonlyMap<string, Fraction> {
    const found = this.known.get(lotId);
    if (found) return found;
    const parents = this.parents.get(lotId);
    const shares = new Map<string, Fraction>();
    if (!parents) shares.set(lotId, { part: 1n, whole: 1n });
    else {
      const whole = parents.reduce((sum, { quantityG }) => sum + BigInt(quantityG), 0n);
      for (const { parentId, quantityG } of parents)
        for (const [harvest, share] of this.of(parentId))
          shares.set(harvest, plus(shares.get(harvest), { part: share.part * BigInt(quantityG), whole: share.whole * whole }));
    }
    this.known.set(lotId, shares);
    return shares;
  }
}

/**
 * Splits the net amount of an order line over the harvests behind its allocated lots, by weight. Whole fen and whole grams, both with exact sums; the
 * order of the lots does not matter.
 */
export function splitLine(netFen: number, lots: readonly AllocatedLot[], composition: LotComposition): HarvestShare[] {
  const shares = new Map<string, Fraction>();
  for (const { lotId, quantityG } of lots)
    for (const [harvest, { part, whole }] of composition.of(lotId))
      shares.set(harvest, plus(shares.get(harvest), { part: part * BigInt(quantityG), whole }));
  const weights = toWhole(shares);
  const grams = largestRemainder(
    lots.reduce((sum, { quantityG }) => sum + quantityG, 0),
    weights,
  );
  const fen = largestRemainder(netFen, weights);
  return [...shares.keys()].sort().map((lotId) => ({ lotId, weightG: grams.get(lotId) ?? 0, amountFen: fen.get(lotId) ?? 0 }));
}

/** What is paid out of a line: its amount less what was refunded, less what the seller keeps (a fraction of a fen stays with the seller). */
export function payableFen(amountFen: number, refundedFen: number, keptBp: number): number {
  const net = Math.max(0, amountFen - refundedFen);
  return Number((BigInt(net) * BigInt(10_000 - keptBp)) / 10_000n);
}

function plus(left: Fraction | undefined, right: Fraction): Fraction {
  if (!left) return reduced(right);
  return reduced({ part: left.part * right.whole + right.part * left.whole, whole: left.whole * right.whole });
}

function reduced({ part, whole }: Fraction): Fraction {
  const divisor = gcd(part, whole);
  return divisor > 1n ? { part: part / divisor, whole: whole / divisor } : { part, whole };
}

function toWhole(shares: ReadonlyMap<string, Fraction>): Weighted[] {
  let common = 1n;
  for (const { whole } of shares.values()) common = (common / gcd(common, whole)) * whole;
  return [...shares].map(([key, { part, whole }]) => ({ key, weight: part * (common / whole) }));
}

function gcd(left: bigint, right: bigint): bigint {
  let [a, b] = [left, right];
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}
