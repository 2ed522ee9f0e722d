import type { Day, UnitLevel } from '#contracts';
import { coversDay, type DirectorySnapshot } from '#directory';
import type { DirectoryFacts } from '../parcel/parcel.contributions.js';

/** A snapshot's answers to what folding and counting ask, remembered: the hot path asks the same few things thousands of times a second. */
export class SnapshotFacts implements DirectoryFacts {
  private static readonly made = new WeakMap<DirectorySnapshot, SnapshotFacts>();
  private readonly levels = new Map<string, UnitLevel | undefined>();
  private readonly counties = new Map<string, string>();
  private readonly successors = new Map<string, string>();
  private readonly destinations = new Map<string, boolean>();
  private readonly insides = new Map<string, string[]>();
  private readonly mayHaveSuccessor: ReadonlySet<string>;

  private constructor(readonly snapshot: DirectorySnapshot) {
    this.mayHaveSuccessor = new Set(snapshot.lineage().map((link) => link.predecessorId));
  }

  /** The one instance of a snapshot. */
  static of(snapshot: DirectorySnapshot): SnapshotFacts {
    const known = this.made.get(snapshot);
    if (known) return known;
    const facts = new SnapshotFacts(snapshot);
    this.made.set(snapshot, facts);
    return facts;
  }

  /** Level of a unit; bound, so that it can be handed to the fold. */
  readonly levelOf = (unitId: string): UnitLevel | undefined => {
    if (!this.levels.has(unitId)) this.levels.set(unitId, this.snapshot.unit(unitId)?.level);
    return this.levels.get(unitId);
  };

  /** Six digits of the county that keeps the unit's rows; empty above the counties. */
  countyOf(unitId: string): string {
    let county = this.counties.get(unitId);
    if (county === undefined) {
      county = this.snapshot.countyCodeOf(unitId);
      this.counties.set(unitId, county);
    }
    return county;
  }

  villageOn(villageId: string, day: Day): string {
    if (!this.mayHaveSuccessor.has(villageId)) return villageId;
    const key = `${villageId} ${day}`;
    let successor = this.successors.get(key);
    if (successor === undefined) {
      successor = this.snapshot.successorOn(villageId, day)?.id ?? villageId;
      this.successors.set(key, successor);
    }
    return successor;
  }

  /** Ids of every unit that lies or lay within a unit, itself included. */
  within(unitId: string): string[] {
    let inside = this.insides.get(unitId);
    if (!inside) {
      inside = this.snapshot.idsWithin(unitId);
      this.insides.set(unitId, inside);
    }
    return inside;
  }

  /** Units that may stand for this one after merges and splits. */
  heirsOf(unitId: string): string[] {
    const heirs = new Set<string>();
    const links = this.snapshot.lineage();
    for (let layer = [unitId]; layer.length > 0;) {
      layer = links
        .filter((link) => layer.includes(link.predecessorId) && !heirs.has(link.successorId))
        .map((link) => link.successorId);
      for (const heir of layer) heirs.add(heir);
    }
    return [...heirs];
  }

  /** A limit of distance is for people who have to go to a station; a mobile round comes to them, wherever it sets out. */
  isServedThrough(villageId: string, stationId: string, day: Day): boolean {
    const limitM = this.snapshot.parameters(this.countyOf(villageId)).neighbourMaxDistanceM;
    return this.snapshot
      .relationsOf(villageId)
      .some(
        (relation) =>
          relation.stationId === stationId &&
          (relation.mode === 'mobile_round' || relation.distanceM <= limitM) &&
          coversDay(relation.validFrom, relation.validTo, day),
      );
  }

  /** Whether a parcel for the village may be left at the station on the day: it stands in the village, or in what is above it, or serves it. */
  isFor(villageId: string, stationId: string, day: Day): boolean {
    const key = `${villageId} ${stationId} ${day}`;
    let known = this.destinations.get(key);
    if (known === undefined) {
      known = this.findIsFor(villageId, stationId, day);
      if (this.destinations.size > 50_000) this.destinations.clear();
      this.destinations.set(key, known);
    }
    return known;
  }

  private findIsFor(villageId: string, stationId: string, day: Day): boolean {
    const village = this.villageOn(villageId, day);
    const unitId = this.snapshot.station(stationId)?.unitId;
    if (unitId !== undefined && this.snapshot.isWithin(village, this.villageOn(unitId, day))) return true;
    return this.villagesServed(stationId, day).includes(village);
  }

  /** Villages that are registered to be served through the station on the day, as they are on that day. */
  villagesServed(stationId: string, day: Day): string[] {
    return this.snapshot
      .relationsThrough(stationId)
      .filter((relation) => coversDay(relation.validFrom, relation.validTo, day))
      .map((relation) => this.villageOn(relation.villageId, day));
  }
}
