import { getQueueToken } from '@nestjs/bullmq';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { createPostgresBackend, setDefaultBackendFactory, type Queue, type JobsOptions, type QueueOptions } from 'bullmq';
import { Cluster } from 'ioredis';
import { JOBS, type JobDefinition, type JobName } from '#contracts';
import type { Config } from '../config/config.js';

export type QueueName = JobDefinition['queue'];

/** A job to hand over; payloads are checked by the catalogue before they leave. */
export interface JobToAdd {
  name: JobName;
  payload: unknown;
}

/** The definition of a job, as the catalogue has it. */
export const definitionOf = (name: JobName): JobDefinition => JOBS[name];

/** Queues that the catalogue uses. */
export const QUEUE_NAMES = [...new Set((Object.keys(JOBS) as JobName[]).map((name) => definitionOf(name).queue))];

/**
 * Connection options of BullMQ: PostgreSQL in a schema of its own unless REDIS_URL names a Redis, or several nodes of a Redis Cluster. A producer
 * fails at once when Redis is away (the relay tries again); a worker waits for it.
 */
export function queueOptions(config: Pick<Config, 'REDIS_URL'>, databaseUrl: string, role: 'producer' | 'worker'): QueueOptions {
  if (!config.REDIS_URL) {
    setDefaultBackendFactory(createPostgresBackend);
    return {
      connection: { connectionString: databaseUrl, schema: 'bullmq', migrate: true, max: 3, application_name: 'xiangyi:queue' },
    };
  }
  setDefaultBackendFactory();
  const patience = role === 'worker' ? { maxRetriesPerRequest: null } : { maxRetriesPerRequest: 1, enableOfflineQueue: false };
  const [first = '', ...others] = config.REDIS_URL.split(',');
  if (others.length > 0) return { prefix: '{xiangyi}', connection: new Cluster([first, ...others], { redisOptions: patience }) };
  const url = new URL(first);
  const connection = {
    host: url.hostname,
    port: Number(url.port || 6379),
    db: Number(url.pathname.slice(1) || 0),
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
    ...patience,
  };
  return { prefix: '{xiangyi}', connection };
}

/** The producing side of every queue. Only the relay and the schedules add jobs; a request never does. */
@Injectable()
export class JobQueues implements OnModuleInit {
  constructor(private readonly modules: ModuleRef) {}

  onModuleInit(): void {
    // Without a listener a lost connection would end the process; the next call reports it where it matters.
    for (const name of QUEUE_NAMES) this.queue(name).on('error', () => undefined);
  }

  /**
   * Adds jobs, a queue at a time; all of them or an error.
   * @throws ZodError when a payload does not follow the catalogue
   */
  async add(jobs: readonly JobToAdd[]): Promise<void> {
    for (const name of QUEUE_NAMES) {
      const own = jobs.filter((job) => definitionOf(job.name).queue === name);
      if (own.length === 0) continue;
      await this.queue(name).addBulk(
        own.map((job) => ({
          name: job.name,
          data: definitionOf(job.name).payload.parse(job.payload),
          opts: optionsOf(job.name),
        })),
      );
    }
  }

  /** Registers the schedule of a job, replacing an older one. */
  async schedule(name: JobName): Promise<void> {
    const { schedule, queue: queueName } = definitionOf(name);
    if (!schedule) return;
    const repeat = 'cron' in schedule ? { pattern: schedule.cron, tz: 'Asia/Shanghai' } : { every: schedule.everyMs };
    await this.queue(queueName).upsertJobScheduler(name, repeat, { name, data: {}, opts: optionsOf(name) });
  }

  /** Jobs that wait, run or failed, by queue; for health and metrics. */
  async counts(): Promise<Record<string, Record<string, number>>> {
    const counts: Record<string, Record<string, number>> = {};
    for (const name of QUEUE_NAMES) counts[name] = await this.queue(name).getJobCounts('waiting', 'active', 'delayed', 'failed');
    return counts;
  }

  private queue(name: QueueName): Queue {
    return this.modules.get<Queue>(getQueueToken(name), { strict: false });
  }
}

function optionsOf(name: JobName): JobsOptions {
  const { attempts, backoffMs, keepCompleted, keepFailed } = definitionOf(name);
  return {
    attempts,
    backoff: { type: 'exponential', delay: backoffMs },
    removeOnComplete: keepCompleted,
    removeOnFail: keepFailed,
  };
}
