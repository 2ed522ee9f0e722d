import { createHmac } from 'node:crypto';
import { sameText } from '../carrier/signature.js';

/** Header with the moment of signing, in seconds since 1970. */
export const TIMESTAMP_HEADER = 'x-xiangyi-timestamp';
/** Header with the signature. */
export const SIGNATURE_HEADER = 'x-xiangyi-signature';
/** A signature is good for this long, so that what was overheard cannot be sent again tomorrow. */
const GOOD_FOR_S = 300;

/** Signature of a body as it is sent: HMAC-SHA256 over `<timestamp>.<body>`. */
export function signatureOf(secret: string, timestamp: number, body: string | Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
}

/** What a caller gave beside a body. */
export interface GivenSignature {
  readonly timestamp: unknown;
  readonly signature: unknown;
}

/** Whether a body was signed with the secret, about now. */
export function isSigned(secret: string, { timestamp, signature }: GivenSignature, body: Buffer, now: Date): boolean {
  if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp) || typeof signature !== 'string') return false;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > GOOD_FOR_S) return false;
  return sameText(signatureOf(secret, Number(timestamp), body), signature);
}
