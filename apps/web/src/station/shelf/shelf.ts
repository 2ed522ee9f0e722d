/** The shelf of the station in use, for every page of the app: the county's last word and this phone's scans since, live or from the phone. */
import { computed, ref, shallowRef, watch } from 'vue';
import type { Scan, Shelf } from '#contracts';
import { api } from '../../shared/api/api.client.js';
import { may } from '../../shared/session/session.js';
import { counts } from '../outbox/outbox.js';
import { newScans } from '../outbox/outbox.storage.js';
import { scanIn, settledSince, type OutboxItem } from '../outbox/outbox.state.js';
import { station } from '../station.session.js';
import { cached, remembered, type Cached } from '../vault/cached.js';
import { JUST_NOW_MS, shelfBook, withScan, type ShelfBook } from './shelf.book.js';

const REFRESH_MS = 5 * 60_000;
/** After a scan was received the county's shelf has it too; not at every scan, because each answer is some kilobytes. */
const SETTLE_MS = 20_000;
/** How far back scans matter that the county received, on a phone that has never asked it for the shelf. */
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

/** This phone's scans at this station, whoever made them: those that the county's answer of `asOf` may not have, and those of just now that it has. */
async function scansHere(asOf: string | undefined): Promise<{ fresh: Scan[]; counted: Scan[] }> {
  const code = station.value?.code;
  const before = (ms: number) => new Date(Date.now() - ms).toISOString();
  const since = asOf ?? before(LOOK_BACK_MS);
  const justNow = before(JUST_NOW_MS);
  const entries = await newScans(since < justNow ? since : justNow).catch(() => []);
  const scansOf = (some: readonly OutboxItem<'scans'>[]) =>
    some.flatMap((entry) => scanIn(entry) ?? []).filter(({ stationCode }) => stationCode === code);
  const isFresh = (entry: OutboxItem) => settledSince(entry, since);
  return { fresh: scansOf(entries.filter(isFresh)), counted: scansOf(entries.filter((entry) => !isFresh(entry))) };
}

let noted = 0;

async function rebuild(): Promise<void> {
  for (;;) {
    const before = noted;
    const { fresh, counted } = await scansHere(answer.value?.asOf);
    // A scan that was kept while these were read may not be among them.
    if (noted !== before) continue;
    current.value = shelfBook(answer.value?.value, fresh, counted);
    return;
  }
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
  noted += 1;
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
