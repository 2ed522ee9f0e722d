/** Master data as the rest of the system reads it: plain immutable nodes (docs/domain/directory.md). */
import type { Day, Parameters, ServiceMode, UnitLevel } from '#contracts';

/** A unit with its attributes as of one day. `validFrom`/`validTo` bound the unit's existence, half-open, not the attributes'. */
export interface UnitNode {
  readonly id: string;
  readonly level: UnitLevel;
  /** The level's own digits: 6 for a county, 9 for a town, 12 for a village. */
  readonly code: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly urbanRural: string | null;
  readonly validFrom: Day;
  readonly validTo: Day | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

/** What a unit was called, numbered and part of, half-open `[validFrom, validTo)`. */
export interface UnitVersionRow {
  readonly unitId: string;
  readonly validFrom: Day;
  readonly validTo: Day | null;
  readonly code: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly urbanRural: string | null;
}

/** A unit's own row: what does not change with its versions. */
export interface UnitRow {
  readonly id: string;
  readonly level: UnitLevel;
  readonly validFrom: Day;
  readonly validTo: Day | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

/** A place where parcels are handled; its position is the centre of the check-in geofence. */
export interface StationNode {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly unitId: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly validFrom: Day;
  readonly validTo: Day | null;
}

/** A village is served by a carrier, in a mode, through a station, over `[validFrom, validTo)`. */
export interface RelationNode {
  readonly id: string;
  readonly villageId: string;
  readonly carrierCode: string;
  readonly mode: ServiceMode;
  readonly stationId: string;
  /** Village to station, metres. */
  readonly distanceM: number;
  readonly validFrom: Day;
  readonly validTo: Day | null;
}

/** Merge: several predecessors, one successor. Split: one predecessor, several successors. */
export type LineageKind = 'merge' | 'split';

/** One link of descent. The shares of one predecessor sum to 1. `on` is the successor's first day. */
export interface LineageLink {
  readonly predecessorId: string;
  readonly successorId: string;
  readonly on: Day;
  readonly kind: LineageKind;
  readonly share: number;
}

export interface CarrierNode {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
}

/** Days of an approved suspension; `to` is its last day, inclusive. */
export interface SuspensionSpan {
  readonly from: Day;
  readonly to: Day;
}

/** Everything that a snapshot is built from. */
export interface DirectoryRows {
  readonly revision: number;
  readonly units: readonly UnitRow[];
  readonly versions: readonly UnitVersionRow[];
  readonly lineage: readonly LineageLink[];
  readonly stations: readonly StationNode[];
  readonly carriers: readonly CarrierNode[];
  readonly relations: readonly RelationNode[];
  /** Approved ones only. */
  readonly suspensions: readonly (SuspensionSpan & { readonly villageId: string })[];
  /** A county's own values; a county that is absent has the defaults. */
  readonly parameters: readonly { readonly countyCode: string; readonly values: Parameters }[];
}
