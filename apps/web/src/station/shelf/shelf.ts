/** The shelf of the station in use, for every page of the app: the county's last word and this phone's scans since, live or from the phone. */
import { Dexie } from 'dexie';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Scan, Shelf } from '#contracts';
import { api } from '../../shared/api/api.client.js';
import { may, session } from '../../shared/session/session.js';
import { counts } from '../outbox/outbox.js';
import { scanIn, type OutboxEntry } from '../outbox/outbox.state.js';
import { station } from '../station.session.js';
import { cached, remembered, type Cached } from '../vault/cached.js';
import { phone } from '../vault/phone.database.js';
import { shelfBook, withScan, type ShelfBook } from './shelf.book.js';

const REFRESH_MS = 5 * 60_000;
/** After a scan was received the county's shelf has it too; not at every scan, because each answer is some kilobytes. */
const SETTLE_MS = 20_000;
/** What the phone scanned in this time may matter when the county has not been asked since. */
const LOOK_BACK_MS = 7 * 86_400_000;

const answer = shallowRef<Cached<Shelf>>();
const current = shallowRef<ShelfBook>(shelfBook(undefined, []));
/** Why the last asking failed, when it was not for want of a network. */
export const shelfError = ref<unknown>();

/** The shelf now. */
export const book = computed(() => current.value);
/** When the county's part of it was true; `undefined` when the county was never asked on this phone. */
export const shelfAsOf = computed(() => answer.value?.asOf);
/** The overdue tiers of the county, in hours. */
export const overdueHours = computed(() => answer.value?.value.overdueHours ?? [24, 48, 72]);

let started = false;
let known: Promise<void> = Promise.resolve();
let timer: ReturnType<typeof setTimeout> | undefined;

/** This phone's scans that the county's answer cannot know yet. */
async function scansSince(asOf: string | undefined): Promise<Scan[]> {
  const userId = session.me?.id ?? '';
  const from = new Date(Date.now() - LOOK_BACK_MS).toISOString();
  const code = station.value?.code;
  const isOpen = (entry: OutboxEntry) =>
    entry.path === 'scans' &&
    entry.stage !== 'rejected' &&
    (entry.stage !== 'received' || asOf === undefined || (entry.settledAt ?? '') > asOf);
  const entries = await phone.entries
    .where('[userId+storedAt]')
    .between([userId, from], [userId, Dexie.maxKey])
    .filter(isOpen)
    .toArray()
    .catch(() => []);
  return entries.flatMap((entry) => {
    const scan = scanIn(entry as Parameters<typeof scanIn>[0]);
    return scan && scan.stationCode === code ? [scan] : [];
  });
}

async function rebuild(): Promise<void> {
  current.value = shelfBook(answer.value?.value, await scansSince(answer.value?.asOf));
}

/** Asks the county for the shelf; without a network what the phone remembers stays. */
export async function refreshShelf(): Promise<void> {
  const code = station.value?.code;
  if (!code || !may('station:work')) return;
  shelfError.value = undefined;
  const key = `shelf/${code}`;
  try {
    const found = await cached(key, () => api<Shelf>('/api/shelf', { query: { stationCode: code } }));
    if (code === station.value?.code) answer.value = found;
  } catch (error) {
    shelfError.value = error;
  }
  await rebuild();
}

/** Puts a scan that was just kept upon the shelf, before anybody has answered it. */
export function noteScan(scan: Scan): void {
  if (scan.kind === 'undone') void rebuild();
  else current.value = withScan(current.value, scan);
}

function soon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void refreshShelf(), SETTLE_MS);
}

async function remember(code: string | undefined): Promise<void> {
  answer.value = code ? await remembered<Shelf>(`shelf/${code}`) : undefined;
  await rebuild();
}

/**
 * Resolves when the phone knows the shelf of the station in use: what it remembers, or on a phone that remembers nothing the county's answer (or that
 * there was none). Before that nobody may be told that a parcel is not there.
 */
export const shelfKnown = (): Promise<void> => known;

/** Begins to keep the shelf; call it on any page that shows or needs it. */
export function startShelf(): void {
  if (started) return;
  started = true;
  watch(
    () => station.value?.code,
    (code) => {
      const remembering = remember(code);
      const refreshed = remembering.then(refreshShelf);
      known = remembering.then(() => (answer.value ? undefined : refreshed));
    },
    { immediate: true },
  );
  watch(() => counts.value.received, soon);
  window.addEventListener('online', () => void refreshShelf());
  setInterval(() => document.visibilityState === 'visible' && void refreshShelf(), REFRESH_MS);
}
