/** Seeded randomness: the same seed gives the same county on every machine. Nothing here is for secrets. */

const GOLDEN = 0x9e3779b9;

/** FNV-1a over the label, then mixed: 32 well spread bits for each salt. */
function hash32(text: string, salt: number): number {
  let value = 0x811c9dc5 ^ salt;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** A stream of pseudo-random numbers (sfc32). `fork` gives independent streams, so that one part's draws never shift another's. */
export class RandomSource {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(private readonly seed: string) {
    this.a = hash32(seed, 0);
    this.b = hash32(seed, GOLDEN);
    this.c = hash32(seed, 0x51ed270b);
    for (let round = 0; round < 12; round++) this.bits();
  }

  /** An independent stream that depends on this one's seed and the label only, not on what was drawn before. */
  fork(label: string): RandomSource {
    return new RandomSource(`${this.seed}/${label}`);
  }

  /** 32 random bits. */
  bits(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** Uniform in [0, 1). */
  next(): number {
    return this.bits() / 0x1_0000_0000;
  }

  /** Uniform in [from, to). */
  between(from: number, to: number): number {
    return from + this.next() * (to - from);
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of a non-empty list. */
  pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.next() * list.length)];
    if (found === undefined) throw new RangeError('Cannot pick from an empty list');
    return found;
  }

  /** One of the keys, by weight. */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K {
    const entries = Object.entries(weights) as [K, number][];
    let rest = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) if ((rest -= weight) < 0) return key;
    const last = entries.at(-1);
    if (!last) throw new RangeError('Cannot pick from no weights');
    return last[0];
  }

  /** A shuffled copy. */
  shuffle<T>(list: readonly T[]): T[] {
    const keyed = list.map((value) => ({ value, key: this.next() }));
    return keyed.sort((left, right) => left.key - right.key).map(({ value }) => value);
  }

  /** A count with this mean (Poisson by inversion; means below about 50). */
  count(mean: number): number {
    const limit = Math.exp(-mean);
    let product = this.next();
    let found = 0;
    while (product > limit) {
      product *= this.next();
      found++;
    }
    return found;
  }

  /** `length` decimal digits. */
  digits(length: number): string {
    let text = '';
    while (text.length < length) text += String(this.int(0, 9));
    return text;
  }

  /** A UUIDv7 whose time part is the instant and whose random part comes from this stream. */
  uuid(instantMs: number): string {
    const time = Math.floor(instantMs).toString(16).padStart(12, '0');
    const hex = (bits: number): string => bits.toString(16).padStart(8, '0');
    const head = hex(this.bits());
    const tail = hex(this.bits()) + hex(this.bits());
    const variant = '89ab'[this.int(0, 3)] ?? '8';
    return `${time.slice(0, 8)}-${time.slice(8)}-7${head.slice(0, 3)}-${variant}${head.slice(3, 6)}-${tail.slice(0, 12)}`;
  }
}
