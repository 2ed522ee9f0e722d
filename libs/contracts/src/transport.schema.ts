/** What leaves a station and travels between stations and sorting centres: consignments, sealed bags, manifests of the bus, hand-overs by scan. */
import { z } from 'zod';
import { carrierCodeSchema } from './carrier.schema.js';
import { idSchema } from './id.schema.js';
import { pageQuerySchema } from './page.schema.js';
import { recordFields } from './record.schema.js';
import { waybillSchema } from './scan.schema.js';
import { phoneSchema } from './shelf.schema.js';
import { instantSchema } from './time.js';

const personNameSchema = z.string().trim().min(1).max(60);
const addressSchema = z.object({
  province: z.string().trim().min(1).max(30),
  city: z.string().trim().min(1).max(30),
  detail: z.string().trim().min(1).max(120),
});

/**
 * A field that the law asks for: absent or of another form, the refusal says so by a code of its own (`field_<code>` in the message files), because
 * "required" would not tell a keeper why the parcel may not leave.
 */
function lawful<T extends z.ZodType>(schema: T, code: string) {
  return z.preprocess((value, context) => {
    if (!schema.safeParse(value).success) context.addIssue({ code: 'custom', message: code, params: { code } });
    return value;
  }, schema);
}

export const IDENTITY_KINDS = ['resident_id', 'passport', 'business_licence', 'other'] as const;
export type IdentityKind = (typeof IDENTITY_KINDS)[number];
const identityNumberSchema = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9()-]{5,30}$/)
  .meta({ description: 'A resident identity number is checked by its own check character' });
export const SECURITY_CHECKS = ['machine', 'by_hand'] as const;
export type SecurityCheck = (typeof SECURITY_CHECKS)[number];

/**
 * 揽收: a parcel that a villager sends. Real name, inspection and security check are recorded before it leaves (快递暂行条例; 邮件快件实名收寄管理办法):
 * without all three the record is refused, and a bag refuses a parcel without the record. It makes the `accepted` scan of the same id.
 */
export const consignmentRecordSchema = z
  .object({
    ...recordFields,
    waybill: waybillSchema,
    carrierCode: carrierCodeSchema,
    sender: z.preprocess(
      // Without a sender at all, each of its fields is named as missing.
      (sender) => sender ?? {},
      z.object({
        name: lawful(personNameSchema, 'real_name_required'),
        phone: phoneSchema,
        identityKind: lawful(z.enum(IDENTITY_KINDS), 'identity_required'),
        identityNumber: lawful(identityNumberSchema, 'identity_required'),
      }),
    ),
    receiver: z.object({ name: personNameSchema, phone: phoneSchema, address: addressSchema }),
    contents: z.string().trim().min(1).max(100),
    inspected: lawful(z.literal(true), 'inspection_required').meta({ description: 'The keeper opened it and looked (收寄验视)' }),
    securityCheck: lawful(z.enum(SECURITY_CHECKS), 'security_check_required').meta({
      description: 'How it passed the security check (过机安检)',
    }),
    weightG: z.number().int().positive().max(100_000),
    freightFen: z.number().int().min(0).max(1_000_000).meta({ description: 'What the sender paid' }),
    produce: z
      .object({
        categoryCode: z.string().regex(/^(\d{2}){1,5}$/),
        lotId: idSchema.optional(),
        originVillageCode: z
          .string()
          .regex(/^\d{12}$/)
          .optional(),
      })
      .optional(),
  })
  .meta({ id: 'ConsignmentRecord' });
export type ConsignmentRecord = z.infer<typeof consignmentRecordSchema>;
export const consignmentViewSchema = z
  .object({
    id: idSchema,
    waybill: z.string(),
    stationCode: z.string(),
    carrierCode: z.string(),
    occurredAt: instantSchema,
    senderName: z.string().meta({ description: 'Masked' }),
    receiverName: z.string().meta({ description: 'Masked' }),
    destination: z.string().meta({ description: 'Province and city' }),
    contents: z.string(),
    weightG: z.number().int(),
    freightFen: z.number().int(),
    categoryCode: z.string().optional(),
    bagCode: z.string().optional(),
    left: z.boolean(),
  })
  .meta({ id: 'Consignment' });
export type ConsignmentView = z.infer<typeof consignmentViewSchema>;
export const consignmentQuerySchema = pageQuerySchema.extend({
  stationCode: z.string().min(1).max(40).optional(),
  left: z.stringbool().optional(),
});

/** `GET /api/consignments/{waybill}/label`: what is printed at the station. `full` needs to be one of the station's own people, and is audited. */
export const consignmentLabelQuerySchema = z.object({ full: z.stringbool().default(false) });
const labelPersonSchema = z.object({ name: z.string(), phone: z.string() });
export const consignmentLabelSchema = z
  .object({
    waybill: z.string(),
    carrierCode: z.string(),
    carrierName: z.string(),
    stationCode: z.string().optional(),
    stationName: z.string().meta({ description: 'Of the unit where there is no station' }),
    acceptedAt: instantSchema,
    masked: z.boolean().meta({ description: 'Names, phones and room numbers hidden as GB/T 41833 asks of a printed label' }),
    sender: labelPersonSchema,
    receiver: labelPersonSchema.extend({ address: addressSchema }),
    contents: z.string(),
    weightG: z.number().int(),
    inspected: z.boolean(),
    securityCheck: z.enum(SECURITY_CHECKS),
  })
  .meta({ id: 'ConsignmentLabel' });
export type ConsignmentLabel = z.infer<typeof consignmentLabelSchema>;

/** `GET /api/consignments/freight`: what sending to a province cost lately, by carrier, so that the counter may compare. */
export const freightRateQuerySchema = z.object({
  province: z.string().trim().min(2).max(30),
  weightG: z.coerce
    .number()
    .int()
    .positive()
    .max(100_000)
    .optional()
    .meta({ description: 'Compares with parcels of half to twice this weight' }),
});
export type FreightRateQuery = z.infer<typeof freightRateQuerySchema>;
/** Days that freight is compared over, and parcels that a comparison needs at least. */
export const FREIGHT_RATE_DAYS = 90;
export const FREIGHT_RATE_PARCELS = 3;
export const freightRateSchema = z
  .object({
    carrierCode: z.string(),
    fenPerKg: z.number().meta({ description: 'Median' }),
    estimateFen: z.number().int().optional().meta({ description: 'For the weight asked for' }),
    parcels: z.number().int(),
  })
  .meta({ id: 'FreightRate' });
export type FreightRate = z.infer<typeof freightRateSchema>;
export const freightRatesSchema = z.object({ items: z.array(freightRateSchema) });

/** Codes of bags and manifests as printed: letters, digits and hyphens, made by the phone or pre-printed on the seal. */
export const transportCodeSchema = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9][A-Z0-9-]{3,28}[A-Z0-9]$/)
  .meta({ description: 'Code of a bag or manifest, 5–30 letters, digits or hyphens' });

/** A place by its station, or, where none is named, by its unit's sorting hall. */
export const placeSchema = z
  .object({
    stationCode: z.string().min(1).max(40).optional(),
    unitCode: z
      .string()
      .regex(/^\d{6,12}$/)
      .optional(),
  })
  .refine((place) => (place.stationCode === undefined) !== (place.unitCode === undefined), {
    message: 'Name a station or a unit',
    params: { code: 'place_required' },
  });
export type PlaceInput = z.infer<typeof placeSchema>;

/** A bag, sealed: what is in it and where it goes. */
export const bagRecordSchema = z
  .object({ ...recordFields, code: transportCodeSchema, to: placeSchema, waybills: z.array(waybillSchema).min(1).max(500) })
  .meta({ id: 'BagRecord' });
export type BagRecord = z.infer<typeof bagRecordSchema>;

/** What a vehicle takes along: bags and single parcels. */
export const manifestRecordSchema = z
  .object({
    ...recordFields,
    code: transportCodeSchema,
    to: placeSchema,
    route: z.string().trim().min(1).max(60).meta({ description: 'Bus line or tour' }),
    vehicle: z.string().trim().max(20).optional().meta({ description: 'Number plate' }),
    bags: z.array(transportCodeSchema).max(200),
    waybills: z.array(waybillSchema).max(500),
  })
  .refine((record) => record.bags.length + record.waybills.length > 0, {
    path: ['bags'],
    message: 'A manifest takes something along',
    params: { code: 'manifest_empty' },
  })
  .meta({ id: 'ManifestRecord' });
export type ManifestRecord = z.infer<typeof manifestRecordSchema>;

/**
 * A hand-over, scanned by each side: `given` when bag or manifest leaves, `taken` when it comes. With `found` the receiver opened it and scanned
 * what was in it: the difference to the list is missing and excess.
 */
export const handoverRecordSchema = z
  .object({
    ...recordFields,
    code: transportCodeSchema,
    side: z.enum(['given', 'taken']),
    sealIntact: z.boolean().default(true),
    found: z.array(waybillSchema).max(1000).optional(),
    note: z.string().trim().max(200).optional(),
  })
  .refine((record) => record.found === undefined || record.side === 'taken', {
    path: ['found'],
    message: 'Only the receiver opens it',
    params: { code: 'found_not_taken' },
  })
  .meta({ id: 'HandoverRecord' });
export type HandoverRecord = z.infer<typeof handoverRecordSchema>;

export const TRANSPORT_STATES = ['sealed', 'on_the_way', 'received', 'opened'] as const;
export type TransportState = (typeof TRANSPORT_STATES)[number];
/** What is odd about a hand-over that is stored all the same. */
export const HANDOVER_WARNINGS = [
  'wrong_place',
  'not_given',
  'given_twice',
  'taken_twice',
  'already_opened',
  'seal_broken',
  'parcels_missing',
  'parcels_excess',
] as const;
export type HandoverWarning = (typeof HANDOVER_WARNINGS)[number];
const placeViewSchema = z.object({
  unitCode: z.string(),
  unitName: z.string(),
  stationCode: z.string().optional(),
  stationName: z.string().optional(),
});
const handoverViewSchema = z.object({
  side: z.enum(['given', 'taken']),
  occurredAt: instantSchema,
  place: placeViewSchema,
  sealIntact: z.boolean(),
  note: z.string().optional(),
});
export const bagViewSchema = z
  .object({
    id: idSchema,
    code: z.string(),
    from: placeViewSchema,
    to: placeViewSchema,
    state: z.enum(TRANSPORT_STATES),
    sealedAt: instantSchema,
    parcels: z.number().int(),
    missing: z.number().int(),
    excess: z.number().int(),
    manifestCode: z.string().optional(),
  })
  .meta({ id: 'Bag' });
export type BagView = z.infer<typeof bagViewSchema>;
/** `GET /api/bags/{code}`: with what is in it and who handed it over. */
export const bagDetailSchema = bagViewSchema
  .extend({
    waybills: z.array(
      z.object({
        waybill: z.string(),
        carrierCode: z.string().nullable(),
        state: z.enum(['listed', 'found', 'missing', 'excess']),
      }),
    ),
    handovers: z.array(handoverViewSchema),
  })
  .meta({ id: 'BagDetail' });
export type BagDetail = z.infer<typeof bagDetailSchema>;
export const manifestViewSchema = z
  .object({
    id: idSchema,
    code: z.string(),
    from: placeViewSchema,
    to: placeViewSchema,
    route: z.string(),
    vehicle: z.string().optional(),
    state: z.enum(['sealed', 'on_the_way', 'received']),
    createdAt: instantSchema,
    bags: z.number().int(),
    parcels: z.number().int().meta({ description: 'Those in its bags and the single ones' }),
  })
  .meta({ id: 'Manifest' });
export type ManifestView = z.infer<typeof manifestViewSchema>;
export const manifestDetailSchema = manifestViewSchema
  .extend({
    bagList: z.array(bagViewSchema),
    waybills: z.array(z.string()).meta({ description: 'The single parcels' }),
    missing: z.array(z.string()).meta({ description: 'Single parcels that the receiver did not find' }),
    excess: z.array(z.string()).meta({ description: 'What the receiver found besides' }),
    handovers: z.array(handoverViewSchema),
  })
  .meta({ id: 'ManifestDetail' });
export type ManifestDetail = z.infer<typeof manifestDetailSchema>;
/** `way` as seen from the place asked for: `out` left or leaves it, `in` comes to it. */
export const transportQuerySchema = pageQuerySchema.extend({
  stationCode: z.string().min(1).max(40).optional(),
  way: z.enum(['out', 'in']).default('out'),
  state: z.enum(TRANSPORT_STATES).optional(),
});
