/** Pictures small enough for a slow line: a proof's photo is scaled down until it fits. */
import { PROOF_MAX_BYTES, type ProofRecord } from '#contracts';

const SIDES_PX = [1024, 800, 640, 480, 320];
const QUALITY = 0.6;

/** A photo as a proof carries it. @throws Error when the file is no picture, or will not get small enough */
export async function pictureOf(file: Blob): Promise<NonNullable<ProofRecord['picture']>> {
  const bitmap = await createImageBitmap(file);
  try {
    for (const side of SIDES_PX) {
      const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
      const canvas = document.createElement('canvas');
      canvas.width = Math.max(1, Math.round(bitmap.width * scale));
      canvas.height = Math.max(1, Math.round(bitmap.height * scale));
      canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
      if (blob && blob.size <= PROOF_MAX_BYTES) return { type: 'image/jpeg', base64: await base64Of(blob) };
    }
  } finally {
    bitmap.close();
  }
  throw new Error('The picture does not get small enough');
}

/** What was drawn on a canvas, as a proof carries it. */
export async function drawingOf(canvas: HTMLCanvasElement): Promise<NonNullable<ProofRecord['picture']>> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob || blob.size > PROOF_MAX_BYTES) throw new Error('No drawing');
  return { type: 'image/png', base64: await base64Of(blob) };
}

async function base64Of(blob: Blob): Promise<string> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(blob);
  });
  return url.slice(url.indexOf(',') + 1);
}
