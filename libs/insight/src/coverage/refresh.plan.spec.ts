import { DEFAULT_PARAMETERS, type Period } from '#contracts';
import { FORMULA_VERSION } from './coverage.facts.js';
import { earliestMonth, planMonths, touchedMonths, type ExistingMonth } from './refresh.plan.js';
import { UnitDescent } from './unit.descent.js';

const TODAY = '2026-11-20';
const month = (period: Period, lookedAt: string, formulaVersion = FORMULA_VERSION): ExistingMonth => ({
  period,
  asOf: new Date(`${lookedAt}T12:00:00+08:00`),
  formulaVersion,
});
const whole = (existing: ExistingMonth[], first: Period | undefined, today = TODAY) => [
  ...planMonths(existing, first, today, DEFAULT_PARAMETERS).whole,
];

describe('months in which every unit is looked at', () => {
  it('are all from the first facts to the running month, also those between without facts', () => {
    expect(whole([], '2026-08')).toEqual(['2026-08', '2026-09', '2026-10', '2026-11']);
    expect(whole([month('2026-11', TODAY)], '2026-10')).toEqual(['2026-10']);
  });

  it('are none while the county has neither months nor facts', () => {
    expect(planMonths([], undefined, TODAY, DEFAULT_PARAMETERS)).toEqual({ first: undefined, whole: new Set() });
  });

  it('are the running month once a day, and a past month until its last cohort has matured', () => {
    const settled = [month('2026-10', '2026-11-03'), month('2026-11', TODAY)];
    expect(whole(settled, '2026-10')).toEqual([]);
    expect(whole([month('2026-10', '2026-11-03'), month('2026-11', '2026-11-19')], '2026-10')).toEqual(['2026-11']);
    expect(whole([month('2026-10', '2026-11-02'), month('2026-11', TODAY)], '2026-10')).toEqual(['2026-10']);
  });

  it('are all that were made by other formulas', () => {
    expect(whole([month('2026-10', '2026-11-10', 'coverage-0'), month('2026-11', TODAY)], '2026-10')).toEqual(['2026-10']);
  });

  it('begin at most three years back, or where the county began', () => {
    expect(earliestMonth([], TODAY)).toBe('2023-12');
    expect(earliestMonth([month('2022-01', '2022-03-01')], TODAY)).toBe('2022-01');
  });
});

const merge = (predecessorId: string, successorId: string, on: string) => ({
  predecessorId,
  successorId,
  on,
  kind: 'merge' as const,
  share: 1,
});

describe('months that touched days put in question', () => {
  it('are looked at for the unit and for what it has become by then', () => {
    const touched = touchedMonths(
      [
        ['A', '2026-09-05'],
        ['A', '2026-09-06'],
      ],
      TODAY,
      new UnitDescent([merge('A', 'M', '2026-10-16')]),
    );
    expect([...touched]).toEqual([
      ['2026-09', new Set(['A'])],
      ['2026-10', new Set(['A', 'M'])],
    ]);
  });

  it('are none for days to come, though days before them in the month count', () => {
    const touched = touchedMonths(
      [
        ['A', '2026-11-30'],
        ['A', '2026-11-02'],
      ],
      TODAY,
      new UnitDescent([]),
    );
    expect([...touched.keys()]).toEqual(['2026-11']);
  });
});

describe('descent', () => {
  it('follows mergers of merged units, and leaves splits alone', () => {
    const descent = new UnitDescent([
      merge('A', 'B', '2026-03-01'),
      merge('B', 'C', '2026-05-01'),
      { predecessorId: 'C', successorId: 'D', on: '2026-08-01', kind: 'split', share: 0.5 },
    ]);
    expect([
      descent.currentOf('A', '2026-02-28'),
      descent.currentOf('A', '2026-03-01'),
      descent.currentOf('A', '2026-12-01'),
    ]).toEqual(['A', 'B', 'C']);
    expect(descent.mergedInto('C', '2026-05-01')).toEqual(['A', 'B']);
    expect(descent.mergedInto('C', '2026-04-30')).toEqual([]);
    expect(descent.familyOf('B')).toEqual(new Set(['C', 'A', 'B']));
    expect(descent.currentOf('C', '2026-12-01')).toBe('C');
  });
});
