import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap, type Type } from '@nestjs/common';
import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job, QueueOptions } from 'bullmq';
import { deliveredEventSchema, type JobName } from '#contracts';
import { runInContext } from '../logging/context.js';
import { JobHandlers } from './job.handler.js';
import { definitionOf, JobQueues, type QueueName } from './job.queues.js';

/** Coverage and income of one county take a lock each, so two at a time keep both moving. */
const CONCURRENCY = 2;
const CLOSE_TIMEOUT_MS = 20_000;

/**
 * Makes the worker of a queue: it hands each job to its one handler with the correlation id of what caused it, and registers the schedules.
 * It starts only after every handler was found, and stops taking jobs before the database goes away.
 */
export function processorOf(queue: QueueName, options: QueueOptions): Type<WorkerHost> {
  @Injectable()
  @Processor(queue, { ...options, concurrency: CONCURRENCY, autorun: false })
  class QueueProcessor extends WorkerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
    private readonly logger = new Logger(`queue ${queue}`);
    private ended: Promise<void> | undefined;

    constructor(
      private readonly handlers: JobHandlers,
      private readonly queues: JobQueues,
    ) {
      super();
    }

    async onApplicationBootstrap(): Promise<void> {
      this.worker.on('error', (error) => this.logger.warn(error.message));
      this.worker.on('failed', (job, error) =>
        this.logger.error({ job: job?.name, id: job?.id, attempt: job?.attemptsMade, err: error }),
      );
      for (const name of this.handlers.names()) if (definitionOf(name).queue === queue) await this.queues.schedule(name);
      this.ended = this.worker.run().catch((error: unknown) => this.logger.error(error));
    }

    async process(job: Job): Promise<void> {
      const payload: unknown = definitionOf(job.name as JobName).payload.parse(job.data);
      await runInContext({ correlationId: correlationOf(payload) || `job-${queue}-${job.id ?? ''}` }, () =>
        this.handlers.of(job.name).handle(payload as never, { id: job.id ?? '', attempt: job.attemptsMade + 1 }),
      );
    }

    async beforeApplicationShutdown(): Promise<void> {
      const timeout = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref());
      await Promise.race([this.worker.close().then(() => this.ended), timeout]);
    }
  }
  Object.defineProperty(QueueProcessor, 'name', { value: `QueueProcessor_${queue}` });
  return QueueProcessor;
}

function correlationOf(payload: unknown): string {
  const first = (payload as { events?: unknown[] }).events?.[0];
  const event = deliveredEventSchema.safeParse(first);
  return event.success ? event.data.correlationId : '';
}
