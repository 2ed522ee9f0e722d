import { CLOCK_AHEAD_MS } from '#contracts';
import type { StoredEvent } from '../ledger/stored.event.js';
import type { LedgerEvent } from '../parcel/parcel.event.js';

/**
 * A provider's or a file's event as a row. Carriers legitimately report old traces, so nothing of theirs is quarantined; a time that is yet
 * to come is set to the receive time.
 */
export function storedClaim(event: LedgerEvent, receivedAtMs: number, actorId: string | null): StoredEvent {
  const ahead = event.claimedAt > receivedAtMs + CLOCK_AHEAD_MS;
  return {
    ...event,
    ...(ahead ? { occurredAt: receivedAtMs, flags: ['clock_ahead'] as const } : {}),
    receivedAt: receivedAtMs,
    location: null,
    deviceId: null,
    actorId,
  };
}
