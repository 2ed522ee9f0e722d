import type { ScanFlag } from '#contracts';
import { dayOfMs } from '../parcel/day.memo.js';
import type { EventKind } from '../parcel/parcel.event.js';
import type { FoldedEvent, ParcelFold } from '../parcel/parcel.fold.js';
import type { SnapshotFacts } from './directory.facts.js';

/** Scans at which whoever holds the parcel can still keep it back. */
const HELD_BACK_AT: ReadonlySet<EventKind> = new Set([
  'arrived_county',
  'arrived_town',
  'arrived_village',
  'shelved',
  'picked_up',
]);

/** A parcel that was put on a shelf under a code, and lies there. */
export interface ShelfClaim {
  readonly eventId: string;
  readonly waybill: string;
  readonly stationId: string;
  readonly shelfCode: string;
}

/** What is said once to whoever made a scan, and not stored: it depends on what is known now (docs/domain/shelf.md, "Warnings"). */
export function toldFlags(
  { event, own, undone, stage, heldBefore }: FoldedEvent,
  parcel: ParcelFold,
  facts: SnapshotFacts,
): ScanFlag[] {
  if (!own || undone || !HELD_BACK_AT.has(event.kind)) return [];
  const told: ScanFlag[] = [];
  const { kind, stationId } = event;
  if ((kind === 'arrived_village' || kind === 'shelved') && isElsewhere(parcel, stationId, event.occurredAt, facts))
    told.push('wrong_village');
  if (parcel.exceptions.some((exception) => exception.kind === 'intercepted' && exception.closedAt === undefined))
    told.push('intercepted');
  // What comes back to its sender is handed out without having lain on a shelf.
  if (kind === 'picked_up' && stationId !== null && heldBefore !== stationId && stage !== 'returned') told.push('not_on_shelf');
  return told;
}

function isElsewhere(
  { direction, addressedId }: ParcelFold,
  stationId: string | null,
  atMs: number,
  facts: SnapshotFacts,
): boolean {
  return (
    direction === 'inbound' && addressedId !== null && stationId !== null && !facts.isFor(addressedId, stationId, dayOfMs(atMs))
  );
}

/** The place on the shelf that a `shelved` scan took, when the parcel still lies there. */
export function shelfClaimOf({ event, undone }: FoldedEvent, parcel: ParcelFold): ShelfClaim | undefined {
  const { kind, stationId, shelfCode, waybill } = event;
  if (kind !== 'shelved' || undone || shelfCode === null || stationId === null) return undefined;
  if (parcel.heldSince === null || parcel.stationId !== stationId || parcel.shelfCode !== shelfCode) return undefined;
  return { eventId: event.id, waybill, stationId, shelfCode };
}
