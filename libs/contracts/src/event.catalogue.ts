/**
 * Domain events: the only way the four domain libraries speak to one another. A producer writes them to the outbox in the
 * transaction of their cause; the relay hands them to every consumer at least once; a consumer takes each one effect-once.
 * Payloads are ids, keys and versions: the consumer reads the current state, so order does not matter.
 */
import { z } from 'zod';
import { daySchema, periodSchema } from './time.js';
import { producerKindSchema } from './upflow.schema.js';

/** Facts of these (unit, day) keys may have changed. A unit is a village, or a town for its unassigned bucket. */
const touchedKeySchema = z.tuple([z.uuid(), daySchema]);

export const DOMAIN_EVENTS = {
  /** Parcels or check-ins changed what counts on these (unit, day) keys. From: logistics. */
  'logistics.days.touched': z.object({ keys: z.array(touchedKeySchema).max(5000) }),
  /** Units, relations or suspensions changed in these months (`null` = every month). From: directory. */
  'directory.changed': z.object({ unitIds: z.array(z.uuid()).max(5000), from: periodSchema.nullable() }),
  /** A village's month was approved, replaced or returned. From: insight's own accounts. */
  'insight.account.changed': z.object({ villageId: z.uuid(), period: periodSchema }),
  /** A product was added or changed; the greater version is the later one. Carries no personal data. From: upflow. */
  'upflow.product.changed': z.object({
    productId: z.uuid(),
    version: z.number().int(),
    changedAt: z.iso.datetime({ offset: true }),
    gtin: z.string().nullable(),
    name: z.string(),
    categoryCode: z.string(),
    producerName: z.string(),
    producerKind: producerKindSchema,
    villageId: z.uuid(),
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
