/** Asks the decoder's worker; one worker for the whole app, made at the first question. */
import type { FrameAnswer, FrameQuestion, Reading } from './barcode.message.js';

/** The first answer waits for the decoder itself to arrive, over a slow network. */
const TIMEOUT_MS = 60_000;

interface Waiting {
  resolve(readings: readonly Reading[]): void;
  reject(error: Error): void;
}

let worker: Worker | undefined;
let lastId = 0;
const waiting = new Map<number, Waiting>();

function start(): Worker {
  const made = new Worker(new URL('./barcode.worker.ts', import.meta.url), { type: 'module' });
  made.addEventListener('message', (event: MessageEvent<FrameAnswer>) => {
    const { id, readings, problem } = event.data;
    if (problem) waiting.get(id)?.reject(new Error(problem));
    else waiting.get(id)?.resolve(readings);
  });
  // The worker's file did not come: the next question tries again.
  made.addEventListener('error', () => {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(new Error('decoder'));
  });
  return made;
}

/** Barcodes on a picture. @throws Error when the decoder cannot be had, or the file is no picture */
export async function readPicture(image: ImageData | Blob): Promise<readonly Reading[]> {
  const id = (lastId += 1);
  worker ??= start();
  const question: FrameQuestion = { id, image };
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<readonly Reading[]>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      timer = setTimeout(() => reject(new Error('timeout')), TIMEOUT_MS);
      worker?.postMessage(question, image instanceof Blob ? [] : [image.data.buffer]);
    });
  } finally {
    clearTimeout(timer);
    waiting.delete(id);
  }
}
