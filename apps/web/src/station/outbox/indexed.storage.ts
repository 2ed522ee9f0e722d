/** Scans on disk: one IndexedDB table, written with strict durability so that a flat battery loses nothing. */
import type { OutboxItem } from './outbox.state.js';
import type { OutboxStorage } from './outbox.service.js';

const DATABASE = 'xiangyi.station';
const TABLE = 'scans';

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: 'id' });
  return done(request);
}

async function write(database: IDBDatabase, work: (table: IDBObjectStore) => void): Promise<void> {
  const transaction = database.transaction(TABLE, 'readwrite', { durability: 'strict' });
  work(transaction.objectStore(TABLE));
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB'));
  });
}

/** Opens the device's storage. Rejects where the browser keeps none (private windows of some browsers). */
export async function indexedStorage(): Promise<OutboxStorage> {
  const database = await open();
  return {
    all: () => done(database.transaction(TABLE).objectStore(TABLE).getAll() as IDBRequest<OutboxItem[]>),
    put: (items) => write(database, (table) => items.forEach((item) => table.put(item))),
    remove: (ids) => write(database, (table) => ids.forEach((id) => table.delete(id))),
  };
}

/** Storage that lives as long as the page: the last resort, with a warning beside it. */
export function pageStorage(): OutboxStorage {
  return { all: () => Promise.resolve([]), put: () => Promise.resolve(), remove: () => Promise.resolve() };
}
