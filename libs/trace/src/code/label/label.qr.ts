/** A link as the drawing of a QR code: error correction M, quiet zone of four modules (GB/T 18284, ISO/IEC 18004). Pure. */
import QRCode, { type QRCodeSegment } from 'qrcode';

/** Modules of white around a QR. */
export const QUIET_MODULES = 4;
/** Fewer digits in a row are shorter among the bytes around them than in a segment of their own. */
const DIGIT_RUN = /(\d{10,})/;

/** A QR: its side in modules without the quiet zone, and the dark rectangles in modules. */
export interface QrDrawing {
  readonly side: number;
  readonly rectangles: readonly (readonly [x: number, y: number, width: number, height: number])[];
}

/** The QR of a link. Long runs of digits, as a GTIN is, take the numeric mode. */
export function drawQr(link: string): QrDrawing {
  const { modules } = QRCode.create(segmentsOf(link), { errorCorrectionLevel: 'M' });
  return { side: modules.size, rectangles: darkRectangles(modules.data, modules.size) };
}

function segmentsOf(link: string): QRCodeSegment[] {
  return link
    .split(DIGIT_RUN)
    .filter((part) => part !== '')
    .map((part) => (DIGIT_RUN.test(part) ? { mode: 'numeric', data: part } : { mode: 'byte', data: Buffer.from(part) }));
}

/** Dark modules as few rectangles: runs of a row, joined with an equal run right above. */
function darkRectangles(data: Uint8Array | Uint8ClampedArray, side: number): [number, number, number, number][] {
  const rectangles: [number, number, number, number][] = [];
  let above = new Map<number, [number, number, number, number]>();
  for (let y = 0; y < side; y += 1) {
    const here: typeof above = new Map();
    for (let x = 0; x < side; x += 1) {
      if (!data[y * side + x]) continue;
      const start = x;
      while (x + 1 < side && data[y * side + x + 1]) x += 1;
      const width = x - start + 1;
      const upper = above.get(start);
      const rectangle: [number, number, number, number] = upper?.[2] === width ? upper : [start, y, width, 0];
      if (rectangle[3] === 0) rectangles.push(rectangle);
      rectangle[3] += 1;
      here.set(start, rectangle);
    }
    above = here;
  }
  return rectangles;
}
