/**
 * Records of station work other than scans: whom a parcel is for, how it was handed out, what goes out and in which bag. A phone keeps them
 * beside its scans and sends them the same way: in batches, each answered by itself, each known by the client's own id.
 */
import { z } from 'zod';
import { idSchema } from './id.schema.js';
import { fieldErrorSchema } from './problem.schema.js';
import { SCAN_OUTCOMES } from './scan.schema.js';
import { instantSchema } from './time.js';

/** Records in one call at most. */
export const RECORDS_PER_CALL = 100;

/** What every record begins with. */
export const recordFields = {
  id: idSchema.meta({ description: "The client's own id (UUIDv7 by preference): a repeat is answered `duplicate`" }),
  stationCode: z.string().min(1).max(40).optional().meta({ description: "Default: the caller's only station" }),
  occurredAt: instantSchema,
};

/** The paths that take records, in the order in which a phone empties them: each may rest on what the ones before it brought. */
export const RECORD_PATHS = [
  'recipients',
  'proofs',
  'consignments',
  'bags',
  'manifests',
  'handovers',
  'stocktakes',
  'closings',
] as const;
export type RecordPath = (typeof RECORD_PATHS)[number];

/** Records are checked one by one, so that one bad record never sinks its batch. */
export const recordBatchSchema = z.object({
  deviceId: z.string().min(1).max(64).optional(),
  records: z.array(z.unknown()).min(1).max(RECORDS_PER_CALL),
});
export type RecordBatch = z.infer<typeof recordBatchSchema>;

/** The batch of one kind of record, as clients should see it in OpenAPI. */
export function recordBatchDocSchema(id: string, record: z.ZodType): z.ZodType {
  return recordBatchSchema.extend({ records: z.array(record).min(1).max(RECORDS_PER_CALL) }).meta({ id });
}

/** `warnings` are message keys of what was stored all the same, such as `seal_broken`. */
export const recordResultSchema = z
  .object({
    id: z.string().nullable().meta({ description: 'The id that was sent, in lower case; null when it was not readable' }),
    outcome: z.enum(SCAN_OUTCOMES),
    warnings: z.array(z.string()).optional(),
    problem: z.object({ code: z.string(), detail: z.string(), errors: z.array(fieldErrorSchema).optional() }).optional(),
  })
  .meta({ id: 'RecordResult' });
export type RecordResult = z.infer<typeof recordResultSchema>;
export const recordBatchResultSchema = z.object({ results: z.array(recordResultSchema) }).meta({ id: 'RecordBatchResult' });
