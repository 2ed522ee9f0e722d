import type { FieldError } from '#contracts';

/**
 * A refused request. `code` is stable and names the message in the message files; `params` fill its placeholders.
 * Services throw nothing else on purpose: whatever else reaches the filter is a defect and becomes a 500.
 */
export class DomainError extends Error {
  override name = 'DomainError';

  constructor(
    readonly code: string,
    readonly status: number,
    readonly params: Readonly<Record<string, string | number>> = {},
    readonly errors?: readonly FieldError[],
  ) {
    super(code);
  }
}

/** 404 `not_found`; `what` is the thing asked for, as the client named it. */
export const notFound = (what: string): DomainError => new DomainError('not_found', 404, { what });
/** 403 `forbidden`: outside the caller's rights or unit. */
export const forbidden = (): DomainError => new DomainError('forbidden', 403);
/** 400 `invalid_input` with the fields at fault. */
export const invalid = (errors: readonly FieldError[]): DomainError => new DomainError('invalid_input', 400, {}, errors);
