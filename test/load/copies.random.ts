/** Chance, seeded: the same seed gives the same world. */
export type Random = () => number;

/** Numbers in [0, 1) from a 32-bit seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const chance = (random: Random, share: number): boolean => random() < share;
export const between = (random: Random, low: number, high: number): number => low + random() * (high - low);
/** A whole number from low to high, both included. */
export const whole = (random: Random, low: number, high: number): number => Math.floor(between(random, low, high + 1));
/** As likely in every decade between low and high. */
export const logUniform = (random: Random, low: number, high: number): number => low * (high / low) ** random();
/** A waiting time with the given mean. */
export const exponential = (random: Random, mean: number): number => -mean * Math.log(1 - random());

/** How many of many rare things happen, the mean given. */
export function poisson(random: Random, mean: number): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * (random() + random() + random() + random() - 2) * 1.73));
  let count = -1;
  for (let product = 1; product > Math.exp(-mean); count += 1) product *= random();
  return Math.max(0, count);
}

/** One of a list that is not empty. */
export function pick<T>(random: Random, list: readonly T[]): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('Nothing to pick from');
  return found;
}

/** One of a list, each as likely as its weight says. */
export function weighted<T>(random: Random, list: readonly T[], weight: (item: T) => number): T {
  let left = random() * list.reduce((sum, item) => sum + weight(item), 0);
  for (const item of list) if ((left -= weight(item)) < 0) return item;
  return pick(random, list);
}
