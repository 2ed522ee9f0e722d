import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { createPostgresBackend, Queue, setDefaultBackendFactory, type JobsOptions, type QueueOptions } from 'bullmq';
import { Cluster } from 'ioredis';
import { JOBS, type JobDefinition, type JobName } from '#contracts';
import { CONFIG, type Config } from '../config/config.js';
import { DATABASE_URL } from '../database/database.url.js';

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
    return { connection: { connectionString: databaseUrl, schema: 'bullmq', migrate: true, max: 3, application_name: 'xiangyi:queue' } } as unknown as QueueOptions;
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
export class JobQueues implements BeforeApplicationShutdown {
  private readonly queues = new Map<QueueName, Queue>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE_URL) private readonly databaseUrl: string,
  ) {}

  /**
   * Adds jobs, a queue at a time; all of them or an error.
   * @throws ZodError when a payload does not follow the catalogue
   */
  async add(jobs: readonly JobToAdd[]): Promise<void> {
    for (const name of QUEUE_NAMES) {
      const own = jobs.filter((job) => definitionOf(job.name).queue === name);
      if (own.length === 0) continue;
      const queue = await this.queue(name);
      await queue.addBulk(own.map((job) => ({ name: job.name, data: definitionOf(job.name).payload.parse(job.payload), opts: optionsOf(job.name) })));
    }
  }

  /** Registers the schedule of a job, replacing an older one. */
  async schedule(name: JobName): Promise<void> {
    const { schedule, queue: queueName } = definitionOf(name);
    if (!schedule) return;
    const repeat = 'cron' in schedule ? { pattern: schedule.cron, tz: 'Asia/Shanghai' } : { every: schedule.everyMs };
    const queue = await this.queue(queueName);
    await queue.upsertJobScheduler(name, repeat, { name, data: {}, opts: optionsOf(name) });
  }

  /** Jobs that wait, run or failed, by queue; for health and metrics. */
  async counts(): Promise<Record<string, Record<string, number>>> {
    const counts: Record<string, Record<string, number>> = {};
    for (const name of QUEUE_NAMES) counts[name] = await (await this.queue(name)).getJobCounts('waiting', 'active', 'delayed', 'failed');
    return counts;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  private async queue(name: QueueName): Promise<Queue> {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = new Queue(name, queueOptions(this.config, this.databaseUrl, 'producer'));
      queue.on('error', () => undefined);
      this.queues.set(name, queue);
    }
    await queue.waitUntilReady();
    return queue;
  }
}

function optionsOf(name: JobName): JobsOptions {
  const { attempts, backoffMs, keepCompleted, keepFailed } = definitionOf(name);
  return { attempts, backoff: { type: 'exponential', delay: backoffMs }, removeOnComplete: keepCompleted, removeOnFail: keepFailed };
}
