/**
 * A film of express labels for Chromium's fake camera, as a keeper's phone sees them: dim, tilted, out of focus, noisy, several at a time.
 * The symbols come from an encoder that is not the application's own. Each shot stands still for a while, as a hand does.
 */
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { once } from 'node:events';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';

const require = createRequire(import.meta.url);
const WIDTH = 640;
const HEIGHT = 480;
const FRAMES_PER_SECOND = 5;
const PAPER = 205;
const INK = 55;
const TABLE = 120;

export interface FilmedLabel {
  readonly text: string;
  readonly format: 'Code128' | 'QRCode';
}
/** Labels that are in view together. */
export type Shot = readonly FilmedLabel[];

interface Symbol {
  readonly isBar: boolean;
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

let writer: Promise<void> | undefined;

async function symbolOf({ text, format }: FilmedLabel): Promise<Symbol> {
  writer ??= readFile(require.resolve('zxing-wasm/writer/zxing_writer.wasm')).then((file) => {
    prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(file).buffer } });
  });
  await writer;
  const { symbol, error } = await writeBarcode(text, { format });
  if (error) throw new Error(error);
  const { data, width, height } = symbol;
  return { isBar: format === 'Code128', data, width, height };
}

/** Repeatable noise: mulberry32. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Puts a symbol on its paper into the frame, turned by `angle` about the middle of its place. */
function put(
  frame: Float32Array,
  symbol: Symbol,
  place: { x: number; y: number; width: number; height: number; angle: number },
): void {
  const { isBar } = symbol;
  const quiet = isBar ? 12 : 4;
  const module = isBar
    ? Math.min(place.width / (symbol.width + 2 * quiet), 4)
    : Math.min(place.width, place.height) / (symbol.width + 2 * quiet);
  const tall = isBar ? Math.min(place.height * 0.7, 110) : module * symbol.height;
  const [sin, cos] = [Math.sin(place.angle), Math.cos(place.angle)];
  for (let row = 0; row < place.height; row += 1)
    for (let column = 0; column < place.width; column += 1) {
      const [dx, dy] = [column - place.width / 2, row - place.height / 2];
      const across = (dx * cos + dy * sin) / module + symbol.width / 2;
      const down = dy * cos - dx * sin;
      const at = Math.floor(place.y + row) * WIDTH + Math.floor(place.x + column);
      const inside = Math.abs(down) <= tall / 2 && across >= 0 && across < symbol.width;
      if (!inside) {
        if (across >= -quiet && across < symbol.width + quiet && Math.abs(down) <= tall / 2 + quiet * module) frame[at] = PAPER;
        continue;
      }
      const symbolRow = isBar ? 0 : Math.min(symbol.height - 1, Math.floor((down / tall + 0.5) * symbol.height));
      frame[at] = (symbol.data[symbolRow * symbol.width + Math.floor(across)] ?? 255) < 128 ? INK : PAPER;
    }
}

/** A 3×3 blur: out of focus by about a pixel. */
function blurred(frame: Float32Array): Float32Array {
  const out = Float32Array.from(frame);
  for (let row = 1; row < HEIGHT - 1; row += 1)
    for (let column = 1; column < WIDTH - 1; column += 1) {
      const at = row * WIDTH + column;
      let sum = 0;
      for (const dy of [-WIDTH, 0, WIDTH])
        for (const dx of [-1, 0, 1]) sum += (frame[at + dy + dx] ?? 0) * (dx === 0 && dy === 0 ? 4 : 1);
      out[at] = sum / 12;
    }
  return out;
}

function shoot(symbols: readonly Symbol[], seed: number): Float32Array {
  const rand = random(seed);
  const frame = new Float32Array(WIDTH * HEIGHT).fill(TABLE);
  const height = HEIGHT / Math.max(1, symbols.length);
  symbols.forEach((symbol, index) =>
    put(frame, symbol, { x: 10, y: index * height + 4, width: WIDTH - 20, height: height - 8, angle: (rand() - 0.5) * 0.18 }),
  );
  return blurred(frame);
}

/** The shot as one frame's luma: light falls from one side, the sensor is noisy. */
function exposed(shot: Float32Array, rand: () => number): Buffer {
  const luma = Buffer.alloc(WIDTH * HEIGHT);
  for (let at = 0; at < shot.length; at += 1) {
    const light = 0.75 + (0.35 * (at % WIDTH)) / WIDTH;
    luma[at] = Math.max(16, Math.min(235, (shot[at] ?? 0) * light + (rand() + rand() - 1) * 27));
  }
  return luma;
}

/**
 * Writes the film (YUV4MPEG2, 640×480, five frames a second) to `file`. It begins and ends with an empty table; the camera plays it over and
 * over. Resolves to its length in milliseconds.
 */
export async function filmLabels(file: string, shots: readonly Shot[], framesPerShot = 8): Promise<number> {
  const out = createWriteStream(file);
  const grey = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const rand = random(7);
  let frames = 0;
  const write = async (shot: Float32Array): Promise<void> => {
    frames += 1;
    if (!out.write(Buffer.concat([Buffer.from('FRAME\n'), exposed(shot, rand), grey]))) await once(out, 'drain');
  };
  out.write(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n`);
  const empty = shoot([], 0);
  for (let count = 0; count < FRAMES_PER_SECOND; count += 1) await write(empty);
  for (const [index, labels] of shots.entries()) {
    const symbols: Symbol[] = [];
    for (const label of labels) symbols.push(await symbolOf(label));
    const shot = shoot(symbols, index + 1);
    for (let count = 0; count < framesPerShot; count += 1) await write(shot);
    for (let count = 0; count < 2; count += 1) await write(empty);
  }
  out.end();
  await once(out, 'finish');
  return (frames * 1000) / FRAMES_PER_SECOND;
}
