/** Village collective income, metric M12 (definitions: docs/domain/metrics.md). All money in integer fen. */
import { z } from 'zod';
import { unitSummarySchema } from './coverage.schema.js';
import { unitCodeSchema } from './directory.schema.js';
import { pageQuerySchema } from './page.schema.js';
import { instantSchema, periodSchema } from './time.js';

/** Accounting regimes of village collectives: the 2004 one, and that of 财会〔2023〕14号. */
export const ACCOUNTING_REGIMES = ['2004', '2023'] as const;
export const accountingRegimeSchema = z.enum(ACCOUNTING_REGIMES);
export type AccountingRegime = z.infer<typeof accountingRegimeSchema>;

/** How the collective earns an income line: 种植, 加工, 服务, 租赁. */
export const INCOME_MODES = ['planting', 'processing', 'service', 'leasing'] as const;
export const incomeModeSchema = z.enum(INCOME_MODES);
export type IncomeMode = z.infer<typeof incomeModeSchema>;

/** What a line does to the operating result. */
export const LINE_CLASSES = [
  'operating_income',
  'investment_income',
  'subsidy_income',
  'other_income',
  'expense',
  'excluded_expense',
] as const;
export const lineClassSchema = z.enum(LINE_CLASSES);
export type LineClass = z.infer<typeof lineClassSchema>;

export const accountLineSchema = z
  .object({
    line: z.string().min(1).max(40).meta({ description: "Line code of the regime's table (GET /api/income/lines)" }),
    mode: incomeModeSchema.optional().meta({ description: 'Required for operating income' }),
    amountFen: z.number().int().min(-100_000_000_000).max(100_000_000_000),
    oneOff: z.boolean().default(false).meta({ description: 'A one-off item: kept out of the operating result' }),
    note: z.string().max(200).optional(),
  })
  .meta({ id: 'AccountLine' });
export type AccountLine = z.infer<typeof accountLineSchema>;

export const ACCOUNT_STATUSES = ['submitted', 'approved', 'returned'] as const;
export const accountStatusSchema = z.enum(ACCOUNT_STATUSES);
export type AccountStatus = z.infer<typeof accountStatusSchema>;

/** A village's month. An empty month is entered as no lines: zero must be said, never assumed. */
export const accountInputSchema = z
  .object({
    regime: accountingRegimeSchema,
    lines: z.array(accountLineSchema).max(200),
    version: z.number().int().min(0).default(0).meta({ description: 'Version that this entry replaces; 0 for the first' }),
  })
  .meta({ id: 'AccountInput' });
export type AccountInput = z.infer<typeof accountInputSchema>;

export const accountDecisionSchema = z
  .object({ decision: z.enum(['approve', 'return']), version: z.number().int().min(1), reason: z.string().max(500).optional() })
  .refine((value) => value.decision === 'approve' || !!value.reason, {
    path: ['reason'],
    message: 'A returned account needs a reason',
    params: { code: 'reason_required' },
  })
  .meta({ id: 'AccountDecision' });

export const accountViewSchema = z
  .object({
    village: unitSummarySchema,
    period: periodSchema,
    regime: accountingRegimeSchema,
    status: accountStatusSchema,
    version: z.number().int(),
    lines: z.array(accountLineSchema),
    operatingResultFen: z.number().int(),
    enteredBy: z.string(),
    enteredAt: instantSchema,
    decidedBy: z.string().nullable(),
    decidedAt: instantSchema.nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'Account' });
export type AccountView = z.infer<typeof accountViewSchema>;

/** One line of a regime's table: what may be entered. */
export const incomeLineViewSchema = z
  .object({
    code: z.string(),
    name: z.string().meta({ description: 'In the language asked for' }),
    account: z.string().nullable().meta({ description: "Account number of the regime's chart, where known" }),
    lineClass: lineClassSchema,
    negativeAllowed: z.boolean(),
    modes: z.array(incomeModeSchema).meta({ description: 'Modes that the line may carry; one is required unless empty' }),
  })
  .meta({ id: 'IncomeLine' });
export type IncomeLineView = z.infer<typeof incomeLineViewSchema>;
export const incomeLinesQuerySchema = z.object({ regime: accountingRegimeSchema });
export const incomeLinesSchema = z
  .object({ regime: accountingRegimeSchema, items: z.array(incomeLineViewSchema) })
  .meta({ id: 'IncomeLines' });

/** Every village that owes an account of the month, with the state of its latest version; `missing` while none was entered. */
export const ACCOUNT_STATES = [...ACCOUNT_STATUSES, 'missing'] as const;
export const accountStateSchema = z.enum(ACCOUNT_STATES);
export const accountListQuerySchema = pageQuerySchema.extend({
  unit: unitCodeSchema,
  period: periodSchema,
  status: accountStateSchema.optional(),
});
export type AccountListQuery = z.infer<typeof accountListQuerySchema>;
export const accountListRowSchema = z
  .object({
    village: unitSummarySchema,
    period: periodSchema,
    status: accountStateSchema,
    version: z.number().int().meta({ description: '0 while missing' }),
    approvedVersion: z.number().int().nullable().meta({ description: 'The version that counts in the figures' }),
    regime: accountingRegimeSchema.nullable(),
    operatingResultFen: z.number().int().nullable().meta({ description: 'Of the latest version' }),
    enteredBy: z.string().nullable(),
    enteredAt: instantSchema.nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'AccountListRow' });
export type AccountListRow = z.infer<typeof accountListRowSchema>;

/** Bands of a village's yearly operating result, by lower bound in fen (万元: ≤ 0, 0–5, 5–10, 10–50, 50–100, ≥ 100). */
export const INCOME_BANDS = ['le_0', '0_5', '5_10', '10_50', '50_100', 'ge_100'] as const;
export const incomeBandSchema = z.enum(INCOME_BANDS);
export type IncomeBand = z.infer<typeof incomeBandSchema>;

export const incomeFiguresSchema = z
  .object({
    operatingResultFen: z.number().int(),
    withSubsidiesFen: z.number().int(),
    operatingIncomeFen: z.number().int(),
    investmentIncomeFen: z.number().int(),
    subsidyIncomeFen: z.number().int(),
    otherIncomeFen: z.number().int(),
    oneOffFen: z.number().int().meta({ description: 'Net of one-off items, kept out of both results' }),
    expensesFen: z.number().int(),
    byModeFen: z.record(incomeModeSchema, z.number().int()),
    expected: z.number().int().meta({ description: 'Accounts due: village × month' }),
    approved: z.number().int(),
    pending: z.number().int(),
  })
  .meta({ id: 'IncomeFigures' });
export type IncomeFigures = z.infer<typeof incomeFiguresSchema>;

export const incomeSummarySchema = z
  .object({
    month: incomeFiguresSchema,
    trailingYear: incomeFiguresSchema.meta({ description: 'The twelve months that end with the period' }),
    villages: z.number().int(),
    shellVillages: z.number().int().meta({ description: 'Villages whose trailing result is at or below the threshold' }),
    notReported: z
      .number()
      .int()
      .meta({ description: 'Villages with no approved account in the twelve months: neither shell nor in a band' }),
    bands: z.record(incomeBandSchema, z.number().int()),
    band: incomeBandSchema.nullable().meta({ description: 'Only for a village' }),
    shell: z.boolean().nullable().meta({ description: 'Only for a village' }),
    formulaVersion: z.string(),
    asOf: instantSchema,
    version: z.number().int(),
  })
  .meta({ id: 'IncomeSummary' });
export type IncomeSummary = z.infer<typeof incomeSummarySchema>;

export const incomeSchema = z
  .object({
    unit: unitSummarySchema,
    period: periodSchema,
    summary: incomeSummarySchema,
    children: z.array(z.object({ unit: unitSummarySchema, summary: incomeSummarySchema })),
    trend: z.array(z.object({ period: periodSchema, operatingResultFen: z.number().int(), withSubsidiesFen: z.number().int() })),
  })
  .meta({ id: 'Income' });
export type Income = z.infer<typeof incomeSchema>;
export const incomeQuerySchema = z.object({ unit: unitCodeSchema, period: periodSchema });
/** Which figures the evidence is of: the period's own month, or the twelve months that end with it. */
export const incomeSpanSchema = z.enum(['month', 'trailing_year']);
export type IncomeSpan = z.infer<typeof incomeSpanSchema>;
export const incomeEvidenceQuerySchema = pageQuerySchema.extend({
  unit: unitCodeSchema,
  period: periodSchema,
  span: incomeSpanSchema.default('month'),
});
export type IncomeEvidenceQuery = z.infer<typeof incomeEvidenceQuerySchema>;

/** Evidence of an income figure: the account lines of the villages below the unit in that month. */
export const incomeEvidenceRowSchema = z
  .object({
    village: unitSummarySchema,
    period: periodSchema,
    line: z.string(),
    lineClass: lineClassSchema,
    mode: incomeModeSchema.nullable(),
    amountFen: z.number().int(),
    oneOff: z.boolean(),
    inOperatingResult: z.boolean(),
    accountVersion: z.number().int(),
    approvedBy: z.string(),
  })
  .meta({ id: 'IncomeEvidence' });
export type IncomeEvidenceRow = z.infer<typeof incomeEvidenceRowSchema>;
