/**
 * Domain events: the only way the four domain libraries speak to one another. A producer writes them to the outbox in the
 * transaction of their cause; the relay hands them to every consumer at least once; a consumer takes each one effect-once.
 * Payloads are ids, keys and versions: the consumer reads the current state, so order does not matter.
 */
import { z } from 'zod';
import { parcelStageSchema } from './parcel.schema.js';
import { daySchema, periodSchema } from './time.js';

/** Facts of these (unit, day) keys may have changed. A unit is a village, or a town for its unassigned bucket. */
const touchedKeySchema = z.tuple([z.uuid(), daySchema]);

const instant = z.iso.datetime({ offset: true });
const lotQuantity = z.object({ lotId: z.uuid(), quantityG: z.number().int() });

/** What happened to lots. What a lot is never changes after its harvest, so ids say enough. */
export const produceStepSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('harvested'), lotId: z.uuid() }),
  z.object({ kind: z.literal('tested'), lotId: z.uuid(), testId: z.uuid() }),
  z.object({
    kind: z.literal('transformed'),
    mode: z.enum(['split', 'mix', 'repack']),
    inputs: z.array(lotQuantity),
    outputs: z.array(lotQuantity),
  }),
  z.object({
    kind: z.literal('shipped'),
    shipmentId: z.uuid(),
    waybill: z.string(),
    villageId: z.uuid(),
    lots: z.array(lotQuantity),
  }),
]);
export type ProduceStep = z.infer<typeof produceStepSchema>;

export const DOMAIN_EVENTS = {
  /** Parcels or check-ins changed what counts on these (unit, day) keys. From: logistics. */
  'logistics.days.touched': z.object({ keys: z.array(touchedKeySchema).max(5000) }),
  /** Units, relations or suspensions changed in these months (`null` = every month). From: directory. */
  'directory.changed': z.object({ unitIds: z.array(z.uuid()).max(5000), from: periodSchema.nullable() }),
  /** A village's month was approved, replaced or returned. From: insight's own accounts. */
  'insight.account.changed': z.object({ villageId: z.uuid(), period: periodSchema }),
  /** A parcel of produce was packed: logistics expects its waybill, with the village of origin. From: upflow. */
  'upflow.shipment.packed': z.object({
    shipmentId: z.uuid(),
    waybill: z.string(),
    carrierCode: z.string(),
    villageId: z.uuid(),
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
        eventId: z.uuid(),
        kind: z.string(),
        occurredAt: instant,
        unitId: z.uuid().nullable(),
        stationId: z.uuid().nullable(),
      }),
    ),
  }),
  /** Recipients of these parcels may have to be told: a parcel with a recipient was shelved, a phone became known, a keeper asked. From: logistics itself. */
  'logistics.notices.due': z.object({ waybills: z.array(z.string()).min(1).max(1000) }),
  /** A business step of produce, once and for all: trace writes it into the EPCIS log. From: upflow. */
  'upflow.step.recorded': z.object({ stepId: z.uuid(), at: instant, step: produceStepSchema }),
  /** Payments, refunds or payouts changed on these (village, day) keys. From: upflow. */
  'upflow.sales.touched': z.object({ keys: z.array(touchedKeySchema).max(5000) }),
  /** Codes are to be made, from where the batch stands. From: trace itself. */
  'trace.batch.wanted': z.object({ batchId: z.uuid() }),
  /** Units were put into a box or taken out of it, once and for all. Serials are those of trace.code. From: trace itself. */
  'trace.boxed': z.object({
    id: z.uuid(),
    action: z.enum(['pack', 'unpack']),
    at: instant,
    boxSerial: z.number().int(),
    sscc: z.string(),
    unitSerials: z.array(z.number().int()).max(1000),
    lotIds: z.array(z.uuid()),
  }),
} as const satisfies Record<string, z.ZodType>;
export type DomainEventTopic = keyof typeof DOMAIN_EVENTS;
export type DomainEventPayload<T extends DomainEventTopic> = z.infer<(typeof DOMAIN_EVENTS)[T]>;

/** A domain event as a job carries it. */
export const deliveredEventSchema = z.object({
  id: z.uuid(),
  topic: z.enum(Object.keys(DOMAIN_EVENTS) as DomainEventTopic[]),
  countyCode: z.string(),
  createdAt: z.iso.datetime({ offset: true }),
  correlationId: z.string(),
  payload: z.unknown(),
});
export type DeliveredEvent = z.infer<typeof deliveredEventSchema>;
