import type { Label, LabelFace, LabelFormName } from './label.face.js';

/** What a label thread starts with. */
export interface LabelOrder {
  readonly form: LabelFormName;
  readonly face: LabelFace;
}

/** To the thread: the labels that it wanted, that there are no more, or that so many of its bytes were written. */
export type ToThread =
  | { readonly kind: 'labels'; readonly labels: readonly Label[] }
  | { readonly kind: 'end' }
  | { readonly kind: 'taken'; readonly bytes: number };

/** From the thread: it can begin, or lacks glyphs; it wants labels; it has bytes; it is done. */
export type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'missing'; readonly characters: readonly string[] }
  | { readonly kind: 'want' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'done' };
