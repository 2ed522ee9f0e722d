import { Injectable } from '@nestjs/common';
import type { FakeReportView } from '#contracts';
import type { Tx } from '#platform';

/** A report as stored: the contact sealed. */
export interface FakeReportRow {
  id: string;
  countyCode: string;
  serial: number;
  lotId: string;
  lotNo: string;
  productName: string;
  /** Village of the lot's origin. */
  villageId: string;
  text: string;
  boughtAt: string | null;
  contact: Uint8Array | null;
  reportedAt: Date;
  state: FakeReportView['state'];
  decidedAt: Date | null;
  note: string | null;
}
/** What a consumer reports. */
export type NewFakeReport = Pick<FakeReportRow, 'id' | 'serial' | 'text' | 'boughtAt' | 'contact' | 'reportedAt'>;

const SELECT = `select f.id, f.county_code as "countyCode", f.serial, f.lot_id as "lotId", l.lot_no as "lotNo", p.name as "productName",
    f.village_id as "villageId", f.text, f.bought_at as "boughtAt", f.contact, f.reported_at as "reportedAt", f.state, f.decided_at as "decidedAt", f.note
  from trace.fake_report f join upflow.lot l on l.id = f.lot_id join upflow.product p on p.id = l.product_id`;

/** Consumers' reports of fakes. */
@Injectable()
export class FakeReportRepository {
  /** Reports of one code come one after the other until the transaction ends, so that they can be counted. */
  async lockCode(tx: Tx, serial: number): Promise<void> {
    await tx.query('select pg_advisory_xact_lock(hashtext($1))', [`xiangyi:fake-report:${serial}`]);
  }

  /** How many reports of a code came since an instant; the one with `exceptId` does not count. */
  async countSince(tx: Tx, serial: number, since: Date, exceptId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      'select count(*) as count from trace.fake_report where serial = $1 and reported_at >= $2::timestamptz and id <> $3::uuid',
      [serial, since.toISOString(), exceptId],
    );
    return row?.count ?? 0;
  }

  /** Adds a report of a registered code; one that is there already stays as it is. */
  async insert(tx: Tx, report: NewFakeReport): Promise<void> {
    await tx.query(
      `insert into trace.fake_report (id, county_code, serial, lot_id, village_id, text, bought_at, contact, reported_at, state)
       select $1::uuid, c.county_code, c.serial, c.lot_id, l.village_id, $3, $4, $5, $6::timestamptz, 'open'
       from trace.code c join upflow.lot l on l.id = c.lot_id where c.serial = $2 on conflict (id) do nothing`,
      [report.id, report.serial, report.text, report.boughtAt, report.contact, report.reportedAt.toISOString()],
    );
  }

  /** Reports of some villages (`null`: of all), newest first. */
  async list(
    tx: Tx,
    filter: {
      villageIds: readonly string[] | null;
      state: FakeReportView['state'] | undefined;
      after: { at: string; id: string } | undefined;
      limit: number;
    },
  ): Promise<FakeReportRow[]> {
    return tx.query(
      `${SELECT} where ($1::uuid[] is null or f.village_id = any($1::uuid[])) and ($2::text is null or f.state = $2)
         and ($3::timestamptz is null or (f.reported_at, f.id) < ($3::timestamptz, $4::uuid)) order by f.reported_at desc, f.id desc limit $5`,
      [filter.villageIds, filter.state ?? null, filter.after?.at ?? null, filter.after?.id ?? null, filter.limit],
    );
  }

  /** One report; locked until the transaction ends when it is to be decided. */
  async find(tx: Tx, id: string, forChange = false): Promise<FakeReportRow | undefined> {
    const [row] = await tx.query<FakeReportRow>(`${SELECT} where f.id = $1::uuid ${forChange ? 'for update of f' : ''}`, [id]);
    return row;
  }

  async decide(tx: Tx, id: string, decision: { state: string; by: string; at: Date; note: string | null }): Promise<void> {
    await tx.query(
      'update trace.fake_report set state = $2, decided_by = $3::uuid, decided_at = $4::timestamptz, note = $5 where id = $1::uuid',
      [id, decision.state, decision.by, decision.at.toISOString(), decision.note],
    );
  }
}
