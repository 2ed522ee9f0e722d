import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Path to which a gateway reports. */
export const REPORT_PATH = 'api/notices/reports';
const MAX_BYTES = 16 * 1024;

/** Keeps the bytes of gateways' reports as they came: their signature is over the bytes, not over what was read from them. */
@Injectable()
export class RawReport {
  private readonly bodies = new WeakMap<object, Buffer[]>();

  /** The routes are made after all providers, so the hook sees them. */
  constructor(host: HttpAdapterHost) {
    host.httpAdapter.getInstance<FastifyInstance>().addHook('onRoute', (route) => {
      if (route.url !== `/${REPORT_PATH}` || route.method !== 'POST') return;
      route.bodyLimit = MAX_BYTES;
      route.preParsing = (request, _reply, payload, done) => {
        const chunks: Buffer[] = [];
        payload.on('data', (chunk: Buffer) => chunks.push(chunk));
        this.bodies.set(request.raw, chunks);
        done(null, payload);
      };
    });
  }

  /** The body of a request as it came. */
  of(request: FastifyRequest): Buffer {
    return Buffer.concat(this.bodies.get(request.raw) ?? []);
  }
}
