/**
 * Domain events: the only way the four domain libraries speak to one another. A producer writes them to the outbox in the
 * transaction of their cause; the relay hands them to every consumer at least once; a consumer takes each one effect-once.
 * Payloads are ids, keys and versions: the consumer reads the current state, so order does not matter.
 */
import { z } from 'zod';
import { idSchema } from './id.schema.js';
import { parcelStageSchema } from './parcel.schema.js';
import { daySchema, periodSchema } from './time.js';

/** Facts of these (unit, day) keys may have changed. A unit is a village, or a town for its unassigned bucket. */
const touchedKeySchema = z.tuple([idSchema, daySchema]);

const instant = z.iso.datetime({ offset: true });
const lotQuantity = z.object({ lotId: idSchema, quantityG: z.number().int() });

/** What happened to lots. What a lot is never changes after its harvest, so ids say enough. */
export const produceStepSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('harvested'), lotId: idSchema }),
  z.object({ kind: z.literal('tested'), lotId: idSchema, testId: idSchema }),
  z.object({
    kind: z.literal('transformed'),
    mode: z.enum(['split', 'mix', 'repack']),
    inputs: z.array(lotQuantity),
    outputs: z.array(lotQuantity),
  }),
  z.object({
    kind: z.literal('shipped'),
    shipmentId: idSchema,
    waybill: z.string(),
    villageId: idSchema,
    lots: z.array(lotQuantity),
  }),
]);
export type ProduceStep = z.infer<typeof produceStepSchema>;

export const DOMAIN_EVENTS = {
  /** Parcels or check-ins changed what counts on these (unit, day) keys. From: logistics. */
  'logistics.days.touched': z.object({ keys: z.array(touchedKeySchema).max(5000) }),
  /** Units, relations or suspensions changed in these months (`null` = every month). From: directory. */
  'directory.changed': z.object({ unitIds: z.array(idSchema).max(5000), from: periodSchema.nullable() }),
  /** A village's month was approved, replaced or returned. From: insight's own accounts. */
  'insight.account.changed': z.object({ villageId: idSchema, period: periodSchema }),
  /** A parcel of produce was packed: logistics expects its waybill, with the village of origin. From: upflow. */
  'upflow.shipment.packed': z.object({
    shipmentId: idSchema,
    waybill: z.string(),
    carrierCode: z.string(),
    villageId: idSchema,
    categoryCode: z.string(),
    weightG: z.number().int(),
    packedAt: instant,
  }),
  /**
   * The fold of a parcel that upflow packed moved on, to `stage` since `stageAt`. `steps` are the ledger's rows that are new or that now mean
   * something else; one may be told again, so its id decides. From: logistics.
   */
  'logistics.produce.moved': z.object({
    waybill: z.string(),
    revision: z.number().int(),
    stage: parcelStageSchema,
    stageAt: instant,
    steps: z.array(
      z.object({
        eventId: idSchema,
        kind: z.string(),
        occurredAt: instant,
        unitId: idSchema.nullable(),
        stationId: idSchema.nullable(),
      }),
    ),
  }),
  /** Recipients of these parcels may have to be told: a parcel with a recipient was shelved, a phone became known, a keeper asked. From: logistics itself. */
  'logistics.notices.due': z.object({ waybills: z.array(z.string()).min(1).max(1000) }),
  /** A business step of produce, once and for all: trace writes it into the EPCIS log. From: upflow. */
  'upflow.step.recorded': z.object({ stepId: idSchema, at: instant, step: produceStepSchema }),
  /** Payments, refunds or payouts changed on these (village, day) keys. From: upflow. */
  'upflow.sales.touched': z.object({ keys: z.array(touchedKeySchema).max(5000) }),
  /** Codes are to be made, from where the batch stands. From: trace itself. */
  'trace.batch.wanted': z.object({ batchId: idSchema }),
  /** Units were put into a box or taken out of it, once and for all. Serials are those of trace.code. From: trace itself. */
  'trace.boxed': z.object({
    id: idSchema,
    action: z.enum(['pack', 'unpack']),
    at: instant,
    boxSerial: z.number().int(),
    sscc: z.string(),
    unitSerials: z.array(z.number().int()).max(1000),
    lotIds: z.array(idSchema),
  }),
} as const satisfies Record<string, z.ZodType>;
export type DomainEventTopic = keyof typeof DOMAIN_EVENTS;
export type DomainEventPayload<T extends DomainEventTopic> = z.infer<(typeof DOMAIN_EVENTS)[T]>;

/** A domain event as a job carries it. */
export const deliveredEventSchema = z.object({
  id: idSchema,
  topic: z.enum(Object.keys(DOMAIN_EVENTS) as DomainEventTopic[]),
  countyCode: z.string(),
  createdAt: z.iso.datetime({ offset: true }),
  correlationId: z.string(),
  payload: z.unknown(),
});
export type DeliveredEvent = z.infer<typeof deliveredEventSchema>;
