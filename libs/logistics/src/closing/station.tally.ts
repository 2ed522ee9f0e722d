/** What a station did in a span of time, counted from the folds of the parcels that had to do with it. */
import { STATION_DAY_COUNTS as COUNTS, type StationDay } from '#contracts';
import type { FoldedEvent, ParcelFold } from '../parcel/parcel.fold.js';
import { stationCounts } from '../parcel/station.counts.js';
import { shelfStays, stayAt } from './shelf.stay.js';

/** Figures of a span; all but `otherwise` count parcels. */
export type Tally = Omit<StationDay, 'stationCode' | 'day' | 'closedAt' | 'counted'>;

/** A station and the span `[fromMs, toMs)`. */
export interface TallySpan {
  readonly stationId: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** On the shelf for longer than this at the end of the span: overdue. */
  readonly overdueMs: number;
}

/**
 * Counts. `shelved` is every coming onto the shelf, by whichever scan; handed out and returned is what was scanned so, also what had not lain on the shelf:
 * `otherwise` is what the sum then lacks.
 */
export function tallyStation(folds: Iterable<ParcelFold>, span: TallySpan): Tally {
  const tally = {
    arrived: 0,
    shelved: 0,
    handedOut: 0,
    returned: 0,
    problems: 0,
    shelfBefore: 0,
    shelfAfter: 0,
    overdue: 0,
    acceptedOut: 0,
    dispatchedOut: 0,
    waitingOut: 0,
  };
  for (const fold of folds) {
    countShelf(fold, span, tally);
    countScans(fold, span, tally);
  }
  return { ...tally, otherwise: tally.shelfBefore + tally.shelved - tally.handedOut - tally.returned - tally.shelfAfter };
}

type Counts = { -readonly [K in keyof Omit<Tally, 'otherwise'>]: number };

function countShelf(fold: ParcelFold, { stationId, fromMs, toMs, overdueMs }: TallySpan, tally: Counts): void {
  const stays = shelfStays(fold);
  if (stayAt(stays, stationId, fromMs - 1)) tally.shelfBefore += 1;
  tally.shelved += stays.filter((stay) => stay.stationId === stationId && stay.from >= fromMs && stay.from < toMs).length;
  const last = stayAt(stays, stationId, toMs - 1);
  if (!last) return;
  tally.shelfAfter += 1;
  if (toMs - last.from > overdueMs) tally.overdue += 1;
}

function countScans(fold: ParcelFold, { stationId, fromMs, toMs }: TallySpan, tally: Counts): void {
  const isHere = ({ event }: FoldedEvent) =>
    event.stationId === stationId && event.occurredAt >= fromMs && event.occurredAt < toMs;
  let done = 0;
  stationCounts(fold, (entry, bits) => {
    if (isHere(entry)) done |= bits;
  });
  if (done & COUNTS.handedOut) tally.handedOut += 1;
  if (done & COUNTS.returned) tally.returned += 1;
  if (done & COUNTS.acceptedOut) tally.acceptedOut += 1;
  if (done & COUNTS.dispatchedOut) tally.dispatchedOut += 1;
  const scans = fold.timeline.filter((entry) => entry.own && entry.counts && isHere(entry));
  if (scans.some(({ event }) => event.kind === 'arrived_village')) tally.arrived += 1;
  if (scans.some(({ event }) => event.kind === 'exception_open')) tally.problems += 1;
  let waiting = false;
  if (fold.direction === 'outbound')
    for (const entry of fold.timeline) if (entry.event.occurredAt < toMs) waiting = isWaiting(entry, stationId, waiting);
  if (waiting) tally.waitingOut += 1;
}

/** Taken in here and not gone: neither sent off nor seen anywhere else. */
function isWaiting({ event, own, counts, stage }: FoldedEvent, stationId: string, before: boolean): boolean {
  if (stage !== 'accepted') return false;
  if (!own || !counts) return before;
  return event.kind === 'accepted' ? event.stationId === stationId : event.kind !== 'dispatched' && before;
}
