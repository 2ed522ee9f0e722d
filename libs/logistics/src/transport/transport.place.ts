import { dayOf, type BagView, type PlaceInput } from '#contracts';
import { coversDay, scopeAllows } from '#directory';
import { DomainError, notFound, type Principal } from '#platform';
import type { SnapshotFacts } from '../ledger/directory.facts.js';
import { countyKeyOf, listedUnit } from '../parcel/parcel.scope.js';
import type { RecordPlace } from '../record/record.kind.js';

/** A station, or a unit's sorting hall. */
export interface Place {
  readonly unitId: string;
  readonly stationId: string | null;
}

/** Where a record was made. */
export const placeOf = (record: RecordPlace): Place => ({ unitId: record.unitId, stationId: record.station?.id ?? null });

/** Whether a place is the one meant: where either names no station, the unit decides, because a hall and its station are one floor. */
export function isAt(meant: Place, place: Place): boolean {
  if (meant.unitId !== place.unitId) return false;
  return meant.stationId === null || place.stationId === null || meant.stationId === place.stationId;
}

/**
 * The destination that a record names, in its own county.
 * @throws DomainError `unknown_place` 400
 */
export function destinationOf(input: PlaceInput, { countyCode, facts, occurredAt }: RecordPlace): Place {
  const { snapshot } = facts;
  const day = dayOf(occurredAt);
  const unknown = new DomainError('unknown_place', 400, { place: input.stationCode ?? input.unitCode ?? '' });
  if (input.stationCode !== undefined) {
    const station = snapshot.stationByCode(input.stationCode);
    if (!station || facts.countyOf(station.unitId) !== countyCode) throw unknown;
    if (!coversDay(station.validFrom, station.validTo, day)) throw unknown;
    return { unitId: station.unitId, stationId: station.id };
  }
  const unit = snapshot.unitByCode(input.unitCode ?? '', day);
  if (!unit || facts.countyOf(unit.id) !== countyCode) throw unknown;
  return { unitId: unit.id, stationId: null };
}

/** A place as answers show it. */
export function placeView({ snapshot }: SnapshotFacts, { unitId, stationId }: Place): BagView['from'] {
  const unit = snapshot.unit(unitId);
  const station = stationId === null ? undefined : snapshot.station(stationId);
  return {
    unitCode: unit?.code ?? '',
    unitName: unit?.name ?? '',
    ...(station ? { stationCode: station.code, stationName: station.name } : {}),
  };
}

/** Whether the caller looks after a place: a keeper after their own stations, staff after everything in their unit. */
export function looksAfter({ snapshot }: SnapshotFacts, principal: Principal, { unitId, stationId }: Place): boolean {
  if (stationId !== null && principal.stationIds.includes(stationId)) return true;
  if (principal.role === 'station' && stationId !== null) return false;
  return scopeAllows(snapshot, principal, unitId);
}

/** What a list of a place's things is limited to; `stationIds` null is no limit. */
export interface PlaceList {
  readonly countyCode: string;
  readonly units: readonly string[];
  readonly stationIds: readonly string[] | null;
}

/**
 * The places that a list is about: the station asked for, a keeper's own stations, or all of a unit.
 * @throws DomainError `not_found` 404 for a station out of sight, `county_required` 400 above several counties
 */
export function listedPlaces(facts: SnapshotFacts, principal: Principal, stationCode: string | undefined, now: Date): PlaceList {
  const { snapshot } = facts;
  if (stationCode !== undefined) {
    const station = snapshot.stationByCode(stationCode);
    if (!station || !looksAfter(facts, principal, { unitId: station.unitId, stationId: station.id })) throw notFound(stationCode);
    return { countyCode: facts.countyOf(station.unitId), units: [station.unitId], stationIds: [station.id] };
  }
  const unit = listedUnit(snapshot, principal, undefined);
  const countyCode = countyKeyOf(facts, principal, unit, now);
  if (principal.role !== 'station') return { countyCode, units: snapshot.idsWithin(unit.id), stationIds: null };
  const stations = principal.stationIds.flatMap((id) => snapshot.station(id) ?? []);
  return {
    countyCode,
    units: [...new Set(stations.map(({ unitId }) => unitId))],
    stationIds: stations.map(({ id }) => id),
  };
}
