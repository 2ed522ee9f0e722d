import { Injectable, SetMetadata, type CustomDecorator, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { JOBS, type JobName, type JobPayload } from '#contracts';
import { definitionOf, type QueueName } from './job.queues.js';

const JOB_HANDLER = 'xiangyi:job handler';

/** Marks the provider that handles a job; it implements `Handler` of the same name. */
export const JobHandler = (name: JobName): CustomDecorator => SetMetadata(JOB_HANDLER, name);

/** Handles one kind of job. A throw makes the queue try again, up to the catalogue's attempts. */
export interface Handler<N extends JobName = JobName> {
  handle(payload: JobPayload<N>, job: { id: string; attempt: number }): Promise<void>;
}

/** Which provider handles which job. */
@Injectable()
export class JobHandlers implements OnModuleInit {
  private readonly handlers = new Map<JobName, Handler>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    private readonly queues: readonly QueueName[],
  ) {}

  /** @throws Error when a job that runs here has no handler, or two: a start with lost work is worse than none */
  onModuleInit(): void {
    const found = new Map<JobName, Handler[]>();
    for (const { instance, metatype } of this.discovery.getProviders()) {
      if (!instance || typeof metatype !== 'function') continue;
      const name = this.reflector.get<JobName | undefined>(JOB_HANDLER, metatype);
      if (name) found.set(name, [...(found.get(name) ?? []), instance as Handler]);
    }
    for (const name of this.names()) {
      const [handler, ...others] = found.get(name) ?? [];
      if (!handler || others.length > 0)
        throw new Error(`Job ${name} needs exactly one handler and has ${handler ? others.length + 1 : 0}`);
      this.handlers.set(name, handler);
    }
  }

  /** Jobs that run in this process. */
  names(): JobName[] {
    return (Object.keys(JOBS) as JobName[]).filter((name) => this.queues.includes(definitionOf(name).queue));
  }

  /** The handler of a job. @throws Error when the job does not run here */
  of(name: string): Handler {
    const handler = this.handlers.get(name as JobName);
    if (!handler) throw new Error(`No handler for job ${name}`);
    return handler;
  }
}
