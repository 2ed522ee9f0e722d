import fc from 'fast-check';
import type { DirectoryRows, UnitRow, UnitVersionRow } from '../model/directory.nodes.js';
import { DirectorySnapshot } from '../model/directory.snapshot.js';
import { planMerge, planSplit } from './unit.lineage.plan.js';
import { planCreate, type UnitInput, type UnitPlan } from './unit.plan.js';
import { planVersion } from './unit.version.plan.js';

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

/** The state after a plan, as the tables would hold it. */
function applied(rows: DirectoryRows, plan: UnitPlan): DirectoryRows {
  const units = new Map<string, UnitRow>([...rows.units, ...plan.units].map((unit) => [unit.id, unit]));
  for (const { unitId, validTo } of plan.closedUnits) units.set(unitId, { ...(units.get(unitId) as UnitRow), validTo });
  const key = (version: { unitId: string; validFrom: string }): string => `${version.unitId} ${version.validFrom}`;
  const versions = new Map<string, UnitVersionRow>(rows.versions.map((version) => [key(version), version]));
  for (const closed of plan.closedVersions)
    versions.set(key(closed), { ...(versions.get(key(closed)) as UnitVersionRow), validTo: closed.validTo });
  for (const version of plan.versions) versions.set(key(version), version);
  const ended = new Map(plan.endedRelations.map(({ id, validTo }) => [id, validTo]));
  const kept = rows.relations.filter((relation) => !plan.removedRelations.includes(relation.id));
  return {
    ...rows,
    units: [...units.values()],
    versions: [...versions.values()],
    lineage: [...rows.lineage, ...plan.lineage],
    relations: [
      ...kept.map((relation) => ({ ...relation, validTo: ended.get(relation.id) ?? relation.validTo })),
      ...plan.addedRelations,
    ],
  };
}

const unit = (code: string, id = code, validFrom = '2020-01-01'): UnitInput => ({ id, code, name: id, validFrom });
const CODES = ['99', '9901', '990101', '990102', '990101100', '990101101', '990102100'];
const VILLAGES = ['990101100201', '990101100202', '990101101201', '990101101203', '990102100201'];
const base: DirectoryRows = applied(
  nothing,
  planCreate(
    new DirectorySnapshot(nothing),
    [...CODES, ...VILLAGES].reverse().map((code) => unit(code)),
  ),
);
const snapshot = new DirectorySnapshot(base);
const codes = (nodes: { code: string }[]): string[] => nodes.map((node) => node.code);
let made = 0;
const newId = (): string => `made${(made += 1)}`;

describe('new units', () => {
  it('find their parents among one another, whatever their order', () => {
    expect(snapshot.unit('990101100201')?.parentId).toBe('990101100');
    expect(snapshot.unit('990101')?.parentId).toBe('9901');
    expect(snapshot.unit('99')?.parentId).toBeNull();
  });

  it('are passed over when they are there, and refused when the id or the code is another’s', () => {
    expect(planCreate(snapshot, [unit('990101100201')]).units).toEqual([]);
    expect(() => planCreate(snapshot, [unit('990101100209', '990101100201')])).toThrow('id_taken');
    expect(() => planCreate(snapshot, [unit('990101100201', 'other')])).toThrow('code_taken');
    expect(() => planCreate(snapshot, [unit('990101100209', 'a'), unit('990101100209', 'b')])).toThrow('code_taken');
  });

  it('need a parent and a proper number', () => {
    expect(() => planCreate(snapshot, [unit('990101109201')])).toThrow('code_without_parent');
    expect(() => planCreate(snapshot, [unit('990101100209', 'a', '2019-12-31')])).toThrow('code_without_parent');
    const late = [unit('990101120', 'T', '2022-01-01'), unit('990101120201', 'V', '2021-01-01')];
    expect(() => planCreate(snapshot, late)).toThrow('code_without_parent');
    expect(() => planCreate(snapshot, [unit('990101100000')])).toThrow('code_malformed');
    expect(() => planCreate(snapshot, [unit('9901011')])).toThrow('code_malformed');
  });
});

describe('a new unit that begins in the past', () => {
  it('is refused below a parent that has ended or was recoded since', () => {
    const recoded = new DirectorySnapshot(
      applied(base, planVersion(snapshot, '990101100', { validFrom: '2024-01-01', code: '990101001' })),
    );
    expect(() => planCreate(recoded, [unit('990101100209', 'late', '2023-01-01')])).toThrow('code_parent_mismatch');
    const towns = {
      on: '2024-01-01',
      predecessorCodes: ['990101100', '990101101'],
      successor: { id: 'T', code: '990101103', name: '大镇' },
    };
    const merged = new DirectorySnapshot(applied(base, planMerge(snapshot, towns, newId)));
    expect(() => planCreate(merged, [unit('990101100209', 'late', '2023-01-01')])).toThrow('unit_closed');
  });
});

describe('a new version of a unit', () => {
  it('takes effect on its day, and what was before stays', () => {
    const after = new DirectorySnapshot(
      applied(base, planVersion(snapshot, '990101100201', { validFrom: '2024-01-01', name: '新名' })),
    );
    expect(after.unit('990101100201', '2023-12-31')?.name).toBe('990101100201');
    expect(after.unit('990101100201', '2024-01-01')?.name).toBe('新名');
  });

  it('is none when nothing differs', () => {
    expect(planVersion(snapshot, '990101100201', { validFrom: '2024-01-01', name: '990101100201' })).toMatchObject({
      versions: [],
      closedVersions: [],
    });
  });

  it('carries a new code down to everything below', () => {
    const after = new DirectorySnapshot(
      applied(base, planVersion(snapshot, '990101100', { validFrom: '2024-01-01', code: '990101001' })),
    );
    expect(codes(after.children('990101100', '2024-01-01'))).toEqual(['990101001201', '990101001202']);
    expect(codes(after.children('990101100', '2023-12-31'))).toEqual(['990101100201', '990101100202']);
    expect(after.countyCodeOf('990101100201')).toBe('990101');
  });

  it('keeps the county under its first code when the county is recoded', () => {
    const after = new DirectorySnapshot(
      applied(base, planVersion(snapshot, '990101', { validFrom: '2024-01-01', code: '990181' })),
    );
    expect(after.unitByCode('990181100201')?.id).toBe('990101100201');
    expect(after.countyCodeOf('990101100201')).toBe('990101');
  });

  it('moves a village to another town of the county, and touches both towns', () => {
    const plan = planVersion(snapshot, '990101100201', {
      validFrom: '2024-03-01',
      parentCode: '990101101',
      code: '990101101202',
    });
    const after = new DirectorySnapshot(applied(base, plan));
    expect(after.ancestor('990101100201', 'town', '2024-03-01')?.code).toBe('990101101');
    expect(after.ancestor('990101100201', 'town', '2024-02-29')?.code).toBe('990101100');
    expect(plan.touched.map((touched) => touched.unitId).sort()).toEqual(['990101100', '990101100201', '990101101']);
  });

  it('is refused out of order, across counties, below the wrong level, or with a code that does not fit or is taken', () => {
    const change = (input: Parameters<typeof planVersion>[2]) => () => planVersion(snapshot, '990101100201', input);
    expect(change({ validFrom: '2019-01-01', name: 'x' })).toThrow('version_not_latest');
    expect(change({ validFrom: '2024-01-01', parentCode: '990102100', code: '990102100202' })).toThrow('county_change');
    expect(change({ validFrom: '2024-01-01', parentCode: '990101', code: '990101101202' })).toThrow('parent_level');
    expect(change({ validFrom: '2024-01-01', code: '990101101202' })).toThrow('code_parent_mismatch');
    expect(change({ validFrom: '2024-01-01', code: '990101100202' })).toThrow('code_taken');
  });
});

describe('a merge', () => {
  const served: DirectoryRows = {
    ...base,
    relations: ['990101100201', '990101100202'].map((villageId, index) => ({
      id: `R${index}`,
      villageId,
      carrierCode: 'ZTO',
      mode: 'resident_station',
      stationId: 'S',
      distanceM: 0,
      validFrom: index === 0 ? '2020-01-01' : '2025-01-01',
      validTo: null,
    })),
  };
  const input = {
    on: '2024-07-01',
    predecessorCodes: ['990101100201', '990101100202'],
    successor: { id: 'M', code: '990101100201', name: '合村' },
  };

  it('ends its predecessors, begins its successor and may pass a code on', () => {
    const after = new DirectorySnapshot(applied(served, planMerge(new DirectorySnapshot(served), input, newId)));
    expect(codes(after.children('990101100', '2024-06-30'))).toEqual(['990101100201', '990101100202']);
    expect(after.children('990101100', '2024-07-01').map((node) => node.id)).toEqual(['M']);
    expect(after.unit('990101100202')?.validTo).toBe('2024-07-01');
    expect(after.successorOn('990101100202')?.id).toBe('M');
  });

  it('lets each way of being served go on once', () => {
    const after = new DirectorySnapshot(applied(served, planMerge(new DirectorySnapshot(served), input, newId)));
    expect(after.relationsOf('M')).toMatchObject([{ carrierCode: 'ZTO', validFrom: '2024-07-01', validTo: null }]);
    expect(after.relationsOf('990101100201')).toMatchObject([{ validTo: '2024-07-01' }]);
    expect(after.relationsOf('990101100202')).toEqual([]);
  });

  it('of towns takes the villages along, and gives a taken number the next free one', () => {
    const towns = {
      on: '2024-07-01',
      predecessorCodes: ['990101100', '990101101'],
      successor: { id: 'T', code: '990101100', name: '大镇' },
    };
    const after = new DirectorySnapshot(applied(base, planMerge(snapshot, towns, newId)));
    expect(codes(after.children('T', '2024-07-01'))).toEqual(['990101100201', '990101100202', '990101100203', '990101100204']);
    expect(after.unit('990101100201')?.code).toBe('990101100201');
    expect(codes(after.children('990101101', '2024-06-30'))).toEqual(['990101101201', '990101101203']);
  });

  it('of one unit is how it crosses the border of its county', () => {
    const crossing = {
      on: '2024-07-01',
      predecessorCodes: ['990101100201'],
      successor: { id: 'X', code: '990102100202', name: '过界村' },
    };
    const after = new DirectorySnapshot(applied(base, planMerge(snapshot, crossing, newId)));
    expect(after.countyCodeOf('X')).toBe('990102');
    expect(after.countyCodeOf('990101100201')).toBe('990101');
  });

  it('is refused between levels, above towns, of what is gone, and with a code that somebody else bears', () => {
    const merge = (change: Partial<typeof input>) => () => planMerge(snapshot, { ...input, ...change }, newId);
    expect(merge({ predecessorCodes: ['990101100', '990101101201'] })).toThrow('levels_differ');
    expect(merge({ predecessorCodes: ['990101', '990102'] })).toThrow('level_fixed');
    expect(merge({ predecessorCodes: ['990101100299'] })).toThrow('not_found');
    expect(merge({ on: '2020-01-01' })).toThrow('version_not_latest');
    expect(merge({ successor: { id: 'M', code: '990101101201', name: '合村' } })).toThrow('code_taken');
  });
});

describe('a split', () => {
  it('needs shares that sum to 1, however many parts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 9 }), (weights) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const rounded = weights.map((weight) => Math.floor((weight / total) * 1e8) / 1e8);
        const rest = 1 - rounded.slice(1).reduce((sum, share) => sum + share, 0);
        const successors = [rest, ...rounded.slice(1)].map((share, index) => ({
          id: `S${index}`,
          code: `99010110021${index}`,
          name: `村${index}`,
          share,
        }));
        const input = { on: '2024-07-01', predecessorCode: '990101100201', successors };
        const plan = planSplit(snapshot, input, newId);
        expect(plan.lineage.reduce((sum, link) => sum + link.share, 0)).toBeCloseTo(1, 6);
        const short = successors.map((successor, index) =>
          index === 0 ? { ...successor, share: successor.share / 2 } : successor,
        );
        expect(() => planSplit(snapshot, { ...input, successors: short }, newId)).toThrow('shares_sum');
      }),
    );
  });

  it('of a town asks where each village goes', () => {
    const half = (id: string, code: string, villageCodes: string[]) => ({ id, code, name: id, share: 0.5, villageCodes });
    const input = (first: string[], second: string[]) => ({
      on: '2024-07-01',
      predecessorCode: '990101100',
      successors: [half('A', '990101100', first), half('B', '990101102', second)],
    });
    expect(() => planSplit(snapshot, input(['990101100201'], []), newId)).toThrow('children_unassigned');
    expect(() => planSplit(snapshot, input(['990101100201', '990101100202'], ['990101100202']), newId)).toThrow(
      'children_unassigned',
    );
    const after = new DirectorySnapshot(applied(base, planSplit(snapshot, input(['990101100201'], ['990101100202']), newId)));
    expect(codes(after.children('A', '2024-07-01'))).toEqual(['990101100201']);
    expect(codes(after.children('B', '2024-07-01'))).toEqual(['990101102202']);
    expect(after.isWithin('990101100202', 'B')).toBe(true);
  });
});

describe('any run of renamings, moves and merges', () => {
  const step = fc.record({
    kind: fc.constantFrom('rename', 'move', 'merge'),
    village: fc.nat(4),
    other: fc.nat(4),
    days: fc.integer({ min: 1, max: 400 }),
  });
  it('leaves each day before it as it was, and each code with one bearer a day', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        let rows = base;
        let today = '2020-01-01';
        for (const { kind, village, other, days } of steps) {
          const before = new DirectorySnapshot(rows);
          const yesterday = today;
          today = new Date(Date.parse(`${today}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
          const villages = before.unitsOfLevel('village', today);
          const [one, two] = [villages[village % villages.length], villages[other % villages.length]];
          if (!one || !two) continue;
          try {
            rows = applied(rows, changeOf(before, kind, one, two, today));
          } catch (error) {
            expect(error).toHaveProperty('status', 409);
          }
          const after = new DirectorySnapshot(rows);
          for (const day of [yesterday, '2020-01-01'])
            expect(codes(after.descendants('99', 'village', day))).toEqual(codes(before.descendants('99', 'village', day)));
          const now = codes(after.descendants('99', 'village', today));
          expect(new Set(now).size).toBe(now.length);
          for (const node of after.unitsOfLevel('village', today))
            expect(after.ancestor(node.id, 'town', today)?.code).toBe(node.code.slice(0, 9));
        }
      }),
    );
  });

  function changeOf(
    before: DirectorySnapshot,
    kind: string,
    one: { id: string; code: string },
    two: { id: string; code: string },
    on: string,
  ): UnitPlan {
    if (kind === 'rename') return planVersion(before, one.id, { validFrom: on, name: `自${on}` });
    if (kind === 'move')
      return planVersion(before, one.id, {
        validFrom: on,
        parentCode: two.code.slice(0, 9),
        code: `${two.code.slice(0, 9)}${300 + made}`,
      });
    return planMerge(
      before,
      { on, predecessorCodes: [one.code, two.code], successor: { id: newId(), code: one.code, name: '合' } },
      newId,
    );
  }
});
