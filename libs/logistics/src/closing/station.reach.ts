import type { StationNode } from '#directory';
import { scopeAllows } from '#directory';
import { DomainError, notFound, type Principal } from '#platform';
import type { SnapshotFacts } from '../ledger/directory.facts.js';

/** Whether the caller may look into a station's work: a keeper into their own stations', everybody else into those of their unit and below. */
export function mayLookInto({ snapshot }: SnapshotFacts, principal: Principal, station: StationNode): boolean {
  return principal.role === 'station'
    ? principal.stationIds.includes(station.id)
    : scopeAllows(snapshot, principal, station.unitId);
}

/**
 * The station that a question is about: the one named, else the caller's only one.
 * @throws DomainError `station_required` 400, `not_found` 404 also for one that the caller may not look into
 */
export function stationAsked(facts: SnapshotFacts, principal: Principal, code: string | undefined): StationNode {
  const [only, ...others] = principal.stationIds;
  if (code === undefined && (only === undefined || others.length > 0)) throw new DomainError('station_required', 400);
  const station = code === undefined ? facts.snapshot.station(only ?? '') : facts.snapshot.stationByCode(code);
  if (!station || !mayLookInto(facts, principal, station)) throw notFound(code ?? '');
  return station;
}

/**
 * Stations that a list covers: the one named, else every one that the caller may look into.
 * @throws DomainError `not_found` 404 for one that the caller may not look into
 */
export function stationsAsked(facts: SnapshotFacts, principal: Principal, code: string | undefined): readonly StationNode[] {
  if (code !== undefined) return [stationAsked(facts, principal, code)];
  return facts.snapshot.allStations().filter((station) => mayLookInto(facts, principal, station));
}
