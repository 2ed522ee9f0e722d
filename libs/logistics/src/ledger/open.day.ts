import type { Day } from '#contracts';
import { dayOfMs } from '../parcel/day.memo.js';
import type { LedgerEvent } from '../parcel/parcel.event.js';
import type { LevelOf } from '../parcel/parcel.fold.js';
import { undoingOf } from '../parcel/parcel.undo.js';

/** A row of logistics.open_day within its county. */
export interface OpenDay {
  readonly unitId: string;
  readonly day: Day;
  readonly stationId: string;
}

/** The open days that check-ins make, those apart that were taken back. Several may be the same day. */
export function openDaysOf(events: readonly LedgerEvent[], directory: { levelOf: LevelOf }): OpenDay[] {
  const taking = events.filter((event) => !event.flags.includes('quarantined'));
  const undoing = undoingOf(taking);
  return taking.flatMap((event) => (undoing?.scans.has(event.id) ? [] : (openDayOf(event, directory) ?? [])));
}

/** The open day that a check-in makes: at a village's station, inside its geofence (metric M2). */
function openDayOf(event: LedgerEvent, { levelOf }: { levelOf: LevelOf }): OpenDay | undefined {
  const { kind, unitId, stationId, flags, occurredAt } = event;
  if (kind !== 'check_in' || stationId === null || unitId === null) return undefined;
  if (flags.includes('outside_geofence') || levelOf(unitId) !== 'village') return undefined;
  return { unitId, day: dayOfMs(occurredAt), stationId };
}
