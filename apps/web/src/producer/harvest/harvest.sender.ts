/** Sends the harvests that wait on the phone, when it starts and when the network is back. */
import { ref } from 'vue';
import { dayOf } from '#contracts';
import { ApiProblem } from '../../shared/api/api.client.js';
import { addHarvest } from '../../shared/api/produce.api.js';
import { session } from '../../shared/session/session.js';
import { harvestOf, type HarvestDraft } from './harvest.draft.js';
import { HarvestShelf } from './harvest.shelf.js';

/** The shelf of whoever is signed in. */
export function shelf(): HarvestShelf {
  return new HarvestShelf(localStorage, session.me?.id ?? '');
}

/** A harvest that waits, and why the county refused it, when it did. */
export interface WaitingHarvest {
  draft: HarvestDraft;
  refusal?: unknown;
}
export const waiting = ref<WaitingHarvest[]>([]);
export const sending = ref(false);

/** Reads again what waits; refusals of what still waits are kept. */
export function readWaiting(): void {
  const refusals = new Map(waiting.value.map((entry) => [entry.draft.id, entry.refusal]));
  waiting.value = shelf()
    .waiting()
    .map((draft) => ({ draft, refusal: refusals.get(draft.id) }));
}

/** Tries to send everything that waits, oldest first; resolves to how many the county took. Stops when the network is away. */
export async function sendWaiting(): Promise<number> {
  if (sending.value) return 0;
  sending.value = true;
  let taken = 0;
  try {
    for (const draft of shelf().waiting()) {
      const harvest = harvestOf(draft, dayOf(Date.now()));
      if (!harvest) continue;
      try {
        await addHarvest(harvest);
        shelf().take(draft.id);
        taken += 1;
      } catch (failure) {
        if (!(failure instanceof ApiProblem)) break;
        waiting.value = waiting.value.map((entry) => (entry.draft.id === draft.id ? { ...entry, refusal: failure } : entry));
      }
    }
  } finally {
    sending.value = false;
    readWaiting();
  }
  return taken;
}

/** Sends what waits now, and whenever the network comes back. */
export function startSending(): void {
  readWaiting();
  void sendWaiting();
  window.addEventListener('online', () => void sendWaiting());
}
