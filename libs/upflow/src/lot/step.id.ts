import { createHash } from 'node:crypto';
import type { ProduceStep } from '#contracts';

/**
 * Identity of a business step, made from its cause: the same step told again has the same one, and a lot and a test that a client gave the same id have
 * not. A UUID of version 8 (RFC 9562, 5.8) over SHA-256.
 */
export function stepId(kind: ProduceStep['kind'], causeId: string): string {
  const hex = createHash('sha256').update(`${kind}:${causeId.toLowerCase()}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
