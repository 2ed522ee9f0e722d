/** A part of a whole: `weight` is any whole number ≥ 0, `key` is unique among the parts. */
export interface Weighted {
  readonly key: string;
  readonly weight: bigint;
}

/**
 * Splits a whole number (fen or grams) by weights so that the parts are whole, add up to it exactly, and each is less than one away from its exact
 * share (method of the largest remainder; equal remainders go by key, so the order of the parts does not matter). Without any weight the parts are
 * taken as equal.
 */
export function largestRemainder(total: number, parts: readonly Weighted[]): Map<string, number> {
  if (parts.length === 0) return new Map();
  const sum = parts.reduce((so, { weight }) => so + weight, 0n);
  const weights = sum > 0n ? parts : parts.map(({ key }) => ({ key, weight: 1n }));
  const whole = sum > 0n ? sum : BigInt(parts.length);
  const exact = weights.map(({ key, weight }) => {
    const scaled = BigInt(total) * weight;
    return { key, floor: scaled / whole, rest: scaled % whole };
  });
  const left = Number(BigInt(total) - exact.reduce((so, { floor }) => so + floor, 0n));
  const ranked = [...exact].sort((a, b) => (a.rest === b.rest ? compare(a.key, b.key) : a.rest > b.rest ? -1 : 1));
  return new Map(ranked.map(({ key, floor }, index) => [key, Number(floor) + (index < left ? 1 : 0)]));
}

/** Order of two keys by their code units, the same on every machine. */
export function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
