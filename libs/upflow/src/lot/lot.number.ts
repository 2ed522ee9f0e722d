/** Numbers of lots that were not given one: the day as YYMMDD and a running number of the product. */
import type { Day } from '#contracts';

const RUNNING_DIGITS = 2;

/** What the numbers of a day start with: `261123-`. */
export function lotNoPrefix(day: Day): string {
  return `${day.slice(2).replaceAll('-', '')}-`;
}

/** The next number of a day after those that are taken, of whatever kind: `261123-01`, and `261123-100` after `261123-99`. */
export function nextLotNo(day: Day, taken: Iterable<string>): string {
  const prefix = lotNoPrefix(day);
  let last = 0;
  for (const lotNo of taken) {
    const running = lotNo.startsWith(prefix) ? lotNo.slice(prefix.length) : '';
    if (/^\d{2,9}$/.test(running)) last = Math.max(last, Number(running));
  }
  return prefix + String(last + 1).padStart(RUNNING_DIGITS, '0');
}
