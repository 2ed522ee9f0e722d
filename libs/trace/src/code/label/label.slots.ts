import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { DomainError } from '#platform';

/** Threads of labels at once: one processor is left for requests. */
const SLOTS = Math.max(1, Math.min(4, availableParallelism() - 1));
/** Requests that may wait for a thread. A file of 20,000 labels takes a quarter of a minute and more: behind many of them a wait would look like a failure. */
const QUEUE = 8;

/** Lets so many label files be made at once; the others wait in order. */
@Injectable()
export class LabelSlots {
  private free = SLOTS;
  private readonly waiting: (() => void)[] = [];

  /**
   * Takes a slot, waiting for one when need be; answers how to give it back.
   * @throws DomainError `labels_busy` 503 when too many wait; the signal's reason when the caller is gone
   */
  async take(signal: AbortSignal): Promise<() => void> {
    if (this.free > 0) this.free -= 1;
    else await this.wait(signal);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    };
  }

  private async wait(signal: AbortSignal): Promise<void> {
    if (this.waiting.length >= QUEUE) throw new DomainError('labels_busy', 503);
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(turn), 1);
        reject(signal.reason as Error);
      };
      const turn = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      this.waiting.push(turn);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
