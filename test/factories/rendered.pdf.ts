/** PDF pages as pictures and text, by PDFium; and the QR codes on a picture, by a decoder that knows nothing of how they were drawn. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

/** A rendered page: RGBA pixels, size in points, and its text layer. */
export interface RenderedPage {
  readonly width: number;
  readonly height: number;
  readonly widthPt: number;
  readonly heightPt: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  readonly text: string;
}

const require = createRequire(import.meta.url);
const RENDER_PRINTING = 0x800;
const BGRA = 4;
/** PDFium takes a hyphen at the end of a line for a broken word and writes this in its place; a code may end in one. */
const HYPHEN_AT_LINE_END = '\uFFFE';
let engine: Promise<WrappedPdfiumModule> | undefined;
let decoder: Promise<unknown> | undefined;

async function openEngine(): Promise<WrappedPdfiumModule> {
  const file = await readFile(require.resolve('@embedpdf/pdfium/pdfium.wasm'));
  const pdfium = await init({ wasmBinary: new Uint8Array(file).buffer });
  pdfium.PDFiumExt_Init();
  return pdfium;
}

/** The pages of a PDF at a resolution. @throws Error when it is no PDF */
export async function renderPdf(pdf: Uint8Array, dotsPerInch: number): Promise<RenderedPage[]> {
  const pdfium = await (engine ??= openEngine());
  const { HEAPU8, wasmExports } = pdfium.pdfium;
  const memory = wasmExports.malloc(pdf.length);
  HEAPU8.set(pdf, memory);
  const document = pdfium.FPDF_LoadMemDocument(memory, pdf.length, '');
  if (!document) throw new Error('Not a PDF');
  try {
    return Array.from({ length: pdfium.FPDF_GetPageCount(document) }, (_, index) => {
      const page = pdfium.FPDF_LoadPage(document, index);
      const rendered = { ...renderPage(pdfium, page, dotsPerInch / 72), text: textOf(pdfium, page) };
      pdfium.FPDF_ClosePage(page);
      return rendered;
    });
  } finally {
    pdfium.FPDF_CloseDocument(document);
    wasmExports.free(memory);
  }
}

function renderPage(pdfium: WrappedPdfiumModule, page: number, scale: number): Omit<RenderedPage, 'text'> {
  const [widthPt, heightPt] = [pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)];
  const [width, height] = [Math.round(widthPt * scale), Math.round(heightPt * scale)];
  const bitmap = pdfium.FPDFBitmap_CreateEx(width, height, BGRA, 0, width * 4);
  pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff);
  pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, RENDER_PRINTING);
  const at = pdfium.FPDFBitmap_GetBuffer(bitmap);
  const pixels = new Uint8ClampedArray(width * height * 4);
  pixels.set(pdfium.pdfium.HEAPU8.subarray(at, at + pixels.length));
  for (let byte = 0; byte < pixels.length; byte += 4)
    pixels.set([pixels[byte + 2] ?? 0, pixels[byte + 1] ?? 0, pixels[byte] ?? 0, 255], byte);
  pdfium.FPDFBitmap_Destroy(bitmap);
  return { width, height, widthPt, heightPt, pixels };
}

function textOf(pdfium: WrappedPdfiumModule, page: number): string {
  const textPage = pdfium.FPDFText_LoadPage(page);
  const length = pdfium.FPDFText_CountChars(textPage);
  const memory = pdfium.pdfium.wasmExports.malloc((length + 1) * 2);
  const written = pdfium.FPDFText_GetText(textPage, 0, length, memory);
  const bytes = Buffer.from(pdfium.pdfium.HEAPU8.slice(memory, memory + Math.max(0, written - 1) * 2));
  pdfium.pdfium.wasmExports.free(memory);
  pdfium.FPDFText_ClosePage(textPage);
  return bytes.toString('utf16le').replaceAll(HYPHEN_AT_LINE_END, '-');
}

/** A part of a page, in points from its upper left corner. */
export function cropped(page: RenderedPage, [x, y, width, height]: readonly [number, number, number, number]): ImageLike {
  const scale = page.width / page.widthPt;
  const [left, top] = [Math.round(x * scale), Math.round(y * scale)];
  const [columns, rows] = [
    Math.min(Math.round(width * scale), page.width - left),
    Math.min(Math.round(height * scale), page.height - top),
  ];
  const data = new Uint8ClampedArray(columns * rows * 4);
  for (let row = 0; row < rows; row += 1) {
    const from = ((top + row) * page.width + left) * 4;
    data.set(page.pixels.subarray(from, from + columns * 4), row * columns * 4);
  }
  return { data, width: columns, height: rows, colorSpace: 'srgb' };
}

/** Pixels as the decoder takes them. */
export interface ImageLike {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly colorSpace: 'srgb';
}

/** Texts of the QR codes on a picture; not of Micro QR, whose few check bits let it be found where there is none. */
export async function readQr(image: ImageLike): Promise<string[]> {
  decoder ??= loadDecoder();
  await decoder;
  const found = await readBarcodes(image as Parameters<typeof readBarcodes>[0], {
    formats: ['QRCodeModel2'],
    tryHarder: true,
    maxNumberOfSymbols: 40,
  });
  return found.filter(({ isValid }) => isValid).map(({ text }) => text);
}

/** Element strings of the GS1-128 symbols on a picture, application identifiers in brackets. */
export async function readGs1Bars(image: ImageLike): Promise<string[]> {
  decoder ??= loadDecoder();
  await decoder;
  const found = await readBarcodes(image as Parameters<typeof readBarcodes>[0], {
    formats: ['Code128'],
    tryHarder: true,
    maxNumberOfSymbols: 40,
    textMode: 'HRI',
  });
  return found.filter(({ isValid, contentType }) => isValid && contentType === 'GS1').map(({ text }) => text);
}

/** Texts of the plain Code 128 symbols on a picture. */
export async function readCode128(image: ImageLike): Promise<string[]> {
  decoder ??= loadDecoder();
  await decoder;
  const found = await readBarcodes(image as Parameters<typeof readBarcodes>[0], { formats: ['Code128'], tryHarder: true });
  return found.filter(({ isValid, contentType }) => isValid && contentType === 'Text').map(({ text }) => text);
}

async function loadDecoder(): Promise<unknown> {
  const file = await readFile(new URL('../../node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url));
  return prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(file).buffer }, fireImmediately: true });
}
