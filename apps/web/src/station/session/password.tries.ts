/** How often a password may be tried on a phone without a network: five times, then a wait that doubles. Pure. */

export interface Tries {
  readonly failed: number;
  /** Milliseconds since 1970 of the latest failure. */
  readonly at: number;
}

const FREE = 5;
const FIRST_WAIT_MS = 5 * 60_000;
const LAST_WAIT_MS = 24 * 3_600_000;

/** Milliseconds until the next try is allowed; 0 when it is now. A clock that was set back starts the wait anew. */
export function waitMs(tries: Tries | undefined, now: number): number {
  if (!tries || tries.failed < FREE) return 0;
  const wait = Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries.failed - FREE));
  const since = now - tries.at;
  return since < 0 ? wait : Math.max(0, wait - since);
}

/** The tries after one more that failed. */
export function failedOnce(tries: Tries | undefined, now: number): Tries {
  return { failed: (tries?.failed ?? 0) + 1, at: now };
}
