/** Hears from the server that figures of a unit changed. */
import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { coverageChangeSchema, type CoverageChange } from '#contracts';
import { pathOf } from '../../shared/api/api.client.js';

/** One refresh for a burst of changes. */
const GATHER_MS = 250;

/** `connecting` until the stream is open, and again when it breaks (the browser reconnects by itself). */
export type LiveState = 'connecting' | 'open';

/**
 * Listens on `GET /api/coverage/stream?unit=` while the page is there. `changed` is called with the months that moved, and
 * with none after a break, because changes may have been missed.
 */
export function useLive(unit: Ref<string>, changed: (periods: ReadonlySet<string>) => void): { state: Ref<LiveState> } {
  const state = ref<LiveState>('connecting');
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let periods = new Set<string>();

  function announce(): void {
    timer = undefined;
    const moved = periods;
    periods = new Set();
    changed(moved);
  }
  function hear(event: MessageEvent<string>): void {
    let change: CoverageChange;
    try {
      change = coverageChangeSchema.parse(JSON.parse(event.data));
    } catch {
      return;
    }
    change.periods.forEach((period) => periods.add(period));
    timer ??= setTimeout(announce, GATHER_MS);
  }
  function close(): void {
    clearTimeout(timer);
    timer = undefined;
    source?.close();
  }

  watch(
    unit,
    (code) => {
      close();
      state.value = 'connecting';
      let broken = false;
      source = new EventSource(pathOf('/api/coverage/stream', { unit: code }));
      source.addEventListener('open', () => {
        state.value = 'open';
        if (broken) changed(new Set());
        broken = false;
      });
      source.addEventListener('error', () => {
        state.value = 'connecting';
        broken = true;
      });
      source.addEventListener('message', hear);
      source.addEventListener('coverage', hear);
    },
    { immediate: true },
  );
  onScopeDispose(close);
  return { state };
}
