import { Injectable } from '@nestjs/common';
import type { CodeLevel, CodeState, CodeSummary } from '#contracts';
import type { Tx } from '#platform';

/** A registered code. */
export interface CodeRow {
  serial: number;
  countyCode: string;
  batchId: string;
  lotId: string;
  level: CodeLevel;
  state: CodeState;
  sscc: string | null;
  boxSerial: number | null;
  /** The parcel that it is in; none when that one was cancelled or came back, for then it may leave with another. */
  shipmentId: string | null;
}

/** A row of a list: the code, its scans, and the form of its link. */
export interface ListedCode extends CodeRow {
  form: 'short' | 'gs1';
  scans: number;
}

const COLUMNS = `c.serial, c.county_code as "countyCode", c.batch_id as "batchId", c.lot_id as "lotId", c.level, c.state, c.sscc,
  c.box_serial as "boxSerial", case when exists (select 1 from upflow.shipment s where s.id = c.shipment_id and s.stage in ('cancelled', 'returned'))
    then null else c.shipment_id end as "shipmentId"`;

/** Which codes a list shows: of one lot or of one batch. */
export interface CodeFilter {
  readonly lotId: string | undefined;
  readonly batchId: string | undefined;
  readonly level: CodeLevel | undefined;
  readonly state: CodeState | undefined;
  readonly after: readonly [level: string, serial: number] | undefined;
  readonly limit: number;
}

/** Codes in the table trace.code. */
@Injectable()
export class CodeRepository {
  /** Codes of a batch by serial, codes of a lot by level and serial: the orders in which indexes hold them. */
  async list(tx: Tx, filter: CodeFilter): Promise<ListedCode[]> {
    const ofBatch = filter.batchId !== undefined;
    const [order, key] = ofBatch
      ? ['c.serial', '(c.serial) > ($5::bigint)']
      : ['c.level, c.serial', '(c.level, c.serial) > ($6::text, $5::bigint)'];
    return tx.query(
      `select ${COLUMNS}, b.form, coalesce(w.scans, 0) as scans
       from trace.code c join trace.code_batch b on b.id = c.batch_id left join trace.code_watch w on w.serial = c.serial
       where ${ofBatch ? 'c.batch_id = $1::uuid and ($2::uuid is null or c.lot_id = $2)' : 'c.lot_id = $2::uuid and $1::uuid is null'}
         and ($3::text is null or c.level = $3) and ($4::text is null or c.state = $4)
         and ($6::text is null or ${key})
       order by ${order} limit $7`,
      [
        filter.batchId ?? null,
        filter.lotId ?? null,
        filter.level ?? null,
        filter.state ?? null,
        filter.after?.[1] ?? null,
        filter.after?.[0] ?? null,
        filter.limit,
      ],
    );
  }

  /** Codes by serial, locked in that order. */
  async lock(tx: Tx, serials: readonly number[]): Promise<CodeRow[]> {
    return tx.query(
      `select ${COLUMNS} from trace.code c where c.serial = any($1::bigint[]) order by c.serial for no key update`,
      [serials],
    );
  }

  async find(tx: Tx, serials: readonly number[]): Promise<CodeRow[]> {
    return tx.query(`select ${COLUMNS} from trace.code c where c.serial = any($1::bigint[])`, [serials]);
  }

  /** Units in some boxes, locked in order of their serials. */
  async lockContents(tx: Tx, boxSerials: readonly number[]): Promise<CodeRow[]> {
    return tx.query(
      `select ${COLUMNS} from trace.code c where c.box_serial = any($1::bigint[]) order by c.serial for no key update`,
      [boxSerials],
    );
  }

  /** Makes codes worth something; answers how many changed. A void code stays void. */
  async activate(tx: Tx, serials: readonly number[], at: Date): Promise<number> {
    const rows = await tx.query(
      `update trace.code set state = 'active', activated_at = $2::timestamptz where serial = any($1::bigint[]) and state = 'made' returning 1`,
      [serials, at.toISOString()],
    );
    return rows.length;
  }

  /** Takes codes out of use for good; answers how many changed. */
  async makeVoid(tx: Tx, serials: readonly number[], reason: string): Promise<number> {
    const rows = await tx.query(
      `update trace.code set state = 'void', void_reason = $2 where serial = any($1::bigint[]) and state <> 'void' returning 1`,
      [serials, reason],
    );
    return rows.length;
  }

  /** Serials of a batch after one of them, in order. */
  async serialsAfter(tx: Tx, batchId: string, after: number, limit: number): Promise<number[]> {
    const rows = await tx.query<{ serial: number }>(
      'select serial from trace.code where batch_id = $1::uuid and serial > $2::bigint order by serial limit $3',
      [batchId, after, limit],
    );
    return rows.map(({ serial }) => serial);
  }

  /** The serial before a label's place in its batch: -1 before the first. */
  async serialBefore(tx: Tx, batchId: string, place: number): Promise<number | undefined> {
    if (place === 0) return -1;
    const [row] = await tx.query<{ serial: number }>(
      'select serial from trace.code where batch_id = $1::uuid order by serial offset $2 limit 1',
      [batchId, place - 1],
    );
    return row?.serial;
  }

  /** Codes of a batch after a serial, void ones included, as labels need them. */
  async labelsAfter(
    tx: Tx,
    batchId: string,
    after: number,
    limit: number,
  ): Promise<{ serial: number; sscc: string | null; state: CodeState }[]> {
    return tx.query(
      'select serial, sscc, state from trace.code where batch_id = $1::uuid and serial > $2::bigint order by serial limit $3',
      [batchId, after, limit],
    );
  }

  async putIntoBox(tx: Tx, serials: readonly number[], boxSerial: number | null): Promise<void> {
    await tx.query('update trace.code set box_serial = $2::bigint where serial = any($1::bigint[])', [serials, boxSerial]);
  }

  async ship(tx: Tx, serials: readonly number[], shipmentId: string): Promise<void> {
    await tx.query('update trace.code set shipment_id = $2::uuid where serial = any($1::bigint[])', [serials, shipmentId]);
  }

  /** Codes of a lot in numbers (metric M11). */
  async summary(tx: Tx, lotId: string, countyCode: string): Promise<Omit<CodeSummary, 'lotId'>> {
    const [codes] = await tx.query<{ made: number; activated: number; void: number }>(
      `select count(*)::int as made, count(*) filter (where state = 'active')::int as activated, count(*) filter (where state = 'void')::int as void
       from trace.code where lot_id = $1::uuid`,
      [lotId],
    );
    const [looks] = await tx.query<{ scanned: number; scans: number }>(
      `select count(*)::int as scanned, coalesce(sum(scans), 0)::int as scans from trace.code_watch where county_code = $2 and lot_id = $1::uuid`,
      [lotId, countyCode],
    );
    return { ...{ made: 0, activated: 0, void: 0, scanned: 0, scans: 0 }, ...codes, ...looks };
  }
}
