/** The thread that draws labels: PDF takes processor time that requests must not wait for. */
import { once } from 'node:events';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { LABEL_FORMS, type Label } from './label.face.js';
import { LabelDocument } from './label.document.js';
import type { FromThread, LabelOrder, ToThread } from './label.protocol.js';

/** Bytes sent at a time, and bytes that may be under way before the thread waits for the reader. */
const PIECE_BYTES = 64 * 1024;
const WINDOW_BYTES = 1024 * 1024;

class LabelThread {
  private readonly pieces: Buffer[] = [];
  private gathered = 0;
  private underWay = 0;
  private readonly inbox: ToThread[] = [];

  constructor(
    private readonly port: MessagePort,
    private readonly document: LabelDocument,
  ) {
    port.on('message', (message: ToThread) => {
      if (message.kind === 'taken') this.underWay -= message.bytes;
      else this.inbox.push(message);
    });
    document.stream.on('data', (piece: Buffer) => this.gather(piece));
  }

  async run(): Promise<void> {
    const characters = this.document.missing();
    if (characters.length > 0) return this.post({ kind: 'missing', characters });
    this.post({ kind: 'ready' });
    for (;;) {
      const labels = await this.next();
      if (!labels) break;
      for (const label of labels) if (this.document.add(label)) await this.readerKeepsUp();
    }
    const ended = once(this.document.stream, 'end');
    this.document.end();
    await ended;
    this.send();
    this.post({ kind: 'done' });
  }

  private async next(): Promise<readonly Label[] | undefined> {
    this.post({ kind: 'want' });
    for (;;) {
      const message = this.inbox.shift();
      if (message?.kind === 'labels') return message.labels;
      if (message?.kind === 'end') return undefined;
      await once(this.port, 'message');
    }
  }

  private async readerKeepsUp(): Promise<void> {
    // The document hands its bytes over in a later turn of the loop.
    await new Promise(setImmediate);
    while (this.underWay > WINDOW_BYTES) await once(this.port, 'message');
  }

  private gather(piece: Buffer): void {
    this.pieces.push(piece);
    this.gathered += piece.length;
    if (this.gathered >= PIECE_BYTES) this.send();
  }

  private send(): void {
    const bytes = new Uint8Array(this.gathered);
    let at = 0;
    for (const piece of this.pieces.splice(0)) {
      bytes.set(piece, at);
      at += piece.length;
    }
    this.gathered = 0;
    this.underWay += bytes.length;
    this.port.postMessage({ kind: 'bytes', bytes } satisfies FromThread, [bytes.buffer]);
  }

  private post(message: FromThread): void {
    this.port.postMessage(message);
  }
}

if (parentPort) {
  const { form, face } = workerData as LabelOrder;
  const port = parentPort;
  await new LabelThread(port, new LabelDocument(LABEL_FORMS[form], face)).run();
  // Nothing keeps the thread once it stops listening.
  port.removeAllListeners('message');
  port.unref();
}
