import type { FastifyRequest } from 'fastify';
import { createParamDecorator, SetMetadata, type CustomDecorator, type ExecutionContext } from '@nestjs/common';
import type { Right, Role } from '#contracts';
import { DomainError } from '../http/domain.error.js';

/** Who acts: a person with a session, or a program with an API key. Everything it may do lies within its unit. */
export interface Principal {
  id: string;
  kind: 'user' | 'key';
  username: string;
  role: Role;
  unitId: string;
  unitCode: string;
  /** Six digits; empty for a unit above the county. */
  countyCode: string;
  rights: readonly Right[];
  stationIds: readonly string[];
  /** Producers of upflow that a user with the role `producer` acts for. */
  producerIds: readonly string[];
  carrierCode?: string;
}

/** Finds out who a token belongs to; the directory provides it. */
export abstract class Authenticator {
  /** The token's principal, or `undefined` when the token is unknown, expired or revoked. */
  abstract authenticate(token: string): Promise<Principal | undefined>;
}

export const PUBLIC = 'xiangyi:public';
export const ACCESS = 'xiangyi:access';

/** The route needs no one to be known. */
export const Public = (): CustomDecorator => SetMetadata(PUBLIC, true);
/** The route needs someone who holds the right; without a right, anyone who is signed in. */
export const Access = (right?: Right): CustomDecorator => SetMetadata(ACCESS, right ?? 'signed-in');

export type AuthenticatedRequest = FastifyRequest & { principal?: Principal };

/** The principal of the request. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!principal) throw new DomainError('unauthenticated', 401);
  return principal;
});

/** Name of the session cookie. */
export const SESSION_COOKIE = 'xiangyi_session';
