import { existsSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import compress, { type FastifyCompressOptions } from '@fastify/compress';
import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import type { ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RouteOptions } from 'fastify';
import type { ServiceName } from '#contracts';
import type { Config } from '../config/config.js';
import { createLog, PinoLoggerService } from '../logging/logger.js';
import { PlatformModule } from '../platform.module.js';
import { DomainError } from './domain.error.js';
import { serveOpenApi } from './openapi.js';
import { sendProblem } from './problem.filter.js';
import { followRequests, requestId } from './request.context.js';
import { protectAnswers } from './security.headers.js';

const BODY_LIMIT_BYTES = 4 * 1024 * 1024;
const UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024;
const REQUESTS_PER_MINUTE = 1200;
const COMPRESSION: FastifyCompressOptions = { threshold: 1024, encodings: ['br', 'gzip'] };

/** What an application runs, and where its files are. */
export interface ApplicationOptions {
  config: Config;
  databaseUrl: string;
  /** Services whose outbox is relayed and whose jobs run here. */
  services: readonly ServiceName[];
  modules: NonNullable<ModuleMetadata['imports']>;
  /** Folder with schema/ and migrations/. */
  prismaFolder: string;
  /** Folder of the built web pages, served when it exists. */
  webFolder?: string;
}

/** Builds the HTTP application of one or more services, ready to listen. */
export async function createApplication(options: ApplicationOptions): Promise<NestFastifyApplication> {
  const log = createLog(options.config.LOG_LEVEL);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    // A proxy on this machine is believed; any other only when the operator says that one stands in front.
    trustProxy: options.config.TRUST_PROXY ? true : 'loopback',
    genReqId: (request: IncomingMessage) => requestId(request.headers),
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(PlatformModule.forRoot(options), adapter, {
    logger: new PinoLoggerService(log),
    abortOnError: false,
  });
  const server = app.getHttpAdapter().getInstance();
  followRequests(server);
  await app.register(cookie);
  protectAnswers(server, options.config);
  server.addHook('onRoute', (route) => compressionOf(route));
  await app.register(compress, COMPRESSION);
  await app.register(multipart, { limits: { fileSize: UPLOAD_LIMIT_BYTES, files: 1, fields: 10 } });
  if (options.config.RATE_LIMIT) await app.register(rateLimit, rateLimitOptions());
  app.useBodyParser('application/x-www-form-urlencoded', {}, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(body.toString('utf8'))));
  });
  if (options.webFolder && existsSync(options.webFolder)) await serveWeb(app, options.webFolder);
  app.enableShutdownHooks([]);
  serveOpenApi(app);
  return app;
}

/** A route may say from how many bytes its answers are worth compressing: `@RouteConfig({ compressFrom })`. */
function compressionOf(route: RouteOptions): void {
  const { compressFrom } = (route.config ?? {}) as { compressFrom?: number };
  if (compressFrom !== undefined) route.compress = { ...COMPRESSION, threshold: compressFrom };
}

function rateLimitOptions() {
  return {
    max: REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    allowList: (request: { url: string }) => request.url.startsWith('/health/') || request.url.startsWith('/assets/'),
    errorResponseBuilder: () => new DomainError('too_many_requests', 429),
  };
}

/** Built pages: hashed assets are kept for a year, pages are asked for anew. Each app's own paths fall back to its page. */
async function serveWeb(app: NestFastifyApplication, webFolder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: webFolder,
    wildcard: false,
    preCompressed: true,
    // Its own header would take the place of the one below.
    cacheControl: false,
    setHeaders(reply, file) {
      const hashed = file.includes(`${path.sep}assets${path.sep}`);
      reply.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const server = app.getHttpAdapter().getInstance();
  for (const page of ['station', 'county', 'producer']) {
    if (!existsSync(path.join(webFolder, page, 'index.html'))) continue;
    server.get(`/${page}`, (_request, reply) => reply.redirect(`/${page}/`));
    server.get(`/${page}/*`, (request, reply) => {
      if (/\.\w+$/.test(request.url.split('?')[0] ?? ''))
        return sendProblem(request, reply, new DomainError('route_not_found', 404));
      return reply.header('cache-control', 'no-cache').sendFile(`${page}/index.html`);
    });
  }
}
