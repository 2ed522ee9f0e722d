/** Brings over what the first version of the app kept: one table of scans in a database of its own. */
import { bytesOf, type OutboxEntry, type OutboxStage } from './outbox.state.js';
import type { Scan, ScanFlag, ScanResult } from '#contracts';

const OLD_DATABASE = 'xiangyi.station';
const OLD_TABLE = 'scans';

/** A scan as the first version stored it. */
export interface FormerItem {
  readonly id: string;
  readonly userId: string;
  readonly scan: Scan;
  readonly storedAt: string;
  readonly stage: OutboxStage;
  readonly attempts: number;
  readonly settledAt?: string;
  readonly flags?: readonly ScanFlag[];
  readonly problem?: ScanResult['problem'];
}

/** The same as an entry of today. A question about the carrier does not outlive a visit: it goes out without. Pure. */
export function entryOfFormer(item: FormerItem): OutboxEntry<'scans'> {
  const { scan, stage, problem, ...rest } = item;
  const now = stage === 'waiting' ? 'pending' : stage;
  return { ...rest, path: 'scans', body: scan, bytes: bytesOf(scan), stage: now, ...(problem && { problem }) };
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });
}

/** The old database, or `undefined` where there is none: opening must not make one. */
async function openFormer(): Promise<IDBDatabase | undefined> {
  const request = indexedDB.open(OLD_DATABASE);
  request.onupgradeneeded = () => request.transaction?.abort();
  const database = await done(request).catch(() => undefined);
  if (database?.objectStoreNames.contains(OLD_TABLE)) return database;
  database?.close();
  return undefined;
}

/**
 * Copies what the old table holds by `add`, and empties it only after that. A page of the old version that is still open may write there again:
 * what it leaves comes over at the next start.
 */
export async function bringOver(add: (entries: OutboxEntry[]) => Promise<void>): Promise<void> {
  const database = await openFormer();
  if (!database) return;
  try {
    const items = await done(database.transaction(OLD_TABLE).objectStore(OLD_TABLE).getAll() as IDBRequest<FormerItem[]>);
    if (items.length === 0) return;
    await add(items.map(entryOfFormer));
    const transaction = database.transaction(OLD_TABLE, 'readwrite');
    for (const { id } of items) transaction.objectStore(OLD_TABLE).delete(id);
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB'));
    });
  } finally {
    database.close();
  }
}
