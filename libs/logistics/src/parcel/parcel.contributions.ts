import { PARCEL_DAY_COUNTS as COUNTS, type Day } from '#contracts';
import type { EventKind } from './parcel.event.js';
import { dayOfMs } from './day.memo.js';
import type { FoldedEvent, ParcelFold } from './parcel.fold.js';
import { STAGE_CLASS } from './parcel.transitions.js';
import { stationCounts } from './station.counts.js';

/** Station of a row in which no station took part. */
export const NO_STATION = '00000000-0000-0000-0000-000000000000';

/** A row of logistics.parcel_day: what one parcel counts for on one (unit, day, station). */
export interface ParcelDayRow {
  readonly unitId: string;
  readonly day: Day;
  readonly waybill: string;
  readonly stationId: string;
  readonly carrierCode: string | null;
  /** Bits of PARCEL_DAY_COUNTS and STATION_DAY_COUNTS. */
  readonly counts: number;
}

/** What the rules need to know of the directory. */
export interface DirectoryFacts {
  /** The village itself, or what it became by merge or split, as of the day. */
  villageOn(villageId: string, day: Day): string;
  /** Whether the village was served through the station on the day, near enough to be credited. */
  isServedThrough(villageId: string, stationId: string, day: Day): boolean;
}

/** Scans that make a service day (metric M2). */
const SERVICE_KINDS: ReadonlySet<EventKind> = new Set(['arrived_village', 'shelved', 'picked_up', 'accepted']);
/** Scans that show an inbound parcel at village level (metrics M6 and M10). */
const VILLAGE_KINDS: ReadonlySet<EventKind> = new Set(['arrived_village', 'shelved', 'picked_up']);
/** Statements from afar that place the parcel in its village (metric M4). */
const VILLAGE_CLAIMS: ReadonlySet<EventKind> = new Set([
  'arrived_station',
  'arrived_village',
  'shelved',
  'picked_up',
  'delivered',
]);

/**
 * What a parcel counts for, from its fold. Parcels that were transferred to a new waybill are given together, oldest first: what counts
 * once counts at the first of them that did it. Rules: docs/domain/parcels.md, "What a parcel counts for".
 */
export function contributions(chain: readonly ParcelFold[], facts: DirectoryFacts): ParcelDayRow[] {
  return new Counting(chain, facts).rows();
}

interface CountedRow extends ParcelDayRow {
  counts: number;
}
interface Scan {
  parcel: ParcelFold;
  entry: FoldedEvent;
}

class Counting {
  private readonly found: CountedRow[] = [];
  private readonly village: string | null;
  private readonly outbound: boolean;
  private readonly packed: boolean;
  private firstAtVillage: Scan | undefined;
  private firstAtTown: Scan | undefined;
  private firstAccepted: Scan | undefined;
  private firstInTown: Scan | undefined;
  private reached = false;
  private produce: boolean;

  constructor(
    private readonly chain: readonly ParcelFold[],
    private readonly facts: DirectoryFacts,
  ) {
    const packed = chain.find((parcel) => parcel.packed);
    this.packed = this.produce = packed !== undefined;
    this.village = packed?.villageId ?? chain.reduce<string | null>((known, parcel) => parcel.villageId ?? known, null);
    this.outbound = chain.some((parcel) => parcel.direction === 'outbound');
  }

  rows(): ParcelDayRow[] {
    for (const parcel of this.chain)
      for (const entry of parcel.timeline) {
        if (!entry.counts) continue;
        if (entry.own) this.takeScan({ parcel, entry });
        else this.takeClaim({ parcel, entry });
      }
    this.countOnce();
    for (const parcel of this.chain)
      // They lie at the station's own unit, as the scan named it: no change of the directory can move them.
      stationCounts(parcel, (entry, counts) => {
        const { unitId } = entry.event;
        if (unitId !== null) this.put(unitId, { parcel, entry }, counts);
      });
    return this.found;
  }

  private takeScan(scan: Scan): void {
    const { event, place, stage } = scan.entry;
    if (place === 'town') this.firstInTown ??= scan;
    // A town that a return passes through is not an arrival.
    if (event.kind === 'arrived_town' && STAGE_CLASS[stage] === 'open') this.firstAtTown ??= scan;
    if (event.kind === 'accepted') {
      this.firstAccepted ??= scan;
      this.produce ||= event.produce !== null;
    }
    if (this.village === null || !SERVICE_KINDS.has(event.kind)) return;
    const credited = this.isCredited(this.village, scan);
    if (credited) this.add(this.village, scan, COUNTS.service);
    if (!VILLAGE_KINDS.has(event.kind)) return;
    if (credited) this.reached = true;
    if (credited || place === 'village') this.firstAtVillage ??= scan;
  }

  /** The village's own station, or one it is registered to be served through, near enough. */
  private isCredited(village: string, { entry: { event } }: Scan): boolean {
    const day = dayOfMs(event.occurredAt);
    const belonging = this.facts.villageOn(village, day);
    if (event.unitId !== null && (event.unitId === belonging || this.facts.villageOn(event.unitId, day) === belonging))
      return true;
    return event.stationId !== null && this.facts.isServedThrough(belonging, event.stationId, day);
  }

  private takeClaim(scan: Scan): void {
    // What a lot says is produce needs no scan of ours to be taken in: the carrier's own word will do.
    if (this.packed && scan.entry.event.kind === 'accepted') this.firstAccepted ??= scan;
    if (this.village === null || this.outbound || scan.parcel.carrierCode === null || !VILLAGE_CLAIMS.has(scan.entry.event.kind))
      return;
    this.add(this.village, scan, 0);
  }

  private countOnce(): void {
    if (this.village === null) {
      const townId = this.firstInTown?.entry.event.unitId;
      if (this.firstInTown && townId) this.put(townId, this.firstInTown, COUNTS.unassigned);
      return;
    }
    if (this.outbound) {
      const returned = this.chain.some(({ stage }) => stage === 'returning' || stage === 'returned');
      if (this.firstAccepted && this.produce && !returned) this.add(this.village, this.firstAccepted, COUNTS.outbound, false);
      return;
    }
    if (this.firstAtTown)
      this.add(this.village, this.firstAtTown, COUNTS.townArrival | (this.reached ? COUNTS.reached : 0), false);
    if (this.firstAtVillage) this.add(this.village, this.firstAtVillage, COUNTS.inbound, false);
  }

  /** Adds bits to the row of (village as of the day, day, station). An event in the village makes the brand present. */
  private add(village: string, scan: Scan, counts: number, inVillage = true): void {
    const brand = inVillage && scan.parcel.carrierCode !== null ? COUNTS.brand : 0;
    this.put(this.facts.villageOn(village, dayOfMs(scan.entry.event.occurredAt)), scan, counts | brand);
  }

  private put(unitId: string, { parcel, entry: { event } }: Scan, counts: number): void {
    if (counts === 0) return;
    const day = dayOfMs(event.occurredAt);
    const stationId = event.stationId ?? NO_STATION;
    // A parcel has a handful of rows: looking through them is quicker than making keys.
    const known = this.found.find(
      (row) => row.day === day && row.unitId === unitId && row.stationId === stationId && row.waybill === parcel.waybill,
    );
    if (known) known.counts |= counts;
    else this.found.push({ unitId, day, waybill: parcel.waybill, stationId, carrierCode: parcel.carrierCode, counts });
  }
}

/** What changes between two sets of rows, for the table and for the facts that depend on it. */
export interface RowChange {
  readonly removed: readonly ParcelDayRow[];
  readonly written: readonly ParcelDayRow[];
  /** Those of them by which a published fact may change. */
  readonly touched: readonly ParcelDayRow[];
}

const PUBLISHED = Object.values(COUNTS).reduce((bits: number, bit) => bits | bit, 0);
const isPublished = (row: ParcelDayRow): boolean => (row.counts & PUBLISHED) !== 0;

/** The difference between the rows before and after: what to delete, what to insert or overwrite. */
export function rowChange(before: readonly ParcelDayRow[], after: readonly ParcelDayRow[]): RowChange {
  if (before.length === 0) return { removed: before, written: after, touched: after.filter(isPublished) };
  const old = new Map(before.map((row) => [rowKey(row), row]));
  const written: ParcelDayRow[] = [];
  const touched: ParcelDayRow[] = [];
  for (const row of after) {
    const key = rowKey(row);
    const known = old.get(key);
    old.delete(key);
    if (known?.counts === row.counts && known.carrierCode === row.carrierCode) continue;
    written.push(row);
    if (isPublished(row) || (known && isPublished(known))) touched.push(row);
  }
  const removed = [...old.values()];
  return { removed, written, touched: [...removed.filter(isPublished), ...touched] };
}

/** Key of a row of logistics.parcel_day within its county. */
export const rowKey = (row: ParcelDayRow): string => `${row.unitId} ${row.day} ${row.stationId} ${row.waybill}`;
