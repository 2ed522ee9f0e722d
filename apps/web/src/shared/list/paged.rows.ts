/** Rows that come a page at a time. */
import { ref, shallowRef } from 'vue';
import type { Page } from '#contracts';

/** Loads pages one after the other; `reload` starts over. */
export function usePagedRows<T>(load: (cursor: string | undefined) => Promise<Page<T>>) {
  const rows = shallowRef<T[]>([]);
  const next = ref<string>();
  const error = shallowRef<unknown>();
  const state = ref<'loading' | 'ready'>('loading');
  let turn = 0;

  async function page(cursor: string | undefined): Promise<void> {
    const mine = ++turn;
    state.value = 'loading';
    error.value = undefined;
    try {
      const answer = await load(cursor);
      if (mine !== turn) return;
      rows.value = cursor === undefined ? answer.items : [...rows.value, ...answer.items];
      next.value = answer.nextCursor;
    } catch (failure) {
      if (mine === turn) error.value = failure;
    }
    if (mine === turn) state.value = 'ready';
  }
  return { rows, next, error, state, more: () => page(next.value), reload: () => page(undefined) };
}
