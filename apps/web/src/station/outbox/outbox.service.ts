/** The outbox at work: sends in order, keeps what is not answered, finds the one entry that the server cannot take. No DOM. */
import type { ScanResult } from '#contracts';
import {
  answersFor,
  BATCH_SIZE,
  fitting,
  OUTBOX_PATHS,
  rejected,
  RESTS_ON,
  settled,
  unanswered,
  type Answer,
  type OutboxEntry,
  type OutboxPath,
} from './outbox.state.js';

/** Where entries are kept on the device. Every change resolves only when it is on disk. */
export interface OutboxStorage {
  /** The oldest pending entries of a person and path, with their bodies; a body that cannot be opened now is left out. */
  next(userId: string, path: OutboxPath, limit: number): Promise<OutboxEntry[]>;
  /** Changes entries as they stand on disk at that moment; `undefined` takes one away. */
  change(ids: readonly string[], step: (entry: OutboxEntry) => OutboxEntry | undefined): Promise<void>;
}

/**
 * How sending a batch ended. `refused`: the request as a whole was not taken, by what is in it. `failed`: the server answered, but not in our words.
 * `missing`: this server has no such path. `unreachable`: no answer.
 */
export type Sent =
  | { kind: 'answered'; answers: readonly Answer[] }
  | { kind: 'refused'; problem: NonNullable<ScanResult['problem']> }
  | { kind: 'failed' }
  | { kind: 'missing' }
  | Stopped;

/** What stops all sending. */
type Stopped =
  | { kind: 'unreachable'; waitMs?: number }
  | { kind: 'signed_out' }
  | { kind: 'device_revoked' }
  /** It is no longer sure that the server takes what is sent for this person's. */
  | { kind: 'unconfirmed' };

/** Where a flush stopped: nothing left that can be sent, or why not. */
export type FlushEnd = { kind: 'empty' } | Stopped;

export interface OutboxParts {
  readonly storage: OutboxStorage;
  send(path: OutboxPath, entries: readonly OutboxEntry[]): Promise<Sent>;
  /** Whether what is sent now goes out in this person's name. */
  isSender(userId: string): boolean;
  now(): Date;
}

/** Single entries that may fail in a row before the server, and not the entries, is held to be at fault. */
const FAILURES_OF_A_PATH = 3;

/** A path as one flush empties it. */
interface Run {
  readonly userId: string;
  readonly path: OutboxPath;
  /** Entries that this flush leaves alone: they failed by themselves, or cannot be opened. */
  readonly aside: Set<string>;
  size: number;
  failures: number;
}

export class Outbox {
  private flushing: Promise<FlushEnd> | undefined;

  constructor(private readonly parts: OutboxParts) {}

  /** Sends everything that waits, path by path, oldest first. Calls while one runs share it, and what they added is sent too. */
  flush(userId: string): Promise<FlushEnd> {
    this.flushing ??= this.drain(userId).finally(() => (this.flushing = undefined));
    return this.flushing;
  }

  private async drain(userId: string): Promise<FlushEnd> {
    const broken = new Set<OutboxPath>();
    let left = false;
    for (const path of OUTBOX_PATHS) {
      if (RESTS_ON[path].some((base) => broken.has(base))) broken.add(path);
      if (broken.has(path)) continue;
      const end = await this.drainPath({ userId, path, aside: new Set(), size: BATCH_SIZE, failures: 0 });
      if (end === 'broken') broken.add(path);
      else if (end === 'some left') left = true;
      else if (end !== 'done') return end;
    }
    return left || broken.size > 0 ? { kind: 'unreachable' } : { kind: 'empty' };
  }

  private async drainPath(run: Run): Promise<Stopped | 'done' | 'some left' | 'broken'> {
    for (;;) {
      const batch = await this.batch(run);
      if (batch.length === 0) return run.failures > 0 ? 'some left' : 'done';
      // Somebody else may have signed in while the batch before was on its way.
      if (!this.parts.isSender(run.userId)) return { kind: 'unconfirmed' };
      const sent = await this.parts.send(run.path, batch);
      switch (sent.kind) {
        case 'answered':
          await this.settle(run, batch, sent.answers);
          break;
        case 'refused':
          if (batch.length === 1) await this.change(batch, (entry) => rejected(entry, sent.problem, this.instant()));
          else run.size = Math.ceil(batch.length / 2);
          break;
        case 'failed':
          await this.narrow(run, batch);
          break;
        case 'missing':
          await this.change(batch, unanswered);
          return 'broken';
        case 'unreachable':
          await this.change(batch, unanswered);
          return sent;
        case 'signed_out':
        case 'device_revoked':
        case 'unconfirmed':
          return sent;
      }
      if (run.failures >= FAILURES_OF_A_PATH) return 'broken';
    }
  }

  private async batch(run: Run): Promise<OutboxEntry[]> {
    for (;;) {
      const found = await this.parts.storage.next(run.userId, run.path, run.size + run.aside.size);
      const free = found.filter(({ id }) => !run.aside.has(id)).slice(0, run.size);
      const closed = free.filter(({ body }) => body === undefined);
      if (closed.length === 0) return fitting(free);
      for (const { id } of closed) run.aside.add(id);
    }
  }

  private async settle(run: Run, batch: readonly OutboxEntry[], answers: readonly Answer[]): Promise<void> {
    const found = answersFor(
      batch.map(({ id }) => id),
      answers,
    );
    // An answer that says nothing about what was sent would make this loop spin.
    if (found.size === 0) return await this.narrow(run, batch);
    const at = this.instant();
    await this.change(batch, (entry) => settled(entry, found.get(entry.id), at));
    run.size = Math.min(BATCH_SIZE, run.size * 2);
  }

  /** One entry may be what the server stumbles over: it is found by sending fewer, and left for the next flush. */
  private async narrow(run: Run, batch: readonly OutboxEntry[]): Promise<void> {
    if (batch.length > 1) {
      run.size = Math.ceil(batch.length / 2);
      return;
    }
    await this.change(batch, unanswered);
    for (const { id } of batch) run.aside.add(id);
    run.failures += 1;
  }

  /** Only what is still pending: another page may have settled or taken it meanwhile. */
  private async change(batch: readonly OutboxEntry[], step: (entry: OutboxEntry) => OutboxEntry): Promise<void> {
    await this.parts.storage.change(
      batch.map(({ id }) => id),
      (entry) => (entry.stage === 'pending' ? step(entry) : entry),
    );
  }

  private instant(): string {
    return this.parts.now().toISOString();
  }
}
