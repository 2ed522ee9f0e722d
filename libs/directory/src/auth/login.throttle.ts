import { DomainError } from '#platform';

/** Failures that are taken as mistakes; the next attempt has to wait. */
const MAX_FAILURES = 8;
/** Failures are forgotten this long after the first of them. */
const WINDOW_MS = 15 * 60_000;
/** Pairs remembered at most; the oldest give way. */
const MAX_ENTRIES = 20_000;

/**
 * Slows down guessing of passwords: counts attempts by username and address, in this process. An attempt counts when it begins, so that many at
 * once count too; a success clears the count.
 */
export class LoginThrottle {
  private readonly attempts = new Map<string, { count: number; sinceMs: number }>();

  /** @throws DomainError `too_many_attempts` 429 with the seconds to wait */
  begin(key: string, nowMs: number): void {
    const known = this.attempts.get(key);
    const entry = known && nowMs - known.sinceMs < WINDOW_MS ? known : { count: 0, sinceMs: nowMs };
    if (entry.count >= MAX_FAILURES) {
      const seconds = Math.ceil((entry.sinceMs + WINDOW_MS - nowMs) / 1000);
      throw new DomainError('too_many_attempts', 429, { seconds });
    }
    entry.count += 1;
    // Re-inserted, so that the map stays in the order of use.
    this.attempts.delete(key);
    this.attempts.set(key, entry);
    if (this.attempts.size > MAX_ENTRIES) for (const [oldest] of this.attempts) return void this.attempts.delete(oldest);
  }

  /** The attempt was right. */
  succeeded(key: string): void {
    this.attempts.delete(key);
  }
}
