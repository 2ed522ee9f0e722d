import { BullModule } from '@nestjs/bullmq';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule, DiscoveryService, Reflector } from '@nestjs/core';
import type { ServiceName } from '#contracts';
import { Audit } from './audit/audit.js';
import { AccessGuard } from './auth/access.guard.js';
import { RouteCheck } from './auth/route.check.js';
import { Clock } from './clock/clock.js';
import { CONFIG } from './config/config.js';
import { Database } from './database/database.js';
import { DATABASE_URL } from './database/database.url.js';
import { HealthController, PRISMA_FOLDER } from './health/health.controller.js';
import { Metrics } from './health/metrics.js';
import { RequestMetrics } from './health/request.metrics.js';
import type { ApplicationOptions } from './http/application.js';
import { ProblemFilter } from './http/problem.filter.js';
import { SchemaPipe } from './http/schema.pipe.js';
import { Notifier } from './notify/notifier.js';
import { Outbox } from './outbox/outbox.js';
import { OutboxRelay } from './outbox/outbox.relay.js';
import { ProcessedEvents } from './outbox/processed.events.js';
import { JobHandlers } from './queue/job.handler.js';
import { JobQueues, QUEUE_NAMES, queueOptions, type QueueName } from './queue/job.queues.js';
import { MaintainJob } from './queue/maintain.job.js';
import { processorOf } from './queue/queue.processor.js';
import { SecretBox } from './security/secret.box.js';

const SHARED = [Audit, Clock, Database, JobQueues, Metrics, Notifier, Outbox, ProcessedEvents, SecretBox];

/** What every service stands on; global, so that domain modules import nothing to use it. */
@Global()
@Module({})
export class PlatformModule {
  /** The root module of an application that runs these services. */
  static forRoot(
    options: Pick<ApplicationOptions, 'config' | 'databaseUrl' | 'services' | 'modules' | 'prismaFolder'>,
  ): DynamicModule {
    const { config, databaseUrl, services, modules, prismaFolder } = options;
    const queues = queuesOf(services);
    const workerOptions = queueOptions(config, databaseUrl, 'worker');
    return {
      module: PlatformModule,
      imports: [
        DiscoveryModule,
        BullModule.forRoot(queueOptions(config, databaseUrl, 'producer')),
        BullModule.registerQueue(...QUEUE_NAMES.map((name) => ({ name }))),
        ...modules,
      ],
      controllers: [HealthController],
      providers: [
        ...SHARED,
        { provide: CONFIG, useValue: config },
        { provide: DATABASE_URL, useValue: databaseUrl },
        { provide: PRISMA_FOLDER, useValue: prismaFolder },
        { provide: APP_PIPE, useClass: SchemaPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: AccessGuard },
        {
          provide: JobHandlers,
          useFactory: (discovery: DiscoveryService, reflector: Reflector) => new JobHandlers(discovery, reflector, queues),
          inject: [DiscoveryService, Reflector],
        },
        {
          provide: OutboxRelay,
          useFactory: (database: Database, jobQueues: JobQueues, notifier: Notifier) =>
            new OutboxRelay(database, jobQueues, notifier, services),
          inject: [Database, JobQueues, Notifier],
        },
        MaintainJob,
        RequestMetrics,
        RouteCheck,
        ...queues.map((name) => processorOf(name, workerOptions)),
      ],
      exports: [...SHARED, CONFIG, DATABASE_URL, DiscoveryModule],
    };
  }
}

/** Queues whose jobs run beside these services. */
function queuesOf(services: readonly ServiceName[]): QueueName[] {
  return QUEUE_NAMES.filter((name) => name === 'platform' || services.includes(name));
}
