/**
 * How far this phone's clock is from the server's, by the `Date` header of answers. What a record claims as its time stays as the phone says it, so that
 * the order of one phone's work is kept and no guess is stored; the keeper is told to set the clock (docs/domain/station-phone.md).
 */
import { ref } from 'vue';
import { whenAnswered } from '../../shared/api/api.client.js';

/** From here on the keeper is told; the server itself takes times up to five minutes ahead. */
export const SKEW_TOLD_MS = 5 * 60_000;
/** An answer that took longer says too little about the moment at which it was given. */
const SLOWEST_MS = 20_000;

/** Milliseconds that the server's clock is ahead of the phone's (negative: the phone is ahead), or `undefined` when the answer does not tell. Pure. */
export function skewMs(serverDate: string | null, sentAtMs: number, receivedAtMs: number): number | undefined {
  const server = Date.parse(serverDate ?? '');
  const took = receivedAtMs - sentAtMs;
  if (Number.isNaN(server) || took < 0 || took > SLOWEST_MS) return undefined;
  // The header counts whole seconds: on average it is half a second behind.
  return Math.round(server + 500 - (sentAtMs + took / 2));
}

/** The latest measurement; `undefined` until the server has answered once. */
export const clockSkewMs = ref<number>();

/** Measures at every answer from now on. */
export function watchClock(): void {
  whenAnswered((serverDate, sentAtMs) => {
    const measured = skewMs(serverDate, sentAtMs, Date.now());
    if (measured !== undefined) clockSkewMs.value = measured;
  });
}
