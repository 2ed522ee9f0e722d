import type { FastifyInstance } from 'fastify';
import { enterContext } from '../logging/context.js';
import { uuidv7 } from '../security/id.js';

const WELL_FORMED = /^[\w.-]{8,64}$/;

/** The id under which a request is followed: the caller's X-Correlation-Id when it is well formed, else a new one. */
export const requestId = (headers: Record<string, string | string[] | undefined>): string => {
  const given = headers['x-correlation-id'];
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : uuidv7();
};

/** Puts every request into its context and tells the caller its id. */
export function followRequests(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    enterContext({ correlationId: request.id });
    void reply.header('x-correlation-id', request.id);
    done();
  });
}
