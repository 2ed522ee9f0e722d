import { Injectable } from '@nestjs/common';
import { firstDayOf, type Day, type Period } from '#contracts';
import type { Tx } from '#platform';

/** The list of (unit, month) keys whose sales are out of date: what a refresh has yet to do, safe from any crash. */
@Injectable()
export class StaleSaleRepository {
  /** Puts the months of these days on the list; in a fixed order, so that two writers cannot wait for each other. */
  async mark(tx: Tx, countyCode: string, keys: readonly (readonly [unitId: string, day: Day])[]): Promise<void> {
    if (keys.length === 0) return;
    await tx.query(
      `insert into insight.stale_sale (county_code, unit_id, month)
       select distinct $1, unit_id, date_trunc('month', day)::date from unnest($2::uuid[], $3::date[]) as k (unit_id, day)
       order by 2, 3 on conflict do nothing`,
      [countyCode, keys.map(([unitId]) => unitId), keys.map(([, day]) => day)],
    );
  }

  /** Puts every month with sales from a period on (`null`: each) on the list, on account of a unit that changed. */
  async markSince(tx: Tx, countyCode: string, unitId: string, from: Period | null): Promise<void> {
    await tx.query(
      `insert into insight.stale_sale (county_code, unit_id, month)
       select distinct $1, $2::uuid, month from insight.unit_sales_month where county_code = $1 and ($3::date is null or month >= $3::date)
       order by 3 on conflict do nothing`,
      [countyCode, unitId, from && firstDayOf(from)],
    );
  }

  /** Takes the keys of one month off the list, the newest first: what people look at is right first. Undefined when nothing waits. */
  async takeMonth(tx: Tx, countyCode: string): Promise<Period | undefined> {
    const rows = await tx.query<{ period: Period }>(
      `delete from insight.stale_sale where county_code = $1 and month = (select max(month) from insight.stale_sale where county_code = $1)
       returning to_char(month, 'YYYY-MM') as period`,
      [countyCode],
    );
    return rows[0]?.period;
  }

  /** How many keys wait. */
  async count(tx: Tx, countyCode: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      'select count(*)::int as count from insight.stale_sale where county_code = $1',
      [countyCode],
    );
    return row?.count ?? 0;
  }

  /** Counties in which keys wait. */
  async countyCodes(tx: Tx): Promise<string[]> {
    const rows = await tx.query<{ code: string }>('select distinct county_code as code from insight.stale_sale order by 1');
    return rows.map(({ code }) => code);
  }

  /** Forgets the list: everything was just computed. */
  async clear(tx: Tx, countyCode: string): Promise<void> {
    await tx.query('delete from insight.stale_sale where county_code = $1', [countyCode]);
  }
}
