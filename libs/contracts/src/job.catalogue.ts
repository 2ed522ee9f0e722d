/**
 * Every background job: its payload, queue, retries and schedule, side by side. A start fails when a job of a service that
 * runs here has no handler, or two.
 */
import { z } from 'zod';
import { deliveredEventSchema, type DomainEventTopic } from './event.catalogue.js';

export const SERVICES = ['directory', 'upflow', 'logistics', 'trace', 'insight'] as const;
export type ServiceName = (typeof SERVICES)[number];

export interface JobDefinition<S extends z.ZodType = z.ZodType> {
  /** Service whose worker runs the job; its queue bears the service's name. `platform` jobs run beside any service. */
  queue: ServiceName | 'platform';
  payload: S;
  attempts: number;
  backoffMs: number;
  /** Finished jobs kept for a look back. */
  keepCompleted: number;
  keepFailed: number;
  /** Cron pattern in Asia/Shanghai, or a fixed interval. */
  schedule?: { cron: string } | { everyMs: number };
  /** Domain events that the relay delivers to this job, in batches. */
  consumes?: readonly DomainEventTopic[];
}

const events = z.object({ events: z.array(deliveredEventSchema).min(1).max(500) });
const nothing = z.object({});
const defaults = { attempts: 8, backoffMs: 500, keepCompleted: 200, keepFailed: 2000 };

export const JOBS = {
  /** Takes up providers' pushes that were kept and not processed. */
  'logistics.pushes.sweep': { ...defaults, queue: 'logistics', payload: nothing, schedule: { everyMs: 60_000 } },
  /** Counts parcels again whose units, relations or parameters changed. */
  'logistics.directory.refold': { ...defaults, queue: 'logistics', payload: events, consumes: ['directory.changed'] },
  /** Makes the notices that are due and hands them to the gateway. */
  'logistics.notices.send': { ...defaults, queue: 'logistics', payload: events, consumes: ['logistics.notices.due'] },
  /** Notices that an interruption or a gateway that was down left, and parcels whose recipient became known meanwhile. */
  'logistics.notices.sweep': { ...defaults, queue: 'logistics', payload: nothing, schedule: { everyMs: 30_000 } },
  /** Removes recipients, texts of notices and proofs that are older than the county keeps them. */
  'logistics.recipients.purge': { ...defaults, queue: 'logistics', payload: nothing, schedule: { cron: '40 3 * * *' } },
  /** Notes which consignments' parcels left without a hand-over. */
  'logistics.consignments.sweep': { ...defaults, queue: 'logistics', payload: nothing, schedule: { cron: '50 3 * * *' } },
  /** Marks the touched keys stale and recomputes the facts of what is stale. */
  'insight.coverage.refresh': {
    ...defaults,
    queue: 'insight',
    payload: events,
    consumes: ['logistics.days.touched', 'directory.changed'],
  },
  /** Recomputes what an interrupted refresh left stale. */
  'insight.coverage.sweep': { ...defaults, queue: 'insight', payload: nothing, schedule: { everyMs: 30_000 } },
  /** A new day: the month in progress and the cohorts that matured are assessed again. */
  'insight.coverage.roll': { ...defaults, queue: 'insight', payload: nothing, schedule: { cron: '5 0 * * *' } },
  /** Aggregates collective income of the months that changed, the trailing years they are part of, and everything above. */
  'insight.income.aggregate': {
    ...defaults,
    queue: 'insight',
    payload: events,
    consumes: ['insight.account.changed', 'directory.changed'],
  },
  /** Expects the waybills that upflow packed: they enter the ledger as announced, with the lot's village. */
  'logistics.shipment.announce': { ...defaults, queue: 'logistics', payload: events, consumes: ['upflow.shipment.packed'] },
  /** Orders follow the folds of their parcels. */
  'upflow.shipment.follow': { ...defaults, queue: 'upflow', payload: events, consumes: ['logistics.produce.moved'] },
  /** Recomputes the sales (M10) of what was touched. */
  'insight.sales.refresh': {
    ...defaults,
    queue: 'insight',
    payload: events,
    consumes: ['upflow.sales.touched', 'directory.changed'],
  },
  /** Recomputes what an interrupted refresh left stale. */
  'insight.sales.sweep': { ...defaults, queue: 'insight', payload: nothing, schedule: { everyMs: 30_000 } },
  /** Writes business steps into the EPCIS log, each once, and lets recalls reach the lots that came of them. */
  'trace.step.record': {
    ...defaults,
    queue: 'trace',
    payload: events,
    consumes: ['upflow.step.recorded', 'logistics.produce.moved', 'trace.boxed'],
  },
  /** Makes the next codes of batches that are wanted. */
  'trace.codes.make': { ...defaults, queue: 'trace', payload: events, consumes: ['trace.batch.wanted'] },
  /** Makes the partitions of the months ahead and drops spent records. */
  'platform.maintain': { ...defaults, queue: 'platform', payload: nothing, schedule: { cron: '15 3 * * *' } },
} as const satisfies Record<string, JobDefinition>;
export type JobName = keyof typeof JOBS;
export type JobPayload<N extends JobName> = z.infer<(typeof JOBS)[N]['payload']>;
