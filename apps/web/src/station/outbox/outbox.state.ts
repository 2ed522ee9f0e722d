/**
 * The outbox of scans as data: what a phone holds, what it sends next, what an answer changes. Pure, no DOM, no clock.
 *
 * A scan is stored before it is sent and leaves the queue only by the server's answer for that very scan. Its id is the
 * client's own, so sending it twice is harmless: the server answers `duplicate`, which means that the county has it.
 */
import type { Scan, ScanFlag, ScanResult } from '#contracts';

/**
 * `waiting` for the keeper to name the carrier · `pending` to be sent · `received` by the county · `rejected` by it, kept with
 * its reason.
 */
export type OutboxStage = 'waiting' | 'pending' | 'received' | 'rejected';

export interface OutboxItem {
  readonly id: string;
  /** Who scanned: another person on the same phone never sends it under their own name. */
  readonly userId: string;
  readonly scan: Scan;
  readonly storedAt: string;
  readonly stage: OutboxStage;
  /** Times that sending it got no answer. */
  readonly attempts: number;
  readonly settledAt?: string;
  readonly flags?: readonly ScanFlag[];
  readonly problem?: ScanResult['problem'];
}

export interface OutboxCounts {
  /** On this phone, not yet known to the county. */
  pending: number;
  /** Received by the county on the day asked for. */
  received: number;
  rejected: number;
  /** Pending scans of other people who used this phone. */
  others: number;
}

/** Scans in one request; well below the API's 500, so that a slow line gets through. */
export const BATCH_SIZE = 100;
/** Settled scans kept to look back on. */
const KEEP_SETTLED = 3000;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 60_000;

/** A scan as it is first stored. */
export function newItem(userId: string, scan: Scan, storedAt: string, stage: 'waiting' | 'pending' = 'pending'): OutboxItem {
  return { id: scan.id, userId, scan, storedAt, stage, attempts: 0 };
}

function byAge(a: OutboxItem, b: OutboxItem): number {
  return a.storedAt < b.storedAt ? -1 : a.storedAt > b.storedAt ? 1 : a.id < b.id ? -1 : 1;
}

/** What to send next: the oldest pending scans of this person. */
export function batchOf(items: readonly OutboxItem[], userId: string, size = BATCH_SIZE): OutboxItem[] {
  return items
    .filter((item) => item.stage === 'pending' && item.userId === userId)
    .sort(byAge)
    .slice(0, size);
}

function settled(item: OutboxItem, result: ScanResult, settledAt: string): OutboxItem {
  switch (result.outcome) {
    case 'accepted':
    case 'duplicate':
      return { ...item, stage: 'received', settledAt, flags: result.flags ?? [], problem: undefined };
    case 'rejected':
      return { ...item, stage: 'rejected', settledAt, problem: result.problem };
  }
}

/** The sent items as the answer leaves them. An item without an answer of its own stays pending. */
export function settle(sent: readonly OutboxItem[], results: readonly ScanResult[], settledAt: string): OutboxItem[] {
  const byId = new Map(results.map((result) => [result.id, result]));
  return sent.map((item, index) => {
    const inPlace = results[index];
    // An unreadable id is answered with null, in its place.
    const result = byId.get(item.id) ?? (inPlace?.id === null && results.length === sent.length ? inPlace : undefined);
    return result ? settled(item, result, settledAt) : unanswered(item);
  });
}

/** The item after a sending that got no answer. */
export function unanswered(item: OutboxItem): OutboxItem {
  return { ...item, attempts: item.attempts + 1 };
}

/** Milliseconds to wait before sending again; `spread` in [0, 1) keeps a county's phones from coming back all at once. */
export function retryDelayMs(failures: number, spread: number): number {
  const delay = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(delay * (0.75 + spread / 2));
}

/** What the phone tells its keeper; `isToday` says whether an instant falls on the day that is counted. */
export function countsOf(items: readonly OutboxItem[], userId: string, isToday: (instant: string) => boolean): OutboxCounts {
  const counts: OutboxCounts = { pending: 0, received: 0, rejected: 0, others: 0 };
  for (const item of items) {
    const open = item.stage === 'pending' || item.stage === 'waiting';
    if (item.userId !== userId) counts.others += open ? 1 : 0;
    else if (open) counts.pending += 1;
    else if (item.stage === 'rejected') counts.rejected += 1;
    else if (item.settledAt && isToday(item.settledAt)) counts.received += 1;
  }
  return counts;
}

/** Ids of received scans that need not be kept any longer. Nothing unsent and nothing rejected is ever among them. */
export function spentIds(items: readonly OutboxItem[], keep = KEEP_SETTLED): string[] {
  const received = items.filter((item) => item.stage === 'received').sort(byAge);
  return received.slice(0, Math.max(0, received.length - keep)).map((item) => item.id);
}
