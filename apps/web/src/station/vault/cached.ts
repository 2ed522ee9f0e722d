/**
 * Reads of the server that a keeper needs without a network (the shelf, lists of bags, rates): the last answer is kept, sealed, and shown with the time
 * at which it was true.
 */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { NetworkFailure } from '../../shared/api/api.client.js';
import { session } from '../../shared/session/session.js';
import { phone } from './phone.database.js';
import { vault } from './vault.js';

/** An answer and when the server was asked for it: what it says is no older. `live`: just now; else it comes from the phone, so show `asOf` beside it. */
export interface Cached<T> {
  readonly value: T;
  readonly asOf: string;
  readonly live: boolean;
}

const KEEP_MS = 31 * 86_400_000;

const keyOf = (key: string): string => `${session.me?.id ?? ''}|${key}`;

/** The last answer that the phone holds for this key, or `undefined`. Never asks the server. */
export async function remembered<T>(key: string): Promise<Cached<T> | undefined> {
  try {
    const row = await phone.cache.get(keyOf(key));
    return row && { value: await vault.open<T>(row.sealed), asOf: row.asOf, live: false };
  } catch {
    // Closed, or sealed under a key of before: as good as not there.
    return undefined;
  }
}

async function remember(key: string, value: unknown, asOf: string): Promise<void> {
  try {
    const sealed = await vault.seal(value);
    await phone.cache.put({ key: keyOf(key), userId: session.me?.id ?? '', asOf, sealed });
  } catch {
    // A full or closed phone shows the answer all the same.
  }
}

/** Reads that nobody has made for a month, such as an old bag's list, need not lie on the phone. */
export async function forgetOldReads(now: number): Promise<void> {
  const until = new Date(now - KEEP_MS).toISOString();
  await phone.cache.filter(({ asOf }) => asOf < until).delete();
}

/**
 * Asks the server by `fetcher` and keeps its answer; when there is no network, gives the one that the phone holds. `key` names the read with all that it
 * depends on: `shelf/${stationCode}`. Throws what `fetcher` throws: an `ApiProblem` always, a `NetworkFailure` when the phone holds nothing.
 */
export async function cached<T>(key: string, fetcher: () => Promise<T>): Promise<Cached<T>> {
  // The time of asking: while the answer is on its way, the county has moved on.
  const asOf = new Date().toISOString();
  try {
    const value = await fetcher();
    await remember(key, value, asOf);
    return { value, asOf, live: true };
  } catch (error) {
    const known = error instanceof NetworkFailure ? await remembered<T>(key) : undefined;
    if (known) return known;
    throw error;
  }
}

/** The same for a page: what the phone holds at once, the server's answer when it comes. */
export function useCached<T>(
  key: () => string,
  fetcher: () => Promise<T>,
): { answer: ShallowRef<Cached<T> | undefined>; error: Ref<unknown>; loading: Ref<boolean>; load: () => Promise<void> } {
  const answer = shallowRef<Cached<T>>();
  const error = ref<unknown>();
  const loading = ref(false);
  let shownFor: string | undefined;
  async function load(): Promise<void> {
    const asked = key();
    loading.value = true;
    error.value = undefined;
    try {
      if (shownFor !== asked) {
        const known = await remembered<T>(asked);
        // Meanwhile another station may have been chosen: its own load answers for it.
        if (asked !== key()) return;
        answer.value = known;
        shownFor = asked;
      }
      const found = await cached(asked, fetcher);
      if (asked === key()) answer.value = found;
    } catch (failure) {
      if (asked === key()) error.value = failure;
    } finally {
      if (asked === key()) loading.value = false;
    }
  }
  return { answer, error, loading, load };
}
