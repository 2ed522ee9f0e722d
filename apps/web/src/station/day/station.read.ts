/** A read of the server for the station in use, from the phone at once and from the server when it answers; asked again when what it depends on changes. */
import { computed, onBeforeUnmount, watch } from 'vue';
import { useCached } from '../vault/cached.js';

/** As `useCached`, kept up to date by itself. `key` is empty while there is nothing to ask. */
export function useStationRead<T>(key: () => string, fetcher: () => Promise<T>) {
  const read = useCached(key, fetcher);
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
  return { ...read, load, value: computed(() => read.answer.value?.value) };
}
