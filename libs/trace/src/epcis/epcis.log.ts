import { Injectable } from '@nestjs/common';
import { Clock, type Tx } from '#platform';
import { chainHash, GENESIS } from './epcis.chain.js';
import type { LoggedEvent } from './epcis.schema.js';

/** An event to be written, and the lots that it concerns. */
export interface LogEntry {
  readonly event: LoggedEvent;
  readonly lots: readonly string[];
}
interface Head {
  seq: number;
  hash: Uint8Array;
}
interface Row extends LogEntry {
  seq: number;
  previous: Uint8Array;
  hash: Uint8Array;
}

/** Writes the log of business steps: append-only, one chain of hashes a county. */
@Injectable()
export class EpcisLog {
  constructor(private readonly clock: Clock) {}

  /** Locks the end of a county's chain until the transaction ends: writers wait for one another here, and recalls for them. */
  async lock(tx: Tx, countyCode: string): Promise<Head> {
    await tx.query('insert into trace.epcis_head (county_code, seq, hash) values ($1, 0, $2) on conflict do nothing', [
      countyCode,
      Buffer.from(GENESIS),
    ]);
    const [head] = await tx.query<Head>('select seq, hash from trace.epcis_head where county_code = $1 for update', [countyCode]);
    if (!head) throw new Error(`No chain of ${countyCode}`);
    return head;
  }

  /**
   * Appends events to a county's chain and answers how many were new. An event whose identity the log has adds nothing; declarations of errors bear the
   * identity of what they correct and are always new.
   */
  async append(tx: Tx, countyCode: string, entries: readonly LogEntry[]): Promise<number> {
    if (entries.length === 0) return 0;
    let { seq, hash } = await this.lock(tx, countyCode);
    const known = await this.known(tx, countyCode, entries);
    const recordedAt = this.clock.now();
    const rows: Row[] = [];
    for (const { event, lots } of entries) {
      const correction = event.errorDeclaration !== undefined;
      if (!correction && known.has(event.eventID)) continue;
      if (!correction) known.add(event.eventID);
      const previous = hash;
      seq += 1;
      hash = chainHash(previous, { county: countyCode, seq, recordedAt, event, lots });
      rows.push({ event, lots: [...new Set(lots)], seq, previous, hash });
    }
    if (rows.length > 0) await this.write(tx, countyCode, recordedAt, rows);
    return rows.length;
  }

  private async known(tx: Tx, countyCode: string, entries: readonly LogEntry[]): Promise<Set<string>> {
    const rows = await tx.query<{ id: string }>(
      `select distinct event_id as id from trace.epcis_event where county_code = $1 and event_id = any($2::text[])`,
      [countyCode, entries.map(({ event }) => event.eventID)],
    );
    return new Set(rows.map(({ id }) => id));
  }

  private async write(tx: Tx, countyCode: string, recordedAt: Date, rows: readonly Row[]): Promise<void> {
    const column = <T>(value: (row: Row) => T) => rows.map(value);
    await tx.query(
      `insert into trace.epcis_event (county_code, seq, recorded_at, event_id, event_time, biz_step, body, prev_hash, hash)
       select $1, e.seq, $2::timestamptz, e.event_id, e.event_time, e.biz_step, e.body, e.previous, e.hash
       from unnest($3::bigint[], $4::text[], $5::timestamptz[], $6::text[], $7::jsonb[], $8::bytea[], $9::bytea[])
         as e (seq, event_id, event_time, biz_step, body, previous, hash)`,
      [
        countyCode,
        recordedAt.toISOString(),
        column(({ seq }) => seq),
        column(({ event }) => event.eventID),
        column(({ event }) => new Date(event.eventTime).toISOString()),
        column(({ event }) => event.bizStep ?? ''),
        column(({ event }) => JSON.stringify(event)),
        column(({ previous }) => Buffer.from(previous)),
        column(({ hash }) => Buffer.from(hash)),
      ],
    );
    const index = rows.flatMap(({ seq, lots }) => lots.map((lot) => ({ seq, lot })));
    await tx.query(
      `insert into trace.epcis_lot (county_code, recorded_at, lot_id, seq)
       select $1, $2::timestamptz, i.lot_id, i.seq from unnest($3::uuid[], $4::bigint[]) as i (lot_id, seq)`,
      [countyCode, recordedAt.toISOString(), index.map(({ lot }) => lot), index.map(({ seq }) => seq)],
    );
    const last = rows.at(-1);
    await tx.query('update trace.epcis_head set seq = $2, hash = $3 where county_code = $1', [
      countyCode,
      last?.seq,
      Buffer.from(last?.hash ?? GENESIS),
    ]);
  }
}
