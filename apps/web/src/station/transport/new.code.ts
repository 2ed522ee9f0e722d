/** New codes for seals and manifests by the phone's clock and chance. */
import { dayOf } from '#contracts';
import { transportCode } from './transport.book.js';

/** A code that no other phone makes: `B` for a bag, `M` for a manifest. */
export function newCode(letter: 'B' | 'M'): string {
  const random = (below: number) => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % below;
  return transportCode(letter, dayOf(Date.now()), random);
}
