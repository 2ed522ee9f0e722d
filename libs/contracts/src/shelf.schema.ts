/** A village station's counter: whom parcels are for, what lies on the shelf, how it was handed out, notices, stock-takes, the day's close. */
import { z } from 'zod';
import { idSchema } from './id.schema.js';
import { exceptionKindSchema, waybillSchema, type Proof } from './scan.schema.js';
import { pageQuerySchema } from './page.schema.js';
import { recordFields } from './record.schema.js';
import { daySchema, instantSchema } from './time.js';

const personNameSchema = z.string().trim().min(1).max(60);
/** A phone number as people in China write it: 11 digits of a mobile, or a landline of 7–12 digits. */
export const phoneSchema = z
  .string()
  .trim()
  .regex(/^\d{7,12}$/)
  .meta({ description: 'Phone number, 7–12 digits' });

export const CONSENTS = ['given', 'refused'] as const;
/** How the recipient said it (快递市场管理办法 Art. 28): asked by phone, by message, in person, or a standing agreement. */
export const CONSENT_WAYS = ['phone', 'message', 'in_person', 'standing'] as const;

/** Whom a parcel is for, and whether that person agrees to fetch it at the station. The latest by `occurredAt` holds; every consent is kept. */
export const recipientRecordSchema = z
  .object({
    ...recordFields,
    waybill: waybillSchema,
    name: personNameSchema.optional(),
    phone: phoneSchema.optional(),
    consent: z.enum(CONSENTS).optional(),
    consentWay: z.enum(CONSENT_WAYS).optional().meta({ description: 'Required with consent' }),
  })
  .refine((record) => (record.consent === undefined) === (record.consentWay === undefined), {
    path: ['consentWay'],
    message: 'Say how consent was given or refused',
    params: { code: 'consent_way_required' },
  })
  .meta({ id: 'RecipientRecord' });
export type RecipientRecord = z.infer<typeof recipientRecordSchema>;

/** `GET /api/recipients/consents?waybill=`: every consent and refusal that was recorded for a parcel, oldest first. */
export const consentQuerySchema = z.object({ waybill: waybillSchema });
export const consentViewSchema = z
  .object({
    consent: z.enum(CONSENTS),
    way: z.enum(CONSENT_WAYS),
    occurredAt: instantSchema,
    stationCode: z.string().optional(),
  })
  .meta({ id: 'Consent' });
export type ConsentView = z.infer<typeof consentViewSchema>;
export const consentsSchema = z.object({ consents: z.array(consentViewSchema) }).meta({ id: 'Consents' });

/** Bytes of a proof's picture before base64; a phone scales its photo down to fit. */
export const PROOF_MAX_BYTES = 200_000;
const pictureSchema = z.object({
  type: z.enum(['image/jpeg', 'image/png', 'image/webp']),
  base64: z
    .base64()
    .min(1)
    .max(Math.ceil(PROOF_MAX_BYTES / 3) * 4),
});

/** How parcels were handed out (with the `picked_up` scan of the same moment), or what a problem looked like. One proof may be for several parcels. */
export const proofRecordSchema = z
  .object({
    ...recordFields,
    waybills: z.array(waybillSchema).min(1).max(50),
    kind: z.enum(['photo', 'signature', 'named_proxy', 'problem']),
    /** The neighbour or relative who fetched it. */
    proxyName: personNameSchema.optional().meta({ description: 'Required with named_proxy' }),
    picture: pictureSchema.optional().meta({ description: 'Required with photo and signature' }),
    note: z.string().trim().max(200).optional(),
  })
  .superRefine((record, context) => {
    const need = (path: string, code: string) =>
      context.addIssue({ code: 'custom', path: [path], message: code, params: { code } });
    if (record.kind === 'named_proxy' && !record.proxyName) need('proxyName', 'proxy_name_required');
    if ((record.kind === 'photo' || record.kind === 'signature') && !record.picture) need('picture', 'picture_required');
  })
  .meta({ id: 'ProofRecord' });
export type ProofRecord = z.infer<typeof proofRecordSchema>;
/** A kept proof; its picture is a request of its own (`GET /api/proofs/{id}/picture`), which is audited. */
export const proofViewSchema = z
  .object({
    id: idSchema,
    kind: proofRecordSchema.shape.kind,
    occurredAt: instantSchema,
    waybills: z.array(z.string()),
    proxyName: z.string().optional().meta({ description: 'Masked' }),
    hasPicture: z.boolean(),
  })
  .meta({ id: 'ProofView' });
export type ProofView = z.infer<typeof proofViewSchema>;

export const NOTICE_STATES = ['queued', 'sent', 'delivered', 'failed', 'skipped'] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

/** A parcel on the shelf. Its shelf code is what the recipient tells to fetch it: only the station's own people see it, for others it is null. */
export const shelfParcelSchema = z
  .object({
    waybill: z.string(),
    carrierCode: z.string().nullable(),
    shelfCode: z.string().nullable(),
    /** Since when it lies there. */
    since: instantSchema,
    exceptions: z.array(exceptionKindSchema).meta({ description: 'Open ones' }),
    name: z.string().optional().meta({ description: 'Masked' }),
    phone: z.string().optional().meta({ description: 'The last four digits, the rest hidden: *******5678' }),
    consent: z.enum(CONSENTS).optional(),
    notice: z.enum(NOTICE_STATES).optional(),
  })
  .meta({ id: 'ShelfParcel' });
export type ShelfParcel = z.infer<typeof shelfParcelSchema>;

/** A parcel that a station may meet soon, or must not take in: what the phone needs to know without a network. */
export const expectedParcelSchema = z
  .object({
    waybill: z.string(),
    carrierCode: z.string().nullable(),
    /** False: addressed to another village that this station does not serve. */
    ours: z.boolean(),
    intercepted: z.boolean(),
  })
  .meta({ id: 'ExpectedParcel' });
export type ExpectedParcel = z.infer<typeof expectedParcelSchema>;

/** `GET /api/shelf?stationCode=`: what a phone keeps to work without a network. Has an ETag; 304 when nothing changed. */
export const shelfSchema = z
  .object({
    stationCode: z.string(),
    asOf: instantSchema,
    parcels: z.array(shelfParcelSchema),
    expected: z.array(expectedParcelSchema),
    overdueHours: z
      .array(z.number().int())
      .meta({ description: 'Tiers of overdue parcels, ascending: 24, 48, 72 hours by default' }),
  })
  .meta({ id: 'Shelf' });
export type Shelf = z.infer<typeof shelfSchema>;
export const stationQuerySchema = z.object({ stationCode: z.string().min(1).max(40).optional() });
/** `GET /api/shelf/find`: parcels on a station's shelf by what the person at the counter says: one of the three. */
export const shelfFindQuerySchema = stationQuerySchema
  .extend({
    tail: z
      .string()
      .regex(/^\d{4}$/)
      .optional()
      .meta({ description: 'Last four digits of the phone' }),
    name: personNameSchema.optional().meta({ description: 'What the name begins with' }),
    pickupCode: z.string().trim().min(1).max(20).optional().meta({ description: 'The shelf code' }),
  })
  .refine((query) => [query.tail, query.name, query.pickupCode].filter((value) => value !== undefined).length === 1, {
    path: ['tail'],
    message: 'Ask for one of tail, name and pickupCode',
    params: { code: 'one_question' },
  });
export type ShelfFindQuery = z.infer<typeof shelfFindQuerySchema>;
export const shelfFoundSchema = z.object({ parcels: z.array(shelfParcelSchema) }).meta({ id: 'ShelfFound' });

/** `POST /api/notices`: asks that these parcels' recipients be told; one notice a parcel, ever. */
export const noticeRequestSchema = z
  .object({ stationCode: recordFields.stationCode, waybills: z.array(waybillSchema).min(1).max(200) })
  .meta({ id: 'NoticeRequest' });
export const noticeViewSchema = z
  .object({
    waybill: z.string(),
    stationCode: z.string(),
    phone: z.string().meta({ description: 'Masked' }),
    state: z.enum(NOTICE_STATES),
    reason: z.string().optional().meta({ description: 'Code of why it was skipped or failed' }),
    createdAt: instantSchema,
    sentAt: instantSchema.optional(),
  })
  .meta({ id: 'Notice' });
export type NoticeView = z.infer<typeof noticeViewSchema>;
/** In the order of the waybills asked for; `outcome` known: there was a notice before. */
export const noticeAnswerSchema = z
  .object({
    results: z.array(
      z.object({
        waybill: z.string(),
        outcome: z.enum(['queued', 'known', 'skipped']),
        reason: z.enum(['no_phone', 'consent_refused', 'not_on_shelf']).optional(),
      }),
    ),
  })
  .meta({ id: 'NoticeAnswer' });
export type NoticeAnswer = z.infer<typeof noticeAnswerSchema>;
/** `POST /api/notices/reports`, from the gateway and signed like what it was sent: whether the message reached the phone. */
export const noticeReportSchema = z
  .object({
    id: idSchema.meta({ description: "The notice's id, as the gateway was given it" }),
    state: z.enum(['delivered', 'failed']),
    reason: z
      .string()
      .regex(/^[A-Za-z0-9_.:-]{1,60}$/)
      .optional()
      .meta({ description: "The gateway's code of why it failed" }),
  })
  .meta({ id: 'NoticeReport' });
export type NoticeReport = z.infer<typeof noticeReportSchema>;
export const noticeQuerySchema = pageQuerySchema.extend({
  stationCode: z.string().min(1).max(40).optional(),
  state: z.enum(NOTICE_STATES).optional(),
});

/** A finished stock-take: what was found on the shelf between two moments. The `stocktake` scans are sent beside it. */
export const stocktakeRecordSchema = z
  .object({
    ...recordFields,
    startedAt: instantSchema,
    found: z.array(z.object({ waybill: waybillSchema, shelfCode: z.string().min(1).max(20).optional() })).max(5000),
  })
  .meta({ id: 'StocktakeRecord' });
export type StocktakeRecord = z.infer<typeof stocktakeRecordSchema>;
/** Differences against the shelf as the county knew it when the stock-take ended. */
export const stocktakeViewSchema = z
  .object({
    id: idSchema,
    stationCode: z.string(),
    startedAt: instantSchema,
    finishedAt: instantSchema,
    expected: z.number().int(),
    found: z.number().int(),
    missing: z.array(z.string()).meta({ description: 'On the shelf by the records, not found' }),
    surplus: z.array(z.string()).meta({ description: 'Found, not on the shelf by the records' }),
    moved: z.array(z.object({ waybill: z.string(), from: z.string().nullable(), to: z.string() })),
  })
  .meta({ id: 'Stocktake' });
export type StocktakeView = z.infer<typeof stocktakeViewSchema>;
export const stocktakeQuerySchema = pageQuerySchema.extend({ stationCode: z.string().min(1).max(40).optional() });

const count = z.number().int().min(0);
/**
 * `GET /api/station-days`: what a station did on a day, and what is still open; the sums tally: shelfBefore + shelved − handedOut − returned − otherwise =
 * shelfAfter.
 */
export const stationDaySchema = z
  .object({
    stationCode: z.string(),
    day: daySchema,
    arrived: count,
    shelved: count,
    handedOut: count,
    returned: count,
    problems: count,
    shelfBefore: count,
    shelfAfter: count,
    otherwise: z.number().int().meta({
      description:
        'Parcels that left the shelf another way (scanned elsewhere, lost, transferred), less those handed out or returned without having lain on it; 0 on most days',
    }),
    overdue: count,
    acceptedOut: count,
    dispatchedOut: count,
    /** Outgoing parcels that are still at the station. */
    waitingOut: count,
    closedAt: instantSchema.optional(),
    counted: count.optional().meta({ description: 'Parcels that the keeper counted on the shelf at the close' }),
  })
  .meta({ id: 'StationDay' });
export type StationDay = z.infer<typeof stationDaySchema>;
export const stationDayQuerySchema = z.object({ stationCode: z.string().min(1).max(40).optional(), day: daySchema.optional() });
/** The keeper closes the day with a count of the shelf. */
export const closingRecordSchema = z
  .object({ ...recordFields, day: daySchema, counted: count.max(100_000), note: z.string().trim().max(200).optional() })
  .meta({ id: 'ClosingRecord' });
export type ClosingRecord = z.infer<typeof closingRecordSchema>;

/** Proofs of a hand-over that a keeper may choose at the counter. */
export const COUNTER_PROOFS = ['pickup_code', 'self', 'named_proxy', 'photo'] as const satisfies readonly Proof[];
