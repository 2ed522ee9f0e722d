/** What a card says about a scan: its tone and the words, from the stage of the item and the flags of the answer. Pure. */
import type { ScanFlag } from '#contracts';
import type { OutboxItem } from '../outbox/outbox.state.js';

export interface CardVerdict {
  tone: 'good' | 'warn' | 'bad' | 'saved';
  /** Key of the words under `verdict`. */
  words: 'done' | 'sending' | 'saved' | 'waiting' | 'rejected' | `flag.${ScanFlag}`;
}

/** The verdict of a stored scan. `reachable` tells a scan on its way from one that waits for the network. */
export function verdictOf(item: OutboxItem, reachable: boolean): CardVerdict {
  switch (item.stage) {
    case 'waiting':
      return { tone: 'warn', words: 'waiting' };
    case 'pending':
      return reachable && item.attempts === 0 ? { tone: 'saved', words: 'sending' } : { tone: 'warn', words: 'saved' };
    case 'rejected':
      return { tone: 'bad', words: 'rejected' };
    case 'received': {
      const flag = item.flags?.[0];
      return flag ? { tone: 'warn', words: `flag.${flag}` } : { tone: 'good', words: 'done' };
    }
  }
}
