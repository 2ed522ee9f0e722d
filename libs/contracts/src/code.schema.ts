/** Printed codes: ordered in batches for a lot, activated, void (docs/domain/trace.md). */
import { z } from 'zod';
import { unitCodeSchema } from './directory.schema.js';
import { idSchema } from './id.schema.js';
import { pageQuerySchema } from './page.schema.js';
import { gramsSchema } from './produce.schema.js';
import { instantSchema } from './time.js';

/** The text of a code: twenty letters, digits, hyphens or underscores, which is also a GS1 serial number (AI 21). */
export const codeTextSchema = z.string().regex(/^[A-Za-z0-9_-]{20}$/);

/** A single pack, a box with an SSCC, or one code for all of a lot. */
export const CODE_LEVELS = ['unit', 'box', 'lot'] as const;
export const codeLevelSchema = z.enum(CODE_LEVELS);
export type CodeLevel = z.infer<typeof codeLevelSchema>;
export const CODE_STATES = ['made', 'active', 'void'] as const;
export const codeStateSchema = z.enum(CODE_STATES);
export type CodeState = z.infer<typeof codeStateSchema>;

/** Codes of one order, at most. */
export const MAX_CODES = 1_000_000;

export const codeOrderSchema = z
  .object({
    id: idSchema.meta({ description: 'Made by the client: sending it again orders nothing more' }),
    level: codeLevelSchema.default('unit'),
    count: z.number().int().min(1).max(MAX_CODES),
    form: z.enum(['short', 'gs1']).default('short').meta({ description: 'What the QR holds; gs1 needs a product with a GTIN' }),
    activation: z
      .enum(['at_once', 'later'])
      .default('at_once')
      .meta({ description: '`later`: the codes are worth nothing until they are activated, for print shops' }),
  })
  .meta({ id: 'CodeOrder' });
export type CodeOrder = z.infer<typeof codeOrderSchema>;
export const CODE_BATCH_STATES = ['queued', 'making', 'paused', 'done', 'failed'] as const;
export const codeBatchSchema = z
  .object({
    id: idSchema,
    lotId: idSchema,
    lotNo: z.string(),
    level: codeLevelSchema,
    form: z.enum(['short', 'gs1']),
    count: z.number().int(),
    made: z.number().int().meta({ description: 'How many are registered so far' }),
    activation: z.enum(['at_once', 'later']),
    state: z.enum(CODE_BATCH_STATES),
    problem: z.string().nullable(),
    createdAt: instantSchema,
    finishedAt: instantSchema.nullable(),
  })
  .meta({ id: 'CodeBatch' });
export type CodeBatch = z.infer<typeof codeBatchSchema>;

export const codeViewSchema = z
  .object({
    code: z.string(),
    url: z.url(),
    state: codeStateSchema,
    level: codeLevelSchema,
    sscc: z.string().nullable(),
    batchId: idSchema,
    lotId: idSchema,
    boxCode: z.string().nullable(),
    shipmentId: idSchema.nullable(),
    scans: z.number().int(),
  })
  .meta({ id: 'Code' });
export type CodeView = z.infer<typeof codeViewSchema>;
export const codeListQuerySchema = z
  .object({
    lot: idSchema.optional(),
    batch: idSchema.optional(),
    level: codeLevelSchema.optional(),
    state: codeStateSchema.optional(),
    cursor: z.string().max(500).optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(50),
  })
  .refine(({ lot, batch }) => lot !== undefined || batch !== undefined, {
    path: ['lot'],
    message: 'Codes of which lot or batch?',
    params: { code: 'lot_or_batch' },
  });
export type CodeListQuery = z.infer<typeof codeListQuerySchema>;

/** Which codes: a whole batch, or up to 1,000 by their text. */
const selectionSchema = z.object({
  batchId: idSchema.optional(),
  codes: z.array(z.string().max(200)).min(1).max(1000).optional(),
});
const oneWay = (value: { batchId?: unknown; codes?: unknown }) => (value.batchId === undefined) !== (value.codes === undefined);
const oneWayIssue = { path: ['codes'], message: 'Either batchId or codes', params: { code: 'codes_or_batch' } };
export const codeActivationSchema = selectionSchema.refine(oneWay, oneWayIssue).meta({ id: 'CodeActivation' });
export type CodeActivation = z.infer<typeof codeActivationSchema>;
export const codeVoidSchema = selectionSchema
  .extend({ reason: z.string().trim().min(1).max(200) })
  .refine(oneWay, oneWayIssue)
  .meta({ id: 'CodeVoid' });
export type CodeVoid = z.infer<typeof codeVoidSchema>;
export const codeChangeResultSchema = z
  .object({ changed: z.number().int(), unchanged: z.number().int(), unknown: z.array(z.string()) })
  .meta({ id: 'CodeChangeResult' });
export type CodeChangeResult = z.infer<typeof codeChangeResultSchema>;

/** A key of the codes' HMAC, as told to people: never its secret. */
export const codeKeyViewSchema = z
  .object({ id: z.number().int(), signs: z.boolean(), createdBy: idSchema.nullable(), createdAt: instantSchema })
  .meta({ id: 'CodeKey' });
export type CodeKeyView = z.infer<typeof codeKeyViewSchema>;

/** Codes of a lot in numbers (metric M11): single packs, boxes and codes of the whole lot together. */
export const codeSummarySchema = z
  .object({
    lotId: idSchema,
    made: z.number().int().meta({ description: 'Registered, whatever their state' }),
    activated: z.number().int(),
    void: z.number().int(),
    scanned: z.number().int().meta({ description: 'Looked at by somebody, at least once' }),
    scans: z.number().int(),
  })
  .meta({ id: 'CodeSummary' });
export type CodeSummary = z.infer<typeof codeSummarySchema>;

/** Units put into a box, or taken out of it. `box` and `units` are codes, or the links that the labels hold. */
export const boxingSchema = z
  .object({
    id: idSchema,
    action: z.enum(['pack', 'unpack']).default('pack'),
    box: z.string().max(200),
    units: z.array(z.string().max(200)).min(1).max(1000),
    at: instantSchema.optional(),
  })
  .meta({ id: 'Boxing' });
export type Boxing = z.infer<typeof boxingSchema>;

export const boxingViewSchema = z
  .object({
    id: idSchema,
    action: z.enum(['pack', 'unpack']),
    box: z.string().meta({ description: 'Code of the box' }),
    sscc: z.string(),
    units: z.number().int().meta({ description: 'Units that it moved' }),
    at: instantSchema,
  })
  .meta({ id: 'BoxingDone' });
export type BoxingView = z.infer<typeof boxingViewSchema>;

/** Codes (of boxes or single packs) that went into a shipment. */
export const shipmentCodesSchema = z
  .object({ codes: z.array(z.string().max(200)).min(1).max(1000) })
  .meta({ id: 'ShipmentCodes' });
export type ShipmentCodes = z.infer<typeof shipmentCodesSchema>;

/** `a4`: sheets of 24 labels; `thermal`: one label of 40 × 30 mm a page. */
export const labelQuerySchema = z.object({
  form: z.enum(['a4', 'thermal']).default('a4'),
  from: z.coerce.number().int().min(0).default(0).meta({ description: 'First label, counted from 0' }),
  limit: z.coerce.number().int().min(1).max(20_000).default(5000).meta({ description: 'Labels in the file' }),
});
export type LabelQuery = z.infer<typeof labelQuerySchema>;

/** What a certificate promises, as it was issued; the contact is kept apart. Ministry of Agriculture and Rural Affairs order 2025 no. 4. */
export const certificateContentSchema = z
  .object({
    promises: z.array(z.string()).min(1).meta({ description: '承诺事项' }),
    basis: z.array(z.enum(['inspection_entrusted', 'self_inspection', 'internal_control', 'self_commitment'])).min(1),
    productName: z.string(),
    quantityG: z.number().int().positive(),
    origin: z.string(),
    producer: z.string(),
    lotNo: z.string(),
    issuedOn: z.string(),
  })
  .meta({ id: 'CertificateContent' });
export type CertificateContent = z.infer<typeof certificateContentSchema>;
export const certificateInputSchema = z
  .object({
    id: idSchema,
    quantityG: gramsSchema.optional().meta({ description: 'Default: what is in stock' }),
    basis: certificateContentSchema.shape.basis
      .optional()
      .meta({ description: 'Default: self_inspection with a passed test, else self_commitment' }),
    contactPhone: z
      .string()
      .regex(/^\+?\d{7,15}$/)
      .optional()
      .meta({ description: "Default: the producer's" }),
  })
  .meta({ id: 'CertificateInput' });
export type CertificateInput = z.infer<typeof certificateInputSchema>;
export const certificateViewSchema = z
  .object({
    id: idSchema,
    number: z.string(),
    url: z.url().meta({ description: 'What its QR holds' }),
    lotId: idSchema,
    content: certificateContentSchema,
    contact: z.string().meta({ description: 'Masked' }),
    issuedAt: instantSchema,
    keepUntil: z.string().meta({ description: 'To be kept at least until this day (six months)' }),
    supersededBy: idSchema.nullable(),
    collections: z.array(
      z.object({
        id: idSchema,
        collectedAt: instantSchema,
        station: z.object({ code: z.string(), name: z.string() }).nullable(),
        buyer: z.object({ id: idSchema, name: z.string() }).nullable(),
        quantityG: z.number().int().nullable(),
      }),
    ),
  })
  .meta({ id: 'Certificate' });
export type CertificateView = z.infer<typeof certificateViewSchema>;
/** The newest certificate of a lot, and all of them, newest first. */
export const lotCertificateSchema = certificateViewSchema
  .extend({ history: z.array(certificateViewSchema) })
  .meta({ id: 'LotCertificate' });
export type LotCertificate = z.infer<typeof lotCertificateSchema>;
export const certificateListQuerySchema = pageQuerySchema.extend({
  unit: unitCodeSchema.optional(),
  lot: idSchema.optional().meta({ description: 'Those of one lot: none is an empty list' }),
});
export type CertificateListQuery = z.infer<typeof certificateListQuerySchema>;
/** A buyer takes a certificate in: no certificate, no purchase. */
export const certificateCollectionSchema = z
  .object({
    id: idSchema,
    certificate: z.string().trim().min(1).max(200).meta({ description: 'The number, or the link that its QR holds' }),
    stationCode: z.string().max(40).optional(),
    buyerId: idSchema.optional().meta({ description: 'Producer (cooperative, enterprise) that buys' }),
    quantityG: gramsSchema.optional(),
    collectedAt: instantSchema.optional(),
  })
  .meta({ id: 'CertificateCollection' });
export type CertificateCollectionInput = z.infer<typeof certificateCollectionSchema>;
