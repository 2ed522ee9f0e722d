/** Which rows stand behind a figure, and which of them count on which side of it. Pure. */
import {
  PARCEL_DAY_COUNTS,
  type CoverageEvidenceRow,
  type CoverageMetric,
  type EvidenceCount,
  type ParcelDayCount,
} from '#contracts';
import { metricFacts, metricParts } from './coverage.metrics.js';
import type { UnitMonth } from './county.months.js';

export type VillageRow = Extract<CoverageEvidenceRow, { kind: 'village' }>;
export type ParcelRow = Extract<CoverageEvidenceRow, { kind: 'parcel' }>;

const EVIDENCE_NAME: Readonly<Record<ParcelDayCount, EvidenceCount>> = {
  service: 'service',
  brand: 'brand',
  townArrival: 'town_arrival',
  reached: 'reached',
  inbound: 'inbound',
  outbound: 'outbound',
  unassigned: 'unassigned',
};

/** The names of the bits of a parcel's day. */
export function countNames(counts: number): EvidenceCount[] {
  return (Object.keys(PARCEL_DAY_COUNTS) as ParcelDayCount[])
    .filter((name) => (counts & PARCEL_DAY_COUNTS[name]) !== 0)
    .map((name) => EVIDENCE_NAME[name]);
}

/** What stands behind a village's figure. */
export interface VillageEvidence {
  /** Registered services: all, or only those of a resident station of its own. */
  readonly relations?: 'all' | 'resident';
  /** Service days with their check-ins: of the month, or also of the month before. */
  readonly service?: 'month' | 'with_last_month';
  /** Parcels that count in the numerator (with all bits of it), and in the denominator. */
  readonly parcels?: { readonly numerator: number; readonly denominator: number };
  /** Only cohorts that have matured. */
  readonly mature?: boolean;
  /** Confirmed cases of an extra charge, in the numerator. */
  readonly cases?: boolean;
}

const { brand, townArrival, reached, inbound, outbound } = PARCEL_DAY_COUNTS;
const BRANDS: VillageEvidence = { parcels: { numerator: brand, denominator: 0 } };

export const VILLAGE_EVIDENCE: Readonly<Record<CoverageMetric, VillageEvidence>> = {
  nominal_coverage: { relations: 'all' },
  effective_coverage: { service: 'month' },
  not_assessed: { service: 'month' },
  resident_rate: { relations: 'resident', service: 'month' },
  brands_1: BRANDS,
  brands_4: BRANDS,
  brands_7: BRANDS,
  brands_six: BRANDS,
  relapse: { service: 'with_last_month' },
  to_village_rate: { parcels: { numerator: townArrival | reached, denominator: townArrival }, mature: true },
  extra_charge_rate: { cases: true, parcels: { numerator: 0, denominator: inbound } },
  inbound_parcels: { parcels: { numerator: inbound, denominator: 0 } },
  outbound_parcels: { parcels: { numerator: outbound, denominator: 0 } },
  outbound_inbound_ratio: { parcels: { numerator: outbound, denominator: inbound } },
};

/**
 * What a town's or county's own days add to a figure: parcels whose village nobody knows. Such a parcel has no service, no brand
 * and no cohort.
 */
export function bucketEvidence(metric: CoverageMetric): VillageEvidence {
  const { numerator } = metricFacts(metric);
  const counted = numerator === 'inbound' || numerator === 'outbound' || numerator === 'extraCharges';
  return counted ? VILLAGE_EVIDENCE[metric] : {};
}

/** A village behind a town's or county's figure; undefined when it is on neither side of it. */
export function villageRow(metric: CoverageMetric, unit: VillageRow['unit'], month: UnitMonth): VillageRow | undefined {
  const { numerator, denominator } = metricParts(metric, month.facts);
  if (month.assessment === null || (numerator === 0 && !denominator)) return undefined;
  return {
    kind: 'village',
    unit,
    inNumerator: numerator > 0,
    inDenominator: denominator !== null && denominator > 0,
    numerator,
    denominator,
    assessment: month.assessment,
  };
}
