/** The one place that reads the environment. A bad value stops the start with one clear line. */
import { mkdirSync, accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';

/** Password of the demo logins unless another is set: public, so good for a loopback address only. */
export const DEMO_PASSWORD = 'xiangyi-demo';

const flag = (fallback: boolean) =>
  z
    .enum(['0', '1', 'true', 'false', 'on', 'off'])
    .optional()
    .transform((value) => (value === undefined ? fallback : ['1', 'true', 'on'].includes(value)));

const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  DATA_DIR: z.string().min(1).default('./.data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
    .optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/[^,]+(,rediss?:\/\/[^,]+)*$/, 'must be redis://host:port, or several separated by commas for a cluster')
    .optional(),
  PUBLIC_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  DEMO: flag(false).optional(),
  DEMO_PASSWORD: z.string().min(8).default(DEMO_PASSWORD),
  RATE_LIMIT: flag(true),
  SECRET_KEY: z.string().min(32, 'must have at least 32 characters').optional(),
  ADMIN_PASSWORD: z.string().optional(),
  KUAIDI100_SALT: z.string().optional(),
  KDNIAO_APP_KEY: z.string().optional(),
  SMS_WEBHOOK_URL: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).optional(),
  SMS_WEBHOOK_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  TRUST_PROXY: flag(false),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
  DATABASE_POOL: z.coerce.number().int().min(4).max(200).default(20),
});

/** Parsed configuration; field names are the variables' names (docs/OPERATIONS.md has the table). */
export interface Config extends Omit<
  z.infer<typeof environmentSchema>,
  'DATABASE_URL' | 'SECRET_KEY' | 'PUBLIC_BASE_URL' | 'DEMO'
> {
  /** Unset: the embedded database below DATA_DIR. */
  DATABASE_URL: string | undefined;
  /** Base of the links in QR codes; unset: the listen address. */
  PUBLIC_BASE_URL: string;
  DEMO: boolean;
  SECRET_KEY: string;
}

/** Injection token of the parsed configuration. */
export const CONFIG = Symbol('config');

/** A start that cannot go on, with a sentence for the person who started it. */
export class StartError extends Error {
  override name = 'StartError';
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

/**
 * Reads the configuration.
 * @throws StartError naming the variable and what is wrong with it
 */
export function loadConfig(environment: Record<string, string | undefined> = process.env): Config {
  const filled = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environmentSchema.safeParse(filled);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new StartError(`Bad configuration. ${lines.join('; ')}`);
  }
  const values = parsed.data;
  const embedded = values.DATABASE_URL === undefined;
  const dataDir = path.resolve(values.DATA_DIR);
  prepareDataDir(dataDir);
  const demo = values.DEMO ?? embedded;
  if (demo && values.DEMO_PASSWORD === DEMO_PASSWORD && !LOOPBACK.has(values.HOST))
    throw new StartError(`DEMO_PASSWORD: set a password of your own before listening on ${values.HOST}; the default is public`);
  if (!values.RATE_LIMIT && !LOOPBACK.has(values.HOST))
    throw new StartError('RATE_LIMIT: off is for load tests on a loopback address only');
  if (values.SMS_WEBHOOK_URL !== undefined && values.SMS_WEBHOOK_SECRET === undefined)
    throw new StartError(
      'SMS_WEBHOOK_SECRET: required when SMS_WEBHOOK_URL is set (16 characters or more); it signs what is sent',
    );
  return {
    ...values,
    DATA_DIR: dataDir,
    DATABASE_URL: values.DATABASE_URL,
    PUBLIC_BASE_URL: (values.PUBLIC_BASE_URL ?? `http://${values.HOST}:${values.PORT}`).replace(/\/$/, ''),
    DEMO: demo,
    SECRET_KEY: values.SECRET_KEY ?? secretOf(dataDir, embedded),
  };
}

function prepareDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK);
  } catch {
    throw new StartError(`DATA_DIR: cannot write to ${dataDir}`);
  }
}

/** Made once into the data folder, so that codes and encrypted fields outlive a restart. */
function secretOf(dataDir: string, embedded: boolean): string {
  if (!embedded) throw new StartError('SECRET_KEY: required when DATABASE_URL is set (32 characters or more)');
  const file = path.join(dataDir, 'secret.key');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}
