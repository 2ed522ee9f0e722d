/**
 * How figures are written, in one place: 1.2万 in Chinese and 12k in English, one decimal in a percentage. Pure, no DOM.
 * Units that are words (pp, yuan, parcels) come from the message files.
 */
export const LOCALES = ['zh-CN', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

const STEPS: Readonly<Record<Locale, readonly { from: number; suffix: string }[]>> = {
  'zh-CN': [
    { from: 1e8, suffix: '亿' },
    { from: 1e4, suffix: '万' },
  ],
  en: [
    { from: 1e9, suffix: 'bn' },
    { from: 1e6, suffix: 'm' },
    { from: 1e3, suffix: 'k' },
  ],
};
/** Below this a number is written out: four digits are read at a glance. */
const WRITTEN_OUT_BELOW = 10_000;
/** A true minus is as wide as a digit and is not taken for a hyphen. */
const MINUS = '−';

/** Whole number with thousands grouped: 9,876. */
export function grouped(value: number, fractionDigits = 0): string {
  const text = Math.abs(value).toLocaleString('en-US', {
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
  });
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

/** Number as people say it: 9,876 · 1.2万 · 12k. */
export function compact(value: number, locale: Locale): string {
  const size = Math.abs(value);
  if (size < WRITTEN_OUT_BELOW) return grouped(value, Number.isInteger(value) ? 0 : 1);
  const steps = STEPS[locale];
  let index = steps.findIndex((step) => size >= step.from);
  let step = steps[index];
  if (!step) return grouped(value);
  const larger = steps[index - 1];
  // 99,999,999 is 1亿, not 10,000万.
  if (larger && Math.round((size / step.from) * 10) / 10 >= larger.from / step.from) {
    step = larger;
    index -= 1;
  }
  const scaled = Math.round((size / step.from) * 10) / 10;
  return (value < 0 ? MINUS : '') + grouped(scaled, Number.isInteger(scaled) ? 0 : 1) + step.suffix;
}

/** A share of 1 with one decimal: 0.8333 → 83.3%. */
export function percent(value: number): string {
  return `${grouped(value * 100, 1)}%`;
}

/**
 * The percentage of a numerator in its denominator. It says 100.0% only when nothing is missing and 0.0% only when there is
 * nothing: one uncovered village in two thousand must not vanish in the rounding.
 */
export function percentOf(numerator: number, denominator: number): string {
  const value = numerator / denominator;
  if (numerator < denominator && value > 0.9994) return '99.9%';
  if (numerator > 0 && value < 0.0005) return '0.1%';
  return percent(value);
}

/** A difference with its sign: +1.2, −0.4, 0.0. */
export function signed(value: number, fractionDigits = 0): string {
  const text = grouped(value, fractionDigits);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** Difference of two shares in percentage points: 0.8 − 0.788 → +1.2. */
export function points(difference: number): string {
  return signed(difference * 100, 1);
}

/** Money in yuan from integer fen, without its unit: 1,234.5元 has the unit in the messages; large sums as 12.3万 or 123k. */
export function yuan(fen: number, locale: Locale): string {
  const value = fen / 100;
  if (Math.abs(value) >= WRITTEN_OUT_BELOW) return compact(value, locale);
  return grouped(value, fen % 100 === 0 ? 0 : 2);
}

/** Money in full, for account lines: 12,345.60. */
export function yuanExact(fen: number): string {
  return grouped(fen / 100, 2);
}

/** Integer fen of what a person typed in yuan (`1,234.5`, `12345`, `-3`), or `undefined` when it is not an amount. */
export function fenOf(text: string): number | undefined {
  const plain = text
    .trim()
    .replaceAll(/[,，\s]/g, '')
    .replace(MINUS, '-');
  const match = /^(-?)(\d{1,10})(?:\.(\d{1,2}))?$/.exec(plain);
  if (!match) return undefined;
  const fen = Number(match[2]) * 100 + Number((match[3] ?? '').padEnd(2, '0'));
  return match[1] && fen ? -fen : fen;
}
