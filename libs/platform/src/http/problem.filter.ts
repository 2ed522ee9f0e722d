import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import type { Problem } from '#contracts';
import { correlationId } from '../logging/context.js';
import { languageOf, localErrors, message } from '../messages/messages.js';
import { DomainError } from './domain.error.js';

/** Codes of the framework's own refusals. */
const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'malformed_body',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'route_not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
};

/** PostgreSQL's data exceptions: a value that passed its schema and still cannot be stored, such as a NUL in a text. */
const UNSTORABLE = /^22...$/;
/** PostgreSQL and socket codes that mean: not now. */
const UNAVAILABLE = /^(08...|53300|57P0[123]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;

/** Turns every error into problem+json. What is not a refusal is logged and answered without a word about its inside. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const refusal = this.refusalOf(error);
    if (refusal.status >= 500) this.logger.error(error);
    if (reply.sent) return;
    sendProblem(request, reply, refusal);
  }

  private refusalOf(error: unknown): DomainError {
    if (error instanceof DomainError) return error;
    if (error instanceof ZodError) return new DomainError('internal_error', 500);
    if (error instanceof HttpException)
      return new DomainError(CODE_OF_STATUS[error.getStatus()] ?? 'internal_error', error.getStatus());
    const { statusCode, code } = error as { statusCode?: number; code?: string };
    if (typeof code === 'string' && UNAVAILABLE.test(code)) return new DomainError('database_unavailable', 503);
    if (typeof code === 'string' && UNSTORABLE.test(code)) return new DomainError('malformed_body', 400);
    if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
      return new DomainError(CODE_OF_STATUS[statusCode] ?? 'malformed_body', statusCode);
    return new DomainError('internal_error', 500);
  }
}

/** Answers a request with a problem in the reader's language. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, refusal: DomainError): void {
  const language = languageOf(request.headers['accept-language']);
  const text = message(language, refusal.code, refusal.params);
  const problem: Problem = {
    type: `urn:xiangyi:problem:${refusal.code}`,
    title: text,
    status: refusal.status,
    detail: text,
    instance: request.url.split('?')[0] ?? request.url,
    code: refusal.code,
    ...(refusal.errors ? { errors: localErrors(refusal.errors, language) } : {}),
    correlationId: correlationId() || request.id,
  };
  if (refusal.status === 401) void reply.header('www-authenticate', 'Bearer');
  void reply
    .status(refusal.status)
    .header('content-language', language)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}
