import { Injectable } from '@nestjs/common';
import { firstDayOf, type AccountingRegime, type AccountLine, type AccountStatus, type Period } from '#contracts';
import type { Tx } from '#platform';

/** One version of a village's account as stored. */
export interface AccountRow {
  readonly countyCode: string;
  readonly villageId: string;
  readonly period: Period;
  readonly version: number;
  readonly regime: AccountingRegime;
  readonly status: AccountStatus;
  readonly lines: readonly AccountLine[];
  readonly enteredBy: string;
  readonly enteredAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly reason: string | null;
}

/** A village and a month. */
export interface AccountKey {
  readonly villageId: string;
  readonly period: Period;
}

/** What counts for a month: the latest approved version, and whether a newer or first one waits. */
export interface CountedAccount extends AccountKey {
  readonly regime: AccountingRegime | null;
  /** `null` while no version was approved. */
  readonly lines: readonly AccountLine[] | null;
  readonly version: number | null;
  readonly decidedBy: string | null;
  readonly pending: boolean;
}

const COLUMNS = `a.county_code as "countyCode", a.village_id as "villageId", to_char(a.month, 'YYYY-MM') as period, a.version, a.regime, a.status,
  a.lines, a.entered_by as "enteredBy", a.entered_at as "enteredAt", a.decided_by as "decidedBy", a.decided_at as "decidedAt", a.reason`;

/** Key of an account, for maps. */
export function accountKey({ villageId, period }: AccountKey): string {
  return `${villageId} ${period}`;
}

/** Accounts in the table insight.collective_account: every entry is a new version, and none is ever overwritten. */
@Injectable()
export class AccountRepository {
  /** Makes entries and decisions of one county wait for one another until the transaction ends. */
  async lock(tx: Tx, countyCode: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('insight.account ' || $1, 0))`, [countyCode]);
  }

  /** The latest version of each of these accounts that has one. */
  async latest(tx: Tx, countyCode: string, keys: readonly AccountKey[]): Promise<Map<string, AccountRow>> {
    const rows = await tx.query<AccountRow>(
      `select distinct on (a.village_id, a.month) ${COLUMNS}
       from unnest($2::uuid[], $3::date[]) as k (village_id, month)
       join insight.collective_account a on a.county_code = $1 and a.village_id = k.village_id and a.month = k.month
       order by a.village_id, a.month, a.version desc`,
      [countyCode, keys.map(({ villageId }) => villageId), keys.map(({ period }) => firstDayOf(period))],
    );
    return new Map(rows.map((row) => [accountKey(row), row]));
  }

  /** Every version of one account, latest first. */
  async versions(tx: Tx, countyCode: string, { villageId, period }: AccountKey): Promise<AccountRow[]> {
    return tx.query(
      `select ${COLUMNS} from insight.collective_account a
       where a.county_code = $1 and a.village_id = $2::uuid and a.month = $3::date order by a.version desc`,
      [countyCode, villageId, firstDayOf(period)],
    );
  }

  /** Adds versions that are submitted. */
  async insert(tx: Tx, rows: readonly Omit<AccountRow, 'status' | 'decidedBy' | 'decidedAt' | 'reason'>[]): Promise<void> {
    await tx.query(
      `insert into insight.collective_account (county_code, village_id, month, version, regime, status, lines, entered_by, entered_at)
       select county, village, month, version, regime, 'submitted', lines, entered_by, entered_at
       from unnest($1::text[], $2::uuid[], $3::date[], $4::int[], $5::text[], $6::jsonb[], $7::uuid[], $8::timestamptz[])
         as r (county, village, month, version, regime, lines, entered_by, entered_at)`,
      [
        rows.map((row) => row.countyCode),
        rows.map((row) => row.villageId),
        rows.map((row) => firstDayOf(row.period)),
        rows.map((row) => row.version),
        rows.map((row) => row.regime),
        rows.map((row) => JSON.stringify(row.lines)),
        rows.map((row) => row.enteredBy),
        rows.map((row) => row.enteredAt.toISOString()),
      ],
    );
  }

  /** Records decisions on submitted versions. */
  async decide(
    tx: Tx,
    countyCode: string,
    by: { decidedBy: string; decidedAt: Date },
    rows: readonly (AccountKey & { version: number; status: AccountStatus; reason: string | null })[],
  ): Promise<void> {
    await tx.query(
      `update insight.collective_account a set status = r.status, decided_by = $2::uuid, decided_at = $3::timestamptz, reason = r.reason
       from unnest($4::uuid[], $5::date[], $6::int[], $7::text[], $8::text[]) as r (village, month, version, status, reason)
       where a.county_code = $1 and a.village_id = r.village and a.month = r.month and a.version = r.version`,
      [
        countyCode,
        by.decidedBy,
        by.decidedAt.toISOString(),
        rows.map((row) => row.villageId),
        rows.map((row) => firstDayOf(row.period)),
        rows.map((row) => row.version),
        rows.map((row) => row.status),
        rows.map((row) => row.reason),
      ],
    );
  }

  /** What counts in a county from one month to another, inclusive: one entry for each (village, month) with any version. */
  async counted(tx: Tx, countyCode: string, from: Period, to: Period): Promise<CountedAccount[]> {
    return tx.query(
      `with newest as (
         select distinct on (village_id, month) village_id, month, status from insight.collective_account
         where county_code = $1 and month between $2::date and $3::date order by village_id, month, version desc),
       approved as (
         select distinct on (village_id, month) village_id, month, version, regime, lines, decided_by from insight.collective_account
         where county_code = $1 and month between $2::date and $3::date and status = 'approved' order by village_id, month, version desc)
       select n.village_id as "villageId", to_char(n.month, 'YYYY-MM') as period, p.regime, p.lines, p.version, p.decided_by as "decidedBy",
         n.status = 'submitted' as pending
       from newest n left join approved p using (village_id, month) order by n.village_id, n.month`,
      [countyCode, firstDayOf(from), firstDayOf(to)],
    );
  }

  /** The first and last month for which a county has any account; `undefined` when it has none. */
  async span(tx: Tx, countyCode: string): Promise<{ from: Period; to: Period } | undefined> {
    const [row] = await tx.query<{ from: Period | null; to: Period | null }>(
      `select to_char(min(month), 'YYYY-MM') as from, to_char(max(month), 'YYYY-MM') as to from insight.collective_account where county_code = $1`,
      [countyCode],
    );
    return row?.from && row.to ? { from: row.from, to: row.to } : undefined;
  }
}
