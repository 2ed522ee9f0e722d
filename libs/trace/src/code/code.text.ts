/**
 * The text of a printed code: twenty characters of base64url, fifteen bytes. Five bytes are the head — four bits name the key, thirty-six bits are drawn at
 * random — and ten bytes are the beginning of HMAC-SHA256 over the head (docs/adr/0008-code-format.md). The head as a number is the code's serial. Pure.
 */
import { createHmac, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto';

const HEAD_BYTES = 5;
const MAC_BYTES = 10;
const RANDOM_BITS = 36;
const RANDOM_SPAN = 2 ** RANDOM_BITS;

/** Keys that four bits can name. */
export const MAX_KEYS = 16;
/** Length of a code's text. */
export const CODE_LENGTH = ((HEAD_BYTES + MAC_BYTES) * 4) / 3;

const CODE = /^[A-Za-z0-9_-]{20}$/;
const LINK = /^(?:https?:\/\/[^/?#\s]+)?\/(?:[^?#\s]*\/)?(?:t|21)\/([A-Za-z0-9_-]{20})(?:\/)?(?:[?#].*)?$/i;

/** The number of the key that a serial was drawn under. */
export const keyIdOf = (serial: number): number => Math.floor(serial / RANDOM_SPAN);

/** Serials drawn at random under a key, each below 2⁴⁰. Two may be equal: the register decides. */
export function drawSerials(keyId: number, count: number): number[] {
  const random = randomBytes(count * HEAD_BYTES);
  return Array.from(
    { length: count },
    (_, index) => keyId * RANDOM_SPAN + (random.readUIntBE(index * HEAD_BYTES, HEAD_BYTES) % RANDOM_SPAN),
  );
}

/** The text of a serial under the secret of its key. */
export function encodeCode(secret: KeyObject, serial: number): string {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + MAC_BYTES);
  bytes.writeUIntBE(serial, 0, HEAD_BYTES);
  macOf(secret, bytes.subarray(0, HEAD_BYTES)).copy(bytes, HEAD_BYTES, 0, MAC_BYTES);
  return bytes.toString('base64url');
}

/** What a text claims to be; `undefined` when it has not the form of a code. */
export function headOf(text: string): { serial: number; keyId: number } | undefined {
  if (!CODE.test(text)) return undefined;
  const serial = Buffer.from(text.slice(0, 8), 'base64url').readUIntBE(0, HEAD_BYTES);
  return { serial, keyId: keyIdOf(serial) };
}

/** The serial of a code whose HMAC is right under the secret; compared in constant time. */
export function verifyCode(secret: KeyObject, text: string): number | undefined {
  if (!CODE.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  const right = macOf(secret, bytes.subarray(0, HEAD_BYTES)).subarray(0, MAC_BYTES);
  return timingSafeEqual(right, bytes.subarray(HEAD_BYTES)) ? bytes.readUIntBE(0, HEAD_BYTES) : undefined;
}

/**
 * The twenty characters in what was typed or scanned: the code itself, the short link `/t/{code}`, or a Digital Link whose serial (AI 21) it is. Whose
 * host the link names does not matter: only the HMAC says whether a code is ours.
 */
export function codeOf(text: string): string | undefined {
  const trimmed = text.trim();
  return CODE.test(trimmed) ? trimmed : LINK.exec(trimmed)?.[1];
}

/** A code in groups of four for human eyes. A hyphen may be part of a code, so a space parts the groups. */
export const readableCode = (text: string): string => text.replace(/.{4}(?=.)/g, '$& ');

/** The short link of a code. */
export const shortLink = (baseUrl: string, code: string): string => `${baseUrl}/t/${code}`;

/** The Digital Link of a code: GTIN (AI 01), lot (AI 10), serial (AI 21). GS1 Digital Link: URI Syntax. */
export const digitalLink = (baseUrl: string, gtin: string, lotNo: string, code: string): string =>
  `${baseUrl}/01/${gtin}/10/${encodeURIComponent(lotNo)}/21/${code}`;

function macOf(secret: KeyObject, head: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(head).digest();
}
