/** The phone's outbox, wired to its storage, the API and the pages. */
import { computed, reactive, ref, shallowRef } from 'vue';
import { dayOf, type Scan } from '#contracts';
import { session } from '../../shared/session/session.js';
import { indexedStorage, pageStorage } from './indexed.storage.js';
import { Outbox } from './outbox.service.js';
import { sendScans } from './outbox.sender.js';
import { countsOf, newItem, retryDelayMs, type OutboxItem } from './outbox.state.js';

const items = shallowRef<readonly OutboxItem[]>([]);
const online = ref(navigator.onLine);
/** `reachable`: the last sending got an answer. `durable`: scans are on disk. */
export const link = reactive({ reachable: true, durable: true, sending: false });

let outbox: Outbox | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;

/** Every scan that the phone holds for the person signed in, newest first. */
export const ownItems = computed(() =>
  items.value.filter((item) => item.userId === session.me?.id).sort((a, b) => (a.storedAt < b.storedAt ? 1 : -1)),
);
/** What is on this phone and what the county has. */
export const counts = computed(() => {
  const today = dayOf(Date.now());
  return countsOf(items.value, session.me?.id ?? '', (instant) => dayOf(Date.parse(instant)) === today);
});
/** Whether the phone believes that it can reach the county. */
export const connected = computed(() => online.value && link.reachable);

/** The item with this id as it stands now. */
export function itemOf(id: string | undefined): OutboxItem | undefined {
  return id ? items.value.find((item) => item.id === id) : undefined;
}

/** Sends what waits; on no answer, tries again later by itself. */
export async function flush(): Promise<void> {
  const userId = session.me?.id;
  if (!outbox || !userId || session.expired) return;
  clearTimeout(timer);
  link.sending = true;
  const end = await outbox.flush(userId).finally(() => (link.sending = false));
  link.reachable = end.kind !== 'unreachable';
  failures = end.kind === 'unreachable' ? failures + 1 : 0;
  if (end.kind === 'unreachable') timer = setTimeout(() => void flush(), end.waitMs ?? retryDelayMs(failures, Math.random()));
}

/** Stores a scan on the phone; resolves when it is safe there. It is sent by itself unless it waits for its carrier. */
export async function store(scan: Scan, stage: 'waiting' | 'pending' = 'pending'): Promise<void> {
  if (!outbox || !session.me) throw new Error('The outbox has not started');
  await outbox.put([newItem(session.me.id, scan, new Date().toISOString(), stage)]);
  if (stage === 'pending') void flush();
}

/** Lets waiting scans go, with the carrier that the keeper named, if any. */
export async function release(ids: readonly string[], carrierCode?: string): Promise<void> {
  const ready = ids.flatMap((id): OutboxItem[] => {
    const item = outbox?.get(id);
    if (item?.stage !== 'waiting') return [];
    return [{ ...item, scan: { ...item.scan, ...(carrierCode && { carrierCode }) }, stage: 'pending' }];
  });
  if (ready.length) await outbox?.put(ready);
  void flush();
}

/** Sends a rejected scan once more, as it is. */
export async function sendAgain(id: string): Promise<void> {
  const item = outbox?.get(id);
  if (item?.stage === 'rejected') await outbox?.put([{ ...item, stage: 'pending', problem: undefined }]);
  void flush();
}

/** Takes a rejected scan off the phone. */
export async function discard(id: string): Promise<void> {
  if (outbox?.get(id)?.stage === 'rejected') await outbox.remove([id]);
}

/** Opens the storage, sends what an earlier visit left, and goes on when the network returns. */
export async function startOutbox(): Promise<void> {
  const storage = await indexedStorage().catch(() => {
    link.durable = false;
    return pageStorage();
  });
  outbox = new Outbox({ storage, send: sendScans, now: () => new Date(), changed: (all) => (items.value = [...all]) });
  await outbox.start();
  // A question about the carrier does not outlive the visit; the scan does.
  await release(outbox.all().map((item) => item.id));
  window.addEventListener('online', () => {
    online.value = true;
    failures = 0;
    void flush();
  });
  window.addEventListener('offline', () => (online.value = false));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void flush();
  });
  // Asks the browser not to clear the scans when the phone runs short of space.
  void navigator.storage?.persist?.().catch(() => undefined);
}
