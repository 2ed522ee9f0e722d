/**
 * What some lots went into, as tables of one statement: `$1` are the ids of the recalled lots. Codes are never read one by one: the boxes that hold units
 * of a lot are found by leaping from one box to the next along an index, so that a million codes cost as many steps as they have boxes. What a box holds
 * decides, not what it was ordered for; a box without registered units holds the lot that it was ordered for. A code leaves only in a parcel to which its
 * lot is allocated, so the allocations know every parcel and order.
 */
export const REACHED = `with recursive
  lots(id) as materialized (select distinct unnest($1::uuid[])),
  packed(lot_id, box) as (
    select id, (select c.box_serial from trace.code c where c.lot_id = id and c.box_serial is not null order by c.box_serial limit 1) from lots
    union all
    select lot_id, (select c.box_serial from trace.code c where c.lot_id = p.lot_id and c.box_serial > p.box order by c.box_serial limit 1)
    from packed p where box is not null),
  unregistered(serial) as materialized (
    select c.serial from lots join trace.code c on c.lot_id = lots.id and c.level = 'box' except select box from packed),
  boxes(serial) as materialized (
    select distinct box from packed where box is not null
    union all select n.serial from unregistered n where not exists (select 1 from trace.code u where u.box_serial = n.serial)),
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
