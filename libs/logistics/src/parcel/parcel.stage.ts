/** How one event moves a parcel: the rules between the tables. */
import { type Direction, type ParcelStage } from '#contracts';
import { isPacking, type EventKind, type LedgerEvent } from './parcel.event.js';
import {
  EXITS,
  RANK,
  RANK_LAST_CANCELLABLE,
  RANK_OUT_FOR_DELIVERY,
  reportedStage,
  STAGE_CLASS,
  type Place,
} from './parcel.transitions.js';

/** Where a parcel stands between two events. */
export interface Standing {
  stage: ParcelStage;
  /** Rank of the last stage that was known; −1 before any. It outlives `unknown`. */
  rank: number;
  /** An own scan set the stage, not a statement from afar. */
  own: boolean;
  /** Station on whose shelf the parcel lies, by our own scans. */
  heldBy: string | null;
  /** A failed delivery, return or redelivery allows the stage to go back. */
  explained: boolean;
  /** Where it stood before it ended, for a revoked delivery. */
  before: { stage: ParcelStage; rank: number; own: boolean } | null;
}

/** What an event does: a stage to go to, out of order or not, a delivery that our shelf contradicts. */
export interface Step {
  to: ParcelStage | null;
  illegal: boolean;
  contradicts: boolean;
}

const STAY: Step = { to: null, illegal: false, contradicts: false };
const OUT_OF_ORDER: Step = { to: null, illegal: true, contradicts: false };
const go = (to: ParcelStage, illegal = false): Step => ({ to, illegal, contradicts: false });

/** Kinds by which a station shows that the parcel is on its shelf. */
const SHELF_KINDS: ReadonlySet<EventKind> = new Set(['arrived_village', 'shelved', 'stocktake']);

/** The first standing of a parcel: nothing is known. */
export const newStanding = (): Standing => ({
  stage: 'unknown',
  rank: -1,
  own: false,
  heldBy: null,
  explained: false,
  before: null,
});

/**
 * Decides what an event does to a parcel that stands as given.
 * @param acceptedAt stations that took an outbound parcel in: there it is not "arriving"
 */
export function stepOf(
  standing: Standing,
  event: LedgerEvent,
  own: boolean,
  place: Place,
  direction: Direction,
  acceptedAt: ReadonlySet<string>,
): Step {
  if (event.kind === 'delivery_revoked')
    return standing.stage === 'delivered' ? go(standing.before?.stage ?? 'out_for_delivery') : STAY;
  if (event.kind === 'exception_close' && standing.stage === 'lost' && event.exception === 'missing')
    return go(standing.before?.stage ?? 'unknown');
  // It was packed before anything happened to it, whatever time the packer wrote down.
  if (isPacking(event) && (standing.stage !== 'unknown' || standing.rank >= 0)) return STAY;
  const to = reportedStage(direction, event.kind, place);
  if (to === null) return STAY;
  if (direction === 'outbound' && own && event.stationId !== null && acceptedAt.has(event.stationId)) {
    const back = atOrigin(standing, event.kind);
    if (back) return back;
  }
  if (event.kind === 'accepted' && own && direction === 'inbound') return OUT_OF_ORDER;
  switch (STAGE_CLASS[standing.stage]) {
    case 'open':
      return fromOpen(standing, event.kind, own, to, direction);
    case 'returning':
      return fromReturning(standing, event.kind, to);
    case 'closed':
      return fromClosed(standing, event.kind, own, to);
  }
}

/** At the station that took it in, an outbound parcel neither arrives nor is picked up, unless it came back. */
function atOrigin(standing: Standing, kind: EventKind): Step | undefined {
  const cameBack = standing.stage === 'returning';
  if (kind === 'picked_up') return cameBack ? go('returned') : OUT_OF_ORDER;
  if (kind === 'stocktake') return STAY;
  if (SHELF_KINDS.has(kind)) return cameBack ? STAY : OUT_OF_ORDER;
  return undefined;
}

function fromOpen(standing: Standing, kind: EventKind, own: boolean, to: ParcelStage, direction: Direction): Step {
  switch (to) {
    case 'delivered':
      return standing.heldBy !== null && !own ? { to: null, illegal: false, contradicts: true } : go(to);
    case 'collected':
      return go(to, standing.rank < RANK_OUT_FOR_DELIVERY);
    case 'cancelled':
      return standing.rank <= RANK_LAST_CANCELLABLE ? go(to) : OUT_OF_ORDER;
    case 'returning':
    case 'returned':
    case 'transferred':
    case 'lost':
      return go(to);
    case 'unknown':
      return standing.own ? STAY : go(to);
    default:
      return alongTheRow(standing, kind, own, to, RANK[direction][to] ?? 0);
  }
}

function alongTheRow(standing: Standing, kind: EventKind, own: boolean, to: ParcelStage, rank: number): Step {
  if (rank >= standing.rank) return go(to);
  // Whoever holds the parcel knows better than a statement from afar.
  if (!own && standing.heldBy !== null && kind !== 'redelivery' && standing.explained) return STAY;
  if (!own && standing.own && kind !== 'redelivery')
    return standing.rank >= RANK_OUT_FOR_DELIVERY && !standing.explained ? OUT_OF_ORDER : STAY;
  if (kind === 'redelivery') return !own && standing.heldBy !== null ? STAY : go(to);
  if (standing.explained) return go(to);
  if (kind === 'dispatched' && to === 'out_for_delivery') return go(to);
  return standing.rank >= RANK_OUT_FOR_DELIVERY ? OUT_OF_ORDER : go(to, own && standing.own);
}

function fromReturning(standing: Standing, kind: EventKind, to: ParcelStage): Step {
  if (kind === 'redelivery') return go(to);
  if (to === 'collected') return go(to, true);
  const exit = EXITS[standing.stage]?.[to];
  if (exit === undefined) return OUT_OF_ORDER;
  return exit === 'stay' ? STAY : go(exit === 'go' ? to : exit);
}

function fromClosed(standing: Standing, kind: EventKind, own: boolean, to: ParcelStage): Step {
  // A carrier's signature before the parcel was even on our shelf: the shelf is right, the signature is contradicted.
  if (standing.stage === 'delivered' && own && SHELF_KINDS.has(kind)) return { to, illegal: false, contradicts: true };
  if (standing.stage === 'delivered' && to === 'collected' && !own) return STAY;
  const exit = EXITS[standing.stage]?.[to];
  if (exit === undefined) return OUT_OF_ORDER;
  return exit === 'stay' ? STAY : go(exit === 'go' ? to : exit);
}

/** Applies a step. */
export function takeStep(standing: Standing, step: Step, event: LedgerEvent, own: boolean, direction: Direction): void {
  const { to } = step;
  if (to === null) return;
  const reopened = STAGE_CLASS[standing.stage] === 'closed' && STAGE_CLASS[to] === 'open';
  if (STAGE_CLASS[to] === 'closed' && STAGE_CLASS[standing.stage] !== 'closed')
    standing.before = { stage: standing.stage, rank: standing.rank, own: standing.own };
  const rank = RANK[direction][to];
  const advanced = rank === undefined || rank >= standing.rank;
  if (rank !== undefined) standing.rank = rank;
  else if (to === 'transferred') standing.rank = RANK_LAST_CANCELLABLE;
  if (rank !== undefined && rank >= RANK_OUT_FOR_DELIVERY && advanced) standing.explained = false;
  if (event.kind === 'redelivery' || to === 'returning' || (reopened && event.kind === 'delivery_revoked'))
    standing.explained = true;
  standing.stage = to;
  // A carrier that says "at the station" after our own scan takes nothing off our shelf.
  if (to !== 'at_station') standing.heldBy = null;
  else if (own) standing.heldBy = event.stationId;
  standing.own = own || standing.heldBy !== null;
}
