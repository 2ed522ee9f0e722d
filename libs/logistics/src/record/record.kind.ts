import type { z } from 'zod';
import type { RecordPath } from '#contracts';
import type { StationNode } from '#directory';
import type { Principal, Tx } from '#platform';
import type { SnapshotFacts } from '../ledger/directory.facts.js';

/** What every record of station work has. */
export interface StationRecord {
  readonly id: string;
  readonly stationCode?: string | undefined;
  readonly occurredAt: string;
}

/** Who made a record where, and what the directory knew when it was received. */
export interface RecordPlace {
  readonly countyCode: string;
  /** Unit of the station, or of the caller's sorting hall. */
  readonly unitId: string;
  readonly station: StationNode | null;
  readonly principal: Principal;
  readonly deviceId: string | null;
  readonly facts: SnapshotFacts;
  readonly receivedAt: Date;
  /** The time that counts: as claimed, but never later than the receive time. */
  readonly occurredAt: Date;
}

/**
 * How one kind of record is taken in. `RecordIntake` does what all kinds share: form, place, repeats, one transaction a record.
 * A refusal is a `DomainError` thrown by any of the steps; then nothing of the record is stored.
 */
export interface RecordKind<R extends StationRecord> {
  readonly path: RecordPath;
  readonly schema: z.ZodType<R>;
  /** What has to hold before anything is written. */
  check?(record: R, place: RecordPlace): Promise<void>;
  /**
   * Scans that the record stands for, as `POST /api/scans` takes them; written to the ledger before the record. Their ids are made from the record's
   * (`derivedId`), because a record whose answer was lost comes again.
   */
  scans?(record: R, place: RecordPlace): Promise<readonly unknown[]>;
  /** Writes the record, in the transaction that marks it as taken in. Returns warnings: message keys. */
  write(tx: Tx, record: R, place: RecordPlace): Promise<readonly string[]>;
}
