/**
 * What some lots went into, as tables of one statement: `$1` are the ids of the recalled lots. Codes are never read: which lots a box holds is kept beside
 * them (libs/trace/src/code/box.lots.ts). What a box holds decides, not what it was ordered for; a box without registered units holds the lot that it was
 * ordered for. A code leaves only in a parcel to which its lot is allocated, so the allocations know every parcel and order.
 */
export const REACHED = `with
  lots(id) as materialized (select distinct unnest($1::uuid[])),
  boxes(serial) as materialized (select distinct b.box_serial from lots join trace.box_lot b on b.lot_id = lots.id),
  shares as materialized (
    select a.shipment_id as shipment, o.order_id as order_id, sum(a.quantity_g)::bigint as grams
    from lots join upflow.allocation a on a.lot_id = lots.id join upflow.order_line o on o.id = a.line_id group by 1, 2),
  shipments(id) as materialized (
    select distinct a.shipment_id from lots join upflow.allocation a on a.lot_id = lots.id where a.shipment_id is not null),
  orders(id) as materialized (
    select distinct o.order_id from lots join upflow.allocation a on a.lot_id = lots.id join upflow.order_line o on o.id = a.line_id),
  stations(id, parcels) as (
    select p.station_id, count(*)::int from shipments join upflow.shipment s on s.id = shipments.id
    join logistics.parcel p on p.county_code = s.county_code and p.waybill = s.waybill where p.station_id is not null group by 1)`;

/** The lots above a lot (`$1`), and those that a recall of the scope `$2` reaches: the lot itself is one of these. */
export const LOT_SETS = `with recursive
  up(id) as (select $1::uuid union select p.parent_id from up u join upflow.lot_part p on p.child_id = u.id),
  down(id) as (
    select id from up where id = $1::uuid or $2::text = 'source'
    union select p.child_id from down d join upflow.lot_part p on p.parent_id = d.id)
  select array(select id from up where id <> $1::uuid) as up, array(select id from down) as recalled`;
