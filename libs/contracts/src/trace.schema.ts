/** What consumers and staff see of a traced lot: the page behind a code, alerts, reports, recalls, the resolver (docs/domain/trace.md). */
import { z } from 'zod';
import { unitRefSchema } from './auth.schema.js';
import { codeLevelSchema } from './code.schema.js';
import { idSchema } from './id.schema.js';
import { LOT_INPUT_KINDS, LOT_TEST_RESULTS, CERTIFICATION_KINDS } from './lot.schema.js';
import { pageQuerySchema } from './page.schema.js';
import { producerKindSchema } from './produce.schema.js';
import { instantSchema } from './time.js';

/**
 * `genuine`: ours, and its scans look honest. `suspicious`: ours, but the label may be a copy (see `reasons`). `recalled`: do not eat. `void`: taken
 * out of use. `unknown`: not one of ours.
 */
export const VERDICTS = ['genuine', 'suspicious', 'recalled', 'void', 'unknown'] as const;
export const verdictSchema = z.enum(VERDICTS).meta({ id: 'Verdict' });
export type Verdict = z.infer<typeof verdictSchema>;

/** Why a code's scans look like those of a copy. */
export const RISK_REASONS = [
  'not_activated',
  'before_shipping',
  'impossible_travel',
  'many_places',
  'many_devices',
  'long_after_sale',
] as const;
export const riskReasonSchema = z.enum(RISK_REASONS).meta({ id: 'RiskReason' });
export type RiskReason = z.infer<typeof riskReasonSchema>;
export const RISK_GRADES = ['none', 'low', 'high'] as const;
export const riskGradeSchema = z.enum(RISK_GRADES);
export type RiskGrade = z.infer<typeof riskGradeSchema>;

/** One step of a lot's way. `place` is a town or greater once the parcel has left its village. */
export const traceStepSchema = z.object({ at: instantSchema, step: z.string(), place: z.string().nullable(), text: z.string() });

/** The page behind a code, as JSON. Names of households are masked; no phone number is ever in it. */
export const tracePageSchema = z
  .object({
    verdict: verdictSchema,
    reasons: z.array(riskReasonSchema),
    message: z.string().meta({ description: 'The verdict in plain words' }),
    code: z.string().nullable(),
    level: codeLevelSchema.nullable(),
    scans: z
      .object({ count: z.number().int(), firstAt: instantSchema, firstPlace: z.string().nullable() })
      .nullable()
      .meta({ description: 'Null where only a lot or product was asked for' }),
    recall: z.object({ reason: z.string(), since: instantSchema }).nullable(),
    product: z
      .object({
        name: z.string(),
        categoryCode: z.string(),
        gtin: z.string().nullable(),
        spec: z.string().nullable(),
        certifications: z.array(z.object({ kind: z.enum(CERTIFICATION_KINDS), number: z.string() })),
      })
      .nullable(),
    lot: z
      .object({
        lotNo: z.string(),
        harvestedOn: z.string().nullable(),
        plot: z.string().nullable(),
        origin: z.string().meta({ description: 'County, town and village' }),
        village: unitRefSchema.omit({ id: true }),
        mixed: z.boolean(),
      })
      .nullable(),
    producer: z.object({ name: z.string(), kind: producerKindSchema }).nullable(),
    certificate: z.object({ number: z.string(), issuedOn: z.string(), url: z.url() }).nullable(),
    tests: z.array(
      z.object({ item: z.string(), result: z.enum(LOT_TEST_RESULTS), testedOn: z.string(), laboratory: z.string().nullable() }),
    ),
    inputs: z.array(z.object({ kind: z.enum(LOT_INPUT_KINDS), name: z.string(), appliedOn: z.string() })),
    timeline: z.array(traceStepSchema),
  })
  .meta({ id: 'TracePage' });
export type TracePage = z.infer<typeof tracePageSchema>;

/** Resolver description file (GS1-Conformant Resolver 1.2.0): exactly what is supported, no more. */
export const resolverDescriptionSchema = z
  .object({
    name: z.string(),
    resolverRoot: z.url(),
    supportedPrimaryKeys: z.array(z.string()),
    linkTypeDefaultCanBeLinkset: z.boolean(),
  })
  .meta({ id: 'ResolverDescription' });
export type ResolverDescription = z.infer<typeof resolverDescriptionSchema>;

export const ALERT_STATES = ['open', 'confirmed', 'dismissed'] as const;
export const alertViewSchema = z
  .object({
    id: idSchema,
    code: z.string(),
    lot: z.object({ id: idSchema, lotNo: z.string(), productName: z.string() }),
    village: unitRefSchema,
    reasons: z.array(riskReasonSchema),
    scans: z.number().int(),
    openedAt: instantSchema,
    state: z.enum(ALERT_STATES),
    decidedAt: instantSchema.nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'CodeAlert' });
export type AlertView = z.infer<typeof alertViewSchema>;
export const alertListQuerySchema = pageQuerySchema.extend({ state: z.enum(ALERT_STATES).optional() });
export type AlertListQuery = z.infer<typeof alertListQuerySchema>;
/** `confirmed` may void the code as well. */
export const alertDecisionSchema = z
  .object({
    state: z.enum(['confirmed', 'dismissed']),
    voidCode: z.boolean().default(false),
    note: z.string().trim().max(500).optional(),
  })
  .meta({ id: 'AlertDecision' });
export type AlertDecision = z.infer<typeof alertDecisionSchema>;
/** A scan as staff see it when they judge an alert. */
export const codeScanViewSchema = z
  .object({
    scannedAt: instantSchema,
    place: z.string().nullable(),
    device: z.string().nullable().meta({ description: 'A short mark of the salted hash: equal marks, equal devices' }),
  })
  .meta({ id: 'CodeScan' });
export type CodeScanView = z.infer<typeof codeScanViewSchema>;

export const FAKE_REPORT_STATES = ['open', 'confirmed', 'unfounded'] as const;
export const fakeReportFormSchema = z.object({
  text: z.string().trim().min(1).max(1000),
  boughtAt: z.string().trim().max(100).optional(),
  contact: z.string().trim().max(100).optional(),
});
export type FakeReportForm = z.infer<typeof fakeReportFormSchema>;
export const fakeReportViewSchema = z
  .object({
    id: idSchema,
    code: z.string(),
    lot: z.object({ id: idSchema, lotNo: z.string(), productName: z.string() }),
    village: unitRefSchema,
    text: z.string(),
    boughtAt: z.string().nullable(),
    contact: z.string().nullable().meta({ description: 'Masked' }),
    reportedAt: instantSchema,
    state: z.enum(FAKE_REPORT_STATES),
    decidedAt: instantSchema.nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'FakeReport' });
export type FakeReportView = z.infer<typeof fakeReportViewSchema>;
export const fakeReportListQuerySchema = pageQuerySchema.extend({ state: z.enum(FAKE_REPORT_STATES).optional() });
export type FakeReportListQuery = z.infer<typeof fakeReportListQuerySchema>;
export const fakeReportDecisionSchema = z
  .object({ state: z.enum(['confirmed', 'unfounded']), note: z.string().trim().max(500).optional() })
  .meta({ id: 'FakeReportDecision' });
export type FakeReportDecision = z.infer<typeof fakeReportDecisionSchema>;

/**
 * `down`: the lot and everything made of it, directly or over other lots. `source`: also the lots that it was made of, and everything made of those —
 * for a fault that came in above it, such as a forbidden pesticide found in a mixed lot.
 */
export const RECALL_SCOPES = ['down', 'source'] as const;
export const recallScopeSchema = z.enum(RECALL_SCOPES).meta({ id: 'RecallScope' });
export type RecallScope = z.infer<typeof recallScopeSchema>;

export const recallInputSchema = z
  .object({
    id: idSchema,
    lotId: idSchema,
    scope: recallScopeSchema.default('down'),
    reason: z.string().trim().min(1).max(500).meta({ description: 'Shown to consumers' }),
  })
  .meta({ id: 'RecallInput' });
export type RecallInput = z.infer<typeof recallInputSchema>;
/**
 * How far a recall reaches. `lotsUp` are the lots that this one was made of: with the scope `down` they are shown for the investigation and not recalled.
 * `lotsDown` are the other lots that are recalled. Everything else counts what the recalled lots went into.
 */
export const recallReachSchema = z
  .object({
    lotsUp: z.number().int(),
    lotsDown: z.number().int(),
    codes: z.number().int(),
    boxes: z.number().int(),
    orders: z.number().int(),
    shipments: z.number().int(),
    stations: z.number().int(),
    contacts: z.number().int(),
  })
  .meta({ id: 'RecallReach' });
export type RecallReach = z.infer<typeof recallReachSchema>;
export const recallViewSchema = z
  .object({
    id: idSchema,
    lot: z.object({ id: idSchema, lotNo: z.string(), productName: z.string() }),
    scope: recallScopeSchema,
    reason: z.string(),
    startedAt: instantSchema,
    endedAt: instantSchema.nullable(),
    endNote: z.string().nullable(),
    reach: recallReachSchema,
  })
  .meta({ id: 'Recall' });
export type RecallView = z.infer<typeof recallViewSchema>;
export const recallEndSchema = z.object({ note: z.string().trim().min(1).max(500) }).meta({ id: 'RecallEnd' });
export type RecallEnd = z.infer<typeof recallEndSchema>;
export const recallListQuerySchema = pageQuerySchema.extend({
  open: z.stringbool().optional().meta({ description: 'Only recalls in force, or only ended ones' }),
});
export type RecallListQuery = z.infer<typeof recallListQuerySchema>;
export const reachQuerySchema = z.object({ scope: recallScopeSchema.default('down') });
export type ReachQuery = z.infer<typeof reachQuerySchema>;
export const RECALL_ROW_KINDS = ['lots', 'boxes', 'orders', 'shipments', 'stations', 'contacts'] as const;
export type RecallRowKind = (typeof RECALL_ROW_KINDS)[number];
export const recallRowsQuerySchema = pageQuerySchema.extend({
  kind: z.enum(RECALL_ROW_KINDS),
  unmask: z
    .stringbool()
    .optional()
    .meta({ description: "Buyers' names and phones in full: needs personal:unmask, and is audited" }),
});
export type RecallRowsQuery = z.infer<typeof recallRowsQuerySchema>;
export const recallRowSchema = z
  .object({
    kind: z.enum(RECALL_ROW_KINDS),
    key: z.string().meta({ description: 'Lot number, SSCC, order number, waybill, station code or masked phone' }),
    name: z.string(),
    detail: z.string(),
    quantityG: z.number().int().nullable(),
    at: instantSchema.nullable(),
  })
  .meta({ id: 'RecallRow' });
export type RecallRow = z.infer<typeof recallRowSchema>;
