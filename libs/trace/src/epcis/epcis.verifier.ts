import { Injectable } from '@nestjs/common';
import { Database } from '#platform';
import { chainHash, GENESIS } from './epcis.chain.js';
import type { LoggedEvent } from './epcis.schema.js';

/** What is wrong at the first place where a county's log is not what was written. */
export type ChainBreak = 'missing' | 'changed' | 'out_of_chain' | 'head_differs' | 'index_beyond_end';
/** What a look at a county's whole log found. */
export interface ChainReport {
  readonly county: string;
  readonly events: number;
  readonly firstBreak: { readonly seq: number; readonly kind: ChainBreak } | null;
  /** Hash of the last event, in hexadecimal: noted down elsewhere, it shows later that nothing was cut off. */
  readonly head: string;
}
interface Row {
  seq: number;
  recordedAt: Date;
  eventId: string;
  eventTime: Date;
  bizStep: string;
  body: LoggedEvent;
  previous: Uint8Array;
  hash: Uint8Array;
  lots: string[];
}

const CHUNK = 1000;

/** Checks the logs of business steps: chain, gaps, end, and the index by lot. */
@Injectable()
export class EpcisVerifier {
  constructor(private readonly database: Database) {}

  /** Counties that have a log. */
  async counties(): Promise<string[]> {
    const rows = await this.database.query<{ county: string }>(
      'select county_code as county from trace.epcis_head union select distinct county_code from trace.epcis_event order by 1',
    );
    return rows.map(({ county }) => county);
  }

  /**
   * Reads a county's log from its beginning to what was its end at the start, so that writers need not stop.
   * @param until hash and number of an event noted earlier: the log must still hold it
   */
  async verify(county: string, until?: { seq: number; head: string }): Promise<ChainReport> {
    const end = await this.headOf(county);
    let hash: Uint8Array = GENESIS;
    let seq = 0;
    let read: { seq: number; recordedAt: Date } = { seq: 0, recordedAt: new Date(0) };
    const broken = (at: number, kind: ChainBreak): ChainReport => ({
      county,
      events: seq,
      firstBreak: { seq: at, kind },
      head: hex(hash),
    });
    for (;;) {
      const rows = await this.chunk(county, read, end.seq);
      for (const row of rows) {
        const problem = breakAt(county, row, seq, hash);
        if (problem) return broken(seq + 1, problem);
        ({ seq, hash } = row);
        read = row;
        if (until?.seq === seq && until.head !== hex(hash)) return broken(seq, 'changed');
      }
      if (rows.length < CHUNK) break;
    }
    if (seq !== end.seq) return broken(seq + 1, 'missing');
    if (hex(hash) !== hex(end.hash)) return broken(seq, 'head_differs');
    if (until && until.seq > seq) return broken(seq + 1, 'missing');
    const beyond = await this.beyond(county);
    if (beyond) return broken(beyond.seq, beyond.kind);
    return { county, events: seq, firstBreak: null, head: hex(hash) };
  }

  private async headOf(county: string): Promise<{ seq: number; hash: Uint8Array }> {
    const [head] = await this.database.query<{ seq: number; hash: Uint8Array }>(
      'select seq, hash from trace.epcis_head where county_code = $1',
      [county],
    );
    return head ?? { seq: 0, hash: GENESIS };
  }

  private chunk(county: string, after: { seq: number; recordedAt: Date }, until: number): Promise<Row[]> {
    return this.database.query<Row>(
      `select e.seq, e.recorded_at as "recordedAt", e.event_id as "eventId", e.event_time as "eventTime", e.biz_step as "bizStep", e.body,
         e.prev_hash as previous, e.hash,
         array(select l.lot_id::text from trace.epcis_lot l where l.county_code = e.county_code and l.seq = e.seq and l.recorded_at = e.recorded_at) as lots
       from trace.epcis_event e where e.county_code = $1 and (e.seq, e.recorded_at) > ($2::bigint, $4::timestamptz) and e.seq > 0 and e.seq <= $3 order by e.seq, e.recorded_at limit ${CHUNK}`,
      [county, after.seq, until, after.recordedAt.toISOString()],
    );
  }

  /** Events or entries of the index that no chain holds: numbers beyond its end, or below its beginning. */
  private async beyond(county: string): Promise<{ seq: number; kind: ChainBreak } | undefined> {
    const [found] = await this.database.query<{ seq: number; kind: ChainBreak }>(
      `with h as (select coalesce((select seq from trace.epcis_head where county_code = $1), 0) as seq)
       select * from (select e.seq, 'out_of_chain' as kind from trace.epcis_event e, h where e.county_code = $1 and (e.seq > h.seq or e.seq < 1)
         union all select l.seq, 'index_beyond_end' from trace.epcis_lot l where l.county_code = $1 and not exists (
           select 1 from trace.epcis_event e where e.county_code = $1 and e.seq = l.seq and e.recorded_at = l.recorded_at)) as x order by seq limit 1`,
      [county],
    );
    return found;
  }
}

function breakAt(county: string, row: Row, before: number, hash: Uint8Array): ChainBreak | undefined {
  if (row.seq > before + 1) return 'missing';
  if (row.seq < before + 1 || hex(row.previous) !== hex(hash)) return 'out_of_chain';
  const { seq, recordedAt, body, lots } = row;
  if (hex(chainHash(hash, { county, seq, recordedAt, event: body, lots })) !== hex(row.hash)) return 'changed';
  const copied =
    row.eventId === body.eventID &&
    row.eventTime.getTime() === Date.parse(body.eventTime) &&
    row.bizStep === (body.bizStep ?? '');
  return copied ? undefined : 'changed';
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
