/**
 * How many entries a phone holds, kept beside them and changed with them, so that no scan has to count thousands. Pure.
 */
import { dayOf } from '#contracts';
import type { OutboxEntry } from './outbox.state.js';

/** Entries of one person in one state; received ones are counted by the day on which they were received. */
export interface Tally {
  readonly key: string;
  readonly userId: string;
  readonly state: 'open' | 'rejected' | 'received';
  /** Only of received ones: YYYY-MM-DD. */
  readonly day: string;
  readonly count: number;
}

export interface OutboxCounts {
  /** On this phone, not yet known to the county. */
  readonly pending: number;
  /** Received by the county on the day asked for. */
  readonly received: number;
  readonly rejected: number;
  /** Pending entries of other people who used this phone. */
  readonly others: number;
}

type Place = Omit<Tally, 'count'>;

function placeOf(entry: Pick<OutboxEntry, 'userId' | 'stage' | 'settledAt'>): Place {
  const { userId, stage } = entry;
  const state = stage === 'received' || stage === 'rejected' ? stage : 'open';
  const day = state === 'received' && entry.settledAt ? dayOf(Date.parse(entry.settledAt)) : '';
  return { key: `${userId}|${state}|${day}`, userId, state, day };
}

/** What changes in the tallies when entries go from one state to another; `undefined` stands for not being there. */
export function tallyChanges(
  changes: readonly { before: OutboxEntry | undefined; after: OutboxEntry | undefined }[],
): (Place & { by: number })[] {
  const found = new Map<string, Place & { by: number }>();
  const add = (entry: OutboxEntry | undefined, by: number) => {
    if (!entry) return;
    const place = placeOf(entry);
    found.set(place.key, { ...place, by: (found.get(place.key)?.by ?? 0) + by });
  };
  for (const { before, after } of changes) {
    add(before, -1);
    add(after, 1);
  }
  return [...found.values()].filter(({ by }) => by !== 0);
}

/** What the phone tells its keeper on a day. */
export function countsOf(tallies: readonly Tally[], userId: string, today: string): OutboxCounts {
  const sum = (fits: (tally: Tally) => boolean) => tallies.reduce((total, tally) => total + (fits(tally) ? tally.count : 0), 0);
  return {
    pending: sum((tally) => tally.userId === userId && tally.state === 'open'),
    received: sum((tally) => tally.userId === userId && tally.state === 'received' && tally.day === today),
    rejected: sum((tally) => tally.userId === userId && tally.state === 'rejected'),
    others: sum((tally) => tally.userId !== userId && tally.state === 'open'),
  };
}
