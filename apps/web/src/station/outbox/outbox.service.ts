/** The outbox at work: stores first, sends in order, keeps what is not answered. No DOM: storage and sending are given to it. */
import type { ScanResult } from '#contracts';
import { batchOf, settle, spentIds, unanswered, type OutboxItem } from './outbox.state.js';

/** Where scans are kept on the device. `put` resolves only when they are on disk. */
export interface OutboxStorage {
  all(): Promise<OutboxItem[]>;
  put(items: readonly OutboxItem[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
}

/** How sending a batch ended. `refused` is an answer about the request as a whole, not about one scan. */
export type Sent =
  | { kind: 'answered'; results: ScanResult[] }
  | { kind: 'unreachable'; waitMs?: number }
  | { kind: 'signed_out' }
  | { kind: 'refused'; problem: NonNullable<ScanResult['problem']> };

/** Where a flush stopped: nothing left to send, no way through, or nobody signed in. */
export type FlushEnd = { kind: 'empty' } | { kind: 'unreachable'; waitMs?: number } | { kind: 'signed_out' };

export interface OutboxParts {
  storage: OutboxStorage;
  send(items: readonly OutboxItem[]): Promise<Sent>;
  now(): Date;
  /** Called with every item after each change. */
  changed(items: readonly OutboxItem[]): void;
}

export class Outbox {
  private readonly items = new Map<string, OutboxItem>();
  private flushing: Promise<FlushEnd> | undefined;

  constructor(private readonly parts: OutboxParts) {}

  /** Loads what the device holds and lets go of what is long settled. */
  async start(): Promise<void> {
    for (const item of await this.parts.storage.all()) this.items.set(item.id, item);
    await this.remove(spentIds(this.all()));
  }

  all(): OutboxItem[] {
    return [...this.items.values()];
  }

  get(id: string): OutboxItem | undefined {
    return this.items.get(id);
  }

  /** Stores items, new or changed; they count from the moment that this resolves. */
  async put(items: readonly OutboxItem[]): Promise<void> {
    await this.parts.storage.put(items);
    for (const item of items) this.items.set(item.id, item);
    this.parts.changed(this.all());
  }

  /** Takes items away: long settled ones, or rejected ones that the keeper discards. */
  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length) await this.parts.storage.remove(ids);
    for (const id of ids) this.items.delete(id);
    this.parts.changed(this.all());
  }

  /** Sends everything that waits, oldest first. Calls while one runs share it, and what they added is sent too. */
  flush(userId: string): Promise<FlushEnd> {
    this.flushing ??= this.drain(userId).finally(() => (this.flushing = undefined));
    return this.flushing;
  }

  private async drain(userId: string): Promise<FlushEnd> {
    let size: number | undefined;
    for (;;) {
      const batch = batchOf(this.all(), userId, size);
      if (!batch.length) return { kind: 'empty' };
      const sent = await this.parts.send(batch);
      switch (sent.kind) {
        case 'answered': {
          await this.put(settle(batch, sent.results, this.parts.now().toISOString()));
          // An answer that settles nothing would make this loop spin.
          if (!batch.some((item) => this.get(item.id)?.stage !== 'pending')) return { kind: 'unreachable' };
          break;
        }
        case 'refused':
          // One scan may be what the server cannot take: it is found by sending one at a time.
          if (batch.length === 1) await this.reject(batch, sent.problem);
          else size = 1;
          break;
        case 'unreachable':
          await this.put(batch.map(unanswered));
          return sent;
        case 'signed_out':
          return sent;
      }
    }
  }

  private async reject(batch: readonly OutboxItem[], problem: NonNullable<ScanResult['problem']>): Promise<void> {
    const settledAt = this.parts.now().toISOString();
    await this.put(batch.map((item) => ({ ...item, stage: 'rejected', settledAt, problem })));
  }
}
