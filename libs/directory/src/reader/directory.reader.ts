import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database, Notifier } from '#platform';
import { DirectorySnapshot } from '../model/directory.snapshot.js';
import { readRevision, readRows } from './directory.rows.js';

/** Channel on which a change of master data is told; the payload is the new revision. */
export const DIRECTORY_CHANNEL = 'directory';
/** How old the knowledge of the revision may be. A notice makes it fresher; this bound holds when notices are lost. */
const CHECK_MS = 1000;

/** Master data in memory. Everything that reads the directory reads it here; a snapshot never changes, so take one per piece of work. */
@Injectable()
export class DirectoryReader implements OnApplicationShutdown {
  private current: DirectorySnapshot | undefined;
  private checkedAtMs = -Infinity;
  private generation = 0;
  private refreshing: Promise<DirectorySnapshot> | undefined;
  private readonly stopListening: () => void;

  constructor(
    private readonly database: Database,
    notifier: Notifier,
  ) {
    this.stopListening = notifier.listen(DIRECTORY_CHANNEL, () => this.expire());
  }

  /** The master data of the latest revision; in another process than the writer's at most a second late. */
  async snapshot(): Promise<DirectorySnapshot> {
    if (this.current && performance.now() - this.checkedAtMs < CHECK_MS) return this.current;
    this.refreshing ??= this.refresh(this.generation);
    return await this.refreshing;
  }

  /** The snapshot in memory when it is of this very revision. */
  snapshotOf(revision: number): DirectorySnapshot | undefined {
    return this.current?.revision === revision ? this.current : undefined;
  }

  /** Makes the next `snapshot()` look at the database again, one under way included. */
  expire(): void {
    this.generation += 1;
    this.checkedAtMs = -Infinity;
    this.refreshing = undefined;
  }

  onApplicationShutdown(): void {
    this.stopListening();
  }

  private async refresh(generation: number): Promise<DirectorySnapshot> {
    try {
      const askedAtMs = performance.now();
      const revision = await readRevision(this.database);
      const snapshot = this.snapshotOf(revision) ?? (await this.load());
      // A read that was begun before the latest notice must neither pass for fresh nor replace a newer one.
      if (!this.current || snapshot.revision >= this.current.revision) this.current = snapshot;
      if (generation === this.generation) this.checkedAtMs = askedAtMs;
      return this.current;
    } finally {
      if (generation === this.generation) this.refreshing = undefined;
    }
  }

  private async load(): Promise<DirectorySnapshot> {
    return await this.database.transaction(async (tx) => {
      await tx.query('set transaction isolation level repeatable read read only');
      return new DirectorySnapshot(await readRows(tx));
    });
  }
}
