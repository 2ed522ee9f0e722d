/** Values by key that were read a short while ago. Several who ask at once wait for one reading; the least recently used go first. */
export class PageCache<T> {
  private readonly entries = new Map<string, { readonly value: Promise<T>; readonly readAtMs: number }>();

  constructor(
    private readonly size: number,
    private readonly freshMs: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** The value of a key, read anew when it is not there or too old. A reading that fails is not kept. */
  get(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.entries.get(key);
    if (known && this.nowMs() - known.readAtMs < this.freshMs) {
      this.entries.delete(key);
      this.entries.set(key, known);
      return known.value;
    }
    const value = read();
    this.entries.delete(key);
    this.entries.set(key, { value, readAtMs: this.nowMs() });
    value.catch(() => {
      if (this.entries.get(key)?.value === value) this.entries.delete(key);
    });
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.size) break;
      this.entries.delete(oldest);
    }
    return value;
  }
}
