import { Injectable } from '@nestjs/common';
import { firstDayOf, type Period, type UnitLevel } from '#contracts';
import type { Tx } from '#platform';
import { INCOME_FORMULA_VERSION } from './income.formula.js';
import type { SummaryContent, UnitSummaryContent } from './income.window.js';

/** A stored summary. */
export interface StoredSummary {
  readonly unitId: string;
  readonly period: Period;
  readonly level: UnitLevel;
  readonly parentId: string | null;
  readonly content: SummaryContent;
  readonly formulaVersion: string;
  readonly version: number;
  readonly asOf: Date;
}

/** A computed summary with its period. */
export type ComputedSummary = UnitSummaryContent & { readonly period: Period };

const COLUMNS = `unit_id as "unitId", to_char(month, 'YYYY-MM') as period, level, parent_id as "parentId", summary as content,
  formula_version as "formulaVersion", version, as_of as "asOf"`;

/** Summaries in the table insight.unit_income_month. */
@Injectable()
export class IncomeRepository {
  /** Makes aggregations of one county wait for one another until the transaction ends. */
  async lock(tx: Tx, countyCode: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('insight.income ' || $1, 0))`, [countyCode]);
  }

  /**
   * Makes the stored summaries of these periods exactly the computed ones. The version of a row grows only when what it says
   * changed. Returns how many rows were written or dropped.
   */
  async replace(
    tx: Tx,
    countyCode: string,
    periods: readonly Period[],
    rows: readonly ComputedSummary[],
    asOf: Date,
  ): Promise<number> {
    const units = rows.map((row) => row.unitId);
    const months = rows.map((row) => firstDayOf(row.period));
    const dropped = await tx.query(
      `delete from insight.unit_income_month s where s.county_code = $1 and s.month = any($2::date[])
         and not exists (select 1 from unnest($3::uuid[], $4::date[]) as k (unit_id, month) where k.unit_id = s.unit_id and k.month = s.month)
       returning 1`,
      [countyCode, periods.map(firstDayOf), units, months],
    );
    const written = await tx.query(
      `insert into insight.unit_income_month as s (county_code, unit_id, month, level, parent_id, summary, formula_version, version, as_of)
       select $1, unit_id, month, level, parent_id, summary, $2, 1, $3::timestamptz
       from unnest($4::uuid[], $5::date[], $6::text[], $7::uuid[], $8::jsonb[]) as r (unit_id, month, level, parent_id, summary)
       on conflict (county_code, unit_id, month) do update set level = excluded.level, parent_id = excluded.parent_id, summary = excluded.summary,
         formula_version = excluded.formula_version, as_of = excluded.as_of, version = s.version + 1
       where (s.level, s.parent_id, s.summary, s.formula_version)
         is distinct from (excluded.level, excluded.parent_id, excluded.summary, excluded.formula_version)
       returning 1`,
      [
        countyCode,
        INCOME_FORMULA_VERSION,
        asOf.toISOString(),
        units,
        months,
        rows.map((row) => row.level),
        rows.map((row) => row.parentId),
        rows.map((row) => JSON.stringify(row.content)),
      ],
    );
    return dropped.length + written.length;
  }

  /** Stored summaries of some units in one period. */
  async of(tx: Tx, countyCode: string, period: Period, unitIds: readonly string[]): Promise<Map<string, StoredSummary>> {
    const rows = await tx.query<StoredSummary>(
      `select ${COLUMNS} from insight.unit_income_month where county_code = $1 and month = $2::date and unit_id = any($3::uuid[])`,
      [countyCode, firstDayOf(period), unitIds],
    );
    return new Map(rows.map((row) => [row.unitId, row]));
  }

  /** Stored summaries of one unit from one period to another, inclusive, oldest first. */
  async series(tx: Tx, countyCode: string, unitId: string, from: Period, to: Period): Promise<StoredSummary[]> {
    return tx.query(
      `select ${COLUMNS} from insight.unit_income_month
       where county_code = $1 and unit_id = $2::uuid and month between $3::date and $4::date order by month`,
      [countyCode, unitId, firstDayOf(from), firstDayOf(to)],
    );
  }

  /** Every stored summary of a county. */
  async all(tx: Tx, countyCode: string): Promise<StoredSummary[]> {
    return tx.query(`select ${COLUMNS} from insight.unit_income_month where county_code = $1 order by month, unit_id`, [
      countyCode,
    ]);
  }
}
