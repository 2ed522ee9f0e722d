import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { isMigrated } from '../database/migrate.js';
import { JobQueues } from '../queue/job.queues.js';
import { Metrics } from './metrics.js';

/** Injection token of the folder with schema/ and migrations/. */
export const PRISMA_FOLDER = Symbol('prisma folder');
const CHECK_TIMEOUT_MS = 3000;

/** For those who run the services: is it alive, is it ready, how is it doing. */
@ApiExcludeController()
@Public()
@Controller()
export class HealthController {
  private migrated = false;

  constructor(
    private readonly database: Database,
    private readonly queues: JobQueues,
    private readonly metrics: Metrics,
    @Inject(PRISMA_FOLDER) private readonly prismaFolder: string,
  ) {}

  @Get('health/live')
  live(): { status: 'up' } {
    return { status: 'up' };
  }

  /** 200 when the database answers, every migration is applied and the queue answers; else 503 with what is down. */
  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Record<string, string>> {
    const checks: Record<string, () => Promise<unknown>> = {
      database: () => this.database.query('select 1'),
      migrations: () => this.checkMigrations(),
      queue: () => this.queues.counts(),
    };
    const states = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, (await within(check())) ? 'up' : 'down'] as const),
    );
    const ready = states.every(([, state]) => state === 'up');
    void reply.status(ready ? 200 : 503);
    return { status: ready ? 'up' : 'down', ...Object.fromEntries(states) };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async prometheus(): Promise<string> {
    return await this.metrics.text();
  }

  private async checkMigrations(): Promise<void> {
    this.migrated ||= await isMigrated(this.database.pool, this.prismaFolder);
    if (!this.migrated) throw new Error('Migrations are missing');
  }
}

async function within(check: Promise<unknown>): Promise<boolean> {
  const timeout = new Promise<false>((resolve) => setTimeout(() => resolve(false), CHECK_TIMEOUT_MS).unref());
  const outcome = check.then(
    () => true,
    () => false,
  );
  return await Promise.race([outcome, timeout]);
}
