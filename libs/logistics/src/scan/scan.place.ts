import type { EventSource } from '#contracts';
import { scopeAllows, type StationNode } from '#directory';
import { DomainError, type Principal } from '#platform';
import type { SnapshotFacts } from '../ledger/directory.facts.js';

/** Where a scan is made: the station, if any, and the unit whose scan it is. */
export interface ScanPlace {
  readonly countyCode: string;
  readonly unitId: string | null;
  readonly station: StationNode | null;
  readonly source: EventSource;
}

/**
 * Finds out where the caller may scan; remembers it, because the scans of a call are mostly made at one place. A station's keeper scans for
 * its own stations, town and county staff for theirs and everything below, a carrier's key for its carrier within its unit.
 */
export class PlaceFinder {
  private readonly found = new Map<string | undefined, ScanPlace | DomainError>();

  constructor(
    private readonly principal: Principal,
    private readonly facts: SnapshotFacts,
  ) {}

  /** The place of a station code, or of none. A refusal is returned, not thrown: it concerns one scan of a batch. */
  find(stationCode: string | undefined): ScanPlace | DomainError {
    let place = this.found.get(stationCode);
    if (!place) {
      place = this.look(stationCode);
      this.found.set(stationCode, place);
    }
    return place;
  }

  private look(stationCode: string | undefined): ScanPlace | DomainError {
    const { principal, facts } = this;
    const station = stationCode === undefined ? this.onlyStation() : facts.snapshot.stationByCode(stationCode);
    if (stationCode !== undefined && !station) return new DomainError('unknown_station', 400, { station: stationCode });
    if (!station) return this.withoutStation();
    const allowed =
      principal.role === 'station'
        ? principal.stationIds.includes(station.id)
        : scopeAllows(facts.snapshot, principal, station.unitId);
    if (!allowed) return new DomainError('station_out_of_scope', 403, { station: station.code });
    return { countyCode: facts.countyOf(station.unitId), unitId: station.unitId, station, source: sourceOf(principal) };
  }

  private onlyStation(): StationNode | undefined {
    const [only, ...others] = this.principal.stationIds;
    return only !== undefined && others.length === 0 ? this.facts.snapshot.station(only) : undefined;
  }

  private withoutStation(): ScanPlace | DomainError {
    const { principal, facts } = this;
    const source = sourceOf(principal);
    const countyCode = facts.countyOf(principal.unitId);
    if (principal.role === 'station' || countyCode === '') return new DomainError('station_required', 400);
    // A carrier's own program does not stand in one of the county's halls; a statement of it is one from afar.
    return { countyCode, unitId: source === 'carrier_key' ? null : principal.unitId, station: null, source };
  }
}

/** Who reports. A key without a carrier is a county's own system. */
function sourceOf(principal: Principal): EventSource {
  switch (principal.role) {
    case 'station':
      return 'station';
    case 'town':
      return 'town';
    case 'carrier':
      return principal.carrierCode === undefined ? 'county' : 'carrier_key';
    case 'admin':
    case 'county':
    case 'producer':
      return 'county';
  }
}
