import type { LoggerService } from '@nestjs/common';
import { pino, type Logger as PinoLogger } from 'pino';
import { correlationId } from './context.js';

/** Keys whose values never reach a log line, at the top or one level down. */
const REDACTED = [
  'password',
  'token',
  'accessToken',
  'authorization',
  'cookie',
  'phone',
  'name',
  'address',
  'identityNumber',
  'body',
];

/** Chinese mobile numbers inside free text. */
const MOBILE = /(?<!\d)1[3-9]\d{9}(?!\d)/g;

/** Replaces mobile numbers in text that may be logged, stored or shown. */
export const redactPhones = (text: string): string => text.replace(MOBILE, (digits) => `${digits.slice(0, 3)}********`);

/** The process's structured log: JSON lines on standard error. */
export function createLog(level: string): PinoLogger {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
      mixin: () => (correlationId() ? { correlationId: correlationId() } : {}),
      hooks: {
        logMethod(args, method) {
          method.apply(this, args.map((arg: unknown) => (typeof arg === 'string' ? redactPhones(arg) : arg)) as typeof args);
        },
      },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}

/** Hands Nest's log calls to pino. */
export class PinoLoggerService implements LoggerService {
  constructor(private readonly pinoLog: PinoLogger) {}

  log(text: unknown, ...rest: unknown[]): void {
    this.write('info', text, rest);
  }
  error(text: unknown, ...rest: unknown[]): void {
    this.write('error', text, rest);
  }
  warn(text: unknown, ...rest: unknown[]): void {
    this.write('warn', text, rest);
  }
  debug(text: unknown, ...rest: unknown[]): void {
    this.write('debug', text, rest);
  }
  verbose(text: unknown, ...rest: unknown[]): void {
    this.write('trace', text, rest);
  }
  fatal(text: unknown, ...rest: unknown[]): void {
    this.write('fatal', text, rest);
  }

  /** Nest passes the context last, and a stack before it. */
  private write(level: 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal', text: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    const stack = rest.length > 1 ? rest[0] : undefined;
    const fields = { ...(typeof context === 'string' ? { context } : {}), ...(typeof stack === 'string' ? { stack } : {}) };
    if (text instanceof Error) this.pinoLog[level]({ ...fields, err: text }, text.message);
    else if (typeof text === 'object' && text !== null) this.pinoLog[level]({ ...fields, ...text });
    else this.pinoLog[level](fields, String(text));
  }
}
