import { Injectable } from '@nestjs/common';
import { firstDayOf, type Period, type UnitLevel } from '#contracts';
import type { Tx } from '#platform';
import { FORMULA_VERSION, type UnitMonthFacts } from './coverage.facts.js';
import type { UnitMonth } from './county.months.js';

/** A stored month of a unit. */
export interface StoredMonth extends UnitMonth {
  readonly countyCode: string;
  readonly formulaVersion: string;
  readonly version: number;
  readonly asOf: Date;
}

const COLUMNS = `county_code as "countyCode", unit_id as "unitId", to_char(month, 'YYYY-MM') as period, level, parent_id as "parentId", facts, assessment,
  formula_version as "formulaVersion", version, as_of as "asOf"`;

/** Which stored months to read; what is left out does not restrict. */
export interface MonthFilter {
  readonly unitIds?: readonly string[];
  readonly parentIds?: readonly string[];
  readonly level?: UnitLevel;
}

/** Months of units in insight.unit_month. */
@Injectable()
export class UnitMonthRepository {
  /** Makes refreshes and rebuilds of one county wait for one another until the transaction ends. */
  async lock(tx: Tx, countyCode: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('insight.coverage ' || $1, 0))`, [countyCode]);
  }

  /** Stored months of some counties from one period to another, inclusive, oldest first. */
  async read(tx: Tx, countyCodes: readonly string[], from: Period, to: Period, filter: MonthFilter = {}): Promise<StoredMonth[]> {
    return await tx.query<StoredMonth>(
      `select ${COLUMNS} from insight.unit_month
       where county_code = any($1) and month between $2::date and $3::date and ($4::uuid[] is null or unit_id = any($4::uuid[]))
         and ($5::uuid[] is null or parent_id = any($5::uuid[])) and ($6::text is null or level = $6) order by month, unit_id`,
      [countyCodes, firstDayOf(from), firstDayOf(to), filter.unitIds ?? null, filter.parentIds ?? null, filter.level ?? null],
    );
  }

  /** Every stored month of one unit, oldest first, without its content. */
  async periodsOf(tx: Tx, countyCode: string, unitId: string): Promise<{ period: Period; asOf: Date; formulaVersion: string }[]> {
    return await tx.query(
      `select to_char(month, 'YYYY-MM') as period, as_of as "asOf", formula_version as "formulaVersion" from insight.unit_month
       where county_code = $1 and unit_id = $2::uuid order by month`,
      [countyCode, unitId],
    );
  }

  /**
   * Stores months as of a moment. The version of a row grows only when what it says changed. Returns the units whose rows are
   * new or changed.
   */
  async write(tx: Tx, countyCode: string, period: Period, months: readonly UnitMonth[], asOf: Date): Promise<string[]> {
    if (months.length === 0) return [];
    const rows = await tx.query<{ unit_id: string }>(
      `with given as (
         select * from unnest($3::uuid[], $4::text[], $5::uuid[], $6::jsonb[], $7::jsonb[]) as g (unit_id, level, parent_id, facts, assessment)),
       old as (select unit_id, version from insight.unit_month where county_code = $1 and month = $2::date and unit_id = any($3::uuid[])),
       put as (
         insert into insight.unit_month as m (county_code, unit_id, month, level, parent_id, facts, assessment, formula_version, version, as_of)
         select $1, unit_id, $2::date, level, parent_id, facts, assessment, $8, 1, $9::timestamptz from given order by unit_id
         on conflict (county_code, unit_id, month) do update set level = excluded.level, parent_id = excluded.parent_id, facts = excluded.facts,
           assessment = excluded.assessment, formula_version = excluded.formula_version, as_of = excluded.as_of,
           version = m.version + case when (m.level, m.parent_id, m.facts, m.assessment, m.formula_version)
             is distinct from (excluded.level, excluded.parent_id, excluded.facts, excluded.assessment, excluded.formula_version) then 1 else 0 end
         returning unit_id, version)
       select put.unit_id from put left join old using (unit_id) where put.version is distinct from old.version`,
      [
        countyCode,
        firstDayOf(period),
        months.map((month) => month.unitId),
        months.map((month) => month.level),
        months.map((month) => month.parentId),
        months.map((month) => JSON.stringify(month.facts)),
        months.map((month) => (month.assessment ? JSON.stringify(month.assessment) : null)),
        FORMULA_VERSION,
        asOf.toISOString(),
      ],
    );
    return rows.map((row) => row.unit_id);
  }

  /** Removes months of units of which nothing is to be said any more. */
  async remove(tx: Tx, countyCode: string, period: Period, unitIds: readonly string[]): Promise<void> {
    if (unitIds.length === 0) return;
    await tx.query(`delete from insight.unit_month where county_code = $1 and month = $2::date and unit_id = any($3::uuid[])`, [
      countyCode,
      firstDayOf(period),
      unitIds,
    ]);
  }

  /** Removes all months before a period; all months when it is null. */
  async removeBefore(tx: Tx, countyCode: string, period: Period | null): Promise<void> {
    await tx.query(`delete from insight.unit_month where county_code = $1 and ($2::date is null or month < $2::date)`, [
      countyCode,
      period && firstDayOf(period),
    ]);
  }

  /** The moment of the county's latest computation; null before the first. */
  async latest(tx: Tx, countyCode: string): Promise<Date | null> {
    const [row] = await tx.query<{ at: Date | null }>(`select max(as_of) as at from insight.unit_month where county_code = $1`, [
      countyCode,
    ]);
    return row?.at ?? null;
  }
}

/** The facts of stored months. */
export const factsOf = (months: readonly UnitMonth[]): UnitMonthFacts[] => months.map((month) => month.facts);
