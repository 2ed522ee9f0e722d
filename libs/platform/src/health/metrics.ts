import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { Database } from '../database/database.js';
import { JobQueues } from '../queue/job.queues.js';

/** Prometheus metrics of this process. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  /** Seconds that requests took, by method, route pattern and status. */
  readonly requests = new Histogram({
    name: 'xiangyi_http_request_seconds',
    help: 'Duration of HTTP requests',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
    registers: [this.registry],
  });

  constructor(database: Database, queues: JobQueues) {
    collectDefaultMetrics({ register: this.registry });
    const gauge = (name: string, help: string, labelNames: string[], collect: (gauge: Gauge) => Promise<void>) =>
      new Gauge({
        name,
        help,
        labelNames,
        registers: [this.registry],
        async collect() {
          // A database or queue that is away is told by /health/ready; the other metrics are still worth having.
          await collect(this).catch(() => undefined);
        },
      });
    gauge('xiangyi_outbox_waiting', 'Domain events that wait for the relay', [], async (it) => {
      const [row] = await database.query<{ count: number }>('select count(*) as count from platform.outbox');
      it.set(row?.count ?? 0);
    });
    gauge('xiangyi_jobs', 'Jobs by queue and state', ['queue', 'state'], async (it) => {
      for (const [queue, states] of Object.entries(await queues.counts()))
        for (const [state, count] of Object.entries(states)) it.set({ queue, state }, count);
    });
    gauge('xiangyi_database_connections', 'Connections of the pool by state', ['state'], async (it) => {
      it.set({ state: 'all' }, database.pool.totalCount);
      it.set({ state: 'idle' }, database.pool.idleCount);
      it.set({ state: 'waiting' }, database.pool.waitingCount);
      await Promise.resolve();
    });
  }

  /** The metrics in Prometheus' text form. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
