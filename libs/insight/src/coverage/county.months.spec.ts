import { DEFAULT_PARAMETERS, type Day, type Period } from '#contracts';
import { DirectorySnapshot, type DirectoryRows, type LineageLink, type RelationNode, type UnitRow } from '#directory';
import fc from 'fast-check';
import { CoverageDirectory } from './coverage.directory.js';
import type { DayFacts } from './coverage.facts.js';
import { metricParts, metricValue } from './coverage.metrics.js';
import { countyMonth, groupMonth, periodsTouchedBy, villageMonth, type UnitMonth } from './county.months.js';

const place = { latitude: null, longitude: null };
const MERGED_ON = '2026-10-16';

interface Given {
  /** id → [parent, from, to] */
  villages: Record<string, [parent: string, from?: Day, to?: Day | null]>;
  lineage?: LineageLink[];
  relations?: Partial<RelationNode>[];
}

function directory({ villages, lineage = [], relations = [] }: Given): CoverageDirectory {
  const tree: [UnitRow['level'], string, string | null, Day, Day | null][] = [
    ['county', 'C', null, '2020-01-01', null],
    ['town', 'T1', 'C', '2020-01-01', null],
    ['town', 'T2', 'C', '2020-01-01', null],
    ...Object.entries(villages).map(
      ([id, [parent, from = '2020-01-01', to = null]]) => ['village', id, parent, from, to] as (typeof tree)[number],
    ),
  ];
  const codes: Record<string, string> = { C: '990101', T1: '990101100', T2: '990101101' };
  const rows: DirectoryRows = {
    revision: 1,
    units: tree.map(([level, id, , validFrom, validTo]) => ({ id, level, validFrom, validTo, ...place })),
    versions: tree.map(([, id, parentId, validFrom, validTo], index) => ({
      unitId: id,
      code: codes[id] ?? `990101100${200 + index}`,
      name: id,
      parentId,
      urbanRural: null,
      validFrom,
      validTo,
    })),
    lineage,
    stations: [...Object.keys(villages), 'T1'].map((id) => ({
      id: `S-${id}`,
      code: `S-${id}`,
      name: id,
      unitId: id,
      ...place,
      validFrom: '2020-01-01',
      validTo: null,
    })),
    carriers: [],
    relations: relations.map((some, index) => ({
      id: `R${index}`,
      villageId: 'A',
      carrierCode: 'ZTO',
      mode: 'neighbour_agent',
      stationId: 'S-B',
      distanceM: 0,
      validFrom: '2026-01-01',
      validTo: null,
      ...some,
    })),
    suspensions: [],
    parameters: [],
  };
  return new CoverageDirectory(new DirectorySnapshot(rows), '990101');
}

const quiet = {
  serviceParcels: 0,
  openDay: false,
  brands: [],
  townArrivals: 0,
  reached: 0,
  inbound: 0,
  outbound: 0,
  unassigned: 0,
  extraCharges: 0,
};
const on = (day: Day, some: Partial<DayFacts>): DayFacts => ({ ...quiet, day, ...some });
const everyDay = (period: Period, to = 30): DayFacts[] =>
  Array.from({ length: to }, (_, index) =>
    on(`${period}-${String(index + 1).padStart(2, '0')}`, { serviceParcels: 1, brands: ['ZTO'] }),
  );
const monthOf = (months: UnitMonth[], id: string) => months.find((month) => month.unitId === id);
const merge = (predecessorId: string, successorId: string, day = MERGED_ON): LineageLink => ({
  predecessorId,
  successorId,
  on: day,
  kind: 'merge',
  share: 1,
});

const AS_OF = '2026-11-20';

describe('roll-up', () => {
  it('divides sums by sums, never averages ratios: 1 of 1 and 1 of 3 villages are 2 of 4, not two thirds', () => {
    const county = directory({ villages: { A: ['T1'], B: ['T2'], D: ['T2'], E: ['T2'] } });
    const facts = new Map([
      ['A', everyDay('2026-10')],
      ['B', everyDay('2026-10')],
    ]);
    const months = countyMonth(county, '2026-10', AS_OF, facts);
    const effective = (id: string) => {
      const { numerator, denominator } = metricParts('effective_coverage', monthOf(months, id)?.facts ?? fail());
      return metricValue('effective_coverage', numerator, denominator);
    };
    expect([effective('T1'), effective('T2'), effective('C')]).toEqual([1, 1 / 3, 0.5]);
  });

  it('makes M6 of a town out of parcels: 8 of 10 and 1 of 90 are 9 of 100', () => {
    const county = directory({ villages: { A: ['T1'], B: ['T1'] } });
    const facts = new Map([
      ['A', [on('2026-10-05', { townArrivals: 10, reached: 8 })]],
      ['B', [on('2026-10-05', { townArrivals: 90, reached: 1 })]],
    ]);
    const town = monthOf(countyMonth(county, '2026-10', AS_OF, facts), 'T1')?.facts ?? fail();
    expect(metricParts('to_village_rate', town)).toEqual({ numerator: 9, denominator: 100 });
  });

  it('counts extra charges per 10,000 inbound parcels: 3 cases in 20,000 are 1.5', () => {
    expect(metricValue('extra_charge_rate', 3, 20_000)).toBe(1.5);
    expect(metricValue('extra_charge_rate', 0, 0)).toBeNull();
  });

  it('keeps parcels without a village in the bucket of their town and out of every village and of M6', () => {
    const county = directory({ villages: { A: ['T1'] } });
    const facts = new Map([['T1', [on('2026-10-05', { unassigned: 7, outbound: 2, townArrivals: 5 })]]]);
    const months = countyMonth(county, '2026-10', AS_OF, facts);
    expect(monthOf(months, 'A')?.facts).toMatchObject({ unassigned: 0, outbound: 0 });
    expect(monthOf(months, 'T1')?.facts).toMatchObject({ unassigned: 7, outbound: 2, townArrivals: 0, villages: 1 });
    expect(monthOf(months, 'C')?.facts).toMatchObject({ unassigned: 7, outbound: 2, townArrivals: 0, villages: 1 });
  });

  it('says nothing of a town without villages or parcels, and nothing of a month to come', () => {
    const county = directory({ villages: { A: ['T1'] } });
    expect(monthOf(countyMonth(county, '2026-10', AS_OF, new Map()), 'T2')).toBeUndefined();
    expect(countyMonth(county, '2026-12', AS_OF, new Map())).toEqual([]);
  });
});

describe('a merger of A and B into M', () => {
  const county = directory({
    villages: { A: ['T1', undefined, MERGED_ON], B: ['T2', undefined, MERGED_ON], M: ['T1', MERGED_ON], D: ['T2'] },
    lineage: [merge('A', 'M'), merge('B', 'M')],
  });
  const facts = new Map([
    ['A', [on('2026-10-02', { serviceParcels: 1, inbound: 1 }), on('2026-10-05', { serviceParcels: 1, inbound: 1 })]],
    ['B', [on('2026-10-05', { serviceParcels: 2, inbound: 2 }), on('2026-10-09', { serviceParcels: 1, inbound: 1 })]],
    ['M', [on('2026-10-20', { serviceParcels: 1, inbound: 1 })]],
  ]);

  it('counts the successor in V and the union of the dates: 2, 5, 9 and 20 October are four service days', () => {
    const months = countyMonth(county, '2026-10', AS_OF, facts);
    expect(months.map((month) => month.unitId).sort()).toEqual(['C', 'D', 'M', 'T1', 'T2']);
    expect(monthOf(months, 'M')?.assessment).toMatchObject({ effectiveDays: 31, serviceDays: 4 });
    expect(monthOf(months, 'C')?.facts).toMatchObject({ villages: 2, inbound: 6 });
  });

  it('leaves the months before as they were', () => {
    const months = countyMonth(county, '2026-09', AS_OF, facts);
    expect(months.map((month) => month.unitId).sort()).toEqual(['A', 'B', 'C', 'D', 'T1', 'T2']);
  });

  it('still counts A and B while the running month has not come to the merger', () => {
    const ids = countyMonth(county, '2026-10', '2026-10-15', facts).map((month) => month.unitId);
    expect(ids.sort()).toEqual(['A', 'B', 'C', 'D', 'T1', 'T2']);
  });

  it('gives the successor what still arrives for a predecessor', () => {
    const late = new Map([['A', [on('2026-11-03', { serviceParcels: 1, inbound: 1 })]]]);
    expect(monthOf(countyMonth(county, '2026-11', AS_OF, late), 'M')).toMatchObject({
      facts: { inbound: 1 },
      assessment: { serviceDays: 1 },
    });
  });
});

describe('a village that crosses the border of the county', () => {
  it('ends in the one and begins in the other: neither gets the parcels of the other', () => {
    const county = directory({
      villages: { A: ['T1', undefined, MERGED_ON], X: ['foreign', MERGED_ON] },
      lineage: [merge('A', 'X')],
    });
    const facts = new Map([['A', [on('2026-10-05', { inbound: 3 })]]]);
    const months = countyMonth(county, '2026-10', AS_OF, facts);
    expect(months.map((month) => month.unitId).sort()).toEqual(['A', 'C', 'T1']);
    expect(monthOf(months, 'C')?.facts).toMatchObject({ villages: 0, inbound: 3 });
  });
});

describe('a split of A into B and D', () => {
  const county = directory({
    villages: { A: ['T1', undefined, MERGED_ON], B: ['T1', MERGED_ON], D: ['T1', MERGED_ON] },
    lineage: [
      { predecessorId: 'A', successorId: 'B', on: MERGED_ON, kind: 'split', share: 0.5 },
      { predecessorId: 'A', successorId: 'D', on: MERGED_ON, kind: 'split', share: 0.5 },
    ],
  });

  it('counts both successors in V, gives neither the days of A, and loses no parcel of A', () => {
    const facts = new Map([['A', [on('2026-10-05', { serviceParcels: 3, inbound: 3 })]]]);
    const months = countyMonth(county, '2026-10', AS_OF, facts);
    expect(monthOf(months, 'B')?.assessment).toMatchObject({ effectiveDays: 16, serviceDays: 0 });
    expect(monthOf(months, 'A')?.facts).toMatchObject({ villages: 0, inbound: 3 });
    expect(monthOf(months, 'T1')?.facts).toMatchObject({ villages: 2, inbound: 3 });
  });
});

describe('neighbour pickup', () => {
  const county = (relation: Partial<RelationNode>) => directory({ villages: { A: ['T1'], B: ['T1'] }, relations: [relation] });
  const month = (facts: DayFacts[], relation: Partial<RelationNode> = {}) =>
    villageMonth(county(relation), 'A', '2026-10', AS_OF, () => facts);

  it('is the parcel of the village it belongs to, and no service day of it without a registered relation', () => {
    const elsewhere = [on('2026-10-05', { inbound: 1, townArrivals: 1 })];
    expect(month(elsewhere)).toMatchObject({
      facts: { inbound: 1, townArrivals: 1, reached: 0 },
      assessment: { serviceDays: 0, brands: [] },
    });
  });

  it('makes effective coverage with a registered relation, and never a resident', () => {
    for (const mode of ['neighbour_agent', 'resident_station'] as const)
      expect(month(everyDay('2026-10'), { mode, distanceM: 800 })).toMatchObject({
        facts: { effective: 1, nominal: 1, resident: 0 },
        assessment: { status: 'effective', resident: false },
      });
  });

  it('makes no resident: the relation of the neighbour is not through a station of its own', () => {
    const [relation] = county({ mode: 'resident_station', distanceM: 100 }).relationsOf('A', '2026-10-31');
    expect(relation).toMatchObject({ mode: 'resident_station', ownStation: false });
  });
});

describe('the months that a day bears on', () => {
  it('are its own and the next, not beyond the running month', () => {
    expect(periodsTouchedBy('2026-09-30', '2026-11-20')).toEqual(['2026-09', '2026-10']);
    expect(periodsTouchedBy('2026-11-20', '2026-11-20')).toEqual(['2026-11']);
    expect(periodsTouchedBy('2026-11-21', '2026-11-20')).toEqual([]);
  });
});

describe('recomputing what was touched', () => {
  const county = directory({
    villages: {
      A: ['T1', undefined, MERGED_ON],
      B: ['T2', undefined, MERGED_ON],
      M: ['T1', MERGED_ON],
      D: ['T2'],
      E: ['T1', undefined, '2026-10-10'],
    },
    lineage: [merge('A', 'M'), merge('B', 'M')],
  });
  const periods = ['2026-09', '2026-10', '2026-11'];
  const change = fc.record({
    unit: fc.constantFrom('A', 'B', 'M', 'D', 'E', 'T1'),
    day: fc.integer({ min: 0, max: 85 }).map((offset) => new Date(Date.UTC(2026, 8, 1 + offset)).toISOString().slice(0, 10)),
    facts: fc.record({
      serviceParcels: fc.nat(2),
      inbound: fc.nat(3),
      townArrivals: fc.nat(3),
      unassigned: fc.nat(2),
      openDay: fc.boolean(),
    }),
  });

  /** The refresh in miniature: the touched units' months, then whatever they are part of or were part of. */
  function refresh(months: Map<string, UnitMonth>, facts: Map<string, DayFacts[]>, unit: string, day: Day): void {
    const factsOf = (id: string) => facts.get(id) ?? [];
    for (const period of periodsTouchedBy(day, AS_OF)) {
      const put = (id: string, month: UnitMonth | undefined): (string | null | undefined)[] => {
        const before = months.get(`${id} ${period}`);
        if (month) months.set(`${id} ${period}`, month);
        else months.delete(`${id} ${period}`);
        return [before?.parentId, month?.parentId];
      };
      const id = county.descent.currentOf(
        unit,
        period === '2026-09' ? '2026-09-30' : period === '2026-10' ? '2026-10-31' : AS_OF,
      );
      const group = (target: string) => {
        const children = [...months.values()].filter((month) => month.period === period && month.parentId === target);
        return groupMonth(
          county,
          target,
          period,
          AS_OF,
          children.map((month) => month.facts),
          factsOf,
        );
      };
      const towns = id === 'T1' ? ['T1'] : put(id, villageMonth(county, id, period, AS_OF, factsOf));
      for (const town of towns) if (town) put(town, group(town));
      put('C', group('C'));
    }
  }

  it('ends where a rebuild from scratch ends, whatever came late, twice or in any order', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const facts = new Map<string, DayFacts[]>();
        const months = new Map<string, UnitMonth>();
        for (const period of periods)
          for (const month of countyMonth(county, period, AS_OF, facts)) months.set(`${month.unitId} ${period}`, month);
        for (const { unit, day, facts: some } of changes) {
          facts.set(unit, [...(facts.get(unit) ?? []).filter((entry) => entry.day !== day), on(day, some)]);
          refresh(months, facts, unit, day);
        }
        const rebuilt = periods.flatMap((period) => countyMonth(county, period, AS_OF, facts));
        expect(Object.fromEntries(months)).toEqual(
          Object.fromEntries(rebuilt.map((month) => [`${month.unitId} ${month.period}`, month])),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('uses the default parameters of a county that has set none', () => {
    expect(county.parameters).toEqual(DEFAULT_PARAMETERS);
  });
});

function fail(): never {
  throw new Error('The unit has no month');
}
