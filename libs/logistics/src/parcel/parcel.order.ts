/** Which way a parcel travels, and in which order what happened to it is folded. */
import type { Direction } from '#contracts';
import { isOwnScan, isPacking, type EventKind, type LedgerEvent } from './parcel.event.js';
import { relinkCarriers } from './parcel.relink.js';
import { KIND_ORDER } from './parcel.transitions.js';

/** Scans that show a parcel coming in: an `accepted` after one of these is out of order, not an outbound parcel. */
const COMING_IN: ReadonlySet<EventKind> = new Set([
  'arrived_county',
  'arrived_town',
  'arrived_village',
  'arrived_station',
  'shelved',
  'picked_up',
  'out_for_delivery',
  'delivered',
]);

/** Outbound when it was packed with produce, when its acceptance names produce, or when someone took it in before it was seen coming in. */
export function directionOf(events: readonly LedgerEvent[]): Direction {
  let acceptedAt = Infinity;
  let cameInAt = Infinity;
  for (const event of events) {
    if (isPacking(event)) return 'outbound';
    if (event.kind === 'accepted' && isOwnScan(event))
      acceptedAt = Math.min(acceptedAt, event.produce ? -Infinity : event.occurredAt);
    else if (COMING_IN.has(event.kind)) cameInAt = Math.min(cameInAt, event.occurredAt);
  }
  return acceptedAt < Infinity && acceptedAt <= cameInAt ? 'outbound' : 'inbound';
}

/** The one order of a set of events: time, the provider's sequence, the way a parcel travels, and at last the id. Repeats fall away. */
export function inOrder(events: readonly LedgerEvent[], direction: Direction): readonly LedgerEvent[] {
  if (events.length === 1) return events;
  const order = KIND_ORDER[direction];
  const sorted = [...events].sort(
    (a, b) =>
      a.occurredAt - b.occurredAt ||
      (a.providerSeq ?? 0) - (b.providerSeq ?? 0) ||
      order[a.kind] - order[b.kind] ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : a.claimedAt - b.claimedAt),
  );
  const seen = new Set<string>();
  const unique = sorted.filter((event) => !seen.has(event.id) && seen.add(event.id));
  return relinkCarriers(unique);
}
