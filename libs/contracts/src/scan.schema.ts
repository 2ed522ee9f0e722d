/** Scans: what a station, a sorting centre or a county system reports about a parcel. */
import { z } from 'zod';
import { carrierCodeSchema } from './carrier.schema.js';
import { idSchema } from './id.schema.js';
import { fieldErrorSchema } from './problem.schema.js';
import { instantSchema } from './time.js';

export const SCAN_KINDS = [
  'arrived_county',
  'arrived_town',
  'arrived_village',
  'shelved',
  'picked_up',
  'accepted',
  'dispatched',
  'returned',
  'stocktake',
  'exception_open',
  'exception_close',
  'check_in',
  'undone',
] as const;
export const scanKindSchema = z.enum(SCAN_KINDS).meta({ id: 'ScanKind' });
export type ScanKind = z.infer<typeof scanKindSchema>;

export const EXCEPTION_KINDS = [
  'refused',
  'unreachable',
  'wrong_address',
  'out_of_area',
  'damaged',
  'overdue_at_station',
  'missing',
  'misrouted',
  'intercepted',
  'no_update',
] as const;
export const exceptionKindSchema = z.enum(EXCEPTION_KINDS).meta({ id: 'ExceptionKind' });
export type ExceptionKind = z.infer<typeof exceptionKindSchema>;

export const PROOFS = ['self', 'named_proxy', 'pickup_code', 'photo', 'courier_claim'] as const;
export const proofSchema = z.enum(PROOFS).meta({ id: 'Proof' });
export type Proof = z.infer<typeof proofSchema>;

/** Upper-case letters, digits and hyphens, 6–40: wide enough for every carrier, SSCC and S10 numbers. */
export const waybillSchema = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9][A-Z0-9-]{4,38}[A-Z0-9]$/)
  .meta({ description: 'Waybill number, 6–40 letters, digits or hyphens' });

const locationSchema = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  accuracyM: z.number().min(0).max(100_000).optional(),
});

/** What a parcel taken in at the village carries out: it makes the parcel count as produce (metric M10). */
const produceSchema = z.object({
  categoryCode: z
    .string()
    .regex(/^(\d{2}){1,5}$/)
    .meta({ description: 'Produce category, two digits a level' }),
  weightG: z.number().int().positive().max(1_000_000).optional(),
  originVillageCode: z
    .string()
    .regex(/^\d{12}$/)
    .optional()
    .meta({ description: "Village of the lot's origin; else the shipper's" }),
});
export type Produce = z.infer<typeof produceSchema>;

const scanFields = z.object({
  id: idSchema.meta({ description: "The client's own id (UUIDv7 by preference): a repeat is answered `duplicate`" }),
  waybill: waybillSchema
    .optional()
    .meta({ description: 'Required for every kind but check_in, and for undone unless it undoes one' }),
  kind: scanKindSchema,
  stationCode: z.string().min(1).max(40).optional().meta({ description: "Default: the caller's only station" }),
  carrierCode: carrierCodeSchema.optional(),
  occurredAt: instantSchema,
  shelfCode: z.string().min(1).max(20).optional(),
  proof: proofSchema.optional(),
  exception: exceptionKindSchema.optional().meta({ description: 'Required for exception_open and exception_close' }),
  villageCode: z
    .string()
    .regex(/^\d{12}$/)
    .optional()
    .meta({ description: 'Village that the parcel is addressed to, when the label tells' }),
  produce: produceSchema.optional().meta({ description: 'Only with kind accepted' }),
  location: locationSchema.optional().meta({ description: 'Required for check_in' }),
  note: z.string().max(500).optional(),
  undoes: idSchema
    .optional()
    .meta({ description: 'Required for undone: the id of the scan, of the same waybill and place, that was a mistake' }),
});

/** One scan. Kinds, their required fields and the fold that they drive: docs/domain/parcels.md. */
export const scanSchema = scanFields
  .superRefine((scan, context) => {
    const need = (path: keyof typeof scanFields.shape, code: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message, params: { code } });
    if (scan.kind === 'check_in') {
      if (!scan.location) need('location', 'location_required', 'A check-in needs a location');
    } else if (!scan.waybill && scan.kind !== 'undone') need('waybill', 'waybill_required', 'This kind needs a waybill');
    if ((scan.kind === 'exception_open' || scan.kind === 'exception_close') && !scan.exception)
      need('exception', 'exception_required', 'Name the exception');
    if ((scan.kind === 'undone') !== (scan.undoes !== undefined)) need('undoes', 'undoes_required', 'Name the scan to undo');
    if (scan.produce && scan.kind !== 'accepted')
      need('produce', 'produce_not_accepted', 'Only an accepted parcel carries produce');
  })
  .meta({ id: 'Scan' });
export type Scan = z.infer<typeof scanSchema>;

/** Items are checked one by one (`scanSchema`), so that one bad scan never sinks its batch. */
export const scanBatchSchema = z.object({
  deviceId: z.string().min(1).max(64).optional(),
  scans: z.array(z.unknown()).min(1).max(500),
});
/** The same, as clients should see it in OpenAPI. */
export const scanBatchDocSchema = scanBatchSchema
  .extend({
    scans: z
      .array(scanFields.meta({ id: 'ScanItem' }))
      .min(1)
      .max(500),
  })
  .meta({ id: 'ScanBatch' });

export const SCAN_OUTCOMES = ['accepted', 'duplicate', 'rejected'] as const;
/**
 * Flags of an accepted scan: stored, and marked. The last four are told once, with the answer, to whoever holds the parcel: it is addressed to another
 * village, it is to be held back, its shelf code is on another parcel, it was not on the shelf.
 */
export const SCAN_FLAGS = [
  'double_scan',
  'clock_ahead',
  'quarantined',
  'illegal_sequence',
  'outside_geofence',
  'undone',
  'wrong_village',
  'intercepted',
  'shelf_code_taken',
  'not_on_shelf',
] as const;
export type ScanFlag = (typeof SCAN_FLAGS)[number];

export const scanResultSchema = z
  .object({
    id: z.string().nullable().meta({ description: 'The id that was sent, in lower case; null when it was not readable' }),
    outcome: z.enum(SCAN_OUTCOMES),
    flags: z.array(z.enum(SCAN_FLAGS)).optional(),
    problem: z.object({ code: z.string(), detail: z.string(), errors: z.array(fieldErrorSchema).optional() }).optional(),
  })
  .meta({ id: 'ScanResult' });
export type ScanResult = z.infer<typeof scanResultSchema>;
export const scanBatchResultSchema = z.object({ results: z.array(scanResultSchema) }).meta({ id: 'ScanBatchResult' });
