import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { loginSchema, meSchema, sessionSchema, type Me, type Session } from '#contracts';
import {
  Access,
  Answers,
  CONFIG,
  CurrentPrincipal,
  Public,
  SESSION_COOKIE,
  tokenOf,
  type AuthenticatedRequest,
  type Config,
  type Principal,
} from '#platform';
import { SESSION_MS, SessionService } from './session.service.js';

/** Sessions of people: the token comes in the answer for programs, and as a cookie for browsers. */
@ApiTags('auth')
@Controller('api/auth')
export class AuthController {
  constructor(
    private readonly sessions: SessionService,
    @Inject(CONFIG) private readonly config: Pick<Config, 'PUBLIC_BASE_URL'>,
  ) {}

  /** Logs in with a password. */
  @Post('login')
  @HttpCode(200)
  @Public()
  @Answers(200, sessionSchema)
  async login(
    @Body({ schema: loginSchema }) credentials: z.infer<typeof loginSchema>,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    const { token, expiresAt, principal } = await this.sessions.open(credentials, request.ip);
    void reply.header('set-cookie', this.cookie(token, SESSION_MS / 1000)).header('cache-control', 'no-store');
    return { accessToken: token, expiresAt: expiresAt.toISOString(), user: await this.sessions.me(principal) };
  }

  /** Ends the session that the request came with. Open to everyone: who holds a session that has ended gets rid of its cookie too. */
  @Post('logout')
  @HttpCode(204)
  @Public()
  @Answers(204)
  async logout(@Req() request: AuthenticatedRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const token = tokenOf(request);
    if (token) await this.sessions.close(token);
    void reply.header('set-cookie', this.cookie('', 0));
  }

  /** Who the caller is and what it may do. */
  @Get('me')
  @Access()
  @Answers(200, meSchema)
  async me(@CurrentPrincipal() principal: Principal): Promise<Me> {
    return await this.sessions.me(principal);
  }

  private cookie(token: string, maxAgeS: number): string {
    const secure = this.config.PUBLIC_BASE_URL.startsWith('https:') ? '; Secure' : '';
    return `${SESSION_COOKIE}=${token}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Lax${secure}`;
  }
}
