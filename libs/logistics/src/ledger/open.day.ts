import type { Day } from '#contracts';
import { dayOfMs } from '../parcel/day.memo.js';
import type { LedgerEvent } from '../parcel/parcel.event.js';
import type { LevelOf } from '../parcel/parcel.fold.js';

/** A row of logistics.open_day within its county. */
export interface OpenDay {
  readonly unitId: string;
  readonly day: Day;
  readonly stationId: string;
}

/** The open day that a check-in makes: at a village's station, inside its geofence, and not in quarantine (metric M2). */
export function openDayOf(event: LedgerEvent, { levelOf }: { levelOf: LevelOf }): OpenDay | undefined {
  const { kind, unitId, stationId, flags, occurredAt } = event;
  if (kind !== 'check_in' || stationId === null || unitId === null) return undefined;
  if (flags.includes('outside_geofence') || flags.includes('quarantined') || levelOf(unitId) !== 'village') return undefined;
  return { unitId, day: dayOfMs(occurredAt), stationId };
}
