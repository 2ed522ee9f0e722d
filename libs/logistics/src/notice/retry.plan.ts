/** Tries of one message at most: the last about eleven hours after the first. */
export const MAX_ATTEMPTS = 7;
/** Whoever took a message up and said nothing for this long has ended; it is sent again. */
export const LEASE_MS = 60_000;

const FIRST_WAIT_MS = 30_000;
const FACTOR = 4;

/** How long to wait after the given try (1 = the first) before the next; `undefined` when it was the last. */
export function waitAfterMs(attempt: number): number | undefined {
  return attempt >= MAX_ATTEMPTS ? undefined : FIRST_WAIT_MS * FACTOR ** (attempt - 1);
}
