/** Codes on a photo: for browsers whose pages get no camera (WeChat's on old phones), which still let a person take a picture. */
import { readPicture } from './barcode.reader.js';
import type { Reading } from './barcode.message.js';

/** A photo of a phone has 12 million pixels: more than the decoder needs, and than a cheap phone's memory bears. */
const LONGEST_SIDE = 1920;

/** Reads a photo. @throws Error when it is no picture, or the decoder cannot be had */
export async function readPhoto(file: Blob): Promise<readonly Reading[]> {
  return await readPicture(await scaled(file));
}

async function scaled(file: Blob): Promise<ImageData> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('canvas');
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
