/** A read of the server for the station in use, from the phone at once and from the server when it answers; asked again when what it depends on changes. */
import { computed, onBeforeUnmount, watch } from 'vue';
import { useCached } from '../vault/cached.js';

/** An answer with what was asked: who steps through days faster than the line answers is never shown one day as another. */
interface Keyed<T> {
  readonly key: string;
  readonly data: T;
}

/** As `useCached`, kept up to date by itself. `key` is empty while there is nothing to ask. */
export function useStationRead<T>(key: () => string, fetcher: () => Promise<T>) {
  const read = useCached<Keyed<T>>(key, async () => ({ key: key(), data: await fetcher() }));
  const answer = computed(() => {
    const found = read.answer.value;
    return found?.value.key === key() ? found : undefined;
  });
  const load = (): void => {
    if (key()) void read.load();
  };
  watch(
    key,
    () => {
      read.answer.value = undefined;
      read.error.value = undefined;
      load();
    },
    { immediate: true },
  );
  window.addEventListener('online', load);
  onBeforeUnmount(() => window.removeEventListener('online', load));
  return { answer, error: read.error, loading: read.loading, load, value: computed(() => answer.value?.value.data) };
}
