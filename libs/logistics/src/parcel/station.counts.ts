import { STATION_DAY_COUNTS as COUNTS, type Direction } from '#contracts';
import type { EventKind } from './parcel.event.js';
import type { FoldedEvent, ParcelFold } from './parcel.fold.js';

/**
 * What a station did with a parcel, scan by scan, for its day's close and its fees: each thing once, at the first scan that did it; put on the shelf
 * as often as it came to lie there (docs/domain/shelf.md, "What a station did").
 */
export function stationCounts(parcel: ParcelFold, take: (entry: FoldedEvent, counts: number) => void): void {
  const once = new Set<string>();
  let before: FoldedEvent | undefined;
  for (const entry of parcel.timeline) {
    const stageBefore = before?.stage;
    before = entry;
    const { stationId, kind } = entry.event;
    if (!entry.own || !entry.counts || stationId === null) continue;
    if (entry.heldAfter === stationId && entry.heldBefore !== stationId) take(entry, COUNTS.shelved);
    if (kind === 'picked_up') {
      if (entry.stage === 'collected' && stageBefore !== 'collected') take(entry, COUNTS.handedOut);
      continue;
    }
    const counts = countOf(kind, parcel.direction);
    if (counts === 0) continue;
    // Who takes a parcel in is one station; several may pass it on or send it back.
    const key = counts === COUNTS.acceptedOut ? '' : `${counts} ${stationId}`;
    if (!once.has(key)) take(entry, counts);
    once.add(key);
  }
}

function countOf(kind: EventKind, direction: Direction): number {
  if (kind === 'returned') return COUNTS.returned;
  if (direction !== 'outbound') return 0;
  return kind === 'accepted' ? COUNTS.acceptedOut : kind === 'dispatched' ? COUNTS.dispatchedOut : 0;
}
