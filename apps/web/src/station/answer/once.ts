/** What a keeper asks for by a tap is done once, however often the button is hit before it is done. */
import { ref, type Ref } from 'vue';

/** `run` does the work unless it is under way; `busy` meanwhile, for the button. Rejects as `work` does, and can be run again after that. */
export function useOnce<A extends readonly unknown[]>(
  work: (...args: A) => Promise<unknown>,
): { busy: Readonly<Ref<boolean>>; run: (...args: A) => Promise<void> } {
  const busy = ref(false);
  async function run(...args: A): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      await work(...args);
    } finally {
      busy.value = false;
    }
  }
  return { busy, run };
}
