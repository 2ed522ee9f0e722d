/**
 * Which stations credit a village with service. Its own do; a neighbour's does only with a registered relation within the
 * distance that the county sets. A pickup elsewhere stays the village's parcel and credits nobody with a service day.
 */
import type { Day, Parameters, ServiceMode, UnitLevel } from '#contracts';

/** A station's events credit the village on `[from, to)`. */
export interface Credit {
  readonly stationId: string;
  readonly from: Day;
  readonly to: Day | null;
}

/** A registered relation, seen from the village. */
export interface CreditRelation {
  readonly stationId: string;
  /** Level of the unit that the station belongs to. */
  readonly stationLevel: UnitLevel | undefined;
  readonly mode: ServiceMode;
  readonly distanceM: number;
  readonly validFrom: Day;
  readonly validTo: Day | null;
}

/**
 * Whether a relation lets its station credit the village. At another village's station the distance decides. A town's station
 * is no place in the village either, unless its courier does the round of the village (`mobile_round`).
 */
export function relationCredits(relation: CreditRelation, parameters: Parameters): boolean {
  if (relation.distanceM <= parameters.neighbourMaxDistanceM) return true;
  return relation.stationLevel !== 'village' && relation.mode === 'mobile_round';
}

/** All credits of a village: its own stations from the day they are its own, and what its relations allow. */
export function creditsOf(own: readonly Credit[], relations: readonly CreditRelation[], parameters: Parameters): Credit[] {
  const registered = relations
    .filter((relation) => relationCredits(relation, parameters))
    .map(({ stationId, validFrom, validTo }) => ({ stationId, from: validFrom, to: validTo }));
  return [...own, ...registered].filter((credit) => credit.to === null || credit.from < credit.to);
}
