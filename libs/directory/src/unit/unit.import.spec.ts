import { DirectorySnapshot } from '../model/directory.snapshot.js';
import type { DirectoryRows } from '../model/directory.nodes.js';
import { planImport, readDivisionList, type ImportPlan } from './unit.import.js';

const HEADER = ['county_code', 'county_name', 'town_code', 'town_name', 'village_code', 'village_name'];
const place = { latitude: null, longitude: null };
const nothing: DirectoryRows = {
  revision: 0,
  units: [],
  versions: [],
  lineage: [],
  stations: [],
  carriers: [],
  relations: [],
  suspensions: [],
  parameters: [],
};
const known: DirectoryRows = {
  ...nothing,
  units: (['county', 'town', 'village'] as const).map((level) => ({
    id: level,
    level,
    validFrom: '2020-01-01',
    validTo: null,
    ...place,
  })),
  versions: [
    ['county', '990101', '示范县', null],
    ['town', '990101100', '东镇', 'county'],
    ['village', '990101100201', '一村', 'town'],
  ].map(([unitId = '', code = '', name = '', parentId = null]) => {
    const span = { validFrom: '2020-01-01', validTo: null };
    return { unitId: unitId ?? '', code: code ?? '', name: name ?? '', parentId, urbanRural: null, ...span };
  }),
};
const row = (village: string, name: string, town = '990101100', townName = '东镇'): string[] => [
  '990101',
  '示范县',
  town,
  townName,
  village,
  name,
];

function importRows(rows: string[][], state = nothing, validFrom = '2023-06-30'): ImportPlan {
  let next = 0;
  const list = readDivisionList({ header: HEADER, rows: rows.map((cells, index) => ({ number: index + 2, cells })) });
  return planImport(new DirectorySnapshot(state), list, validFrom, () => `new${(next += 1)}`);
}
const codes = (plan: ImportPlan): string[] => plan.problems.map((problem) => `${problem.row}:${problem.column}:${problem.code}`);

describe('a village list', () => {
  it('makes the county, its towns and villages once each', () => {
    const outcome = importRows([row('990101100201', '一村'), row('990101100202', '二村')]);
    expect(outcome).toMatchObject({ rows: 2, imported: 2, unchanged: 0, problems: [] });
    expect(outcome.plan.versions.map((version) => version.code)).toEqual(['990101', '990101100', '990101100201', '990101100202']);
    expect(outcome.plan.versions.map((version) => version.parentId)).toEqual([null, 'new1', 'new2', 'new2']);
  });

  it('changes nothing when all of it is known', () => {
    const outcome = importRows([row('990101100201', '一村')], known);
    expect(outcome).toMatchObject({ rows: 1, imported: 0, unchanged: 1, problems: [] });
    expect(outcome.plan.versions).toEqual([]);
  });

  it('renames from its day on, and corrects a name of the same day', () => {
    const renamed = importRows([row('990101100201', '壹村')], known);
    expect(renamed.plan.closedVersions).toEqual([{ unitId: 'village', validFrom: '2020-01-01', validTo: '2023-06-30' }]);
    expect(renamed.plan.versions).toMatchObject([{ unitId: 'village', validFrom: '2023-06-30', name: '壹村', parentId: 'town' }]);
    const corrected = importRows([row('990101100201', '壹村')], known, '2020-01-01');
    expect(corrected.plan.closedVersions).toEqual([]);
    expect(corrected.plan.versions).toMatchObject([{ unitId: 'village', validFrom: '2020-01-01', name: '壹村' }]);
  });

  it('leaves units that it does not name, with a warning', () => {
    const outcome = importRows([row('990101100202', '二村')], known);
    expect(codes(outcome)).toEqual(['0::units_missing']);
    expect(outcome.plan.closedUnits).toEqual([]);
    expect(outcome.imported).toBe(1);
  });

  it('plans nothing at all when one row has an error', () => {
    const outcome = importRows([row('990101100201', '一村'), row('990101101202', '二村')]);
    expect(codes(outcome)).toEqual(['3:village_code:code_parent_mismatch']);
    expect(outcome).toMatchObject({ imported: 0, plan: { units: [], versions: [] } });
  });

  it('warns of a name against its range, a number outside of all, and a row twice', () => {
    const outcome = importRows([
      row('990101100201', '东关居委会'),
      row('990101600202', '二村', '990101600', '开发区'),
      row('990101100201', '东关居委会'),
    ]);
    expect(codes(outcome)).toEqual([
      '2:village_name:name_disagrees',
      '3:town_code:code_out_of_range',
      '4:village_code:duplicate_row',
    ]);
    expect(outcome).toMatchObject({ rows: 3, imported: 2, unchanged: 1 });
  });

  it('refuses a code that somebody bears later', () => {
    expect(codes(importRows([row('990101100201', '一村')], known, '2019-01-01'))).toEqual([
      '2:county_code:code_taken',
      '2:town_code:code_taken',
      '2:village_code:code_taken',
    ]);
  });

  it('refuses a header that lacks a column, naming it', () => {
    expect(() => readDivisionList({ header: HEADER.slice(1), rows: [] })).toThrow(
      expect.objectContaining({ code: 'import_columns_missing', params: { columns: 'county_code' } }),
    );
  });
});
