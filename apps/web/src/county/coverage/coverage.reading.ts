/** What a coverage report says in sentences: cells of earlier months, the change, and why villages are not covered. Pure. */
import {
  addMonths,
  COVERAGE_METRICS,
  type Coverage,
  type CoverageMetric,
  type MetricCell,
  type VillageAssessment,
} from '#contracts';

export type Metrics = Coverage['metrics'];
export type Direction = 'better' | 'worse' | 'same';

/** Metrics of which less is better; of the counts in `NEUTRAL` neither is. */
const LESS_IS_BETTER: readonly CoverageMetric[] = ['not_assessed', 'relapse', 'extra_charge_rate'];
const NEUTRAL: readonly CoverageMetric[] = ['inbound_parcels', 'outbound_parcels', 'outbound_inbound_ratio'];
/** A change that would be written as 0.0 is no change. */
const VISIBLE: Readonly<Record<(typeof COVERAGE_METRICS)[CoverageMetric]['kind'], number>> = {
  ratio: 0.0005,
  count: 0.5,
  per_10k: 0.05,
};

/** The metrics of the month before, when there are any. */
export function monthBefore(report: Coverage): Metrics | undefined {
  const before = addMonths(report.period, -1);
  return report.trend.find((point) => point.period === before)?.metrics;
}

/** Whether a metric moved for the better; `undefined` when one of the two cells is missing. */
export function directionOf(metric: CoverageMetric, now?: MetricCell, before?: MetricCell): Direction | undefined {
  if (now?.value == null || before?.value == null) return undefined;
  const difference = now.value - before.value;
  if (Math.abs(difference) < VISIBLE[COVERAGE_METRICS[metric].kind]) return 'same';
  const up = difference > 0;
  return up === LESS_IS_BETTER.includes(metric) ? 'worse' : 'better';
}

/** Whether a change of the metric is good or bad at all. */
export function isNeutral(metric: CoverageMetric): boolean {
  return NEUTRAL.includes(metric);
}

/** Why villages of a county or town are not effectively covered; the counts may overlap only in `relapsed`. */
export interface Shortfall {
  uncovered: number;
  notAssessed: number;
  /** No service relation at all. */
  unserved: number;
  relapsed: number;
}

/** The reason below the answer. */
export function shortfallOf(report: Pick<Coverage, 'metrics'>): Shortfall | undefined {
  const { effective_coverage: effective, nominal_coverage: nominal, not_assessed, relapse } = report.metrics;
  if (!effective?.denominator) return undefined;
  return {
    uncovered: effective.denominator - effective.numerator,
    notAssessed: not_assessed?.numerator ?? 0,
    unserved: nominal?.denominator ? nominal.denominator - nominal.numerator : 0,
    relapsed: relapse?.numerator ?? 0,
  };
}

/** What keeps a village from being effective: names of messages under `villageReason`. */
export function villageReasons(assessment: VillageAssessment, maxGapDays: number): string[] {
  if (assessment.status !== 'ineffective') return [];
  const reasons: string[] = [];
  if (!assessment.nominal) reasons.push('noRelation');
  if (assessment.serviceDays < assessment.requiredDays) reasons.push('fewDays');
  if (assessment.longestGapDays > maxGapDays) reasons.push('longGap');
  return reasons;
}
