/** Ids of the demo's master data: the same code always has the same id, so that loading again repeats and never doubles. */
import { DEMO_SEED, FOUNDED } from './county.generator.js';
import { RandomSource } from './random.source.js';

const MADE_MS = Date.parse(`${FOUNDED}T00:00:00+08:00`);

/** The id of a thing, by its kind and the key that names it. */
export function idOf(
  kind: 'unit' | 'station' | 'relation' | 'suspension' | 'user' | 'person' | 'complaint' | 'produce',
  key: string,
): string {
  return new RandomSource(`${DEMO_SEED}/${kind}/${key}`).uuid(MADE_MS);
}
