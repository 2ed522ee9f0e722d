import { DEFAULT_PARAMETERS } from '#contracts';
import fc from 'fast-check';
import type { DirectoryRows, UnitRow, UnitVersionRow } from './directory.nodes.js';
import { DirectorySnapshot } from './directory.snapshot.js';

const place = { latitude: null, longitude: null };
const unit = (id: string, level: UnitRow['level'], validFrom = '2020-01-01', validTo: string | null = null): UnitRow => ({
  id,
  level,
  validFrom,
  validTo,
  ...place,
});
const version = (
  unitId: string,
  code: string,
  parentId: string | null,
  validFrom = '2020-01-01',
  validTo: string | null = null,
  name = unitId,
): UnitVersionRow => ({ unitId, code, parentId, validFrom, validTo, name, urbanRural: null });

const rows: DirectoryRows = {
  revision: 7,
  units: [
    unit('P', 'province'),
    unit('C', 'county'),
    unit('T1', 'town'),
    unit('T2', 'town'),
    unit('V1', 'village', '2020-01-01', '2026-07-01'),
    unit('V2', 'village', '2020-01-01', '2026-07-01'),
    unit('V3', 'village'),
    unit('V12', 'village', '2026-07-01'),
  ],
  versions: [
    version('P', '99', null),
    version('C', '990101', 'P', '2020-01-01', '2025-01-01', '示范县'),
    version('C', '990181', 'P', '2025-01-01', null, '示范市'),
    version('T1', '990101100', 'C'),
    version('T2', '990101101', 'C'),
    version('V2', '990101100201', 'T1', '2020-01-01', '2026-07-01'),
    version('V1', '990101100200', 'T1', '2020-01-01', '2026-07-01'),
    version('V3', '990101100202', 'T1', '2020-01-01', '2026-03-01'),
    version('V3', '990101101200', 'T2', '2026-03-01'),
    version('V12', '990101100200', 'T1', '2026-07-01'),
  ],
  lineage: [
    { predecessorId: 'V2', successorId: 'V12', on: '2026-07-01', kind: 'merge', share: 1 },
    { predecessorId: 'V1', successorId: 'V12', on: '2026-07-01', kind: 'merge', share: 1 },
  ],
  stations: [
    { id: 'S2', code: 'S-2', name: '二站', unitId: 'V3', ...place, validFrom: '2026-01-01', validTo: null },
    { id: 'S1', code: 'S-1', name: '一站', unitId: 'V3', ...place, validFrom: '2020-01-01', validTo: '2026-01-01' },
  ],
  carriers: [
    { code: 'ZTO', nameZh: '中通', nameEn: 'ZTO' },
    { code: 'POSTAL', nameZh: '邮政', nameEn: 'China Post' },
  ],
  relations: [
    {
      id: 'R2',
      villageId: 'V3',
      carrierCode: 'ZTO',
      mode: 'resident_station',
      stationId: 'S2',
      distanceM: 0,
      validFrom: '2026-01-01',
      validTo: null,
    },
    {
      id: 'R1',
      villageId: 'V3',
      carrierCode: 'POSTAL',
      mode: 'resident_station',
      stationId: 'S1',
      distanceM: 0,
      validFrom: '2020-01-01',
      validTo: null,
    },
  ],
  suspensions: [{ villageId: 'V3', from: '2026-02-01', to: '2026-02-05' }],
  parameters: [{ countyCode: '990101', values: { ...DEFAULT_PARAMETERS, geofenceM: 500 } }],
};
const snapshot = new DirectorySnapshot(rows);
const ids = (nodes: { id: string }[]): string[] => nodes.map((node) => node.id);

describe('a directory snapshot', () => {
  it('shows a unit as of the day, and as it last was without a day', () => {
    expect(snapshot.unit('C', '2024-12-31')?.name).toBe('示范县');
    expect(snapshot.unit('C', '2025-01-01')?.name).toBe('示范市');
    expect(snapshot.unit('C')?.code).toBe('990181');
    expect(snapshot.unit('V1')?.code).toBe('990101100200');
  });

  it('knows no unit before its first and from its end day on', () => {
    expect(snapshot.unit('V1', '2019-12-31')).toBeUndefined();
    expect(snapshot.unit('V1', '2026-06-30')?.validTo).toBe('2026-07-01');
    expect(snapshot.unit('V1', '2026-07-01')).toBeUndefined();
    expect(snapshot.unit('nowhere')).toBeUndefined();
  });

  it('finds a unit by short or full code, as of the day that the code was its own', () => {
    expect(snapshot.unitByCode('990101100200', '2026-06-30')?.id).toBe('V1');
    expect(snapshot.unitByCode('990101100200', '2026-07-01')?.id).toBe('V12');
    expect(snapshot.unitByCode('990101100200')?.id).toBe('V12');
    expect(snapshot.unitByCode('990101100000')?.id).toBe('T1');
    expect(snapshot.unitByCode('990181000000')?.id).toBe('C');
    expect(snapshot.unitByCode('990101')?.code).toBe('990181');
    expect(snapshot.unitByCode('990101', '2025-01-01')).toBeUndefined();
    expect(snapshot.unitByCode('')).toBeUndefined();
  });

  it('lists children in code order under the parent of that day', () => {
    expect(ids(snapshot.children('T1', '2026-02-28'))).toEqual(['V1', 'V2', 'V3']);
    expect(ids(snapshot.children('T1', '2026-03-01'))).toEqual(['V1', 'V2']);
    expect(ids(snapshot.children('T2', '2026-03-01'))).toEqual(['V3']);
    expect(ids(snapshot.children(null, '2026-03-01'))).toEqual(['P']);
  });

  it('lists descendants of a level across what lies between, a unit of that level being its own', () => {
    expect(ids(snapshot.descendants('P', 'village', '2026-03-01'))).toEqual(['V1', 'V2', 'V3']);
    expect(ids(snapshot.descendants('C', 'village', '2026-07-01'))).toEqual(['V12', 'V3']);
    expect(ids(snapshot.descendants('V3', 'village', '2026-07-01'))).toEqual(['V3']);
    expect(snapshot.descendants('V1', 'village', '2026-07-01')).toEqual([]);
    expect(ids(snapshot.unitsOfLevel('town', '2026-07-01'))).toEqual(['T1', 'T2']);
  });

  it('answers ancestors and containment as of the day', () => {
    expect(snapshot.ancestor('V3', 'town', '2026-02-28')?.id).toBe('T1');
    expect(snapshot.ancestor('V3', 'town')?.id).toBe('T2');
    expect(snapshot.ancestor('C', 'county')?.id).toBe('C');
    expect(snapshot.ancestor('C', 'town')).toBeUndefined();
    expect(snapshot.isWithin('V3', 'V3')).toBe(true);
    expect(snapshot.isWithin('V3', 'T1')).toBe(false);
    expect(snapshot.isWithin('V3', 'T1', '2026-02-28')).toBe(true);
    expect(snapshot.isWithin('C', 'V3')).toBe(false);
  });

  it('keeps the county under its first code', () => {
    expect(snapshot.countyCodeOf('V12')).toBe('990101');
    expect(snapshot.countyCodeOf('C')).toBe('990101');
    expect(snapshot.countyCodeOf('P')).toBe('');
    expect(snapshot.parameters('990101').geofenceM).toBe(500);
    expect(snapshot.parameters('990199')).toEqual(DEFAULT_PARAMETERS);
  });

  it('lists stations, relations, suspensions, carriers and lineage in order', () => {
    expect(ids(snapshot.stationsOf('V3', '2025-12-31'))).toEqual(['S1']);
    expect(ids(snapshot.stationsOf('V3', '2026-01-01'))).toEqual(['S2']);
    expect(snapshot.stationByCode('S-2')?.id).toBe('S2');
    expect(snapshot.relationsOf('V3').map((relation) => relation.id)).toEqual(['R1', 'R2']);
    expect(snapshot.relationsThrough('S2').map((relation) => relation.id)).toEqual(['R2']);
    expect(snapshot.suspensionsOf('V3')).toMatchObject([{ from: '2026-02-01', to: '2026-02-05' }]);
    expect(snapshot.suspensionsOf('V1')).toEqual([]);
    expect(snapshot.carriers().map((carrier) => carrier.code)).toEqual(['POSTAL', 'ZTO']);
    expect(snapshot.lineage().map((link) => link.predecessorId)).toEqual(['V1', 'V2']);
  });
});

describe('a unit that was merged or split', () => {
  const split = new DirectorySnapshot({
    ...rows,
    units: [
      ...rows.units,
      unit('X', 'village', '2020-01-01', '2026-05-01'),
      unit('Xa', 'village', '2026-05-01'),
      unit('Xb', 'village', '2026-05-01'),
    ],
    versions: [
      ...rows.versions,
      version('X', '990101100210', 'T1', '2020-01-01', '2026-05-01'),
      version('Xa', '990101100211', 'T1', '2026-05-01'),
      version('Xb', '990101100212', 'T1', '2026-05-01'),
    ],
    lineage: [
      ...rows.lineage,
      { predecessorId: 'X', successorId: 'Xa', on: '2026-05-01', kind: 'split', share: 0.3 },
      { predecessorId: 'X', successorId: 'Xb', on: '2026-05-01', kind: 'split', share: 0.7 },
    ],
    stations: [
      { id: 'SX', code: 'S-X', name: 'X', unitId: 'X', ...place, validFrom: '2020-01-01', validTo: null },
      { id: 'SV1', code: 'S-V1', name: 'V1', unitId: 'V1', ...place, validFrom: '2020-01-01', validTo: null },
    ],
  });

  it('is stood for by itself as long as it exists, then by its successor with the largest share', () => {
    expect(split.successorOn('X', '2026-04-30')?.id).toBe('X');
    expect(split.successorOn('X', '2026-05-01')?.id).toBe('Xb');
    expect(split.successorOn('X')?.id).toBe('Xb');
    expect(split.successorOn('V1')?.id).toBe('V12');
    expect(split.successorOn('V1', '2019-01-01')).toBeUndefined();
    expect(split.successorOn('V3')?.id).toBe('V3');
  });

  it('leaves its stations to that successor, from its first day on', () => {
    expect(ids(split.stationsOf('X', '2026-04-30'))).toEqual(['SX']);
    expect(ids(split.stationsOf('Xb', '2026-05-01'))).toEqual(['SX']);
    expect(split.stationsOf('Xa', '2026-05-01')).toEqual([]);
    expect(split.station('SV1', '2026-06-30')?.unitId).toBe('V1');
    expect(split.station('SV1', '2026-07-01')?.unitId).toBe('V12');
    expect(split.station('SV1')?.unitId).toBe('V1');
  });
});

describe('a directory snapshot of any tree', () => {
  const tree = fc.array(fc.array(fc.array(fc.nat(1), { maxLength: 4 }), { maxLength: 3 }), { minLength: 1, maxLength: 3 });
  it('agrees with itself: each descendant has its ancestor, and the villages of the towns are the villages of the county', () => {
    fc.assert(
      fc.property(tree, (counties) => {
        const units: UnitRow[] = [];
        const versions: UnitVersionRow[] = [];
        const add = (level: UnitRow['level'], code: string, parentId: string | null, closed: boolean): string => {
          units.push(unit(code, level, '2020-01-01', closed ? '2021-01-01' : null));
          versions.push(version(code, code, parentId, '2020-01-01', closed ? '2021-01-01' : null));
          return code;
        };
        counties.forEach((towns, c) => {
          const county = add('county', `99010${c}`, null, false);
          towns.forEach((villages, t) => {
            const town = add('town', `${county}10${t}`, county, false);
            villages.forEach((closed, v) => add('village', `${town}20${v}`, town, closed === 1));
          });
        });
        const any = new DirectorySnapshot({ ...rows, units, versions });
        for (const day of ['2020-06-01', '2021-01-01']) {
          for (const county of any.unitsOfLevel('county', day)) {
            const villages = any.descendants(county.id, 'village', day);
            const byTown = any.children(county.id, day).flatMap((town) => any.children(town.id, day));
            expect(villages).toEqual(byTown);
            for (const village of villages) {
              expect(any.ancestor(village.id, 'county', day)).toBe(county);
              expect(any.unitByCode(village.code, day)).toBe(village);
              expect(any.countyCodeOf(village.id)).toBe(village.code.slice(0, 6));
            }
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
