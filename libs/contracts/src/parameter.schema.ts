/** Domain parameters: rules that differ by county are configuration with these defaults (docs/domain/parameters.md). */
import { z } from 'zod';

export const parametersSchema = z
  .object({
    /** M2's k: service days asked for in every seven eligible days. */
    coverageDaysPerWeek: z.number().int().min(1).max(7).default(3),
    /** M2: the longest run of eligible days without service that an effective village may have. */
    coverageMaxGapDays: z.number().int().min(0).max(31).default(5),
    /** M2: fewer eligible days than this and the village is not assessed. */
    coverageMinEligibleDays: z.number().int().min(1).max(31).default(7),
    /** Approved suspension that is taken off a month, at most. */
    suspensionMaxDaysPerMonth: z.number().int().min(0).max(31).default(10),
    /** M6: days after its town arrival before a parcel counts in the cohort. */
    toVillageMaturityDays: z.number().int().min(0).max(30).default(3),
    /** A neighbour's station credits the village within this distance only. */
    neighbourMaxDistanceM: z.number().int().min(0).max(50_000).default(3000),
    /** Geofence of an open-day check-in around the station. */
    geofenceM: z.number().int().min(10).max(5000).default(300),
    /** Shell village: trailing-12-month operating result at or below this, in fen. */
    shellThresholdFen: z.number().int().default(0),
    /** Mass balance: a lot may ship this share more than was harvested, in hundredths of a percent. */
    massBalanceToleranceBp: z.number().int().min(0).max(10_000).default(200),
    /** GS1 company prefix from which the SSCCs of boxes are made. */
    gs1CompanyPrefix: z
      .string()
      .regex(/^\d{4,12}$/)
      .default('6999999'),
    /** Hours on the shelf after which a parcel is overdue: tiers, ascending. */
    overdueHours: z.array(z.number().int().min(1).max(720)).min(1).max(5).default([24, 48, 72]),
    /** Recipients are told by themselves when their parcel is shelved; otherwise when the keeper asks. */
    noticeOnShelving: z.boolean().default(true),
    /** Days after which a recipient's name, phone and proofs are removed. */
    recipientKeepDays: z.number().int().min(30).max(1095).default(180),
    /** 2023 carries the accounting rules of 财会〔2023〕14号. */
    accountingRegime: z.enum(['2004', '2023']).default('2023'),
    /** A carrier's successor from a day on, effective-dated. */
    carrierSuccessors: z
      .array(z.object({ carrierCode: z.string(), successorCode: z.string(), from: z.iso.date() }))
      .default([{ carrierCode: 'BEST', successorCode: 'JT', from: '2021-12-01' }]),
  })
  .meta({ id: 'Parameters' });
export type Parameters = z.infer<typeof parametersSchema>;

/** All parameters at their defaults. */
export const DEFAULT_PARAMETERS: Parameters = parametersSchema.parse({});

/** Clock rules of device scans; not configurable, because every county's figures must agree on them. */
export const CLOCK_AHEAD_MS = 5 * 60_000;
export const QUARANTINE_AGE_MS = 45 * 86_400_000;
/** A second scan of the same waybill, kind and station within this time is a double scan. */
export const DOUBLE_SCAN_MS = 10 * 60_000;
/** A scan can be taken back (kind `undone`) within this time of it. */
export const UNDO_WITHIN_MS = 48 * 3_600_000;
