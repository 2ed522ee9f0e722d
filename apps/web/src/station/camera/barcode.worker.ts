/** Reads barcodes off the page's thread: a cheap phone would stutter otherwise. The decoder is our own file, so it is there without a network. */
import { prepareZXingModule, readBarcodes, type ReaderOptions } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import type { FrameAnswer, FrameQuestion } from './barcode.message.js';

/**
 * What stands on express labels. EAN is left out on purpose: it is on the goods' own boxes, and a box of milk is not a parcel. Inverted symbols
 * are not printed on labels, and looking for them doubles the time. Of QR the full symbol alone: no label has a Micro QR, and its few check bits
 * let it be found where there is none.
 */
const OPTIONS: ReaderOptions = {
  formats: ['Code128', 'Code39', 'QRCodeModel2', 'DataMatrix'],
  tryHarder: true,
  tryRotate: true,
  tryInvert: false,
  maxNumberOfSymbols: 12,
};

prepareZXingModule({
  overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasmUrl : prefix + path) },
});

async function answer({ id, image }: FrameQuestion): Promise<FrameAnswer> {
  try {
    const found = await readBarcodes(image, OPTIONS);
    return {
      id,
      readings: found
        .filter(({ isValid }) => isValid)
        .map(({ text, format, position: { topLeft, topRight, bottomRight, bottomLeft } }) => ({
          text,
          format,
          corners: [topLeft, topRight, bottomRight, bottomLeft].map(({ x, y }) => [x, y] as const),
        })),
    };
  } catch (error) {
    return { id, readings: [], problem: String(error) };
  }
}

self.addEventListener('message', (event: MessageEvent<FrameQuestion>) => {
  void answer(event.data).then((reply) => self.postMessage(reply));
});
