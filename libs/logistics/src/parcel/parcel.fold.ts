import {
  DOUBLE_SCAN_MS,
  type Direction,
  type EventSource,
  type ExceptionKind,
  type ParcelStage,
  type Proof,
  type ScanFlag,
  type UnitLevel,
} from '#contracts';
import { isOwnScan, isPacking, type LedgerEvent } from './parcel.event.js';
import { directionOf, inOrder } from './parcel.order.js';
import { newStanding, stepOf, takeStep, type Standing } from './parcel.stage.js';
import { undoingOf, type Undoing } from './parcel.undo.js';
import { CLOSED_BY, FAILED_DELIVERY, type Place } from './parcel.transitions.js';

/** An event with what the others make of it. */
export interface FoldedEvent {
  readonly event: LedgerEvent;
  readonly own: boolean;
  readonly place: Place;
  /** Stage after it. */
  readonly stage: ParcelStage;
  /** Station on whose shelf the parcel lay before it, by our own scans. */
  readonly heldBefore: string | null;
  /** The same after it. */
  readonly heldAfter: string | null;
  /** Flags of the row and those derived here (`double_scan`, `illegal_sequence`, `undone`). */
  readonly flags: readonly ScanFlag[];
  /** The scan happened and stands for something; a double scan, a scan of a parcel that had ended, and one that was taken back do not. */
  readonly counts: boolean;
  /** It was taken back, or takes another back: it says nothing about the parcel. */
  readonly undone: boolean;
}

/** A carrier's signature that our own shelf contradicts (虚假签收). */
export interface Conflict {
  readonly kind: 'false_delivery';
  readonly openedAt: number;
  readonly source: EventSource;
  readonly stationId: string | null;
}

/** An exception, open while it has no `closedAt`. */
export interface ParcelException {
  readonly kind: ExceptionKind;
  readonly openedAt: number;
  closedAt?: number;
}

/** State of a parcel: a pure function of the set of its events. Instants are milliseconds. */
export interface ParcelFold {
  readonly waybill: string;
  readonly direction: Direction;
  /** Upflow packed it: it is produce, outbound, and belongs to the village of its lot. */
  readonly packed: boolean;
  readonly stage: ParcelStage;
  readonly carrierCode: string | null;
  readonly proof: Proof | null;
  readonly exceptions: readonly ParcelException[];
  readonly conflicts: readonly Conflict[];
  /** Village that the parcel belongs to: addressed, else (of produce) its origin, else where a village's station handled it. */
  readonly villageId: string | null;
  /** Village on the label, by the latest event that names one. */
  readonly addressedId: string | null;
  /** Town that first saw it: the bucket of a parcel with no known village. */
  readonly townId: string | null;
  /** Station on whose shelf it lies, else the one that handled it last. */
  readonly stationId: string | null;
  /** Since when it lies on that shelf, by our own scans; null when it lies on none. */
  readonly heldSince: number | null;
  /** Shelf code while it lies on a shelf of ours. */
  readonly shelfCode: string | null;
  readonly supersedes: string | null;
  readonly supersededBy: string | null;
  readonly firstClaimedAt: number;
  readonly lastEventAt: number;
  /** In the one order that the state was folded in: what the timeline shows. */
  readonly timeline: readonly FoldedEvent[];
}

/** Level of a unit; it never changes, so that no fold depends on a day. */
export type LevelOf = (unitId: string) => UnitLevel | undefined;

const NO_FLAGS: readonly ScanFlag[] = [];
const NONE: readonly never[] = [];
const NOWHERE: ReadonlySet<string> = new Set();
/**
 * Folds a parcel's events into its state. Total, and the same for any order, repetition and batching of one set of events.
 * Quarantined events and check-ins stay out. `undefined` when nothing is left. Rules: docs/domain/parcels.md.
 */
export function foldParcel(rows: readonly LedgerEvent[], levelOf: LevelOf): ParcelFold | undefined {
  const events = rows.filter(takesPart);
  const [any] = events;
  if (!any) return undefined;
  const undoing = undoingOf(events);
  const direction = directionOf(undoing ? events.filter((event) => !undoing.scans.has(event.id)) : events);
  return new Folding(any.waybill, direction, levelOf, undoing).run(inOrder(events, direction));
}

function takesPart(event: LedgerEvent): boolean {
  return event.kind !== 'check_in' && (event.flags.length === 0 || !event.flags.includes('quarantined'));
}

/** Which evidence about the carrier wins: a manifest or the carrier itself, then the label, then a provider. */
const CARRIER_WEIGHT: Readonly<Record<EventSource, number>> = {
  csv: 3,
  carrier_key: 3,
  station: 2,
  town: 2,
  county: 2,
  kuaidi100: 1,
  kdniao: 1,
  // The label that the packer stuck on.
  upflow: 2,
};

/** One pass over the ordered events. */
class Folding {
  private readonly standing: Standing = newStanding();
  private readonly timeline: FoldedEvent[] = [];
  // Most parcels have none of these; they are made when the first one comes, because folds are made by the thousand.
  private exceptions: ParcelException[] | undefined;
  private conflicts: Conflict[] | undefined;
  private acceptedAt: Set<string> | undefined;
  private lastScans: Map<string, number> | undefined;
  private alone = false;
  private heldBefore: string | null = null;
  private carrierCode: string | null = null;
  private carrierWeight = 0;
  private proof: Proof | null = null;
  private signedBy: LedgerEvent | null = null;
  private disputed = false;
  private addressed: string | null = null;
  private origin: string | null = null;
  private packed = false;
  private handledIn: string | null = null;
  private townId: string | null = null;
  private stationId: string | null = null;
  private heldSince: number | null = null;
  private shelfCode: string | null = null;
  private supersedes: string | null = null;
  private supersededBy: string | null = null;
  private firstClaimedAt = Infinity;
  private lastEventAt = -Infinity;

  constructor(
    private readonly waybill: string,
    private readonly direction: Direction,
    private readonly levelOf: LevelOf,
    private readonly undoing: Undoing | undefined,
  ) {}

  run(events: readonly LedgerEvent[]): ParcelFold {
    this.alone = events.length === 1;
    for (const event of events) this.take(event);
    const { stage, heldBy } = this.standing;
    return {
      waybill: this.waybill,
      direction: this.direction,
      packed: this.packed,
      stage,
      carrierCode: this.carrierCode,
      proof: this.proof,
      exceptions: this.exceptions ?? NONE,
      conflicts: this.conflicts ?? NONE,
      villageId: (this.direction === 'outbound' ? this.origin : null) ?? this.addressed ?? this.handledIn,
      addressedId: this.addressed,
      townId: this.townId,
      stationId: heldBy ?? this.stationId,
      heldSince: heldBy === null ? null : this.heldSince,
      shelfCode: heldBy === null ? null : this.shelfCode,
      supersedes: this.supersedes,
      supersededBy: this.supersededBy,
      firstClaimedAt: this.firstClaimedAt,
      lastEventAt: this.lastEventAt,
      timeline: this.timeline,
    };
  }

  private take(event: LedgerEvent): void {
    const own = isOwnScan(event);
    const place: Place = (own && event.unitId !== null && this.levelOf(event.unitId)) || 'none';
    this.heldBefore = this.standing.heldBy;
    this.lastEventAt = event.occurredAt;
    if (event.claimedAt < this.firstClaimedAt) this.firstClaimedAt = event.claimedAt;
    const undone = this.undoneFlag(event);
    if (undone !== undefined) {
      this.push(event, own, place, undone, false, true);
      return;
    }
    this.learn(event, own, place);
    if (own && this.isDouble(event)) {
      this.learnShelf(event, own);
      this.push(event, own, place, 'double_scan', false);
      return;
    }
    const step = stepOf(this.standing, event, own, place, this.direction, this.acceptedAt ?? NOWHERE);
    if (own && event.kind === 'accepted' && event.stationId !== null && this.direction === 'outbound')
      (this.acceptedAt ??= new Set()).add(event.stationId);
    if (step.contradicts) this.dispute(event, own);
    takeStep(this.standing, step, event, own, this.direction);
    this.learnShelf(event, own);
    if (step.to !== null) this.afterMove(event);
    const misplaced = this.takeException(event) || step.illegal;
    const idle = step.illegal && step.to === null && event.kind !== 'arrived_town' && event.kind !== 'arrived_county';
    this.push(event, own, place, misplaced ? 'illegal_sequence' : null, !idle);
  }

  /** Flag of a scan that was taken back, or of what takes one back: nothing to flag, or nothing that it could take back. Else `undefined`. */
  private undoneFlag(event: LedgerEvent): ScanFlag | null | undefined {
    if (event.kind === 'undone') return this.undoing?.by.has(event.id) ? null : 'illegal_sequence';
    return this.undoing?.scans.has(event.id) ? 'undone' : undefined;
  }

  private push(event: LedgerEvent, own: boolean, place: Place, flag: ScanFlag | null, counts: boolean, undone = false): void {
    const all = flag === null ? event.flags : event.flags.length === 0 ? [flag] : [...event.flags, flag];
    const flags = all.length === 0 ? NO_FLAGS : all;
    const { stage, heldBy: heldAfter } = this.standing;
    this.timeline.push({ event, own, place, stage, heldBefore: this.heldBefore, heldAfter, flags, counts, undone });
  }

  /** What an event says besides the stage; a later one says it again. */
  private learn(event: LedgerEvent, own: boolean, place: Place): void {
    if (event.carrierCode !== null && CARRIER_WEIGHT[event.source] >= this.carrierWeight) {
      this.carrierCode = event.carrierCode;
      this.carrierWeight = CARRIER_WEIGHT[event.source];
    }
    if (event.addressVillageId !== null) this.addressed = event.addressVillageId;
    this.learnProduce(event);
    if (event.kind === 'continued') this.supersedes = event.linkedWaybill;
    if (event.kind === 'transferred' && event.linkedWaybill !== null) this.supersededBy = event.linkedWaybill;
    if (!own) return;
    if (event.stationId !== null) this.stationId = event.stationId;
    if (place === 'village') this.handledIn = event.unitId;
    if (place === 'town') this.townId ??= event.unitId;
  }

  /** Since when, and under which code, the parcel lies where it lies now: only the station that has it knows. */
  private learnShelf(event: LedgerEvent, own: boolean): void {
    const { heldBy } = this.standing;
    if (heldBy !== this.heldBefore) {
      this.heldSince = event.occurredAt;
      this.shelfCode = event.shelfCode;
    } else if (own && event.shelfCode !== null && event.stationId === heldBy) this.shelfCode = event.shelfCode;
  }

  /** Where produce is from: the lot knows better than whoever scanned the parcel. */
  private learnProduce(event: LedgerEvent): void {
    if (event.produce === null) return;
    const packing = isPacking(event);
    if (event.produce.originVillageId !== undefined && (packing || !this.packed)) this.origin = event.produce.originVillageId;
    this.packed ||= packing;
  }

  /** The business key of a scan: waybill, kind, station (and which exception), within ten minutes of the scan that counted. */
  private isDouble(event: LedgerEvent): boolean {
    if (this.alone) return false;
    const scans = (this.lastScans ??= new Map());
    const key = `${event.kind} ${event.stationId ?? event.unitId ?? ''} ${event.exception ?? ''}`;
    const last = scans.get(key);
    if (last !== undefined && event.occurredAt - last <= DOUBLE_SCAN_MS) return true;
    scans.set(key, event.occurredAt);
    return false;
  }

  private dispute(event: LedgerEvent, own: boolean): void {
    const claim = own ? this.signedBy : event;
    if (this.disputed || !claim) return;
    this.disputed = true;
    (this.conflicts ??= []).push({
      kind: 'false_delivery',
      openedAt: claim.occurredAt,
      source: claim.source,
      stationId: own ? event.stationId : this.standing.heldBy,
    });
  }

  private afterMove(event: LedgerEvent): void {
    const { stage } = this.standing;
    if (stage === 'delivered') this.signedBy = event;
    if (stage === 'collected') this.proof = event.proof;
    else if (stage === 'delivered') this.proof = event.proof ?? 'courier_claim';
    else this.proof = null;
    if (stage !== 'at_station') this.disputed = false;
    for (const exception of this.exceptions ?? NONE)
      if (exception.closedAt === undefined && CLOSED_BY[exception.kind].has(stage)) exception.closedAt = event.occurredAt;
  }

  /** Opens and closes exceptions; true when there was nothing to close. */
  private takeException(event: LedgerEvent): boolean {
    const kind = event.exception;
    if (kind === null || (event.kind !== 'exception_open' && event.kind !== 'exception_close')) return false;
    const open = this.exceptions?.find((exception) => exception.kind === kind && exception.closedAt === undefined);
    if (event.kind === 'exception_open') {
      if (!open) (this.exceptions ??= []).push({ kind, openedAt: event.occurredAt });
      if (FAILED_DELIVERY.has(kind)) this.standing.explained = true;
      return false;
    }
    if (!open) return true;
    open.closedAt = event.occurredAt;
    return false;
  }
}
