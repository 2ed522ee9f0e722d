import { emptyMemory, judge, scanAgent, type LookContext } from '#trace';
import { honestHistory, type History } from './copies.honest.js';
import { forgedHistory } from './copies.forged.js';
import type { WorldLook } from './copies.people.js';
import { plainForged, plainHonest } from './copies.plain.js';
import { seeded, type Random } from './copies.random.js';

/** How a kind of history was judged. */
export interface KindMeasure {
  histories: number;
  /** Honest: ever an alarm. Copied: an alarm by the third scan of a copy. */
  alarms: number;
  /** The same for the lower grade. */
  warned: number;
  /** Copied: an alarm by the first scan of the third copy, where three are scanned; by the tenth scan; by the third when the forger's own tries count as scans too. */
  threeCopies: number;
  thirdCopy: number;
  tenth: number;
  withTries: number;
  reasons: Map<string, number>;
}

/** What a run finds: by kind, and forgeries that were scanned too seldom to count. */
export interface CopyMeasure {
  readonly honest: ReadonlyMap<string, KindMeasure>;
  readonly copied: ReadonlyMap<string, KindMeasure>;
  readonly quiet: number;
}

const nothing = (): KindMeasure => ({
  histories: 0,
  alarms: 0,
  warned: 0,
  threeCopies: 0,
  thirdCopy: 0,
  tenth: 0,
  withTries: 0,
  reasons: new Map(),
});

/** What is known of a sale at a time. */
function contextAt({ sale, keeps }: History, atMs: number): LookContext {
  return {
    manyPacks: false,
    keeps,
    destination: sale.packedAtMs !== null && sale.packingKnownMs <= atMs ? sale.destination : null,
    activated: sale.activated,
    packedAtMs: sale.packedAtMs !== null && sale.packingKnownMs <= atMs ? sale.packedAtMs : null,
    deliveredAtMs: sale.deliveredAtMs !== null && sale.deliveryKnownMs <= atMs ? sale.deliveredAtMs : null,
    home: sale.home,
  };
}

interface Verdicts {
  /** Index of the first look that was judged so; -1 for never. */
  readonly high: number;
  readonly low: number;
  readonly reasons: readonly string[];
}

function verdicts(history: History): Verdicts {
  let memory = emptyMemory();
  let low = -1;
  for (const [index, look] of history.looks.entries()) {
    const { atMs, latitude, longitude, network, agent, language } = look;
    const { phone, mobile } = scanAgent(agent, language);
    const judged = judge(memory, { atMs, latitude, longitude, network, device: phone, mobile }, contextAt(history, atMs));
    memory = judged.memory;
    if (judged.risk !== 'none' && low < 0) low = index;
    if (judged.risk === 'high') return { high: index, low, reasons: judged.reasons };
  }
  return { high: -1, low, reasons: [] };
}

/** Where the n-th scan of a copy stands among the looks. */
function nth(looks: readonly WorldLook[], n: number, counts: (look: WorldLook) => boolean): number {
  let left = n;
  const found = looks.findIndex((look) => look.main && counts(look) && (left -= 1) === 0);
  return found < 0 ? looks.length : found;
}

/** Where the n-th copy is scanned first: its buyers differ, however often each of them scans. */
function nthCopy(looks: readonly WorldLook[], n: number): number {
  const seen = new Set<number>();
  const found = looks.findIndex(({ main, label, copy }) => main && label === 'copy' && seen.add(copy).size === n);
  return found < 0 ? looks.length : found;
}

const by = (at: number, limit: number): number => (at >= 0 && at <= limit ? 1 : 0);

function count(into: Map<string, KindMeasure>, history: History, copied: boolean): void {
  const { kind, looks } = history;
  const { high, low, reasons } = verdicts(history);
  const measure = into.get(kind) ?? nothing();
  into.set(kind, measure);
  const third = copied ? nth(looks, 3, ({ label }) => label === 'copy') : looks.length;
  measure.histories += 1;
  measure.alarms += by(high, third);
  measure.warned += by(low, third);
  const thirdCopy = nthCopy(looks, 3);
  if (copied && thirdCopy < looks.length) {
    measure.threeCopies += 1;
    measure.thirdCopy += by(high, thirdCopy);
  }
  measure.tenth += by(
    high,
    nth(looks, 10, ({ label }) => label === 'copy'),
  );
  measure.withTries += by(
    high,
    nth(looks, 3, ({ label }) => label !== 'genuine'),
  );
  if (high >= 0) measure.reasons.set(reasons.join('+'), (measure.reasons.get(reasons.join('+')) ?? 0) + 1);
}

/** A world: what happens to labels that nobody copied, and to those that somebody did; `undefined` when copies are scanned less than three times. */
export interface CopyWorld {
  readonly title: string;
  honest(random: Random): History;
  forged(random: Random): History | undefined;
}

/** The two worlds of docs/domain/copy-detection.md. `noise` makes the harsh one's places, SIMs and tunnels mislead so many times as often. */
export const COPY_WORLDS = {
  plain: {
    title: 'plain: one buyer, families, gifts, shops, rescans; copies sold over the internet',
    honest: plainHonest,
    forged: plainForged,
  },
  harsh: (noise = 1) => ({
    title: `harsh, noise ${noise}: also fairs, dealers, schools, wandering networks; copies of photos, before the sale, sold in one place`,
    honest: (random: Random) => honestHistory(random, noise),
    forged: (random: Random) => forgedHistory(random, noise),
  }),
} satisfies { plain: CopyWorld; harsh: (noise?: number) => CopyWorld };

/** Judges honest histories and copied ones of a world made from a seed. */
export function measureCopies(world: CopyWorld, honest: number, copied: number, seed: number): CopyMeasure {
  const found = { honest: new Map<string, KindMeasure>(), copied: new Map<string, KindMeasure>(), quiet: 0 };
  const random = seeded(seed);
  for (let left = honest; left > 0; left -= 1) count(found.honest, world.honest(random), false);
  for (let left = copied; left > 0;) {
    const history = world.forged(random);
    if (!history) found.quiet += 1;
    else {
      count(found.copied, history, true);
      left -= 1;
    }
  }
  return found;
}

/** All kinds together. */
export function total(kinds: ReadonlyMap<string, KindMeasure>): KindMeasure {
  const sum = nothing();
  for (const each of kinds.values()) {
    for (const key of ['histories', 'alarms', 'warned', 'threeCopies', 'thirdCopy', 'tenth', 'withTries'] as const)
      sum[key] += each[key];
    for (const [reason, times] of each.reasons) sum.reasons.set(reason, (sum.reasons.get(reason) ?? 0) + times);
  }
  return sum;
}
