/** How each figure of the report is made of month facts (docs/domain/metrics.md). Pure. */
import { COVERAGE_METRIC_NAMES, COVERAGE_METRICS, type CoverageMetric, type MetricCell } from '#contracts';
import type { UnitMonthFacts } from './coverage.facts.js';

/** A figure's two sides, as names of month facts; a plain count has no denominator. */
interface MetricParts {
  readonly numerator: Exclude<keyof UnitMonthFacts, 'carriers'>;
  readonly denominator: Exclude<keyof UnitMonthFacts, 'carriers'> | null;
}

const METRIC_PARTS: Readonly<Record<CoverageMetric, MetricParts>> = {
  nominal_coverage: { numerator: 'nominal', denominator: 'villages' },
  effective_coverage: { numerator: 'effective', denominator: 'villages' },
  not_assessed: { numerator: 'notAssessed', denominator: null },
  resident_rate: { numerator: 'resident', denominator: 'villages' },
  brands_1: { numerator: 'brands1', denominator: 'villages' },
  brands_4: { numerator: 'brands4', denominator: 'villages' },
  brands_7: { numerator: 'brands7', denominator: 'villages' },
  brands_six: { numerator: 'brandsSix', denominator: 'villages' },
  relapse: { numerator: 'relapsed', denominator: null },
  to_village_rate: { numerator: 'reached', denominator: 'townArrivals' },
  extra_charge_rate: { numerator: 'extraCharges', denominator: 'inbound' },
  inbound_parcels: { numerator: 'inbound', denominator: null },
  outbound_parcels: { numerator: 'outbound', denominator: null },
  outbound_inbound_ratio: { numerator: 'outbound', denominator: 'inbound' },
};

/** Numerator and denominator of a figure in a unit's month. */
export function metricParts(metric: CoverageMetric, facts: UnitMonthFacts): { numerator: number; denominator: number | null } {
  const { numerator, denominator } = METRIC_PARTS[metric];
  return { numerator: facts[numerator], denominator: denominator && facts[denominator] };
}

/** The month facts on a figure's two sides: which counts its evidence has to add up to. */
export function metricFacts(metric: CoverageMetric): MetricParts {
  return METRIC_PARTS[metric];
}

/** By which formulas and when a figure was made, and how often it has changed. */
export interface Published {
  readonly formulaVersion: string;
  readonly asOf: Date;
  readonly version: number;
}

/** All figures of a unit's month; every value is null when there are no facts of that month. */
export function metricCells(facts: UnitMonthFacts | undefined, published: Published): Record<CoverageMetric, MetricCell> {
  const cells = COVERAGE_METRIC_NAMES.map((metric) => [metric, metricCell(metric, facts, published)] as const);
  return Object.fromEntries(cells) as Record<CoverageMetric, MetricCell>;
}

function metricCell(metric: CoverageMetric, facts: UnitMonthFacts | undefined, published: Published): MetricCell {
  const { formulaVersion, asOf, version } = published;
  const isCount = METRIC_PARTS[metric].denominator === null;
  const { numerator, denominator } = facts ? metricParts(metric, facts) : { numerator: 0, denominator: isCount ? null : 0 };
  const value = facts ? metricValue(metric, numerator, denominator) : null;
  return { value, numerator, denominator, formulaVersion, asOf: asOf.toISOString(), version };
}

/** A figure from its two sides; null when there is nothing to divide by. */
export function metricValue(metric: CoverageMetric, numerator: number, denominator: number | null): number | null {
  const { kind } = COVERAGE_METRICS[metric];
  switch (kind) {
    case 'count':
      return numerator;
    case 'ratio':
      return denominator ? numerator / denominator : null;
    case 'per_10k':
      return denominator ? (numerator * 10_000) / denominator : null;
  }
}
