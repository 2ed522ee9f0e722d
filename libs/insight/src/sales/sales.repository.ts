import { Injectable } from '@nestjs/common';
import { firstDayOf, lastDayOf, type Day, type Period, type SalesFacts } from '#contracts';
import type { Tx } from '#platform';
import { SALES_FORMULA_VERSION, type SalesMonth, type SalesPlace } from './sales.facts.js';

/** A stored month of a unit. */
export interface StoredSales extends SalesMonth {
  readonly countyCode: string;
  readonly formulaVersion: string;
  readonly version: number;
  readonly asOf: Date;
}

/** Which stored months to read; what is left out does not restrict. */
export interface SalesFilter {
  readonly unitIds?: readonly string[];
  readonly parentIds?: readonly string[];
  readonly level?: 'county';
}

type FactsRow = SalesFacts & { holderId: string | null; townId: string | null };

const COLUMNS = `county_code as "countyCode", unit_id as "unitId", to_char(month, 'YYYY-MM') as period, level, parent_id as "parentId", facts,
  formula_version as "formulaVersion", version, as_of as "asOf"`;

/** Sales of units by month, recomputed from the entries that upflow publishes. */
@Injectable()
export class SalesRepository {
  /** Makes refreshes and rebuilds of one county wait for one another until the transaction ends. */
  async lock(tx: Tx, countyCode: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('insight.sales ' || $1, 0))`, [countyCode]);
  }

  /** Villages with entries in a month. */
  async villagesIn(tx: Tx, countyCodes: readonly string[], period: Period): Promise<{ countyCode: string; villageId: string }[]> {
    return await tx.query(
      `select distinct county_code as "countyCode", village_id as "villageId" from upflow.sale_entry
       where county_code = any($1) and day between $2::date and $3::date`,
      [countyCodes, firstDayOf(period), lastDayOf(period)],
    );
  }

  /** Months with entries. */
  async periodsOf(tx: Tx, countyCode: string): Promise<Period[]> {
    const rows = await tx.query<{ period: Period }>(
      `select distinct to_char(day, 'YYYY-MM') as period from upflow.sale_entry where county_code = $1`,
      [countyCode],
    );
    return rows.map(({ period }) => period);
  }

  /**
   * A month from scratch: of every village that the entries count for, of its town, and of the county. An order of goods from two villages is
   * an order of each, so orders add up; a household that was paid in both is one household of their town.
   */
  async compute(
    tx: Tx,
    countyCode: string,
    period: Period,
    places: readonly SalesPlace[],
    countyId: string | undefined,
  ): Promise<SalesMonth[]> {
    const rows = await tx.query<FactsRow>(
      `select p.holder_id as "holderId", p.town_id as "townId",
         coalesce(sum(e.amount_fen) filter (where e.kind = 'payment'), 0)::int8 as "gmvFen",
         coalesce(sum(e.amount_fen) filter (where e.kind = 'refund'), 0)::int8 as "refundFen",
         coalesce(sum(case e.kind when 'payment' then e.amount_fen when 'refund' then -e.amount_fen end), 0)::int8 as "netFen",
         count(distinct (p.holder_id, e.order_id)) filter (where e.kind = 'payment')::int as orders,
         coalesce(sum(e.amount_fen) filter (where e.kind = 'payout'), 0)::int8 as "payoutFen",
         count(distinct e.producer_id) filter (where e.kind = 'payout' and e.household)::int as households
       from upflow.sale_entry e
       join unnest($4::uuid[], $5::uuid[], $6::uuid[]) as p (village_id, holder_id, town_id) on p.village_id = e.village_id
       where e.county_code = $1 and e.day between $2::date and $3::date
       group by grouping sets ((p.holder_id, p.town_id), (p.town_id), ())
       having count(*) > 0 and (grouping(p.holder_id) = 0 or grouping(p.town_id) = 1 or p.town_id is not null)`,
      [
        countyCode,
        firstDayOf(period),
        lastDayOf(period),
        places.map(({ villageId }) => villageId),
        places.map(({ holderId }) => holderId),
        places.map(({ townId }) => townId),
      ],
    );
    return rows.flatMap(({ holderId, townId, ...facts }): SalesMonth[] => {
      if (holderId !== null) return [{ unitId: holderId, period, level: 'village', parentId: townId ?? countyId ?? null, facts }];
      if (townId !== null) return [{ unitId: townId, period, level: 'town', parentId: countyId ?? null, facts }];
      return countyId === undefined ? [] : [{ unitId: countyId, period, level: 'county', parentId: null, facts }];
    });
  }

  /**
   * Makes the stored months of a period exactly these. The version of a row grows only when what it says changed. Returns the units whose
   * rows are new, changed or gone.
   */
  async replace(tx: Tx, countyCode: string, period: Period, months: readonly SalesMonth[], asOf: Date): Promise<string[]> {
    const rows = await tx.query<{ unit_id: string }>(
      `with given as (select * from unnest($3::uuid[], $4::text[], $5::uuid[], $6::jsonb[]) as g (unit_id, level, parent_id, facts)),
       old as (select unit_id, version from insight.unit_sales_month where county_code = $1 and month = $2::date),
       gone as (
         delete from insight.unit_sales_month where county_code = $1 and month = $2::date and not unit_id = any($3::uuid[]) returning unit_id),
       put as (
         insert into insight.unit_sales_month as m (county_code, unit_id, month, level, parent_id, facts, formula_version, version, as_of)
         select $1, unit_id, $2::date, level, parent_id, facts, $7, 1, $8::timestamptz from given order by unit_id
         on conflict (county_code, unit_id, month) do update set level = excluded.level, parent_id = excluded.parent_id, facts = excluded.facts,
           formula_version = excluded.formula_version, as_of = excluded.as_of,
           version = m.version + case when (m.level, m.parent_id, m.facts, m.formula_version)
             is distinct from (excluded.level, excluded.parent_id, excluded.facts, excluded.formula_version) then 1 else 0 end
         returning unit_id, version)
       select put.unit_id from put left join old using (unit_id) where put.version is distinct from old.version
       union all select unit_id from gone`,
      [
        countyCode,
        firstDayOf(period),
        months.map((month) => month.unitId),
        months.map((month) => month.level),
        months.map((month) => month.parentId),
        months.map((month) => JSON.stringify(month.facts)),
        SALES_FORMULA_VERSION,
        asOf.toISOString(),
      ],
    );
    return rows.map((row) => row.unit_id);
  }

  /** Stored months of some counties from one period to another, inclusive, oldest first. */
  async read(tx: Tx, countyCodes: readonly string[], from: Period, to: Period, filter: SalesFilter = {}): Promise<StoredSales[]> {
    return await tx.query<StoredSales>(
      `select ${COLUMNS} from insight.unit_sales_month
       where county_code = any($1) and month between $2::date and $3::date and ($4::uuid[] is null or unit_id = any($4::uuid[]))
         and ($5::uuid[] is null or parent_id = any($5::uuid[])) and ($6::text is null or level = $6) order by month, unit_id`,
      [countyCodes, firstDayOf(from), firstDayOf(to), filter.unitIds ?? null, filter.parentIds ?? null, filter.level ?? null],
    );
  }

  /** The first month that any of the counties has; undefined before there is one. */
  async firstPeriod(tx: Tx, countyCodes: readonly string[]): Promise<Period | undefined> {
    const [row] = await tx.query<{ period: Period | null }>(
      `select to_char(min(month), 'YYYY-MM') as period from insight.unit_sales_month where county_code = any($1)`,
      [countyCodes],
    );
    return row?.period ?? undefined;
  }

  /** The moment of the county's latest computation; null before the first. */
  async latest(tx: Tx, countyCode: string): Promise<Date | null> {
    const [row] = await tx.query<{ at: Date | null }>(
      'select max(as_of) as at from insight.unit_sales_month where county_code = $1',
      [countyCode],
    );
    return row?.at ?? null;
  }

  /**
   * Months to be looked at again though nobody touched them: made by other formulas, or last looked at on an earlier day of theirs, because
   * a merger that was decided before takes effect with the days.
   */
  async outdated(tx: Tx, countyCode: string, today: Day): Promise<Period[]> {
    const rows = await tx.query<{ period: Period }>(
      `select distinct to_char(month, 'YYYY-MM') as period from insight.unit_sales_month
       where county_code = $1 and (formula_version <> $2 or ((as_of at time zone 'Asia/Shanghai')::date < $3::date
         and (as_of at time zone 'Asia/Shanghai')::date < (month + interval '1 month')::date))`,
      [countyCode, SALES_FORMULA_VERSION, today],
    );
    return rows.map(({ period }) => period);
  }
}
