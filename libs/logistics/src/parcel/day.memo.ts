import { dayOf, type Day } from '#contracts';

const DAY_MS = 86_400_000;
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
const remembered = new Map<number, Day>();

/** The Shanghai day of an instant in milliseconds; remembered, because the hot path asks for the same few days all the time. */
export function dayOfMs(instantMs: number): Day {
  const index = Math.floor((instantMs + SHANGHAI_OFFSET_MS) / DAY_MS);
  let day = remembered.get(index);
  if (day === undefined) {
    day = dayOf(instantMs);
    if (remembered.size > 5000) remembered.clear();
    remembered.set(index, day);
  }
  return day;
}
