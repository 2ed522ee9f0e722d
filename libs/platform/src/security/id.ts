import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Random bytes are drawn for many ids at once: to draw them for each took most of an id's time. */
const ID_BYTES = 16;
const IDS_A_DRAW = 256;
const pool = new Uint8Array(ID_BYTES * IDS_A_DRAW);
let drawn = pool.length;

let latestMs = 0;
let sequence = 0;

function randomBytesOfId(): Uint8Array {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  drawn += ID_BYTES;
  return pool.subarray(drawn - ID_BYTES, drawn);
}

/** A new UUIDv7: unique, and in order of its making (RFC 9562, section 6.2, method 1: a counter that begins at random each millisecond). */
export function uuidv7(): string {
  const random = randomBytesOfId();
  const nowMs = Date.now();
  if (nowMs > latestMs) {
    latestMs = nowMs;
    // 31 bits: the counter has as many steps again before it runs over.
    sequence = (((random[6] ?? 0) & 0x7f) << 24) | ((random[7] ?? 0) << 16) | ((random[8] ?? 0) << 8) | (random[9] ?? 0);
  } else sequence += 1;
  return v7({ random, msecs: latestMs, seq: sequence });
}
