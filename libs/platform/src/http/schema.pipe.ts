import { Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import type { FieldError } from '#contracts';
import { invalid } from './domain.error.js';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
  readonly code?: string;
  /** `code` of a check of our own: names its message in the message files. */
  readonly params?: { readonly code?: unknown };
}

/** The fields at fault of a zod (or other standard) schema's issues. */
export function fieldErrors(issues: readonly Issue[]): FieldError[] {
  return issues.map((issue) => ({
    path: (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
    code: codeOf(issue),
    message: issue.message,
  }));
}

/** Absence is the commonest fault and deserves its own word. */
function codeOf({ code, params, message }: Issue): string {
  if (typeof params?.code === 'string') return params.code;
  if (code === 'invalid_type' && message.endsWith('received undefined')) return 'missing';
  return code ?? 'invalid';
}

/** Checks bodies, queries and parameters against the schema in their decorator; refuses with `invalid_input`. */
@Injectable()
export class SchemaPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: (issues) => invalid(fieldErrors(issues)) });
  }
}
