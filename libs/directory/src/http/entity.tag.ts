import { createHash } from 'node:crypto';
import { DomainError } from '#platform';

/** Strong ETag of an answer's content (RFC 9110, 8.8.3): two answers share it when they say the same. */
export function entityTag(content: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 22)}"`;
}

/**
 * Refuses a change that was made upon an older state than the present one. Without an If-Match header the change is taken as it is.
 * @throws DomainError `changed_meanwhile` 412
 */
export function assertUnchanged(ifMatch: string | undefined, content: unknown): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!tags.includes(entityTag(content))) throw new DomainError('changed_meanwhile', 412);
}
