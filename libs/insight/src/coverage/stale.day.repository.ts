import { Injectable } from '@nestjs/common';
import { firstDayOf, type Day, type Period } from '#contracts';
import type { Tx } from '#platform';
import type { DayKey } from './day.facts.repository.js';

/** The list of (unit, day) keys whose facts are out of date: what a refresh has yet to do, safe from any crash. */
@Injectable()
export class StaleDayRepository {
  /** Puts keys on the list; in a fixed order, so that two writers cannot wait for each other. */
  async mark(tx: Tx, countyCode: string, keys: readonly DayKey[]): Promise<void> {
    if (keys.length === 0) return;
    await tx.query(
      `insert into insight.stale_day (county_code, unit_id, day)
       select distinct $1, unit_id, day from unnest($2::uuid[], $3::date[]) as k (unit_id, day) order by unit_id, day on conflict do nothing`,
      [countyCode, keys.map(([unitId]) => unitId), keys.map(([, day]) => day)],
    );
  }

  /** Puts the months of some units on the list, as the first day of each from a period up to `today`. */
  async markMonths(tx: Tx, countyCode: string, unitIds: readonly string[], from: Period, today: Day): Promise<void> {
    await tx.query(
      `insert into insight.stale_day (county_code, unit_id, day)
       select $1, unit_id, month::date from unnest($2::uuid[]) as u (unit_id), generate_series($3::date, $4::date, interval '1 month') as m (month)
       order by 2, 3 on conflict do nothing`,
      [countyCode, unitIds, firstDayOf(from), today],
    );
  }

  /** Takes keys off the list, at most `limit`, newest days first: what people look at is right first. */
  async take(tx: Tx, countyCode: string, limit: number): Promise<DayKey[]> {
    const rows = await tx.query<{ unit_id: string; day: Day }>(
      `delete from insight.stale_day where county_code = $1 and (unit_id, day) in
         (select unit_id, day from insight.stale_day where county_code = $1 order by day desc, unit_id limit $2)
       returning unit_id, day`,
      [countyCode, limit],
    );
    return rows.map((row) => [row.unit_id, row.day]);
  }

  /** How many keys wait. */
  async count(tx: Tx, countyCode: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `select count(*)::int as count from insight.stale_day where county_code = $1`,
      [countyCode],
    );
    return row?.count ?? 0;
  }

  /** Forgets the list: everything was just computed. */
  async clear(tx: Tx, countyCode: string): Promise<void> {
    await tx.query(`delete from insight.stale_day where county_code = $1`, [countyCode]);
  }
}
