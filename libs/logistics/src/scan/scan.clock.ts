import { CLOCK_AHEAD_MS, QUARANTINE_AGE_MS, type ScanFlag } from '#contracts';

/** The time that counts for a device's scan, and what is wrong with the time that it claimed. */
export interface ClockReading {
  readonly occurredAtMs: number;
  readonly flags: readonly ScanFlag[];
}

const NO_FLAGS: readonly ScanFlag[] = [];
const AHEAD: readonly ScanFlag[] = ['clock_ahead'];
const TOO_OLD: readonly ScanFlag[] = ['quarantined'];

/**
 * Clock rules of device scans (docs/domain/parcels.md, "Clock"): more than five minutes ahead is set to the receive time and flagged;
 * more than 45 days old is quarantined until staff release it. Reports of providers are not device scans: carriers report old traces.
 */
export function readClock(claimedAtMs: number, receivedAtMs: number): ClockReading {
  if (claimedAtMs > receivedAtMs + CLOCK_AHEAD_MS) return { occurredAtMs: receivedAtMs, flags: AHEAD };
  if (claimedAtMs < receivedAtMs - QUARANTINE_AGE_MS) return { occurredAtMs: claimedAtMs, flags: TOO_OLD };
  return { occurredAtMs: claimedAtMs, flags: NO_FLAGS };
}
