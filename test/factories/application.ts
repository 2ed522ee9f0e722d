/** A real application of some services on a database of its own, listening on a free port; nothing in it is replaced. */
import { rmSync } from 'node:fs';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SERVICES, type ServiceName } from '#contracts';
import { createApplication, type ApplicationOptions, type Config } from '#platform';
import { Redis } from 'ioredis';
import { nextRedisUrl, testConfig, testDatabase, type TestDatabase } from './database.js';

export interface Answer<T = unknown> {
  status: number;
  body: T;
  headers: Headers;
}

export interface TestApplication {
  baseUrl: string;
  db: TestDatabase;
  config: Config;
  app: NestFastifyApplication;
  resolve<T>(type: Type<T> | (abstract new (...parameters: never[]) => T)): T;
  get<T = never>(path: string, token?: string, headers?: Record<string, string>): Promise<Answer<T>>;
  post<T = never>(path: string, body: unknown, token?: string, headers?: Record<string, string>): Promise<Answer<T>>;
  send<T = never>(
    method: string,
    path: string,
    body: unknown,
    token?: string,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>;
  close(): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 30_000;

/** Starts an application; `services` decides which jobs run in it (default: all that `modules` can handle). */
export async function testApp(options: {
  modules: ApplicationOptions['modules'];
  services?: readonly ServiceName[];
  config?: Partial<Config>;
}): Promise<TestApplication> {
  const db = await testDatabase();
  const redisUrl = nextRedisUrl();
  if (redisUrl) await emptyRedis(redisUrl);
  const config = testConfig(db.url, redisUrl, options.config);
  const app = await createApplication({
    config,
    databaseUrl: db.url,
    services: options.services ?? SERVICES,
    modules: options.modules,
    prismaFolder: 'prisma',
  });
  try {
    await app.listen({ host: '127.0.0.1', port: 0 });
  } catch (error) {
    await app.close();
    await db.close();
    throw error;
  }
  const baseUrl = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  const send = async <T>(
    method: string,
    path: string,
    body: unknown,
    token?: string,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> => {
    const isRaw = typeof body === 'string' || body instanceof FormData || body instanceof URLSearchParams || body === undefined;
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        ...(isRaw ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, body: (isJson && text ? JSON.parse(text) : text) as T, headers: response.headers };
  };
  return {
    baseUrl,
    db,
    config,
    app,
    resolve: (type) => app.get(type),
    get: (path, token, headers) => send('GET', path, undefined, token, headers),
    post: (path, body, token, headers) => send('POST', path, body, token, headers),
    send,
    close: async () => {
      await app.close();
      await db.close();
      rmSync(config.DATA_DIR, { recursive: true, force: true });
    },
  };
}

async function emptyRedis(url: string): Promise<void> {
  const redis = new Redis(url);
  await redis.flushdb();
  await redis.quit();
}
