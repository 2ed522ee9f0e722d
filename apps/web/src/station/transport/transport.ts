/** Bags and manifests of the place where this person works, for every page that shows them: live or from the phone. */
import { Dexie } from 'dexie';
import { computed, shallowReactive, shallowRef, ref, watch } from 'vue';
import type { BagDetail, BagView, ConsignmentView, ManifestDetail, ManifestView, Page } from '#contracts';
import { api } from '../../shared/api/api.client.js';
import { may, session } from '../../shared/session/session.js';
import { bodyOf, counts } from '../outbox/outbox.js';
import type { OutboxEntry } from '../outbox/outbox.state.js';
import { station } from '../station.session.js';
import { cached, remembered, type Cached } from '../vault/cached.js';
import { phone } from '../vault/phone.database.js';
import { cargoOf, packedIn, type Cargo, type OwnRecords, type TransportLists, type WorkPlace } from './transport.book.js';

const PER_LIST = 100;
/** Details of what comes are fetched ahead, so that a bag can be opened and counted where there is no network. */
const AHEAD = 15;
const LOOK_BACK_MS = 14 * 86_400_000;
const SETTLE_MS = 4000;
const NONE: OwnRecords = { bags: [], manifests: [], handovers: [] };

const lists = shallowRef<Cached<TransportLists>>();
const own = shallowRef<OwnRecords>(NONE);
const details = shallowReactive(new Map<string, BagDetail | ManifestDetail>());
/** `undefined` until the county has said, or cannot be reached: what the phone remembers lacks what was taken in since, and would accuse it. */
const consignedThere = shallowRef<ReadonlySet<string>>();
const consignedHere = shallowRef<ReadonlySet<string>>(new Set());

/** Why the last asking failed, when it was not for want of a network. */
export const transportError = ref<unknown>();
/** Where this person works. */
export const workPlace = computed<WorkPlace>(() => ({
  unitCode: session.me?.unit.code ?? '',
  ...(station.value && { stationCode: station.value.code }),
}));
/** Everything that leaves here or comes here, the newest first. */
export const cargo = computed<Cargo[]>(() => cargoOf(lists.value?.value, own.value, workPlace.value));
/** When the county's part of it was true. */
export const transportAsOf = computed(() => lists.value?.asOf);
/** What lies in which closed bag, as far as this phone knows. */
export const packed = computed(() => packedIn(details.values(), own.value));
/** This phone's own records. */
export const ownRecords = computed(() => own.value);

/** Whether a parcel was taken in from a sender, as far as this phone knows. */
export const isConsigned = (waybill: string): boolean =>
  consignedHere.value.has(waybill) || (consignedThere.value?.has(waybill) ?? false);
/** Whether it is known by now what was taken in: before, nothing can be said of a parcel. */
export const knowsConsigned = computed(() => consignedThere.value !== undefined);

/** What the county knows of a bag or manifest, from the last time it was asked. */
export const detailOf = (code: string): BagDetail | ManifestDetail | undefined => details.get(code);

const placeKey = (): string => workPlace.value.stationCode ?? workPlace.value.unitCode;

async function page<T>(path: string, way: 'out' | 'in'): Promise<T[]> {
  const query = { way, limit: PER_LIST, stationCode: workPlace.value.stationCode };
  return (await api<Page<T>>(path, { query })).items;
}

async function fetchLists(): Promise<TransportLists> {
  const [bagsOut, bagsIn, manifestsOut, manifestsIn] = await Promise.all([
    page<BagView>('/api/bags', 'out'),
    page<BagView>('/api/bags', 'in'),
    page<ManifestView>('/api/manifests', 'out'),
    page<ManifestView>('/api/manifests', 'in'),
  ]);
  return { bags: { out: bagsOut, in: bagsIn }, manifests: { out: manifestsOut, in: manifestsIn } };
}

/** Asks the county for one bag or manifest; from the phone when there is no network. Throws as `cached`. */
export async function loadDetail(kind: Cargo['kind'], code: string): Promise<BagDetail | ManifestDetail> {
  const fetcher = () => api<BagDetail | ManifestDetail>(`/api/${kind}s/${encodeURIComponent(code)}`);
  const { value } = await cached(`transport/${kind}/${code}`, fetcher);
  details.set(code, value);
  return value;
}

async function lookAhead(): Promise<void> {
  const closed = cargo.value.filter(
    ({ local, state, manifestCode, kind }) =>
      !local &&
      state !== 'opened' &&
      (kind === 'bag' || manifestCode === undefined) &&
      !(kind === 'manifest' && state === 'received'),
  );
  for (const { kind, code, state } of closed.slice(0, AHEAD)) {
    const known = details.get(code) ?? (await remembered<BagDetail | ManifestDetail>(`transport/${kind}/${code}`))?.value;
    if (known) details.set(code, known);
    if (known?.state !== state) await loadDetail(kind, code).catch(() => undefined);
  }
}

async function readOwn(): Promise<void> {
  const userId = session.me?.id ?? '';
  const from = new Date(Date.now() - LOOK_BACK_MS).toISOString();
  const wanted = new Set(['bags', 'manifests', 'handovers', 'consignments']);
  const entries = (await phone.entries
    .where('[userId+storedAt]')
    .between([userId, from], [userId, Dexie.maxKey])
    .filter(({ path, stage }) => wanted.has(path) && stage !== 'rejected')
    .toArray()
    .catch(() => [])) as OutboxEntry[];
  const of = <P extends 'bags' | 'manifests' | 'handovers'>(path: P) =>
    entries.flatMap((entry) => (entry.path === path && entry.body ? [entry.body] : [])) as never[];
  const code = station.value?.code;
  const mine = <R extends { stationCode?: string | undefined }>(records: readonly R[]) =>
    records.filter((record) => record.stationCode === code);
  own.value = { bags: mine(of('bags')), manifests: mine(of('manifests')), handovers: mine(of('handovers')) };
  const sent = entries.filter((entry): entry is OutboxEntry<'consignments'> => entry.path === 'consignments');
  const bodies = await Promise.all(sent.map((entry) => bodyOf(entry).catch(() => undefined)));
  consignedHere.value = new Set(bodies.flatMap((body) => body?.waybill ?? []));
}

async function readConsigned(): Promise<void> {
  const place = placeKey();
  const fetcher = async () => {
    const query = { left: 'false', limit: 200, stationCode: workPlace.value.stationCode };
    return (await api<Page<ConsignmentView>>('/api/consignments', { query })).items.map(({ waybill }) => waybill);
  };
  const answer = await cached(`consigned/${place}`, fetcher).catch(() => undefined);
  if (place !== placeKey()) return;
  if (answer || !consignedThere.value) consignedThere.value = new Set(answer?.value);
}

/** Asks the county; without a network what the phone remembers stays. */
export async function refreshTransport(): Promise<void> {
  const place = placeKey();
  if (!place || !may('station:work')) return;
  transportError.value = undefined;
  try {
    const [found] = await Promise.all([cached(`transport/${place}`, fetchLists), readConsigned()]);
    if (place === placeKey()) lists.value = found;
  } catch (error) {
    transportError.value = error;
  }
  await readOwn();
  await lookAhead();
}

/** Puts what was just kept upon the lists, before anybody has answered it. */
export const noteTransport = readOwn;

let started = false;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Begins to keep the lists; call it on any page that shows or needs them. */
export function startTransport(): void {
  if (started) return void refreshTransport();
  started = true;
  watch(
    placeKey,
    async (place) => {
      details.clear();
      lists.value = place ? await remembered<TransportLists>(`transport/${place}`) : undefined;
      consignedThere.value = undefined;
      await readOwn();
      await refreshTransport();
    },
    { immediate: true },
  );
  watch(
    () => counts.value.received,
    () => {
      clearTimeout(timer);
      timer = setTimeout(() => void refreshTransport(), SETTLE_MS);
    },
  );
  window.addEventListener('online', () => void refreshTransport());
}

/** Whether anything is known of a code on this phone. */
export const isTransportKnown = (code: string): boolean => details.has(code) || cargo.value.some((entry) => entry.code === code);
