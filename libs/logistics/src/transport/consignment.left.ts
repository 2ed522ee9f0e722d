import { STATION_DAY_COUNTS } from '#contracts';

/**
 * SQL: whether the parcel of consignment `c` left without a hand-over, as when a courier fetches it at the counter. The ledger knows: it was
 * dispatched where it was taken in, or was seen further on.
 */
export const LEFT_BY_SCAN = `(
  exists (select 1 from logistics.parcel p where p.county_code = c.county_code and p.waybill = c.waybill
    and p.stage not in ('announced', 'accepted', 'unknown'))
  or exists (select 1 from logistics.parcel_day d where d.county_code = c.county_code and d.unit_id = c.unit_id and d.waybill = c.waybill
    and d.day >= (c.occurred_at at time zone 'Asia/Shanghai')::date - 1 and d.counts & ${String(STATION_DAY_COUNTS.dispatchedOut)} <> 0))`;
/** SQL: whether the parcel of consignment `c` has left. */
export const HAS_LEFT = `(c.left_at is not null or ${LEFT_BY_SCAN})`;
/** SQL: whether it still waits; the index of what waits serves it. */
export const STILL_WAITS = `(c.left_at is null and not ${LEFT_BY_SCAN})`;
