/**
 * The phone's outbox as pages use it. A page makes a record and calls `keep`: when that resolves, the record is on disk, and only then may it beep.
 * Sending, trying again, settling and telling the other open pages happen by themselves.
 *
 * ```ts
 * const item = await keep('scans', scan);           // throws StorageFull, VaultClosed: show it loudly, do not beep as saved
 * await keepAll([['scans', pickedUp], ['proofs', proof]]); // all on disk or none
 * const now = computed(() => itemOf(item.id));      // reactive: pending → received (flags, warnings) or rejected (problem)
 * ```
 */
import { Dexie, liveQuery } from 'dexie';
import { computed, reactive, ref, shallowReactive, shallowRef, watch } from 'vue';
import { dayOf } from '#contracts';
import { session } from '../../shared/session/session.js';
import { alone } from '../sync/one.sender.js';
import { doubtIdentity, identityOf, isConfirmed } from '../sync/server.identity.js';
import { phone } from '../vault/phone.database.js';
import { bringOver } from './outbox.migration.js';
import { sendEntries } from './outbox.sender.js';
import { Outbox, type FlushEnd } from './outbox.service.js';
import { forgetOldReads } from '../vault/cached.js';
import { add, forgetOldBodies, newest, openBody, outboxStorage, prune, recount, replaceBody } from './outbox.storage.js';
import {
  again,
  bytesOf,
  newEntry,
  retryDelayMs,
  type OutboxBodies,
  type OutboxEntry,
  type OutboxItem,
  type OutboxPath,
  type OutboxStage,
} from './outbox.state.js';
import { countsOf, type Tally } from './outbox.tally.js';

export { StorageFull } from './outbox.storage.js';
export { VaultClosed } from '../vault/vault.js';
export { scanIn } from './outbox.state.js';
export type { OutboxBodies, OutboxItem, OutboxPath, OutboxStage } from './outbox.state.js';

/** Entries that a page sees without asking: the latest of the person signed in. */
const WINDOW = 60;
const REMEMBERED = 500;
/** How often a phone with something left tries by itself, whatever the browser says about the network. */
const TICK_MS = 60_000;
const TIDY_AFTER_MS = 5_000;
/** A question about a scan that nobody answers for so long is answered without a word of the keeper. */
const QUESTION_MS = 10 * 60_000;

const outbox = new Outbox({ storage: outboxStorage, send: sendEntries, isSender: isConfirmed, now: () => new Date() });
const online = ref(navigator.onLine);
const tallies = shallowRef<readonly Tally[]>([]);
const items = shallowReactive(new Map<string, OutboxItem>());
const asked = new Set<string>();
const userId = computed(() => session.me?.id ?? '');
const today = ref(dayOf(Date.now()));

/**
 * `reachable`: the last sending got an answer. `durable`: the phone keeps what it is given. `full`: the last one found no room. `sending`: now.
 * `revoked`: the county signed this phone out.
 */
export const link = reactive({ reachable: true, durable: true, full: false, sending: false, revoked: false });

/** What is on this phone and what the county has received today. Reactive, the same in every open page. */
export const counts = computed(() => countsOf(tallies.value, userId.value, today.value));
/** The latest entries of the person signed in, newest first: a window of 60, whatever the phone holds. */
export const recent = shallowRef<readonly OutboxItem[]>([]);
/** What the county refused, newest first, until the keeper has dealt with it (100 at most; `listed` gives more). */
export const refused = shallowRef<readonly OutboxItem[]>([]);
/** Whether the phone believes that it can reach the county. */
export const connected = computed(() => online.value && link.reachable);

function show(entry: OutboxEntry): OutboxItem {
  const body = entry.body ?? items.get(entry.id)?.body;
  const item = { ...entry, ...(body && { body }) } as OutboxItem;
  items.set(item.id, item);
  for (const [oldest] of items) {
    if (items.size <= REMEMBERED) break;
    items.delete(oldest);
    asked.delete(oldest);
  }
  return item;
}

/**
 * The entry with this id as it stands now; reactive. An entry that was not seen on this page yet is fetched, and shows a moment later. A sealed body is
 * there only for what this page kept itself; else ask `bodyOf`.
 */
export function itemOf(id: string | undefined): OutboxItem | undefined {
  if (!id) return undefined;
  const item = items.get(id);
  if (!item && !asked.has(id)) {
    asked.add(id);
    void phone.entries.get(id).then((entry) => entry && show(entry));
  }
  return item;
}

/** What an entry says, opened when it was sealed; `undefined` when it is gone or its key is not open. */
export async function bodyOf<P extends OutboxPath>(item: OutboxEntry<P>): Promise<OutboxBodies[P] | undefined> {
  return (item.body ?? (await openBody(item))) as OutboxBodies[P] | undefined;
}

/** A page of a person's own entries, newest first: all, or those of one stage. */
export async function listed(page: { stage?: OutboxStage; offset?: number; limit?: number } = {}): Promise<OutboxItem[]> {
  const found = await newest(userId.value, page.limit ?? 50, page.stage, page.offset);
  return found as OutboxItem[];
}

/** A path with what goes there. */
export type Kept = { [P in OutboxPath]: readonly [path: P, body: OutboxBodies[P]] }[OutboxPath];

/**
 * Stores a record on the phone; resolves when it is on disk. It is sent by itself, unless it is to wait for the keeper's word (`release`).
 * Throws `StorageFull` (nothing was kept: say so loudly), `VaultClosed` (personal data while nobody is signed in).
 */
export async function keep<P extends OutboxPath>(
  path: P,
  body: OutboxBodies[P],
  options: { stage?: 'waiting' | 'pending' } = {},
): Promise<OutboxItem> {
  const stamp = { userId: requireUser(), storedAt: new Date().toISOString(), ...options };
  const [item] = await store([newEntry(path, body, stamp)]);
  return item as OutboxItem;
}

/** Stores several records that belong together, such as the scans of a hand-out and its proof: all are on disk, or none is. Throws as `keep`. */
export async function keepAll(records: readonly Kept[]): Promise<OutboxItem[]> {
  const stamp = { userId: requireUser(), storedAt: new Date().toISOString() };
  return await store(records.map(([path, body]) => newEntry(path, body, stamp)));
}

function requireUser(): string {
  if (!userId.value) throw new Error('Nobody is signed in');
  return userId.value;
}

async function store(entries: readonly OutboxEntry[]): Promise<OutboxItem[]> {
  try {
    await add(entries);
    link.full = false;
  } catch (error) {
    if (error instanceof Error && error.name === 'StorageFull') link.full = true;
    throw error;
  }
  const shown = entries.map(show);
  if (entries.some(({ stage }) => stage === 'pending')) void flush();
  return shown;
}

/** Lets waiting entries go; `patch` completes their bodies, such as with the carrier that the keeper named. Scans only. */
export async function release(ids: readonly string[], patch: Partial<OutboxBodies['scans']> = {}): Promise<void> {
  await outboxStorage.change(ids, (entry) => {
    if (entry.stage !== 'waiting') return entry;
    const body = entry.path === 'scans' && entry.body ? { ...(entry.body as OutboxBodies['scans']), ...patch } : undefined;
    return { ...entry, stage: 'pending', ...(body && { body, bytes: bytesOf(body) }) };
  });
  for (const entry of await phone.entries.bulkGet([...ids])) if (entry) show(entry);
  void flush();
}

/** Sends a rejected entry once more, as it is. */
export async function retry(id: string): Promise<void> {
  await outboxStorage.change([id], (entry) => (entry.stage === 'rejected' ? again(entry) : entry));
  void flush();
}

/** Corrects a rejected entry and sends it again under its id: the county kept nothing of it. Throws as `keep`. */
export async function revise<P extends OutboxPath>(id: string, body: OutboxBodies[P]): Promise<void> {
  await replaceBody(id, { ...body, id }, bytesOf(body));
  await retry(id);
}

/** Takes a rejected entry off the phone for good; ask the keeper before. */
export async function discard(id: string): Promise<void> {
  await outboxStorage.change([id], (entry) => (entry.stage === 'rejected' ? undefined : entry));
  items.delete(id);
}

let running: Promise<void> | undefined;
let wanted = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;

/** Sends what waits; on no answer, tries again later by itself. Any number of calls, in any number of pages, send each entry once. */
export function flush(): Promise<void> {
  wanted = true;
  running ??= sendAll().finally(() => (running = undefined));
  return running;
}

async function sendAll(): Promise<void> {
  clearTimeout(timer);
  let end: FlushEnd = { kind: 'empty' };
  // A person who is not confirmed any more signed in anew or left, and whoever works here now has entries too.
  while ((wanted && end.kind === 'empty') || end.kind === 'unconfirmed') {
    wanted = false;
    const user = userId.value;
    if (!user || session.expired || link.revoked || !link.durable) return;
    link.sending = true;
    // A phone that fills up or a database that fails in mid-flush is as if nothing had been answered: all is kept, and tried again.
    end = await sendAs(user).catch((): FlushEnd => ({ kind: 'unreachable' }));
    link.sending = false;
    if (end.kind === 'signed_out') doubtIdentity();
  }
  link.reachable = end.kind !== 'unreachable';
  failures = end.kind === 'unreachable' ? failures + 1 : 0;
  if (end.kind === 'device_revoked') link.revoked = true;
  if (end.kind === 'unreachable') timer = setTimeout(() => void flush(), end.waitMs ?? retryDelayMs(failures, Math.random()));
}

/** Sends as this person, once the server has said that it is this person. */
async function sendAs(user: string): Promise<FlushEnd> {
  if (!isConfirmed(user)) {
    const { kind } = await identityOf(user);
    if (kind === 'unreachable') return { kind };
    if (kind === 'other' && user === userId.value) session.expired = true;
    if (kind !== 'same') return { kind: 'signed_out' };
  }
  return await alone(() => outbox.flush(user));
}

/** Answers the open questions about this person's scans without a word of theirs: all of them, or those of before a time. The scan outlives its question. */
export async function releaseWaiting(user: string, before?: string): Promise<void> {
  const [from, to] = [Dexie.minKey, before ?? Dexie.maxKey].map((edge) => [user, 'waiting', edge]);
  const left = await phone.entries.where('[userId+stage+storedAt]').between(from, to).primaryKeys();
  if (left.length > 0) await release(left);
}

function watchDatabase(): void {
  liveQuery(() => phone.tallies.toArray()).subscribe({ next: (rows) => (tallies.value = rows) });
  let stop: (() => void) | undefined;
  watch(
    userId,
    (user) => {
      stop?.();
      const query = liveQuery(async () => ({
        latest: await newest(user, WINDOW),
        refused: await newest(user, 100, 'rejected'),
        others: await phone.entries.bulkGet([...asked].slice(-50)),
      }));
      const subscription = query.subscribe({
        next: (rows) => {
          for (const entry of rows.others) if (entry) show(entry);
          recent.value = rows.latest.map(show);
          refused.value = rows.refused.map(show);
        },
      });
      stop = () => subscription.unsubscribe();
      if (user) void releaseWaiting(user).catch(() => undefined);
    },
    { immediate: true },
  );
}

function watchNetwork(): void {
  window.addEventListener('online', () => {
    online.value = true;
    failures = 0;
    void flush();
  });
  window.addEventListener('offline', () => (online.value = false));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void flush();
  });
  setInterval(() => {
    today.value = dayOf(Date.now());
    if (counts.value.pending === 0) return;
    void releaseWaiting(userId.value, new Date(Date.now() - QUESTION_MS).toISOString()).catch(() => undefined);
    if (!link.sending) void flush();
  }, TICK_MS);
}

async function tidy(): Promise<void> {
  await prune();
  await forgetOldBodies(Date.now());
  await forgetOldReads(Date.now());
  await recount(Date.now());
}

/** Opens the storage, takes over what an earlier version kept, sends what an earlier visit left, and goes on when the network returns. */
export async function startOutbox(): Promise<void> {
  try {
    await phone.open();
    await bringOver(add);
    tallies.value = await phone.tallies.toArray();
  } catch {
    link.durable = false;
  }
  watchDatabase();
  watchNetwork();
  // After the first screen: on a phone with a week of scans these take a moment.
  setTimeout(() => void tidy().catch(() => undefined), TIDY_AFTER_MS);
  // Asks the browser not to clear the outbox when the phone runs short of space.
  void navigator.storage?.persist?.().catch(() => undefined);
}
