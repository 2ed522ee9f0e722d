/** Which codes in a stream of frames are new. Pure: the clock is given. */

/** A code that stays in view is the same parcel; out of view for this long, it may be scanned again. */
export const FORGET_MS = 2_500;
/** A bar code is believed when a second frame says the same: a smeared line can pass a modulo check once, hardly twice. */
const CONFIRM_WITHIN_MS = 1_500;
/** Two-dimensional codes correct their own errors. */
const BELIEVED_AT_ONCE: ReadonlySet<string> = new Set(['QRCode', 'DataMatrix']);

export interface SeenReading {
  readonly text: string;
  readonly format: string;
}

export class SeenCodes {
  private readonly taken = new Map<string, number>();
  private readonly candidates = new Map<string, number>();

  /** Readings of one frame at `atMs`; answers those that are new and certain, each text once. */
  take<R extends SeenReading>(readings: readonly R[], atMs: number): R[] {
    this.forget(atMs);
    const fresh: R[] = [];
    for (const reading of readings) {
      const { text } = reading;
      if (this.taken.has(text)) this.taken.set(text, atMs);
      else if (this.isCertain(reading, atMs)) {
        this.taken.set(text, atMs);
        fresh.push(reading);
      }
    }
    return fresh;
  }

  /** Lets a code be scanned again at once, after an undo. */
  release(text: string): void {
    this.taken.delete(text);
  }

  private isCertain({ text, format }: SeenReading, atMs: number): boolean {
    if (BELIEVED_AT_ONCE.has(format)) return true;
    const before = this.candidates.get(text);
    this.candidates.set(text, atMs);
    return before !== undefined && before < atMs;
  }

  private forget(atMs: number): void {
    for (const [text, lastMs] of this.taken) if (atMs - lastMs > FORGET_MS) this.taken.delete(text);
    for (const [text, lastMs] of this.candidates) if (atMs - lastMs > CONFIRM_WITHIN_MS) this.candidates.delete(text);
  }
}
