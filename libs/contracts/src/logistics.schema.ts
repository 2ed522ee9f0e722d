/** Recognition of waybills, the mapping queue of provider codes, quarantined scans and complaints of an extra charge. */
import { z } from 'zod';
import { idSchema } from './id.schema.js';
import { exceptionKindSchema } from './scan.schema.js';
import { waybillSchema } from './scan.schema.js';
import { pageQuerySchema } from './page.schema.js';
import { daySchema, instantSchema } from './time.js';
import { unitRefSchema } from './auth.schema.js';

const candidateSchema = z.object({
  carrierCode: z.string(),
  reason: z.enum(['manifest', 'label', 'check_digit', 'prefix', 'provider', 'shape']),
  confidence: z.number().min(0).max(1),
});
/** What a waybill number shows; `decided` is null where the keeper has to be asked. */
export const recognitionSchema = z
  .object({
    waybill: z.string(),
    format: z.enum(['s10', 'sscc', 'plain']),
    checkDigit: z.enum(['valid', 'invalid', 'none']),
    candidates: z.array(candidateSchema),
    decided: z.string().nullable(),
  })
  .meta({ id: 'Recognition' });
export type RecognitionView = z.infer<typeof recognitionSchema>;

/** What a provider's code, or a row of a carrier's file, can mean. */
export const CLAIMED_KINDS = [
  'announced',
  'accepted',
  'in_transit',
  'arrived_county',
  'arrived_town',
  'arrived_station',
  'out_for_delivery',
  'redelivery',
  'delivered',
  'delivery_revoked',
  'returning',
  'returned',
  'transferred',
  'cancelled',
  'lost',
  'exception_open',
  'exception_close',
  'note',
] as const;
export const claimedKindSchema = z.enum(CLAIMED_KINDS).meta({ id: 'ClaimedKind' });
export type ClaimedKind = z.infer<typeof claimedKindSchema>;

export const providerSchema = z.enum(['kuaidi100', 'kdniao']);
/** A provider's code that no table knows, with what staff made of it. */
export const codeMappingSchema = z
  .object({
    provider: providerSchema,
    code: z.string(),
    sampleText: z.string(),
    seen: z.number().int(),
    firstSeen: instantSchema,
    kind: claimedKindSchema.nullable(),
    exception: exceptionKindSchema.nullable(),
    resolvedAt: instantSchema.nullable(),
  })
  .meta({ id: 'CodeMapping' });
export type CodeMapping = z.infer<typeof codeMappingSchema>;
export const codeMappingQuerySchema = pageQuerySchema.extend({ state: z.enum(['open', 'resolved', 'all']).default('open') });
export const codeDecisionSchema = z
  .object({ kind: claimedKindSchema, exception: exceptionKindSchema.optional() })
  .meta({ id: 'CodeDecision' });
export const codeReplaySchema = z.object({ mapping: codeMappingSchema, parcels: z.number().int() }).meta({ id: 'CodeReplay' });

/** A scan that waits because it claims to be older than 45 days. */
export const quarantinedScanSchema = z
  .object({
    id: idSchema,
    waybill: z.string(),
    kind: z.string(),
    claimedAt: instantSchema,
    receivedAt: instantSchema,
    stationCode: z.string().optional(),
    deviceId: z.string().optional(),
  })
  .meta({ id: 'QuarantinedScan' });
export type QuarantinedScan = z.infer<typeof quarantinedScanSchema>;

export const COMPLAINT_STATUSES = ['reported', 'confirmed', 'dismissed'] as const;
/** A complaint of an extra charge (违规二次收费): what was asked for is never recorded as a fee, only that it was. */
export const complaintInputSchema = z
  .object({
    id: idSchema.meta({ description: "The client's own id: a repeat changes nothing" }),
    waybill: waybillSchema,
    day: daySchema.optional().meta({ description: 'Day of the charge; default: today' }),
    stationCode: z.string().min(1).max(40).optional(),
    villageCode: z
      .string()
      .regex(/^\d{12}$/)
      .optional()
      .meta({ description: "Default: the parcel's village" }),
    text: z.string().trim().min(1).max(500),
  })
  .meta({ id: 'ComplaintInput' });
export type ComplaintInput = z.infer<typeof complaintInputSchema>;
export const complaintSchema = z
  .object({
    id: idSchema,
    waybill: z.string(),
    day: daySchema,
    unit: unitRefSchema,
    stationCode: z.string().optional(),
    text: z.string(),
    status: z.enum(COMPLAINT_STATUSES),
    reportedAt: instantSchema,
    decidedAt: instantSchema.optional(),
  })
  .meta({ id: 'Complaint' });
export type ComplaintView = z.infer<typeof complaintSchema>;
export const complaintQuerySchema = pageQuerySchema.extend({
  unit: z
    .string()
    .regex(/^\d{2,12}$/)
    .optional(),
  status: z.enum(COMPLAINT_STATUSES).optional(),
});
export const complaintDecisionSchema = z
  .object({ decision: z.enum(['confirmed', 'dismissed']) })
  .meta({ id: 'ComplaintDecision' });
