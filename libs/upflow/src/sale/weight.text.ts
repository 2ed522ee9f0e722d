import { decimalOf } from './cell.reading.js';

const UNITS: readonly [RegExp, bigint][] = [
  [/^(公斤|千克|kg)$/, 1000n],
  [/^(市斤|斤)$/, 500n],
  [/^(克|g)$/, 1n],
];
const WEIGHT = /(\d+(?:\.\d+)?)\s*(公斤|千克|市斤|kg|斤|克|g)(?![a-z])/i;

/** Grams of one unit as its name tells ("5斤装", "净重2.5kg"); `undefined` when it tells none. */
export function unitWeightG(text: string): number | undefined {
  const found = WEIGHT.exec(text.normalize('NFKC'));
  if (!found?.[1] || !found[2]) return undefined;
  return gramsOf(found[1], found[2].toLowerCase());
}

/** Grams of a number with its unit. @returns `undefined` when it is no whole number of grams above zero */
export function gramsOf(digits: string, unit: string): number | undefined {
  const decimal = decimalOf(digits);
  const factor = UNITS.find(([name]) => name.test(unit))?.[1];
  if (!decimal || factor === undefined) return undefined;
  const scale = 10n ** BigInt(decimal.places);
  const grams = (decimal.value * factor * 2n + scale) / (scale * 2n);
  return grams > 0n && grams <= 100_000_000_000n ? Number(grams) : undefined;
}
