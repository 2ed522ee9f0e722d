/**
 * Histories of looks, honest and not, to measure the copy detection by (docs/domain/copy-detection.md gives the assumptions). Seeded: the same seed, the
 * same histories. The generator knows nothing of the detector's limits.
 */
import type { Look } from './copy.risk.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Cities by rough position; the weight is their share of buyers. */
const CITIES: readonly (readonly [latitude: number, longitude: number, weight: number])[] = [
  [39.9, 116.4, 9],
  [31.2, 121.5, 9],
  [23.1, 113.3, 8],
  [22.5, 114.1, 7],
  [30.6, 104.1, 7],
  [29.6, 106.5, 6],
  [30.6, 114.3, 6],
  [34.3, 108.9, 5],
  [41.8, 123.4, 3],
  [45.8, 126.5, 3],
  [30.3, 120.2, 5],
  [32.1, 118.8, 5],
  [36.1, 120.4, 4],
  [36.7, 117.0, 4],
  [34.7, 113.7, 5],
  [28.2, 112.9, 5],
  [26.1, 119.3, 3],
  [25.0, 102.7, 3],
  [26.6, 106.7, 3],
  [36.1, 103.8, 2],
  [43.8, 87.6, 1],
  [38.0, 114.5, 4],
];

/** A stream of numbers in [0, 1) (mulberry32). */
export type Random = () => number;
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One look of a history; `copy` is true when it was made at a copied label. */
export interface SimulatedLook extends Look {
  readonly copy: boolean;
}

type City = (typeof CITIES)[number];

function cityOf(random: Random, but?: City): City {
  const whole = CITIES.reduce((sum, [, , weight]) => sum + weight, 0);
  for (;;) {
    let rest = random() * whole;
    const found = CITIES.find(([, , weight]) => (rest -= weight) < 0) ?? CITIES[0];
    if (found && found !== but) return found;
  }
}

const between = (random: Random, from: number, to: number): number => from + random() * (to - from);
const times = (random: Random, mean: number): number => {
  const limit = Math.exp(-mean);
  let [count, product] = [0, random()];
  while (product > limit) [count, product] = [count + 1, product * random()];
  return count;
};

/** Phones by what they tell of themselves: some models are everywhere, most are rare. */
function modelOf(random: Random): string {
  return `model ${Math.floor(400 * random() ** 2.5)}`;
}

class History {
  private readonly looks: SimulatedLook[] = [];
  private readonly models = new Map<string, string>();

  constructor(private readonly random: Random) {}

  /** A look from a phone; now and then the phone is on a mobile network whose exit lies elsewhere in the province, or whose place nobody knows. */
  add(city: City, atMs: number, phone: string, copy = false): void {
    const { random } = this;
    const mobile = random() < 0.4;
    const unknown = random() < 0.03;
    const stray = mobile && random() < 0.1 ? 1.5 : 0.3;
    const device = this.models.get(phone) ?? modelOf(random);
    this.models.set(phone, device);
    this.looks.push({
      atMs,
      latitude: unknown ? null : city[0] + between(random, -stray, stray),
      longitude: unknown ? null : city[1] + between(random, -stray, stray),
      network: `${city[0]} ${mobile ? Math.floor(random() * 5) : phone}`,
      device,
      copy,
    });
  }

  done(): SimulatedLook[] {
    return this.looks.sort((left, right) => left.atMs - right.atMs);
  }
}

/** The honest ways of a label. */
const HONEST: readonly { readonly share: number; readonly live: (history: History, random: Random) => void }[] = [
  // A buyer at home: once, some again, some of them after they ate it.
  { share: 55, live: (history, random) => household(history, random, cityOf(random), 0, 1, 0.6) },
  // A family, each with a phone.
  { share: 20, live: (history, random) => household(history, random, cityOf(random), 0, 2 + Math.floor(random() * 3), 1.2) },
  // A gift: bought here, given there.
  {
    share: 10,
    live: (history, random) => {
      const [from, to] = pair(random);
      household(history, random, from, 0, random() < 0.2 ? 2 : 1, 0.3);
      household(history, random, to, between(random, 1, 9) * DAY_MS, 1 + Math.floor(random() * 2), 0.6);
    },
  },
  // Somebody who travels with it and comes home.
  {
    share: 4,
    live: (history, random) => {
      const [home, away] = pair(random);
      history.add(home, 0, 'me');
      history.add(away, between(random, 1, 4) * DAY_MS, 'me');
      if (random() < 0.6) history.add(home, between(random, 5, 9) * DAY_MS, 'me');
    },
  },
  // A pack on a shop's counter.
  {
    share: 6,
    live: (history, random) => {
      const city = cityOf(random);
      const looks = 2 + times(random, 4);
      for (let look = 0; look < looks; look++) history.add(city, between(random, 0, 30) * DAY_MS, `customer ${look}`);
    },
  },
  // The keeper tries the label, the buyer looks at it.
  {
    share: 4,
    live: (history, random) => {
      const [village, home] = pair(random);
      history.add(village, 0, 'keeper');
      if (random() < 0.4) history.add(village, between(random, 0.01, 2) * HOUR_MS, 'keeper');
      household(history, random, home, between(random, 2, 6) * DAY_MS, 1 + Math.floor(random() * 2), 0.5);
    },
  },
  // A photograph of the label sent to a relative far away.
  {
    share: 1,
    live: (history, random) => {
      const [home, away] = pair(random);
      history.add(home, 0, 'me');
      history.add(away, between(random, 0.05, 2) * HOUR_MS, 'relative');
    },
  },
];

function pair(random: Random): [City, City] {
  const first = cityOf(random);
  return [first, cityOf(random, first)];
}

function household(history: History, random: Random, city: City, fromMs: number, phones: number, again: number): void {
  for (let phone = 0; phone < phones; phone++) {
    const firstMs = fromMs + between(random, 0, 3) * DAY_MS;
    history.add(city, firstMs, `${city[0]} ${fromMs} ${phone}`);
    const rescans = times(random, again);
    for (let scan = 0; scan < rescans; scan++)
      history.add(city, firstMs + between(random, 0.001, random() < 0.1 ? 200 : 10) * DAY_MS, `${city[0]} ${fromMs} ${phone}`);
  }
}

/** An honest history. */
export function honestHistory(random: Random): SimulatedLook[] {
  const history = new History(random);
  let rest = random() * HONEST.reduce((sum, { share }) => sum + share, 0);
  const way = HONEST.find(({ share }) => (rest -= share) < 0) ?? HONEST[0];
  way?.live(history, random);
  return history.done();
}

/**
 * A label that was copied: its buyer's looks, the forger's who tries it, and those of the buyers of the copies, tens to hundreds, sold in some cities over
 * weeks.
 */
export function copiedHistory(random: Random): SimulatedLook[] {
  const history = new History(random);
  const home = cityOf(random);
  if (random() < 0.75) household(history, random, home, 0, 1 + Math.floor(random() * 2), 0.5);
  const fromMs = between(random, 3, 20) * DAY_MS;
  if (random() < 0.9) history.add(cityOf(random), between(random, 1, 3) * DAY_MS, 'forger');
  const markets = Array.from({ length: 4 + Math.floor(random() * 6) }, () => cityOf(random));
  const sold = 20 + Math.floor(random() * 180);
  for (let copy = 0; copy < sold; copy++) {
    const market = markets[Math.floor(random() * markets.length)] ?? home;
    history.add(market, fromMs + between(random, 0, 60) * DAY_MS, `copy ${copy}`, true);
  }
  return history.done();
}
