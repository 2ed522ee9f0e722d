import { COVERAGE_METRIC_NAMES, type Coverage, type MetricCell, type VillageAssessment } from '#contracts';
import { rampRange, rampStep, RAMP_STEPS } from '../../apps/web/src/county/chart/ramp.js';
import {
  directionOf,
  monthBefore,
  shortfallOf,
  villageReasons,
  type Metrics,
} from '../../apps/web/src/county/coverage/coverage.reading.js';

const cell = (numerator: number, denominator: number | null): MetricCell => ({
  value: denominator === null ? numerator : denominator ? numerator / denominator : null,
  numerator,
  denominator,
  formulaVersion: 'x',
  asOf: '2026-11-01T00:00:00Z',
  version: 1,
});
const metrics = (over: Partial<Metrics> = {}): Metrics => ({
  ...(Object.fromEntries(COVERAGE_METRIC_NAMES.map((name) => [name, cell(0, 0)])) as Metrics),
  ...over,
});

describe('reading a coverage report', () => {
  it('compares with the month before, and with no other', () => {
    const report = {
      period: '2027-01',
      trend: [
        { period: '2026-11', metrics: metrics() },
        { period: '2026-12', metrics: metrics({ relapse: cell(4, null) }) },
      ],
    };
    expect(monthBefore(report as unknown as Coverage)?.relapse.numerator).toBe(4);
    expect(monthBefore({ ...report, period: '2027-03' } as unknown as Coverage)).toBeUndefined();
  });

  it('knows of which figures less is better', () => {
    expect(directionOf('effective_coverage', cell(9, 10), cell(8, 10))).toBe('better');
    expect(directionOf('relapse', cell(9, null), cell(8, null))).toBe('worse');
    expect(directionOf('relapse', cell(7, null), cell(8, null))).toBe('better');
    expect(directionOf('effective_coverage', cell(80_001, 100_000), cell(80_000, 100_000))).toBe('same');
    expect(directionOf('effective_coverage', cell(0, 0), cell(8, 10))).toBeUndefined();
  });

  it('says why villages are missing', () => {
    const report = {
      metrics: metrics({
        effective_coverage: cell(148, 160),
        nominal_coverage: cell(158, 160),
        not_assessed: cell(5, null),
        relapse: cell(3, null),
      }),
    };
    expect(shortfallOf(report)).toEqual({ uncovered: 12, notAssessed: 5, unserved: 2, relapsed: 3 });
    expect(shortfallOf({ metrics: metrics() })).toBeUndefined();
  });

  it('gives every reason of a village that is not effective, and none of one that is', () => {
    const assessment: VillageAssessment = {
      status: 'ineffective',
      effectiveDays: 30,
      suspendedDays: 0,
      eligibleDays: 30,
      requiredDays: 13,
      serviceDays: 12,
      longestGapDays: 6,
      nominal: false,
      resident: false,
      brands: [],
      relapsed: false,
      manualOnly: false,
    };
    expect(villageReasons(assessment, 5)).toEqual(['noRelation', 'fewDays', 'longGap']);
    expect(villageReasons({ ...assessment, nominal: true, serviceDays: 13 }, 5)).toEqual(['longGap']);
    expect(villageReasons({ ...assessment, status: 'effective' }, 5)).toEqual([]);
  });
});

describe('the five steps of the map', () => {
  it('cover every share without a gap', () => {
    expect(RAMP_STEPS.map((step) => rampRange(step))).toEqual([
      { from: 0, to: 0.5 },
      { from: 0.5, to: 0.7 },
      { from: 0.7, to: 0.85 },
      { from: 0.85, to: 0.95 },
      { from: 0.95, to: 1 },
    ]);
    expect([0, 0.5, 0.7, 0.85, 0.95, 1].map(rampStep)).toEqual([1, 2, 3, 4, 5, 5]);
  });
});
