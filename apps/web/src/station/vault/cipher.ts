/**
 * What the phone encrypts with: AES-256-GCM for what lies on it, PBKDF2-SHA-256 from the password for the key that wraps the data key.
 * Works on the browser's Web Crypto alone, and in Node for the tests.
 */

/** An encrypted value as it lies in the database. */
export interface Sealed {
  /** Which data key it was sealed under. */
  readonly keyId: string;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

/** OWASP's floor for old phones; a faster phone does more. */
export const MIN_ITERATIONS = 100_000;
const MAX_ITERATIONS = 600_000;
/** What a keeper waits for at sign-in: a phone that does 100,000 in 1.2 seconds still stays below 1.5. */
const TARGET_MS = 700;
const IV_BYTES = 12;
const SALT_BYTES = 16;

const random = (bytes: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(bytes));

/** Whether this page may encrypt at all: browsers allow it over https and on this machine only. */
export const canEncrypt = (): boolean => typeof crypto !== 'undefined' && 'subtle' in crypto;

/** How often the password is hashed, from how long the floor took. */
export function iterationsFor(floorMs: number): number {
  const fitting = Math.floor((MIN_ITERATIONS * TARGET_MS) / Math.max(1, floorMs) / 10_000) * 10_000;
  return Math.min(MAX_ITERATIONS, Math.max(MIN_ITERATIONS, fitting));
}

/** A key that wraps data keys, made from a password. */
export async function passwordKey(password: string, salt: BufferSource, iterations: number): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(password.normalize('NFKC'));
  const base = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveKey']);
  const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
  return crypto.subtle.deriveKey(parameters, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** Measures this phone once: how many iterations it does in the time that a keeper waits. */
export async function measuredIterations(): Promise<number> {
  const started = performance.now();
  await passwordKey('measure', random(SALT_BYTES), MIN_ITERATIONS);
  return iterationsFor(performance.now() - started);
}

/** A random data key that no script can read out. */
export function dataKeyOf(raw: BufferSource): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, { name: 'AES-GCM' }, false, ['encrypt', 'decrypt']);
}

/** 256 random bits for a data key. */
export const newRawKey = (): Uint8Array<ArrayBuffer> => random(32);
export const newSalt = (): Uint8Array<ArrayBuffer> => random(SALT_BYTES);

/** Encrypts bytes under a key. */
export async function encrypt(key: CryptoKey, bytes: BufferSource): Promise<{ iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer }> {
  const iv = random(IV_BYTES);
  return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, bytes) };
}

/** Decrypts bytes. Rejects when the key is another one or the bytes were changed. */
export function decrypt(key: CryptoKey, sealed: { iv: BufferSource; data: BufferSource }): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv }, key, sealed.data);
}

/** A value as JSON, encrypted. */
export async function sealWith(keyId: string, key: CryptoKey, value: unknown): Promise<Sealed> {
  return { keyId, ...(await encrypt(key, new TextEncoder().encode(JSON.stringify(value)))) };
}

/** What `sealWith` sealed. */
export async function openWith<T>(key: CryptoKey, sealed: Sealed): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await decrypt(key, sealed))) as T;
}
