/** The outbox on disk. Every change is one transaction that reads what stands there, so that two pages of the app never undo each other's. */
import { Dexie } from 'dexie';
import { dayOf } from '#contracts';
import { phone, type SealedBody } from '../vault/phone.database.js';
import { vault } from '../vault/vault.js';
import type { OutboxStorage } from './outbox.service.js';
import {
  isSealed,
  type OutboxBodies,
  type OutboxEntry,
  type OutboxItem,
  type OutboxPath,
  type OutboxStage,
} from './outbox.state.js';
import { tallyChanges } from './outbox.tally.js';

/** The phone has no room left: the entry is not kept, and the keeper must be told so. */
export class StorageFull extends Error {
  constructor() {
    super('The phone is full');
    this.name = 'StorageFull';
  }
}

type Changed = { before: OutboxEntry | undefined; after: OutboxEntry | undefined };
/** Received entries kept to look back on. */
const KEEP_RECEIVED = 3000;
const PRUNE_STEP = 500;
const KEEP_BODIES_MS = 7 * 86_400_000;
const KEEP_TALLIES_MS = 31 * 86_400_000;

/** Runs inside a transaction over `tallies`. */
async function tally(changes: readonly Changed[]): Promise<void> {
  for (const { by, ...place } of tallyChanges(changes)) {
    const count = ((await phone.tallies.get(place.key))?.count ?? 0) + by;
    if (count > 0) await phone.tallies.put({ ...place, count });
    else await phone.tallies.delete(place.key);
  }
}

const tables = () => [phone.entries, phone.bodies, phone.tallies];

async function sealedApart(entry: OutboxEntry): Promise<{ entry: OutboxEntry; body?: SealedBody }> {
  const { body } = entry;
  if (!isSealed(entry.path) || body === undefined) return { entry };
  return { entry: bare(entry), body: { id: entry.id, userId: entry.userId, sealed: await vault.seal(body) } };
}

/** Whether a failure is the phone's lack of room, however deep the database wraps it. */
function isFull(error: unknown): boolean {
  const seen = error as { name?: string; inner?: unknown; failures?: readonly unknown[] } | null | undefined;
  if (!seen) return false;
  return seen.name === 'QuotaExceededError' || isFull(seen.inner) || isFull(seen.failures?.[0]);
}

/** Makes room once when the phone is full: what the county has goes first, then what can be asked for again. */
async function withRoom(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isFull(error)) throw error;
    try {
      await prune(0);
      await phone.cache.clear();
      await write();
    } catch (still) {
      throw isFull(still) ? new StorageFull() : still;
    }
  }
}

/**
 * Adds entries, all or none; resolves when they are on disk. An id that is there already stays as it is.
 * Throws `VaultClosed` (personal data, nobody signed in), `StorageFull`, or what the database says.
 */
export async function add(entries: readonly OutboxEntry[]): Promise<void> {
  const sealed = await Promise.all(entries.map(sealedApart));
  await withRoom(() =>
    phone.transaction('rw', tables(), async () => {
      const known = await phone.entries.bulkGet(entries.map(({ id }) => id));
      const fresh = sealed.filter((_, index) => known[index] === undefined);
      await phone.entries.bulkAdd(fresh.map(({ entry }) => entry));
      await phone.bodies.bulkPut(fresh.flatMap(({ body }) => body ?? []));
      await tally(fresh.map(({ entry }) => ({ before: undefined, after: entry })));
    }),
  );
}

/** Runs inside a transaction over `tables`. A proof's picture goes as soon as the county has it. */
async function apply(ids: readonly string[], step: (entry: OutboxEntry) => OutboxEntry | undefined): Promise<void> {
  const found = (await phone.entries.bulkGet([...ids])).flatMap((entry) => entry ?? []);
  const changes = found.map((before) => ({ before, after: step(before) })).filter(({ before, after }) => after !== before);
  const gone = changes.filter(({ after }) => !after || (after.path === 'proofs' && after.stage === 'received'));
  await phone.entries.bulkPut(changes.flatMap(({ after }) => (after ? [bare(after)] : [])));
  await phone.entries.bulkDelete(changes.flatMap(({ before, after }) => (after ? [] : [before.id])));
  await phone.bodies.bulkDelete(gone.map(({ before }) => before.id));
  await tally(changes);
}

/** Changes entries as they stand; `undefined` takes one away. */
async function change(ids: readonly string[], step: (entry: OutboxEntry) => OutboxEntry | undefined): Promise<void> {
  await withRoom(() => phone.transaction('rw', tables(), () => apply(ids, step)));
}

/** An opened body never goes back to disk in the clear. */
function bare(entry: OutboxEntry): OutboxEntry {
  if (!isSealed(entry.path)) return entry;
  const { body: _, ...rest } = entry;
  return rest;
}

/** Replaces what a rejected entry says; it goes out anew. */
export async function replaceBody<P extends OutboxPath>(id: string, body: OutboxBodies[P], bytes: number): Promise<void> {
  const entry = await phone.entries.get(id);
  if (!entry) return;
  const sealed = isSealed(entry.path) ? await vault.seal(body) : undefined;
  await withRoom(() =>
    phone.transaction('rw', tables(), async () => {
      if (sealed) await phone.bodies.put({ id, userId: entry.userId, sealed });
      await apply([id], (now) => ({ ...now, bytes, ...(!sealed && { body }) }));
    }),
  );
}

/** The body of an entry, opened; `undefined` when it is gone or cannot be opened now. */
export async function openBody(entry: OutboxEntry): Promise<OutboxEntry['body']> {
  if (!isSealed(entry.path)) return entry.body;
  const row = await phone.bodies.get(entry.id);
  if (!row || !vault.holds(row.sealed.keyId)) return undefined;
  return await vault.open<OutboxEntry['body'] & object>(row.sealed);
}

async function next(userId: string, path: OutboxPath, limit: number): Promise<OutboxEntry[]> {
  const from = [userId, 'pending', path, Dexie.minKey];
  const found = await phone.entries
    .where('[userId+stage+path+storedAt]')
    .between(from, [userId, 'pending', path, Dexie.maxKey])
    .limit(limit)
    .toArray();
  if (!isSealed(path)) return found;
  return await Promise.all(
    found.map(async (entry) => {
      const body = await openBody(entry);
      return body === undefined ? entry : { ...entry, body };
    }),
  );
}

/** Entries of a person, newest first; all of them, or those in one stage. */
export async function newest(userId: string, limit: number, stage?: OutboxStage, offset = 0): Promise<OutboxEntry[]> {
  const [index, key] = stage ? ['[userId+stage+storedAt]', [userId, stage]] : ['[userId+storedAt]', [userId]];
  return await phone.entries
    .where(index)
    .between([...key, Dexie.minKey], [...key, Dexie.maxKey])
    .reverse()
    .offset(offset)
    .limit(limit)
    .toArray();
}

/** Everybody's scans on this phone that are on their way, or that the county received since then. */
export async function newScans(since: string): Promise<OutboxItem<'scans'>[]> {
  const received = phone.entries.where('[stage+settledAt]').between(['received', since], ['received', Dexie.maxKey]);
  const users = await phone.tallies.filter(({ state }) => state === 'open').toArray();
  const open = users.flatMap(({ userId }) =>
    (['waiting', 'pending'] as const).map((stage) =>
      phone.entries
        .where('[userId+stage+path+storedAt]')
        .between([userId, stage, 'scans', Dexie.minKey], [userId, stage, 'scans', Dexie.maxKey]),
    ),
  );
  const found = await Promise.all([...open, received].map(async (entries) => await entries.toArray()));
  return found.flat().filter((entry): entry is OutboxItem<'scans'> => entry.path === 'scans');
}

/**
 * Lets go of the oldest received entries beyond `keep`; they stay counted as received on their day. Nothing unsent and nothing rejected is ever among
 * them.
 */
export async function prune(keep = KEEP_RECEIVED): Promise<void> {
  for (;;) {
    const received = phone.entries.where('[stage+settledAt]').between(['received', Dexie.minKey], ['received', Dexie.maxKey]);
    const spare = (await received.count()) - keep;
    if (spare <= 0) return;
    const ids = await received.limit(Math.min(spare, PRUNE_STEP)).primaryKeys();
    await phone.transaction('rw', tables(), async () => {
      const gone = (await phone.entries.bulkGet(ids)).flatMap((entry) => (entry?.stage === 'received' ? entry.id : []));
      await phone.entries.bulkDelete(gone);
      await phone.bodies.bulkDelete(gone);
    });
  }
}

/** Names and photos that the county has had for a week need not lie on the phone. */
export async function forgetOldBodies(now: number): Promise<void> {
  const until = new Date(now - KEEP_BODIES_MS).toISOString();
  const old = await phone.entries
    .where('[stage+settledAt]')
    .between(['received', Dexie.minKey], ['received', until])
    .primaryKeys();
  await phone.bodies.bulkDelete(old);
}

/**
 * Counts anew what is on the phone: once a visit, so that a tally that went wrong never lasts. What was received is more than what the phone still
 * holds of it; its counts stay for as long as anybody asks for them.
 */
export async function recount(now: number): Promise<void> {
  const oldest = dayOf(now - KEEP_TALLIES_MS);
  await phone.transaction('rw', tables(), async () => {
    await phone.tallies.filter(({ state, day }) => state !== 'received' || day < oldest).delete();
    const held = await phone.entries.filter(({ stage }) => stage !== 'received').toArray();
    await tally(held.map((after) => ({ before: undefined, after })));
  });
}

export const outboxStorage: OutboxStorage = { next, change };
