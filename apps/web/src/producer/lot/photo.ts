/** Photos of reports: made small enough to be sent from a field, and for the server to keep. */
import { fitted } from './photo.size.js';

/** Smaller files go as they are. */
const SMALL_ENOUGH_BYTES = 1_500_000;
const QUALITY = 0.82;

/** A photo as a JPEG of moderate size; other files, and photos that the browser cannot draw, as they are. */
export async function smaller(file: File): Promise<File> {
  if (!file.type.startsWith('image/') || (file.size <= SMALL_ENOUGH_BYTES && file.type !== 'image/heic')) return file;
  try {
    const bitmap = await createImageBitmap(file);
    const size = fitted(bitmap.width, bitmap.height);
    const canvas = Object.assign(document.createElement('canvas'), size);
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, size.width, size.height);
    bitmap.close();
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
    return blob ? new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' }) : file;
  } catch {
    return file;
  }
}
