/**
 * A phone's outbox on its way to another phone: the entries with their ids, compressed and encrypted as a whole under a number that the giver's screen shows
 * and the receiver types. So a file that goes astray tells nobody anything, and personal data never lies open. Needs Web Crypto and nothing else.
 */
import { z } from 'zod';
import { decrypt, encrypt, newSalt, passwordKey } from '../vault/cipher.js';
import { OUTBOX_PATHS, type OutboxBodies, type OutboxPath } from '../outbox/outbox.state.js';

const FORMAT = 'xiangyi.outbox';
const VERSION = 1;
const ITERATIONS = 200_000;
const DIGITS = 12;
const SALT_BYTES = 16;
const IV_BYTES = 12;
const PLAIN = 0;
const DEFLATED = 1;

/** Why a bundle could not be taken in. */
export class HandOverProblem extends Error {
  constructor(readonly reason: 'damaged' | 'wrong_number' | 'newer') {
    super(reason);
  }
}

const handedSchema = z
  .object({
    id: z.uuid(),
    path: z.enum(OUTBOX_PATHS as [OutboxPath, ...OutboxPath[]]),
    storedAt: z.iso.datetime({ offset: true }),
    body: z.looseObject({ id: z.uuid() }),
  })
  .refine(({ id, body }) => id === body.id);
const bundleSchema = z.object({ deviceId: z.string().max(64), entries: z.array(handedSchema) });
const fileSchema = z.object({ format: z.literal(FORMAT), version: z.number(), sealed: z.base64url() });

/** An entry on its way to another phone. */
export interface HandedEntry {
  readonly id: string;
  readonly path: OutboxPath;
  readonly storedAt: string;
  readonly body: OutboxBodies[OutboxPath];
}
export interface Bundle {
  readonly deviceId: string;
  readonly entries: readonly HandedEntry[];
}

/** A number for one hand-over: twelve digits, which an old person can read out and type. */
export function newNumber(): string {
  // Ten digits of a random 40 bits would be uneven: each digit is drawn by itself, from bytes below 250.
  let digits = '';
  while (digits.length < DIGITS)
    for (const byte of crypto.getRandomValues(new Uint8Array(DIGITS))) if (byte < 250) digits += byte % 10;
  return digits.slice(0, DIGITS);
}

/** The number as it was typed, without spaces. */
export const readNumber = (typed: string): string => typed.normalize('NFKC').replaceAll(/\D/g, '');

async function through(bytes: Uint8Array<ArrayBuffer>, stream: GenericTransformStream): Promise<Uint8Array<ArrayBuffer>> {
  const piped = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(piped).arrayBuffer());
}

/** The entries as bytes that only the number opens. */
export async function pack(bundle: Bundle, number: string): Promise<Uint8Array<ArrayBuffer>> {
  const plain = new TextEncoder().encode(JSON.stringify(bundle));
  // Browsers before 2020 cannot compress; they hand over more frames.
  const smaller = 'CompressionStream' in globalThis ? await through(plain, new CompressionStream('deflate')) : undefined;
  const salt = newSalt();
  const { iv, data } = await encrypt(await passwordKey(number, salt, ITERATIONS), smaller ?? plain);
  const head = Uint8Array.of(VERSION, smaller ? DEFLATED : PLAIN);
  const bytes = new Uint8Array(head.length + salt.length + iv.length + data.byteLength);
  bytes.set(head);
  bytes.set(salt, 2);
  bytes.set(iv, 2 + SALT_BYTES);
  bytes.set(new Uint8Array(data), 2 + SALT_BYTES + IV_BYTES);
  return bytes;
}

/** The entries in bytes of `pack`. Throws `HandOverProblem`. */
export async function unpack(bytes: Uint8Array<ArrayBuffer>, number: string): Promise<Bundle> {
  const [version = 0, how] = bytes;
  if (version > VERSION) throw new HandOverProblem('newer');
  const start = 2 + SALT_BYTES + IV_BYTES;
  if (version < 1 || bytes.length <= start || (how !== PLAIN && how !== DEFLATED)) throw new HandOverProblem('damaged');
  const key = await passwordKey(number, bytes.slice(2, 2 + SALT_BYTES), ITERATIONS);
  const opened = await decrypt(key, { iv: bytes.slice(2 + SALT_BYTES, start), data: bytes.slice(start) }).catch(() => undefined);
  if (!opened) throw new HandOverProblem('wrong_number');
  const plain = new Uint8Array(opened);
  const json = how === DEFLATED ? await through(plain, new DecompressionStream('deflate')) : plain;
  const parsed = bundleSchema.safeParse(JSON.parse(new TextDecoder().decode(json)));
  if (!parsed.success) throw new HandOverProblem('damaged');
  return parsed.data as unknown as Bundle;
}

/** The bytes as a file: JSON, so that whoever finds it sees what it is. */
export function fileOf(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const sealed = btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return `${JSON.stringify({ format: FORMAT, version: VERSION, sealed }, undefined, 2)}\n`;
}

/** The bytes in a file of `fileOf`. Throws `HandOverProblem`. */
export function bytesOfFile(text: string): Uint8Array<ArrayBuffer> {
  let parsed: ReturnType<typeof fileSchema.safeParse>;
  try {
    parsed = fileSchema.safeParse(JSON.parse(text));
  } catch {
    throw new HandOverProblem('damaged');
  }
  if (!parsed.success) throw new HandOverProblem('damaged');
  if (parsed.data.version > VERSION) throw new HandOverProblem('newer');
  const binary = atob(parsed.data.sealed.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
