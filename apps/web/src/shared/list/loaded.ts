/** Data of a page that follow what is looked at: loaded anew when it changes, the latest question wins. */
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';

export interface Loaded<T> {
  data: Ref<T | undefined>;
  error: Ref<unknown>;
  loading: Ref<boolean>;
  /** Loads again without emptying the page. */
  refresh: () => Promise<void>;
}

/** Runs `load` now and whenever `key` changes. The page keeps its old data until the new ones are there. */
export function useLoaded<T>(key: () => unknown, load: () => Promise<T>): Loaded<T> {
  const data = shallowRef<T>();
  const error = shallowRef<unknown>();
  const loading = ref(false);
  let turn = 0;

  async function refresh(): Promise<void> {
    const mine = ++turn;
    loading.value = true;
    try {
      const answer = await load();
      if (mine !== turn) return;
      data.value = answer;
      error.value = undefined;
    } catch (failure) {
      if (mine === turn) error.value = failure;
    } finally {
      if (mine === turn) loading.value = false;
    }
  }
  watch(
    key,
    () => {
      error.value = undefined;
      void refresh();
    },
    { immediate: true, deep: true },
  );
  onScopeDispose(() => (turn += 1));
  return { data, error, loading, refresh };
}
