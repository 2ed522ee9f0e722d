/** Handing the outbox to another phone, and taking one in. The giver keeps its entries until the county has answered: their ids make them count once. */
import { computed, shallowRef } from 'vue';
import { session } from '../../shared/session/session.js';
import { deviceId } from '../../shared/session/device.id.js';
import { add, outboxStorage } from '../outbox/outbox.storage.js';
import { bytesOf, newEntry, OUTBOX_PATHS, type OutboxEntry } from '../outbox/outbox.state.js';
import { flush, releaseWaiting } from '../outbox/outbox.js';
import { unpack, type Bundle, type HandedEntry } from './bundle.codec.js';
import { bytesIn, collect, progressOf, readFrame, type Collected } from './frame.codec.js';

const EVERY = 1_000_000;
const STEP = 500;

/** Everything of the person signed in that waits to be sent and can be opened; questions that are open are not waited for. */
export async function handedBundle(): Promise<Bundle> {
  const userId = session.me?.id ?? '';
  // A full phone, too, hands over what it can.
  await releaseWaiting(userId).catch(() => undefined);
  const entries: HandedEntry[] = [];
  for (const path of OUTBOX_PATHS)
    for (const { id, storedAt, body } of await outboxStorage.next(userId, path, EVERY))
      if (body) entries.push({ id, path, storedAt, body });
  return { deviceId: deviceId(), entries };
}

/**
 * Takes in what another phone handed over: the entries keep their ids, so that the county has each once whoever sends it, and go out in the name of who
 * works here. Resolves to how many came. Throws `HandOverProblem`, `StorageFull`, `VaultClosed`.
 */
export async function takeIn(bytes: Uint8Array<ArrayBuffer>, number: string): Promise<number> {
  const userId = session.me?.id;
  if (!userId) throw new Error('Nobody is signed in');
  const bundle = await unpack(bytes, number);
  const entries = bundle.entries.map(({ path, body, storedAt }): OutboxEntry => ({
    ...newEntry(path, body, { userId, storedAt }),
    bytes: bytesOf(body),
    handedFrom: bundle.deviceId,
  }));
  for (let at = 0; at < entries.length; at += STEP) await add(entries.slice(at, at + STEP));
  void flush();
  return entries.length;
}

const collected = shallowRef<Collected>();

/** How much of another phone's animated code has been read; `bytes` when all of it has. Reactive. */
export const reception = computed(() => ({ ...progressOf(collected.value), bytes: bytesIn(collected.value) }));

/** Gives a text that a camera or a scanner read. False when it is no frame of a hand-over: then it is something else to the page. */
export function receiveText(text: string): boolean {
  const frame = readFrame(text);
  if (frame) collected.value = collect(collected.value, frame);
  return frame !== undefined;
}

/** Forgets what was read. */
export function clearReception(): void {
  collected.value = undefined;
}
