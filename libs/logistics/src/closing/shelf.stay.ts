/** When a parcel lay on which station's shelf, read from its fold. */
import type { FoldedEvent, ParcelFold } from '../parcel/parcel.fold.js';

/** A stretch of time on one shelf; `to` is absent while it lies there. Instants are milliseconds. */
export interface ShelfStay {
  readonly stationId: string;
  readonly from: number;
  readonly to?: number;
  /** The event that ended it. */
  readonly endedBy?: FoldedEvent;
}

/** The stays of a parcel on shelves, in order. */
export function shelfStays({ timeline }: Pick<ParcelFold, 'timeline'>): ShelfStay[] {
  const stays: ShelfStay[] = [];
  for (const entry of timeline) {
    const { event, heldBefore, heldAfter } = entry;
    if (heldAfter === heldBefore) continue;
    const open = stays.at(-1);
    if (heldBefore !== null && open) stays[stays.length - 1] = { ...open, to: event.occurredAt, endedBy: entry };
    if (heldAfter !== null) stays.push({ stationId: heldAfter, from: event.occurredAt });
  }
  return stays;
}

/** The stay on the station's shelf at an instant; an event of that very instant has happened. */
export function stayAt(stays: readonly ShelfStay[], stationId: string, atMs: number): ShelfStay | undefined {
  return stays.find((stay) => stay.stationId === stationId && stay.from <= atMs && (stay.to === undefined || stay.to > atMs));
}
