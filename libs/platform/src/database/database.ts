import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient, type Prisma } from '#prisma';
import { CONFIG, type Config } from '../config/config.js';
import { DATABASE_URL } from './database.url.js';

/** What runs inside one transaction. */
export interface Tx {
  query<R>(text: string, params?: readonly unknown[]): Promise<R[]>;
}

const MAX_TRIES = 4;
/** Serialisation failure and deadlock: another transaction was in the way, and a repeat is safe because nothing was kept. */
const RETRYABLE = new Set(['40001', '40P01']);

const DATE_OID = 1082;
const INT8_OID = 20;
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === DATE_OID) return (value: string) => value;
    if (oid === INT8_OID) return Number;
    return pg.types.getTypeParser(oid, format);
  },
};

/** Builds a connection pool as the services use it: days as `YYYY-MM-DD`, bigint as number, instants as Date. */
function createPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max, types, application_name: 'xiangyi', keepAlive: true });
  // An idle connection that breaks must not end the process: the next query opens another.
  pool.on('error', () => undefined);
  return pool;
}

/** PostgreSQL: one pool, plain SQL on the hot paths and Prisma for master data, both over the same connections. */
@Injectable()
export class Database implements OnApplicationShutdown {
  readonly pool: pg.Pool;
  readonly prisma: PrismaClient;

  constructor(@Inject(DATABASE_URL) url: string, @Inject(CONFIG) config: Pick<Config, 'DATABASE_POOL'>) {
    this.pool = createPool(url, config.DATABASE_POOL);
    this.prisma = new PrismaClient({ adapter: new PrismaPg(this.pool) });
  }

  /** One statement outside of a transaction; `$1` parameters. */
  async query<R>(text: string, params: readonly unknown[] = []): Promise<R[]> {
    return (await this.pool.query(text, [...params])).rows as R[];
  }

  /** As `query`, for a statement of the hot paths: each connection parses and plans it once, under a name that stands for this text alone. */
  async prepared<R>(name: string, text: string, params: readonly unknown[]): Promise<R[]> {
    return (await this.pool.query({ name, text, values: [...params] })).rows as R[];
  }

  /**
   * Runs `work` in a transaction and commits; rolls back when it throws. Serialisation failures and deadlocks are tried again, so `work`
   * must have no effect outside of the transaction.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (attempt >= MAX_TRIES || !RETRYABLE.has((error as { code?: string }).code ?? '')) throw error;
      }
    }
  }

  private async attempt<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('begin');
      const result = await work({
        query: async <R>(text: string, params: readonly unknown[] = []) =>
          (await client.query(text, params as unknown[])).rows as R[],
      });
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => (broken = failure));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.prisma.$disconnect();
    await this.pool.end();
  }
}

/** Plain SQL over the transaction that a Prisma call runs in. */
export function prismaTx(prisma: Prisma.TransactionClient): Tx {
  return {
    query: async <R>(text: string, params: readonly unknown[] = []) => await prisma.$queryRawUnsafe<R[]>(text, ...params),
  };
}
