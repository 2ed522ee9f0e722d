import { Injectable } from '@nestjs/common';
import { PARCEL_DAY_COUNTS, type Day } from '#contracts';
import type { Tx } from '#platform';
import type { DayFacts } from './coverage.facts.js';

/** A (unit, day) key. */
export type DayKey = readonly [unitId: string, day: Day];
/** Facts of a unit's day, with the unit. */
export interface UnitDayFacts extends DayFacts {
  readonly unitId: string;
}

const { service, brand, townArrival, reached, inbound, outbound, unassigned } = PARCEL_DAY_COUNTS;

const bit = (value: number): string => `count(*) filter (where counts & ${value} <> 0)::int`;

/** The facts of the keys, from scratch: `facts` has a row for every key about which anything is known. */
const FACTS = `
  keys as materialized (select unit_id, day from unnest($2::uuid[], $3::date[]) as k (unit_id, day)),
  rows as (
    select p.unit_id, p.day, p.waybill, p.carrier_code, p.counts from logistics.parcel_day p join keys k on k.unit_id = p.unit_id and k.day = p.day
    where p.county_code = $1 and p.day between $4::date and $5::date),
  parcels as (select unit_id, day, waybill, bit_or(counts) as counts from rows group by unit_id, day, waybill),
  parcel_facts as (
    select unit_id, day, ${bit(service)} as service_parcels, ${bit(townArrival)} as town_arrivals,
      ${bit(townArrival).replace('<> 0', `<> 0 and counts & ${reached} <> 0`)} as reached,
      ${bit(inbound)} as inbound, ${bit(outbound)} as outbound, ${bit(unassigned)} as unassigned
    from parcels group by unit_id, day),
  brand_facts as (
    select unit_id, day, array_agg(distinct carrier_code order by carrier_code) as brands
    from rows where counts & ${brand} <> 0 and carrier_code is not null group by unit_id, day),
  check_ins as (
    select distinct o.unit_id, o.day from logistics.open_day o join keys k on k.unit_id = o.unit_id and k.day = o.day
    where o.county_code = $1 and o.day between $4::date and $5::date),
  cases as (
    select o.unit_id, o.day, count(*)::int as extra_charges from logistics.complaint o join keys k on k.unit_id = o.unit_id and k.day = o.day
    where o.county_code = $1 and o.day between $4::date and $5::date and o.status = 'confirmed' group by o.unit_id, o.day),
  facts as (
    select unit_id, day, coalesce(service_parcels, 0) > 0 or o.unit_id is not null as service, o.unit_id is not null as open_day,
      coalesce(brands, '{}') as brands, coalesce(service_parcels, 0) as service_parcels, coalesce(town_arrivals, 0) as town_arrivals,
      coalesce(reached, 0) as reached, coalesce(inbound, 0) as inbound, coalesce(outbound, 0) as outbound,
      coalesce(unassigned, 0) as unassigned, coalesce(extra_charges, 0) as extra_charges
    from keys left join parcel_facts using (unit_id, day) left join brand_facts using (unit_id, day)
      left join check_ins o using (unit_id, day) left join cases using (unit_id, day)
    where o.unit_id is not null or cardinality(brands) > 0 or extra_charges > 0
      or service_parcels + town_arrivals + reached + inbound + outbound + unassigned > 0)`;

const CONTENT = [
  'service',
  'open_day',
  'brands',
  'service_parcels',
  'town_arrivals',
  'reached',
  'inbound',
  'outbound',
  'unassigned',
  'extra_charges',
];
const prefixed = (prefix: string): string => CONTENT.map((column) => `${prefix}.${column}`).join(', ');

const SELECTED = `unit_id as "unitId", day, open_day as "openDay", brands, service_parcels as "serviceParcels", town_arrivals as "townArrivals",
  reached, inbound, outbound, unassigned, extra_charges as "extraCharges"`;

/** Facts of units' days: made of what logistics publishes, kept in insight.unit_day. */
@Injectable()
export class DayFactsRepository {
  /** Makes the stored facts of the keys what they should be; rows that did not change are not written. */
  async recompute(tx: Tx, countyCode: string, keys: readonly DayKey[]): Promise<void> {
    if (keys.length === 0) return;
    await tx.query(
      `with ${FACTS},
        gone as (delete from insight.unit_day d using keys k
          where d.county_code = $1 and d.unit_id = k.unit_id and d.day = k.day and d.day between $4::date and $5::date
            and not exists (select 1 from facts f where f.unit_id = k.unit_id and f.day = k.day))
       insert into insight.unit_day as d (county_code, unit_id, day, ${CONTENT.join(', ')})
       select $1, unit_id, day, ${CONTENT.join(', ')} from facts order by unit_id, day
       on conflict (county_code, unit_id, day) do update set computed_at = now(), ${CONTENT.map((column) => `${column} = excluded.${column}`).join(', ')}
       where (${prefixed('d')}) is distinct from (${prefixed('excluded')})`,
      parameters(countyCode, keys),
    );
  }

  /** What the facts of the keys should be, without storing them. */
  async compute(tx: Tx, countyCode: string, keys: readonly DayKey[]): Promise<UnitDayFacts[]> {
    if (keys.length === 0) return [];
    return await tx.query<UnitDayFacts>(`with ${FACTS} select ${SELECTED} from facts`, parameters(countyCode, keys));
  }

  /** Stored facts from one day to another, inclusive, by unit; of all units of the county when none are named. */
  async read(tx: Tx, countyCode: string, from: Day, to: Day, unitIds?: Iterable<string>): Promise<Map<string, UnitDayFacts[]>> {
    const rows = await tx.query<UnitDayFacts>(
      `select ${SELECTED} from insight.unit_day
       where county_code = $1 and day between $2::date and $3::date and ($4::uuid[] is null or unit_id = any($4::uuid[])) order by unit_id, day`,
      [countyCode, from, to, unitIds ? [...unitIds] : null],
    );
    return byUnit(rows);
  }

  /** The first day from `from` on with any facts in the county; null when there is none. */
  async firstDay(tx: Tx, countyCode: string, from: Day, to: Day): Promise<Day | null> {
    const [row] = await tx.query<{ day: Day | null }>(
      `select min(day) as day from insight.unit_day where county_code = $1 and day between $2::date and $3::date`,
      [countyCode, from, to],
    );
    return row?.day ?? null;
  }

  /** Every key of the county's month about which anything is published or stored. */
  async keysOf(tx: Tx, countyCode: string, from: Day, to: Day): Promise<DayKey[]> {
    const tables = ['logistics.parcel_day', 'logistics.open_day', 'logistics.complaint', 'insight.unit_day'];
    const rows = await tx.query<{ unitId: string; day: Day }>(
      tables
        .map(
          (table) => `select unit_id as "unitId", day from ${table} where county_code = $1 and day between $2::date and $3::date`,
        )
        .join(' union '),
      [countyCode, from, to],
    );
    return rows.map((row) => [row.unitId, row.day]);
  }

  /** First and last day about which anything is published or stored; null when nothing is. */
  async span(tx: Tx, countyCode: string): Promise<{ from: Day; to: Day } | null> {
    const tables = ['logistics.parcel_day', 'logistics.open_day', 'logistics.complaint', 'insight.unit_day'];
    const [row] = await tx.query<{ from: Day | null; to: Day | null }>(
      `select min(day) as from, max(day) as to from (${tables.map((table) => `select day from ${table} where county_code = $1`).join(' union all ')}) as days`,
      [countyCode],
    );
    return row?.from && row.to ? { from: row.from, to: row.to } : null;
  }
}

function parameters(countyCode: string, keys: readonly DayKey[]): unknown[] {
  const days = keys.map(([, day]) => day).sort();
  return [countyCode, keys.map(([unitId]) => unitId), keys.map(([, day]) => day), days[0], days.at(-1)];
}

/** Groups facts by their unit. */
export function byUnit(rows: readonly UnitDayFacts[]): Map<string, UnitDayFacts[]> {
  const units = new Map<string, UnitDayFacts[]>();
  for (const row of rows) {
    const list = units.get(row.unitId);
    if (list) list.push(row);
    else units.set(row.unitId, [row]);
  }
  return units;
}
