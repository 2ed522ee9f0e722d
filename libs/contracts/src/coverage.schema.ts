/** Coverage metrics M1–M6, M9 and M10's parcel counts as the API shows them (definitions: docs/domain/metrics.md). */
import { z } from 'zod';
import { unitRefSchema } from './auth.schema.js';
import { unitCodeSchema, unitLevelSchema } from './directory.schema.js';
import { idSchema } from './id.schema.js';
import { pageQuerySchema } from './page.schema.js';
import { daySchema, instantSchema, periodSchema } from './time.js';

/** The metrics in report order. `kind` says how numerator and denominator make the value. */
export const COVERAGE_METRICS = {
  nominal_coverage: { rule: 'M1', kind: 'ratio' },
  effective_coverage: { rule: 'M2', kind: 'ratio' },
  not_assessed: { rule: 'M2', kind: 'count' },
  resident_rate: { rule: 'M3', kind: 'ratio' },
  brands_1: { rule: 'M4', kind: 'ratio' },
  brands_4: { rule: 'M4', kind: 'ratio' },
  brands_7: { rule: 'M4', kind: 'ratio' },
  brands_six: { rule: 'M4', kind: 'ratio' },
  relapse: { rule: 'M5', kind: 'count' },
  to_village_rate: { rule: 'M6', kind: 'ratio' },
  extra_charge_rate: { rule: 'M9', kind: 'per_10k' },
  inbound_parcels: { rule: 'M10', kind: 'count' },
  outbound_parcels: { rule: 'M10', kind: 'count' },
  outbound_inbound_ratio: { rule: 'M10', kind: 'ratio' },
} as const satisfies Record<string, { rule: string; kind: 'ratio' | 'count' | 'per_10k' }>;
export type CoverageMetric = keyof typeof COVERAGE_METRICS;
export const COVERAGE_METRIC_NAMES = Object.keys(COVERAGE_METRICS) as CoverageMetric[];
export const coverageMetricSchema = z.enum(COVERAGE_METRIC_NAMES).meta({ id: 'CoverageMetric' });

/** One published figure: never a bare number. `value` is null when the denominator is 0 (no data yet). */
export const metricCellSchema = z
  .object({
    value: z.number().nullable(),
    numerator: z.number().int(),
    denominator: z.number().int().nullable().meta({ description: 'null for a plain count' }),
    formulaVersion: z.string(),
    asOf: instantSchema,
    version: z.number().int().meta({ description: 'Counts the recomputations of this cell that changed it' }),
  })
  .meta({ id: 'MetricCell' });
export type MetricCell = z.infer<typeof metricCellSchema>;

const metricsSchema = z.record(coverageMetricSchema, metricCellSchema);

export const coverageQuerySchema = z.object({ unit: unitCodeSchema, period: periodSchema });
export type CoverageQuery = z.infer<typeof coverageQuerySchema>;

export const VILLAGE_STATUSES = ['effective', 'ineffective', 'not_assessed'] as const;
export const villageStatusSchema = z.enum(VILLAGE_STATUSES);
export type VillageStatus = z.infer<typeof villageStatusSchema>;

export const unitSummarySchema = unitRefSchema.extend({ level: unitLevelSchema }).meta({ id: 'UnitSummary' });

/** How one village's month was assessed; what makes M1–M5 of that village. */
export const villageAssessmentSchema = z
  .object({
    status: villageStatusSchema,
    effectiveDays: z.number().int().meta({ description: 'Days of the month on which the village existed, up to the as-of day' }),
    suspendedDays: z.number().int(),
    eligibleDays: z.number().int(),
    requiredDays: z.number().int().meta({ description: '⌈k × eligible / 7⌉' }),
    serviceDays: z.number().int(),
    longestGapDays: z.number().int(),
    nominal: z.boolean(),
    resident: z.boolean(),
    brands: z.array(z.string()),
    relapsed: z.boolean(),
    manualOnly: z.boolean().meta({ description: 'Service days come from check-ins alone: shown as unverified' }),
  })
  .meta({ id: 'VillageAssessment' });
export type VillageAssessment = z.infer<typeof villageAssessmentSchema>;

/** One day of a village's month: what the day strip shows. */
export const villageDaySchema = z
  .object({
    day: daySchema,
    eligible: z.boolean().meta({ description: 'The village existed and was not suspended' }),
    service: z.boolean(),
    checkIn: z.boolean(),
    parcels: z.number().int().meta({ description: 'Parcels with a station event credited to the village' }),
  })
  .meta({ id: 'VillageDay' });
export type VillageDay = z.infer<typeof villageDaySchema>;

export const coverageSchema = z
  .object({
    unit: unitSummarySchema,
    period: periodSchema,
    asOf: instantSchema,
    villages: z.number().int(),
    metrics: metricsSchema,
    carriers: z.array(z.object({ carrierCode: z.string(), villages: z.number().int(), rate: z.number().nullable() })),
    unassigned: z
      .object({ parcels: z.number().int() })
      .meta({ description: 'Parcels with no known village: a bucket of the town, never spread' }),
    assessment: villageAssessmentSchema.optional().meta({ description: 'Only for a village' }),
    days: z
      .array(villageDaySchema)
      .optional()
      .meta({ description: 'Only for a village: its days up to the as-of day, oldest first' }),
    children: z.array(
      z.object({
        unit: unitSummarySchema,
        villages: z.number().int(),
        metrics: metricsSchema,
        assessment: villageAssessmentSchema.optional(),
      }),
    ),
    trend: z
      .array(z.object({ period: periodSchema, metrics: metricsSchema }))
      .meta({ description: 'Twelve months up to the period, oldest first; months with no facts are absent' }),
  })
  .meta({ id: 'Coverage' });
export type Coverage = z.infer<typeof coverageSchema>;

export const evidenceQuerySchema = pageQuerySchema.extend({ unit: unitCodeSchema, period: periodSchema });

/** What a parcel counts as; a confirmed complaint is a row of its own. */
export const EVIDENCE_COUNTS = [
  'service',
  'brand',
  'town_arrival',
  'reached',
  'inbound',
  'outbound',
  'unassigned',
  'extra_charge',
] as const;
export type EvidenceCount = (typeof EVIDENCE_COUNTS)[number];

/** Behind a county's or town's figure stand villages; behind a village's stand parcels and check-ins. */
export const coverageEvidenceRowSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('village'),
      unit: unitSummarySchema,
      inNumerator: z.boolean(),
      inDenominator: z.boolean(),
      numerator: z.number().int(),
      denominator: z.number().int().nullable(),
      assessment: villageAssessmentSchema,
    }),
    z.object({
      kind: z.literal('parcel'),
      day: daySchema,
      waybill: z.string(),
      carrierCode: z.string().nullable(),
      stationCode: z.string().nullable(),
      counts: z.array(z.enum(EVIDENCE_COUNTS)),
      inNumerator: z.boolean(),
      inDenominator: z.boolean(),
    }),
    z.object({ kind: z.literal('check_in'), day: daySchema, stationCode: z.string() }),
    z.object({
      kind: z.literal('relation'),
      carrierCode: z.string(),
      mode: z.string(),
      stationCode: z.string(),
      validFrom: daySchema,
      validTo: daySchema.nullable(),
    }),
  ])
  .meta({ id: 'CoverageEvidence' });
export type CoverageEvidenceRow = z.infer<typeof coverageEvidenceRowSchema>;

/** Server-sent event of `GET /api/coverage/stream?unit=`: facts of the unit or below it changed. */
export const coverageChangeSchema = z.object({
  countyCode: z.string(),
  unitIds: z.array(idSchema),
  periods: z.array(periodSchema),
});
export type CoverageChange = z.infer<typeof coverageChangeSchema>;
