/**
 * The outbox as data: what a phone holds, what it sends next, what an answer changes. Pure, no DOM, no clock, no storage.
 *
 * An entry is stored before it is sent and leaves the queue only by the server's answer for that very entry. Its id is the
 * client's own, so sending it twice is harmless: the server answers `duplicate`, which means that the county has it.
 */
import {
  RECORD_PATHS,
  SCAN_FLAGS,
  type BagRecord,
  type ClosingRecord,
  type ConsignmentRecord,
  type HandoverRecord,
  type ManifestRecord,
  type ProofRecord,
  type RecipientRecord,
  type RecordPath,
  type Scan,
  type ScanFlag,
  type ScanResult,
  type StocktakeRecord,
} from '#contracts';

/** Where an entry is sent: `POST /api/scans`, or the path of its kind of record. */
export type OutboxPath = 'scans' | RecordPath;
/** The order in which a phone empties its outbox. */
export const OUTBOX_PATHS: readonly OutboxPath[] = ['scans', ...RECORD_PATHS];

/** What is sent to each path. */
export interface OutboxBodies {
  scans: Scan;
  recipients: RecipientRecord;
  proofs: ProofRecord;
  consignments: ConsignmentRecord;
  bags: BagRecord;
  manifests: ManifestRecord;
  handovers: HandoverRecord;
  stocktakes: StocktakeRecord;
  closings: ClosingRecord;
}

/** Paths whose entries name people or show them: they lie encrypted on the phone. */
const SEALED_PATHS: ReadonlySet<OutboxPath> = new Set(['recipients', 'proofs', 'consignments']);
/** Whether entries of this path are encrypted on the phone. */
export const isSealed = (path: OutboxPath): boolean => SEALED_PATHS.has(path);

/** What an entry rests on: while one of these cannot be sent, neither is it. Everything rests on the scans. */
export const RESTS_ON: Readonly<Record<OutboxPath, readonly OutboxPath[]>> = {
  scans: [],
  recipients: ['scans'],
  proofs: ['scans'],
  consignments: ['scans'],
  bags: ['scans', 'consignments'],
  manifests: ['scans', 'bags'],
  handovers: ['scans', 'bags', 'manifests'],
  stocktakes: ['scans'],
  closings: ['scans', 'stocktakes'],
};

/**
 * `waiting` for the keeper's word (the carrier, say) · `pending` to be sent · `received` by the county · `rejected` by it, kept with
 * its reason.
 */
export type OutboxStage = 'waiting' | 'pending' | 'received' | 'rejected';

export interface OutboxEntry<P extends OutboxPath = OutboxPath> {
  readonly id: string;
  readonly path: P;
  /** Who made it: another person on the same phone never sends it under their own name. */
  readonly userId: string;
  /** What is sent. Absent where it is sealed and not opened here: ask `bodyOf(id)`. */
  readonly body?: OutboxBodies[P];
  /** Bytes of the body as JSON. */
  readonly bytes: number;
  readonly storedAt: string;
  readonly stage: OutboxStage;
  /** Times that sending it got no answer. */
  readonly attempts: number;
  readonly settledAt?: string;
  /** Of an accepted scan. */
  readonly flags?: readonly ScanFlag[];
  /** Of an accepted record: codes such as `seal_broken`. */
  readonly warnings?: readonly string[];
  readonly problem?: NonNullable<ScanResult['problem']>;
  /** Device from which it was handed over to this phone. */
  readonly handedFrom?: string;
}

/** An entry as pages see it; `item.path === 'scans'` tells what its body is. */
export type OutboxItem<P extends OutboxPath = OutboxPath> = { [Path in P]: OutboxEntry<Path> }[P];

/** The scan that an entry is, if it is one. */
export function scanIn(item: OutboxItem | undefined): Scan | undefined {
  return item?.path === 'scans' ? item.body : undefined;
}

/** Whether a read of the server that was asked for at `asOf` may not know this entry: it was not settled then, or is not yet. Pure. */
export function settledSince(entry: Pick<OutboxEntry, 'stage' | 'settledAt'>, asOf: string): boolean {
  return entry.stage !== 'rejected' && (entry.stage !== 'received' || (entry.settledAt ?? '') >= asOf);
}

/** What the server answered for one entry. */
export interface Answer {
  readonly id: string | null;
  readonly outcome: 'accepted' | 'duplicate' | 'rejected';
  readonly flags?: readonly string[] | undefined;
  readonly warnings?: readonly string[] | undefined;
  readonly problem?: NonNullable<ScanResult['problem']> | undefined;
}

/** Entries in one request; well below what the API takes, so that a slow line gets through. */
export const BATCH_SIZE = 100;
/** Bytes of one request, unless a single entry is larger: at 50 kbit/s these take 40 seconds. */
export const BATCH_BYTES = 256 * 1024;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 60_000;

/** An entry as it is first stored. */
export function newEntry<P extends OutboxPath>(
  path: P,
  body: OutboxBodies[P],
  stamp: { userId: string; storedAt: string; stage?: 'waiting' | 'pending' | undefined },
): OutboxEntry<P> {
  const { userId, storedAt, stage = 'pending' } = stamp;
  return { id: body.id, path, userId, body, bytes: bytesOf(body), storedAt, stage, attempts: 0 };
}

/** Bytes of a value as JSON in UTF-8. */
export function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

/** As many of these, from the first on, as one request should carry; never none of some. */
export function fitting<T extends { readonly bytes: number }>(entries: readonly T[], maxBytes = BATCH_BYTES): T[] {
  const taken: T[] = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += entry.bytes;
    if (taken.length > 0 && bytes > maxBytes) break;
    taken.push(entry);
  }
  return taken;
}

/**
 * The answers that are fit to act on, by id. Matched by id alone, never by place; an id that is answered in two ways is not answered.
 * An unreadable id is answered with null, which tells something only when a single entry was sent.
 */
export function answersFor(sentIds: readonly string[], answers: readonly Answer[]): Map<string, Answer> {
  const found = new Map<string, Answer>();
  const contradicted = new Set<string>();
  const [only] = sentIds;
  for (const answer of answers) {
    const alone = sentIds.length === 1 && answers.length === 1 && answer.id === null && answer.outcome === 'rejected';
    const id = alone ? only : answer.id;
    if (!id || !sentIds.includes(id)) continue;
    const before = found.get(id);
    if (before && (before.outcome === 'rejected') !== (answer.outcome === 'rejected')) contradicted.add(id);
    found.set(id, answer);
  }
  for (const id of contradicted) found.delete(id);
  return found;
}

const isScanFlag = (flag: string): flag is ScanFlag => (SCAN_FLAGS as readonly string[]).includes(flag);

/** The entry as its answer leaves it; without an answer of its own it stays pending. */
export function settled(entry: OutboxEntry, answer: Answer | undefined, settledAt: string): OutboxEntry {
  switch (answer?.outcome) {
    case undefined:
      return unanswered(entry);
    case 'accepted':
    case 'duplicate': {
      const { problem: _, ...rest } = entry;
      const flags = (answer.flags ?? []).filter(isScanFlag);
      return { ...rest, stage: 'received', settledAt, flags, warnings: answer.warnings ?? [] };
    }
    case 'rejected':
      return rejected(entry, answer.problem ?? { code: 'unknown', detail: '' }, settledAt);
  }
}

/** The entry after the county refused it. */
export function rejected(entry: OutboxEntry, problem: NonNullable<ScanResult['problem']>, settledAt: string): OutboxEntry {
  return { ...entry, stage: 'rejected', settledAt, problem };
}

/** The entry after a sending that got no answer. */
export function unanswered(entry: OutboxEntry): OutboxEntry {
  return { ...entry, attempts: entry.attempts + 1 };
}

/** A rejected entry on its way once more. */
export function again(entry: OutboxEntry): OutboxEntry {
  const { problem: _, settledAt: __, ...rest } = entry;
  return { ...rest, stage: 'pending' };
}

/** Milliseconds to wait before sending again; `spread` in [0, 1) keeps a county's phones from coming back all at once. */
export function retryDelayMs(failures: number, spread: number): number {
  const delay = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(delay * (0.75 + spread / 2));
}
