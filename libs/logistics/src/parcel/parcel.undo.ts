import { SCAN_KINDS, UNDO_WITHIN_MS } from '#contracts';
import { isOwnScan, type EventKind, type LedgerEvent } from './parcel.event.js';

const MAY_BE_TAKEN_BACK: ReadonlySet<EventKind> = new Set(SCAN_KINDS.filter((kind) => kind !== 'undone'));

/** What was taken back among some events. */
export interface Undoing {
  /** Ids of the scans that were mistakes. */
  readonly scans: ReadonlySet<string>;
  /** Ids of the undoings that took effect. */
  readonly by: ReadonlySet<string>;
}

/**
 * Finds what was taken back among the events of one waybill, or among check-ins (docs/domain/parcels.md, "Undone"). It looks at the events as a set, so
 * that an undoing may come before what it undoes. `undefined` when nothing was.
 */
export function undoingOf(events: readonly LedgerEvent[]): Undoing | undefined {
  // Hardly any parcel has one: the look through its events is all that the others pay.
  let found: { scans: Set<string>; by: Set<string> } | undefined;
  for (const undoing of events) {
    if (undoing.kind !== 'undone') continue;
    for (const scan of events) {
      if (scan.id !== undoing.undoes || !takesBack(undoing, scan)) continue;
      found ??= { scans: new Set(), by: new Set() };
      found.scans.add(scan.id);
      found.by.add(undoing.id);
    }
  }
  return found;
}

/** Whoever is at the place where a scan was made may take it back there, within two days; a claim and an undoing stand. */
function takesBack(undoing: LedgerEvent, scan: LedgerEvent): boolean {
  return (
    isOwnScan(undoing) &&
    isOwnScan(scan) &&
    MAY_BE_TAKEN_BACK.has(scan.kind) &&
    scan.stationId === undoing.stationId &&
    scan.unitId === undoing.unitId &&
    Math.abs(undoing.occurredAt - scan.occurredAt) <= UNDO_WITHIN_MS
  );
}
