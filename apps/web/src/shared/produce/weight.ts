/** Weights as people say them (斤, kilograms, tonnes); the wire knows grams only. Pure, no DOM. */
import type { Locale } from '../format/figure.format.js';

/** 斤 (half a kilogram), kilogram, tonne. */
export const WEIGHT_UNITS = ['jin', 'kg', 'tonne'] as const;
export type WeightUnit = (typeof WEIGHT_UNITS)[number];
/** What a weight may be shown in. */
export type ShownUnit = WeightUnit | 'gram';

const GRAMS: Readonly<Record<WeightUnit, number>> = { jin: 500, kg: 1000, tonne: 1_000_000 };
/** As the contract: one lot holds at most 100,000 tonnes. */
const MAX_GRAMS = 100_000_000_000;
const TONNE_FROM_GRAMS = 1_000_000;
const KILO_FROM_GRAMS = 1000;

/** Grams of what a person typed (`1,200`, `12.5`), or `undefined` when it is no weight that a lot can have. */
export function gramsOf(text: string, unit: WeightUnit): number | undefined {
  const plain = text.trim().replaceAll(/[,，\s]/g, '');
  const match = /^(\d{1,12})(?:\.(\d{1,6}))?$/.exec(plain);
  if (!match) return undefined;
  const fraction = match[2] ?? '';
  // Whole numbers until the last step: 0.29 kg is 290 g, not 289.99…
  const scaled = Number(match[1]) * GRAMS[unit] + (Number(fraction || '0') * GRAMS[unit]) / 10 ** fraction.length;
  const grams = Math.round(scaled);
  return grams >= 1 && grams <= MAX_GRAMS ? grams : undefined;
}

/** Two decimals; of tonnes three, so that a kilogram that left is seen. */
function trimmed(value: number, decimals: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals });
}

/** The unit in which a weight is read best, and its number: 斤 in Chinese, kilograms in English, tonnes from one tonne on. */
export function shownWeight(grams: number, locale: Locale): { value: string; unit: ShownUnit } {
  const size = Math.abs(grams);
  const sign = grams < 0 ? '−' : '';
  const as = (unit: WeightUnit) => ({ value: sign + trimmed(size / GRAMS[unit], unit === 'tonne' ? 3 : 2), unit });
  if (size >= TONNE_FROM_GRAMS) return as('tonne');
  if (locale === 'zh-CN' && (size >= GRAMS.jin || size === 0)) return as('jin');
  if (size >= KILO_FROM_GRAMS || size === 0) return as('kg');
  return { value: sign + trimmed(size, 2), unit: 'gram' };
}

/** The number to put into a field for a weight in a unit: no grouping, as exact as grams are. */
export function typedWeight(grams: number, unit: WeightUnit): string {
  return String(Number((grams / GRAMS[unit]).toFixed(6)));
}
