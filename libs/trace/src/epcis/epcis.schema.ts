/**
 * EPCIS 2.0 events and documents as JSON-LD (GS1 EPCIS 2.0, section 10; CBV 2.0): what the capture interface takes, and what everything that we write
 * must be. Members of other vocabularies are allowed where the standard allows them: their names are URIs or have a prefix.
 */
import { z } from 'zod';

/** The context of the standard's own terms. */
export const EPCIS_CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';
export const EVENT_TYPES = [
  'ObjectEvent',
  'AggregationEvent',
  'TransactionEvent',
  'TransformationEvent',
  'AssociationEvent',
] as const;
export type EpcisEventType = (typeof EVENT_TYPES)[number];

/** Business steps of CBV 2.0 by their short names. */
export const BIZ_STEPS: readonly string[] =
  'accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting decommissioning departing destroying disassembling dispensing encoding entering_exiting holding inspecting installing killing loading other packing picking receiving removing repackaging repairing replacing reserving retail_selling sampling sensor_reporting shipping staging_outbound stock_taking stocking storing transporting unloading unpacking void_shipping'.split(
    ' ',
  );
/** Dispositions of CBV 2.0 by their short names. */
export const DISPOSITIONS: readonly string[] =
  'active available completeness_inferred completeness_verified conformant container_closed container_open damaged destroyed dispensed disposed encoded expired in_progress in_transit inactive mismatch_class mismatch_instance mismatch_quantity needs_replacement no_pedigree_match non_conformant non_sellable_other partially_dispensed recalled reserved retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable unknown'.split(
    ' ',
  );
const TRANSACTIONS = 'bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt'.split(' ');
const PARTIES = 'owning_party possessing_party location'.split(' ');
export const ERROR_REASONS = ['did_not_occur', 'incorrect_data'] as const;

const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/;
const CBV = /^(urn:epcglobal:cbv|https?:\/\/ns\.gs1\.org\/cbv\/)/;
export const uriSchema = z.string().max(1000).regex(URI);
/** A short name of the standard, or a URI of another vocabulary. */
const termOf = (names: readonly string[]) =>
  z.string().refine((text) => names.includes(text) || (URI.test(text) && !CBV.test(text)));
const timeSchema = z.iso.datetime({ offset: true });
const listOf = <T extends z.ZodType>(item: T) => z.array(item).max(5000);
const uriList = listOf(uriSchema).refine((list) => new Set(list).size === list.length);
const quantitySchema = z.strictObject({
  epcClass: uriSchema,
  quantity: z.number().optional(),
  uom: z
    .string()
    .regex(/^[A-Z0-9]{2,3}$/)
    .optional(),
});
const placeSchema = z.looseObject({ id: uriSchema });
const sensorSchema = z.looseObject({ sensorReport: z.array(z.looseObject({ type: z.string() })).min(1) });
const extensions = (value: object, known: readonly string[]) =>
  Object.keys(value).every((key) => known.includes(key) || URI.test(key));

const contextSchema = z.union([uriSchema, z.looseObject({}), z.array(z.union([uriSchema, z.looseObject({})])).max(20)]);

const common = {
  '@context': contextSchema,
  eventID: uriSchema.max(400),
  eventTime: timeSchema,
  eventTimeZoneOffset: z.string().regex(/^[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)$/),
  recordTime: timeSchema,
  certificationInfo: z.union([uriSchema, listOf(uriSchema)]),
  errorDeclaration: z.looseObject({
    declarationTime: timeSchema,
    reason: termOf(ERROR_REASONS).optional(),
    correctiveEventIDs: listOf(uriSchema).optional(),
  }),
  bizStep: termOf(BIZ_STEPS),
  disposition: termOf(DISPOSITIONS),
  readPoint: placeSchema,
  bizLocation: placeSchema,
  bizTransactionList: listOf(z.strictObject({ type: termOf(TRANSACTIONS).optional(), bizTransaction: uriSchema })),
  sourceList: listOf(z.strictObject({ type: termOf(PARTIES), source: uriSchema })),
  destinationList: listOf(z.strictObject({ type: termOf(PARTIES), destination: uriSchema })),
  sensorElementList: listOf(sensorSchema),
};
const action = z.enum(['ADD', 'OBSERVE', 'DELETE']);
const ilmd = z.looseObject({}).refine((value) => extensions(value, []));
const children = { parentID: uriSchema, childEPCs: uriList, childQuantityList: listOf(quantitySchema) };
const { eventTime, eventTimeZoneOffset, ...optionals } = common;
const persistent = listOf(termOf(DISPOSITIONS));
const persistentDisposition = z
  .strictObject({ set: persistent.optional(), unset: persistent.optional() })
  .refine((value) => value.set !== undefined || value.unset !== undefined);

/** An event of one type: required members, optional ones, and members of other vocabularies. */
function event<T extends EpcisEventType, R extends z.ZodRawShape, O extends z.ZodRawShape>(type: T, required: R, optional: O) {
  const shape = { type: z.literal(type), eventTime, eventTimeZoneOffset, ...required };
  const rest = z.object({ ...optionals, ...optional }).partial().shape;
  const known = [...Object.keys(shape), ...Object.keys(rest)];
  return z.looseObject({ ...shape, ...rest }).refine((value) => extensions(value, known), { message: 'Unknown member' });
}
const some = (list: unknown): boolean => Array.isArray(list) && list.length > 0;

const objectEvent = event(
  'ObjectEvent',
  { action },
  { epcList: uriList, quantityList: listOf(quantitySchema), persistentDisposition, ilmd },
)
  .refine(
    (value) => value.epcList !== undefined || some(value.quantityList) || (some(value.sensorElementList) && value.readPoint),
  )
  .refine((value) => value.ilmd === undefined || value.action === 'ADD');
const aggregationEvent = event('AggregationEvent', { action }, children).refine(
  (value) => some(value.childEPCs) || some(value.childQuantityList) || value.action === 'DELETE',
);
const associationEvent = event('AssociationEvent', { action, parentID: uriSchema }, children).refine(
  (value) => some(value.childEPCs) || some(value.childQuantityList) || value.action === 'DELETE',
);
const transactionEvent = event(
  'TransactionEvent',
  { action, bizTransactionList: common.bizTransactionList.min(1) },
  { parentID: uriSchema, epcList: uriList, quantityList: listOf(quantitySchema) },
).refine((value) => value.epcList !== undefined || some(value.quantityList) || value.action === 'DELETE');
const transformationEvent = event(
  'TransformationEvent',
  {},
  {
    inputEPCList: uriList,
    inputQuantityList: listOf(quantitySchema),
    outputEPCList: uriList,
    outputQuantityList: listOf(quantitySchema),
    transformationID: uriSchema,
    persistentDisposition,
    ilmd,
  },
).refine((value) => {
  const [input, output] = [
    some(value.inputEPCList) || some(value.inputQuantityList),
    some(value.outputEPCList) || some(value.outputQuantityList),
  ];
  return (input && output) || (value.transformationID !== undefined && (input || output));
});

/** Any event. */
export const epcisEventSchema = z.discriminatedUnion('type', [
  objectEvent,
  aggregationEvent,
  transactionEvent,
  transformationEvent,
  associationEvent,
]);
export type EpcisEvent = z.infer<typeof epcisEventSchema>;
/** An event as the log keeps it: with its identity. */
export type LoggedEvent = EpcisEvent & { eventID: string };

/** Events in one call of the capture interface, at most. */
export const CAPTURE_LIMIT = 500;
const eventList = z.array(epcisEventSchema).max(CAPTURE_LIMIT);
export const epcisDocumentSchema = z
  .looseObject({
    '@context': contextSchema,
    type: z.literal('EPCISDocument'),
    schemaVersion: z.string().regex(/^2(\.\d+)*$/),
    creationDate: timeSchema,
    epcisBody: z.strictObject({ eventList }),
  })
  .meta({ id: 'EpcisDocument', description: 'EPCIS 2.0 document as JSON-LD' });
export type EpcisDocument = z.infer<typeof epcisDocumentSchema>;
/** What may be captured: a document, a list of events, or one event. */
export const captureInputSchema = z.union([epcisDocumentSchema, eventList.min(1), epcisEventSchema]);
export type CaptureInput = z.infer<typeof captureInputSchema>;

/** A document of query results. */
export const epcisQueryDocumentSchema = z
  .looseObject({
    '@context': contextSchema,
    type: z.literal('EPCISQueryDocument'),
    schemaVersion: z.string(),
    creationDate: timeSchema,
    epcisBody: z.strictObject({
      queryResults: z.strictObject({
        queryName: z.string(),
        resultsBody: z.strictObject({ eventList: z.array(epcisEventSchema) }),
      }),
    }),
  })
  .meta({ id: 'EpcisQueryDocument' });
export type EpcisQueryDocument = z.infer<typeof epcisQueryDocumentSchema>;
