/**
 * An animated QR code: bytes cut into frames that one phone shows in a loop and another reads in any order, with repeats and gaps. Beside the frames of
 * data there is one of parity for every eight, so that a frame that is missed need not be waited for through the whole loop. Pure.
 *
 * A frame is `XYQ1` and Base45 of: checksum of the whole (4 bytes), length of the whole (4), index (2), number of data frames (2), checksum of the frame (4),
 * data. Index counts the data frames, then the parity frames; frame i belongs to parity i mod (number of parity frames).
 */
import { fromBase45, toBase45 } from './base45.js';

const MARK = 'XYQ1';
const HEAD = 16;
const DATA_PER_PARITY = 8;
/** Bytes of data in a frame: a QR code of 65 modules, which a cheap camera reads from a cheap screen. */
export const FRAME_BYTES = 320;
const MAX_FRAMES = 0x7fff;

/** A frame as it was read. `whole` tells one transfer from another. */
export interface Frame {
  readonly whole: number;
  readonly length: number;
  readonly index: number;
  readonly total: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** CRC-32 as of IEEE 802.3. */
export function crc32(...parts: readonly Uint8Array[]): number {
  let crc = ~0;
  for (const part of parts)
    for (const byte of part) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
  return ~crc >>> 0;
}

const parities = (total: number): number => Math.ceil(total / DATA_PER_PARITY);

function mix(into: Uint8Array, other: Uint8Array): void {
  for (let index = 0; index < into.length; index += 1) into[index] = (into[index] ?? 0) ^ (other[index] ?? 0);
}

function textOf(frame: Frame): string {
  const head = new DataView(new ArrayBuffer(HEAD));
  head.setUint32(0, frame.whole);
  head.setUint32(4, frame.length);
  head.setUint16(8, frame.index);
  head.setUint16(10, frame.total);
  const start = new Uint8Array(head.buffer);
  head.setUint32(12, crc32(start.subarray(0, 12), frame.data));
  const bytes = new Uint8Array(HEAD + frame.data.length);
  bytes.set(start);
  bytes.set(frame.data, HEAD);
  return MARK + toBase45(bytes);
}

/** The frames of some bytes, to be shown in turn for as long as the other phone needs. Throws `RangeError` for more than frames can number (10 MB). */
export function framesOf(bytes: Uint8Array, frameBytes = FRAME_BYTES): string[] {
  const total = Math.max(1, Math.ceil(bytes.length / frameBytes));
  if (total > MAX_FRAMES) throw new RangeError('Too large for frames');
  const shared = { whole: crc32(bytes), length: bytes.length, total };
  const parts = Array.from({ length: total }, (_, index) => {
    const data = new Uint8Array(frameBytes);
    data.set(bytes.subarray(index * frameBytes, (index + 1) * frameBytes));
    return data;
  });
  const parity = Array.from({ length: parities(total) }, () => new Uint8Array(frameBytes));
  parts.forEach((part, index) => mix(parity[index % parity.length] ?? part, part));
  return [...parts, ...parity].map((data, index) => textOf({ ...shared, index, data }));
}

/** What a text that a camera read says, or `undefined` when it is no frame, or a damaged one. */
export function readFrame(text: string): Frame | undefined {
  const bytes = text.startsWith(MARK) ? fromBase45(text.slice(MARK.length)) : undefined;
  if (!bytes || bytes.length <= HEAD) return undefined;
  const head = new DataView(bytes.buffer);
  const data = bytes.slice(HEAD);
  const frame = {
    whole: head.getUint32(0),
    length: head.getUint32(4),
    index: head.getUint16(8),
    total: head.getUint16(10),
    data,
  };
  const fits = frame.total > 0 && frame.index < frame.total + parities(frame.total) && frame.length <= frame.total * data.length;
  return fits && head.getUint32(12) === crc32(bytes.subarray(0, 12), data) ? frame : undefined;
}

/** What has been read of a transfer so far. */
export interface Collected {
  readonly whole: number;
  readonly length: number;
  readonly total: number;
  readonly frames: ReadonlyMap<number, Uint8Array<ArrayBuffer>>;
}

/** The transfer after one more frame; a frame of another transfer begins that one. The same object when it changes nothing. */
export function collect(before: Collected | undefined, frame: Frame): Collected {
  const same = before?.whole === frame.whole && before.length === frame.length && before.total === frame.total;
  if (same && before.frames.has(frame.index)) return before;
  const frames = new Map(same ? before.frames : []);
  frames.set(frame.index, frame.data);
  const after = { whole: frame.whole, length: frame.length, total: frame.total, frames };
  restore(after, frame.index);
  return after;
}

/** Where a single frame of a parity's eight is missing, it is what the others leave. */
function restore({ frames, total }: { frames: Map<number, Uint8Array<ArrayBuffer>>; total: number }, index: number): void {
  const groups = parities(total);
  const group = index < total ? index % groups : index - total;
  const parity = frames.get(total + group);
  const members = Array.from({ length: Math.ceil((total - group) / groups) }, (_, step) => group + step * groups);
  const missing = members.filter((member) => !frames.has(member));
  const [only] = missing;
  if (!parity || only === undefined || missing.length > 1) return;
  const data = parity.slice();
  for (const member of members) mix(data, frames.get(member) ?? new Uint8Array(0));
  frames.set(only, data);
}

/** How many of the data frames are there. */
export function progressOf(collected: Collected | undefined): { have: number; total: number } {
  if (!collected) return { have: 0, total: 0 };
  const have = [...collected.frames.keys()].filter((index) => index < collected.total).length;
  return { have, total: collected.total };
}

/** The whole, once every data frame is there and the checksum holds. */
export function bytesIn(collected: Collected | undefined): Uint8Array<ArrayBuffer> | undefined {
  if (!collected) return undefined;
  const parts: Uint8Array[] = [];
  for (let index = 0; index < collected.total; index += 1) {
    const part = collected.frames.get(index);
    if (!part) return undefined;
    parts.push(part);
  }
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const whole = bytes.slice(0, collected.length);
  return crc32(whole) === collected.whole ? whole : undefined;
}
