import { Worker } from 'node:worker_threads';
import { DomainError } from '#platform';
import type { Label } from './label.face.js';
import type { FromThread, LabelOrder, ToThread } from './label.protocol.js';

const MAX_HEAP_MB = 512;

/**
 * The thread's compiled file. Tests run the sources, which a thread cannot: it then is the built file of the same name.
 */
const SCRIPT = new URL(
  import.meta.url.endsWith('.ts')
    ? import.meta.url.replace('/libs/trace/src/', '/dist/libs/trace/src/').replace(/thread\.ts$/, 'worker.js')
    : './label.worker.js',
  import.meta.url,
);

/** A thread that draws the labels of one request. */
export class LabelThread {
  private readonly worker: Worker;
  private readonly inbox: FromThread[] = [];
  private failure: Error | undefined;
  private wake: () => void = () => undefined;

  /** @param signal ends the thread at once, whatever it does */
  constructor(
    order: LabelOrder,
    private readonly signal: AbortSignal,
  ) {
    this.worker = new Worker(SCRIPT, {
      workerData: order,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    this.worker.on('message', (message: FromThread) => {
      this.inbox.push(message);
      this.wake();
    });
    this.worker.on('error', (error: Error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('The thread of labels ended')));
    signal.addEventListener('abort', this.abort, { once: true });
    if (signal.aborted) this.abort();
  }

  /** Waits until the thread can begin. @throws DomainError `label_glyph_missing` 409 when the font lacks a character */
  async ready(): Promise<void> {
    const message = await this.next();
    if (message.kind === 'missing')
      throw new DomainError('label_glyph_missing', 409, { characters: message.characters.join(' ') });
  }

  /** The document's bytes. The next labels are asked for when the thread wants them, the next bytes when the last ones were taken. */
  async *bytes(pages: AsyncIterator<readonly Label[], unknown>): AsyncGenerator<Uint8Array> {
    for (;;) {
      const message = await this.next();
      switch (message.kind) {
        case 'want': {
          const page = await pages.next();
          this.post(page.done ? { kind: 'end' } : { kind: 'labels', labels: page.value });
          break;
        }
        case 'bytes': {
          const { length } = message.bytes;
          yield message.bytes;
          this.post({ kind: 'taken', bytes: length });
          break;
        }
        case 'done':
          return;
        case 'ready':
        case 'missing':
          break;
      }
    }
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    this.signal.removeEventListener('abort', this.abort);
    await this.worker.terminate();
  }

  private readonly abort = (): void => {
    this.fail(new Error('Labels are no longer wanted, or took too long'));
    void this.worker.terminate();
  };

  private async next(): Promise<FromThread> {
    for (;;) {
      const message = this.inbox.shift();
      if (message) return message;
      if (this.failure) throw this.failure;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private post(message: ToThread): void {
    this.worker.postMessage(message);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.wake();
  }
}
