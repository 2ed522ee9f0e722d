/** What the page and its decoder say to one another. */

/** A barcode on a picture; corners in the picture's pixels, clockwise from the upper left. */
export interface Reading {
  readonly text: string;
  readonly format: string;
  readonly corners: readonly (readonly [number, number])[];
}
/** A picture to read: a frame's pixels, or a photo as it came. */
export interface FrameQuestion {
  readonly id: number;
  readonly image: ImageData | Blob;
}
export interface FrameAnswer {
  readonly id: number;
  readonly readings: readonly Reading[];
  /** The decoder could not be loaded, or the file is no picture. */
  readonly problem?: string;
}
