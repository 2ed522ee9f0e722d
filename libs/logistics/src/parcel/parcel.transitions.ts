/** The parcel's state machine as tables (docs/domain/parcels.md, "Stages" and "Exceptions"). */
import type { Direction, ExceptionKind, ParcelStage, UnitLevel } from '#contracts';
import type { EventKind } from './parcel.event.js';

/** Where an event was reported: the level of the station's unit, or `none` for a statement from afar. */
export type Place = UnitLevel | 'none';
type Report = ParcelStage | null | Partial<Record<Place, ParcelStage>>;

const BOTH_WAYS = {
  announced: 'announced',
  accepted: 'accepted',
  in_transit: 'in_transit',
  arrived_county: 'at_county',
  arrived_town: 'at_town',
  arrived_village: 'at_station',
  shelved: 'at_station',
  arrived_station: 'at_station',
  stocktake: { village: 'at_station' },
  out_for_delivery: 'out_for_delivery',
  redelivery: 'out_for_delivery',
  delivered: 'delivered',
  returning: 'returning',
  transferred: 'transferred',
  cancelled: 'cancelled',
  lost: 'lost',
  unknown: 'unknown',
  delivery_revoked: null,
  exception_open: null,
  exception_close: null,
  check_in: null,
  undone: null,
  note: null,
  continued: null,
  relinked: null,
} as const satisfies Partial<Record<EventKind, Report>>;

/** Stage that an event reports; `null` reports none. Where it depends on the place, a place that is absent reports none. */
const REPORTS: Readonly<Record<Direction, Readonly<Record<EventKind, Report>>>> = {
  inbound: {
    ...BOTH_WAYS,
    dispatched: { county: 'at_county', town: 'out_for_delivery', village: 'out_for_delivery', none: 'in_transit' },
    picked_up: { county: 'collected', town: 'collected', village: 'collected', none: 'delivered' },
    returned: { village: 'returning', town: 'returning', county: 'returned', none: 'returned' },
  },
  outbound: {
    ...BOTH_WAYS,
    dispatched: { county: 'in_transit', town: 'at_town', village: 'accepted', none: 'in_transit' },
    picked_up: { county: 'collected', town: 'collected', village: 'collected', none: 'delivered' },
    returned: { village: 'returned', town: 'returning', county: 'returning', none: 'returned' },
  },
};

/** The stage that an event of this kind reports when it comes from this place. */
export function reportedStage(direction: Direction, kind: EventKind, place: Place): ParcelStage | null {
  const report = REPORTS[direction][kind];
  return report === null || typeof report === 'string' ? report : (report[place] ?? null);
}

/** How far along a stage is. Branches and `unknown` have no place in the row. */
export const RANK: Readonly<Record<Direction, Readonly<Partial<Record<ParcelStage, number>>>>> = {
  inbound: { announced: 0, accepted: 1, in_transit: 2, at_county: 3, at_town: 4, out_for_delivery: 5, at_station: 6 },
  outbound: { announced: 0, accepted: 1, at_town: 2, at_county: 3, in_transit: 4, out_for_delivery: 5, at_station: 6 },
};
/** From this rank on, a lower report needs an explanation. */
export const RANK_OUT_FOR_DELIVERY = 5;
/** A cancellation from afar is believed up to this rank. */
export const RANK_LAST_CANCELLABLE = 2;

/** How a stage takes further reports. */
export const STAGE_CLASS = {
  announced: 'open',
  accepted: 'open',
  in_transit: 'open',
  at_county: 'open',
  at_town: 'open',
  out_for_delivery: 'open',
  at_station: 'open',
  unknown: 'open',
  transferred: 'open',
  returning: 'returning',
  collected: 'closed',
  delivered: 'closed',
  returned: 'closed',
  cancelled: 'closed',
  lost: 'closed',
} as const satisfies Record<ParcelStage, 'open' | 'returning' | 'closed'>;

/** What a report does to a stage that is not open: `go` to the reported stage, `stay`, or a stage of its own. Absent = out of order, stay. */
export type Exit = 'go' | 'stay' | ParcelStage;
export const EXITS: Readonly<Partial<Record<ParcelStage, Readonly<Partial<Record<ParcelStage, Exit>>>>>> = {
  collected: { delivered: 'stay', returning: 'go', returned: 'go' },
  delivered: { delivered: 'stay', collected: 'go', returning: 'go', returned: 'go' },
  returned: { returned: 'stay', returning: 'stay', delivered: 'stay' },
  cancelled: { cancelled: 'stay', returning: 'go', returned: 'go' },
  lost: { lost: 'stay', returning: 'go', returned: 'go' },
  returning: {
    announced: 'stay',
    accepted: 'stay',
    in_transit: 'stay',
    at_county: 'stay',
    at_town: 'stay',
    out_for_delivery: 'stay',
    at_station: 'stay',
    unknown: 'stay',
    cancelled: 'stay',
    returning: 'stay',
    returned: 'go',
    // Carriers report the sender's signature of a return as an ordinary delivery.
    delivered: 'returned',
    transferred: 'go',
    lost: 'go',
  },
};

/** Exceptions that explain why a parcel goes back after it was out for delivery. */
export const FAILED_DELIVERY: ReadonlySet<ExceptionKind> = new Set([
  'refused',
  'unreachable',
  'wrong_address',
  'out_of_area',
  'damaged',
  'misrouted',
  'intercepted',
]);

const ENDED: readonly ParcelStage[] = ['collected', 'delivered', 'returning', 'returned', 'cancelled'];
const MOVING: readonly ParcelStage[] = ['accepted', 'in_transit', 'at_county', 'at_town', 'out_for_delivery', 'at_station'];

/** Stages whose arrival closes an exception without a word. Damage and an interception are closed only by someone. */
export const CLOSED_BY: Readonly<Record<ExceptionKind, ReadonlySet<ParcelStage>>> = {
  refused: new Set(ENDED),
  unreachable: new Set(ENDED),
  wrong_address: new Set(ENDED),
  out_of_area: new Set([...ENDED, 'transferred']),
  damaged: new Set(),
  overdue_at_station: new Set(ENDED),
  missing: new Set([...ENDED, 'at_station']),
  misrouted: new Set([...ENDED, 'at_station']),
  intercepted: new Set(['returned']),
  no_update: new Set([...ENDED, ...MOVING]),
};

/**
 * Order of kinds at one and the same instant: the way a parcel travels, so that a batch stamped with one time still makes sense.
 * A departure comes after the arrival at the same place, whatever takes the parcel in comes before what gives it out.
 */
const TRAVEL_IN: readonly EventKind[] = [
  'relinked',
  'continued',
  'announced',
  'accepted',
  'in_transit',
  'arrived_county',
  'arrived_town',
  'dispatched',
  'out_for_delivery',
  'redelivery',
  'arrived_station',
  'arrived_village',
  'stocktake',
  'shelved',
  'exception_open',
  'exception_close',
  'picked_up',
  'delivered',
  'delivery_revoked',
  'transferred',
  'returning',
  'returned',
  'cancelled',
  'lost',
  'unknown',
  'note',
  'undone',
  'check_in',
];
const TRAVEL_OUT: readonly EventKind[] = [
  'relinked',
  'continued',
  'announced',
  'accepted',
  'arrived_town',
  'arrived_county',
  'dispatched',
  'in_transit',
  ...TRAVEL_IN.slice(TRAVEL_IN.indexOf('out_for_delivery')),
];

const orderOf = (kinds: readonly EventKind[]) =>
  Object.fromEntries(kinds.map((kind, index) => [kind, index])) as Record<EventKind, number>;
/** Tie-break of events at one instant, by kind. */
export const KIND_ORDER: Readonly<Record<Direction, Readonly<Record<EventKind, number>>>> = {
  inbound: orderOf(TRAVEL_IN),
  outbound: orderOf(TRAVEL_OUT),
};
