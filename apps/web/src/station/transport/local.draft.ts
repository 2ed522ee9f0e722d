/** Work that is half done, such as a bag that is being filled: it outlives a call, a reload, a flat battery. Nothing about persons. */
import { reactive, watch } from 'vue';
import { session } from '../../shared/session/session.js';

function saved<T>(key: string): Partial<T> {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<T>;
  } catch {
    return {};
  }
}

/** A draft of this person on this phone; `forget` takes it away. Call it in `setup`. */
export function useLocalDraft<T extends object>(name: string, empty: () => T): { draft: T; forget: () => void } {
  const key = `xiangyi.${name}.${session.me?.id ?? ''}`;
  const draft = reactive({ ...empty(), ...saved<T>(key) }) as T;
  watch(draft, (now) => localStorage.setItem(key, JSON.stringify(now)));
  const forget = () => {
    Object.assign(draft, empty());
    // After the watcher has written the empty one.
    setTimeout(() => localStorage.removeItem(key));
  };
  return { draft, forget };
}
