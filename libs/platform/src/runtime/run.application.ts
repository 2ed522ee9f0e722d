import { createServer } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { addMonths, periodOf } from '#contracts';
import { loadConfig, StartError, type Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { migrate } from '../database/migrate.js';
import { ensurePartitions } from '../database/partitions.js';
import { createApplication, type ApplicationOptions } from '../http/application.js';
import { lockFolder } from './folder.lock.js';
import { openDatabase, type OpenDatabase } from './open.database.js';

const CLOSE_TIMEOUT_MS = 30_000;
const MONTHS_AHEAD = 3;

/** What one of the applications is made of. */
export interface RunOptions extends Pick<ApplicationOptions, 'services' | 'prismaFolder' | 'webFolder'> {
  modules(config: Config): ApplicationOptions['modules'];
  /** Runs between the start of the jobs and the first request: the demo county. */
  prepare?(app: NestFastifyApplication, config: Config, say: (line: string) => void): Promise<void>;
  /** Lines for the person who started it, once it listens. */
  welcome?(config: Config): string[];
}

type Cleanup = () => void | Promise<void>;

/**
 * Runs an application until a signal ends it: configuration, database, migrations, partitions, jobs, HTTP; and back in the reverse order. A start that
 * cannot go on prints one line and exits with 1.
 */
export async function runApplication(options: RunOptions): Promise<void> {
  const cleanups: Cleanup[] = [];
  const stop = onceOnly(async (code: number) => {
    await Promise.race([cleanUp(cleanups), new Promise((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref())]);
    process.exit(code);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0));
  // Started by another process of ours that died: nobody is left to stop this one.
  process.on('disconnect', () => void stop(0));
  try {
    await start(options, cleanups);
  } catch (error) {
    if (error instanceof StartError) say(error.message);
    else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    await stop(1);
  }
}

async function start(options: RunOptions, cleanups: Cleanup[]): Promise<void> {
  const config = loadConfig();
  await checkPort(config);
  if (!config.DATABASE_URL) cleanups.push(lockFolder(config.DATA_DIR));
  const database = await openDatabase(config, { join: false });
  cleanups.push(() => database.stop());
  const app = await bootApplication(options, config, database);
  cleanups.push(() => app.close());
  await options.prepare?.(app, config, say);
  await app.listen({ host: config.HOST, port: config.PORT }).catch((error: unknown) => {
    throw listenError(error, config);
  });
  for (const line of options.welcome?.(config) ?? [`Listening on ${config.HOST}:${config.PORT}`]) say(line);
}

/** The application with its database up to date and its jobs running, not yet listening. */
export async function bootApplication(
  options: Pick<RunOptions, 'services' | 'prismaFolder' | 'webFolder' | 'modules'>,
  config: Config,
  database: Pick<OpenDatabase, 'url'>,
): Promise<NestFastifyApplication> {
  await migrate(database.url, options.prismaFolder);
  const { services, prismaFolder, webFolder } = options;
  const app = await createApplication({
    config,
    databaseUrl: database.url,
    services,
    prismaFolder,
    modules: options.modules(config),
    ...(webFolder ? { webFolder } : {}),
  });
  try {
    const period = periodOf(new Date());
    await ensurePartitions(app.get(Database), addMonths(period, -1), addMonths(period, MONTHS_AHEAD));
    await app.init();
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** Refused before the database starts, so that a taken port costs no wait. */
async function checkPort({ HOST, PORT }: Config): Promise<void> {
  if (PORT === 0) return;
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => reject(listenError(error, { HOST, PORT })));
    probe.listen(PORT, HOST, () => probe.close(() => resolve()));
  });
}

function listenError(error: unknown, { HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>): unknown {
  const { code } = error as { code?: string };
  if (code === 'EADDRINUSE')
    return new StartError(`PORT: ${PORT} on ${HOST} is taken by another program; stop it, or set PORT to a free one`);
  if (code === 'EACCES') return new StartError(`PORT: ${PORT} needs more rights; set PORT to 1024 or above`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return new StartError(`HOST: ${HOST} is not an address of this machine`);
  return error;
}

async function cleanUp(cleanups: Cleanup[]): Promise<void> {
  for (const cleanup of cleanups.reverse()) {
    try {
      await cleanup();
    } catch (error) {
      process.stderr.write(`${String(error)}\n`);
    }
  }
}

function onceOnly(work: (code: number) => Promise<void>): (code: number) => Promise<void> {
  let running: Promise<void> | undefined;
  return (code) => (running ??= work(code));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
