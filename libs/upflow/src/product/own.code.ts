/**
 * Our own product code where there is no GTIN: 20 characters of 0–9 and A–Z, so that it fits wherever a code of a label must
 * (docs/domain/produce.md). 17 characters say who, two number the product, the last is a check character by ISO/IEC 7064, MOD 37,36.
 */
import { createHash } from 'node:crypto';
import type { ProducerKind } from '#contracts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const BASE = ALPHABET.length;
const SERIAL_DIGITS = 2;
const HASH_DIGITS = 10;

/** Products that one producer may have a code of our own for. */
export const OWN_CODES_PER_PRODUCER = BASE ** SERIAL_DIGITS;

/** The check character by ISO/IEC 7064, MOD 37,36: finds every single wrong character and nearly every swap. @throws RangeError outside of 0–9 and A–Z */
export function mod3736(body: string): string {
  let state = BASE;
  for (const character of body) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) throw new RangeError(`${character} is none of 0–9 and A–Z`);
    state = (((state + value) % BASE || BASE) * 2) % (BASE + 1);
  }
  return ALPHABET[(BASE + 1 - state) % BASE] ?? '';
}

/** Whether a code is one of ours, as far as its characters tell. */
export function isOwnCode(code: string): boolean {
  return /^[0-9A-Z]{20}$/.test(code) && mod3736(code.slice(0, -1)) === code.at(-1);
}

/**
 * The 17 characters that say who: the 统一社会信用代码 without its own check character; without one, the county, `H` for a household or `P` for
 * another, and ten characters of the id's hash. The two never meet: the seventh character of the first is a digit.
 */
export function ownCodePrefix(producer: {
  id: string;
  countyCode: string;
  kind: ProducerKind;
  creditCode: string | null;
}): string {
  if (producer.creditCode !== null) return producer.creditCode.slice(0, -1);
  const digest = createHash('sha256').update(producer.id).digest().readBigUInt64BE() % BigInt(BASE) ** BigInt(HASH_DIGITS);
  const mark = producer.kind === 'household' ? 'H' : 'P';
  return producer.countyCode.padEnd(6, '0') + mark + digest.toString(BASE).toUpperCase().padStart(HASH_DIGITS, '0');
}

/** The next code of a producer after those that it has; `undefined` when its numbers are spent. */
export function nextOwnCode(prefix: string, taken: readonly string[]): string | undefined {
  const last = taken.reduce((most, code) => Math.max(most, parseInt(code.slice(prefix.length, -1), BASE)), -1);
  if (last + 1 >= OWN_CODES_PER_PRODUCER) return undefined;
  const body = prefix + (last + 1).toString(BASE).toUpperCase().padStart(SERIAL_DIGITS, '0');
  return body + mod3736(body);
}
