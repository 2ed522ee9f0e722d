import type { ServiceMode } from '#contracts';
import { DirectorySnapshot, type DirectoryRows } from '#directory';
import { SnapshotFacts } from './directory.facts.js';

const place = { latitude: null, longitude: null, validFrom: '2020-01-01', validTo: null };
const version = { urbanRural: null, validFrom: '2020-01-01', validTo: null };

/** A village served through the station of another, in a mode, from a distance, in October. */
function factsOf(mode: ServiceMode, distanceM: number, stationUnitId = 'T'): SnapshotFacts {
  const relation = { id: 'R', villageId: 'V', carrierCode: 'ZTO', mode, stationId: 'S', distanceM };
  const rows: DirectoryRows = {
    revision: 1,
    units: [
      { id: 'C', level: 'county', ...place },
      { id: 'T', level: 'town', ...place },
      { id: 'V', level: 'village', ...place },
      { id: 'W', level: 'village', ...place },
    ],
    versions: [
      { unitId: 'C', code: '990101', parentId: null, name: '示范县', ...version },
      { unitId: 'T', code: '990101100', parentId: 'C', name: '一镇', ...version },
      { unitId: 'V', code: '990101100200', parentId: 'T', name: '一村', ...version },
      { unitId: 'W', code: '990101100201', parentId: 'T', name: '二村', ...version },
    ],
    lineage: [],
    stations: [{ id: 'S', code: 'S-1', name: '站', unitId: stationUnitId, ...place }],
    carriers: [{ code: 'ZTO', nameZh: '中通', nameEn: 'ZTO' }],
    relations: [{ ...relation, validFrom: '2026-10-01', validTo: '2026-11-01' }],
    suspensions: [],
    parameters: [],
  };
  return SnapshotFacts.of(new DirectorySnapshot(rows));
}
const served = (mode: ServiceMode, distanceM: number, day = '2026-10-15') =>
  factsOf(mode, distanceM).isServedThrough('V', 'S', day);

describe('a village with no station of its own', () => {
  it('is served through a neighbour that is registered and at most 3 km away', () => {
    expect(served('neighbour_agent', 3000)).toBe(true);
    expect(served('neighbour_agent', 3001)).toBe(false);
  });

  it('is served by a mobile round from wherever it sets out', () => {
    expect(served('mobile_round', 18_000)).toBe(true);
  });

  it('is served only while the relation is in force', () => {
    expect(served('mobile_round', 0, '2026-09-30')).toBe(false);
    expect(served('mobile_round', 0, '2026-10-31')).toBe(true);
    expect(served('mobile_round', 0, '2026-11-01')).toBe(false);
  });
});

describe('a station', () => {
  it('is the right one for parcels of its village, of those below its town, and of those that it serves on the day, however far away', () => {
    const atVillage = factsOf('neighbour_agent', 9000, 'W');
    expect(['V', 'W', 'T'].map((unitId) => atVillage.isFor(unitId, 'S', '2026-10-15'))).toEqual([true, true, false]);
    expect(['V', 'W', 'T'].map((unitId) => atVillage.isFor(unitId, 'S', '2026-11-01'))).toEqual([false, true, false]);
    const inTown = factsOf('neighbour_agent', 9000);
    expect(['V', 'W'].map((unitId) => inTown.isFor(unitId, 'S', '2026-11-01'))).toEqual([true, true]);
    expect(inTown.isFor('W', 'unknown', '2026-11-01')).toBe(false);
  });
});
