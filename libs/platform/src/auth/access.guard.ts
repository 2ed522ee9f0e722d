import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Right } from '#contracts';
import { DomainError, forbidden } from '../http/domain.error.js';
import { ACCESS, Authenticator, PUBLIC, SESSION_COOKIE, type AuthenticatedRequest } from './principal.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Lets a request through when its route is public, or when who sends it holds the route's right. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  /** @throws DomainError `unauthenticated` 401, `forbidden` 403 */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, targets)) return true;
    const right = this.reflector.getAllAndOverride<Right | 'signed-in' | undefined>(ACCESS, targets);
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const token = tokenOf(request);
    const principal = token ? await this.authenticator.authenticate(token) : undefined;
    if (!principal) throw new DomainError('unauthenticated', 401);
    if (!right || (right !== 'signed-in' && !principal.rights.includes(right))) throw forbidden();
    request.principal = principal;
    return true;
  }
}

/**
 * The request's token: the Authorization header, or the session cookie. A browser sends the cookie by itself, so a change by cookie must come from a page
 * of ours; SameSite=Lax stops the rest, and this check stops what a same-site neighbour might try.
 */
export function tokenOf(request: AuthenticatedRequest): string | undefined {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer) return bearer;
  const cookie = request.cookies[SESSION_COOKIE];
  if (!cookie) return undefined;
  const { origin } = request.headers;
  if (!SAFE_METHODS.has(request.method) && origin && hostOf(origin) !== request.host) throw forbidden();
  return cookie;
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : '';
}
