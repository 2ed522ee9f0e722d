import { Injectable } from '@nestjs/common';
import { Database, Notifier, Outbox, type Tx } from '#platform';
import { DirectorySnapshot } from '../model/directory.snapshot.js';
import { DIRECTORY_CHANNEL, DirectoryReader } from '../reader/directory.reader.js';
import { readRows } from '../reader/directory.rows.js';
import { TouchedUnits } from './touched.units.js';

/** What a change works with. */
export interface Change {
  tx: Tx;
  /** Master data as it is now; nobody else can change it before this commits. */
  snapshot: DirectorySnapshot;
  /** Where the change reports what it touches; a change that reports nothing was none. */
  touched: TouchedUnits;
}

/**
 * The only way to change master data: one at a time, each seeing the outcome of the one before. With the change itself are committed a new
 * revision, the notice to every reader and the domain event `directory.changed`.
 */
@Injectable()
export class DirectoryWriter {
  constructor(
    private readonly database: Database,
    private readonly reader: DirectoryReader,
    private readonly notifier: Notifier,
    private readonly outbox: Outbox,
  ) {}

  /** Runs `work` in a transaction; it may run again after a serialisation failure, so it must have no other effect. */
  async change<T>(work: (change: Change) => Promise<T>): Promise<T> {
    const result = await this.database.transaction(async (tx) => {
      const revision = await lockRevision(tx);
      const snapshot = this.reader.snapshotOf(revision) ?? new DirectorySnapshot(await readRows(tx));
      const touched = new TouchedUnits();
      const value = await work({ tx, snapshot, touched });
      if (touched.changed) {
        await tx.query('update directory.revision set revision = $1 where id = 1', [revision + 1]);
        await this.outbox.publish(tx, 'directory', touched.events());
        await this.notifier.notify(tx, DIRECTORY_CHANNEL, String(revision + 1));
      }
      return value;
    });
    this.reader.expire();
    return result;
  }
}

/** The present revision, locked until the transaction ends: it makes changes of master data wait for one another. */
async function lockRevision(tx: Tx): Promise<number> {
  await tx.query('insert into directory.revision (id, revision) values (1, 0) on conflict do nothing');
  const [row] = await tx.query<{ revision: number }>('select revision from directory.revision where id = 1 for update');
  return row?.revision ?? 0;
}
