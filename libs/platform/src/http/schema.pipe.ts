import { Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import type { FieldError } from '#contracts';
import { invalid } from './domain.error.js';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
  readonly code?: string;
}

/** The fields at fault of a zod (or other standard) schema's issues. */
export function fieldErrors(issues: readonly Issue[]): FieldError[] {
  return issues.map((issue) => ({
    path: (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
    code: issue.code ?? 'invalid',
    message: issue.message,
  }));
}

/** Checks bodies, queries and parameters against the schema in their decorator; refuses with `invalid_input`. */
@Injectable()
export class SchemaPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: (issues) => invalid(fieldErrors(issues)) });
  }
}
