import { createHash } from 'node:crypto';

/** A UUID (version 5 in form) that is made from its cause: the same parts always give the same id. */
export function stableId(...parts: readonly (string | number)[]): string {
  const bytes = createHash('sha1')
    .update(`xiangyi.sale\n${parts.join('\n')}`)
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
