/**
 * A county's worth of lots for the measurement of recalls: eight levels of lots, each made of lots of the level above, with a million codes in boxes,
 * orders and parcels. Everything comes from one field, so that a recall of the first lot reaches all of it: the worst case.
 */
import { RecallRepository } from '#trace';
import { uuidv7, type Tx } from '#platform';
import { BoxLots } from '../../libs/trace/src/code/box.lots.js';

const LEVELS = 8;
const LOTS_PER_LEVEL = 50;
/** Lots of the level above that each lot is made of. */
const PARENTS = 3;
const UNITS_PER_BOX = 50;
const STATIONS = 150;
const COUNTY = '990101';
const RUNS = 20;

/** How much to make; the default is what the aim is about. */
export interface RecallSize {
  codes: number;
  orders: number;
}
const SIZE: RecallSize = { codes: 1_000_000, orders: 20_000 };

/** What a recall of the first lot reached, and how long it took to find out. */
export interface RecallMeasure {
  lots: number;
  codes: number;
  boxes: number;
  orders: number;
  shipments: number;
  stations: number;
  medianMs: number;
  slowestMs: number;
}

/** A lot's id from its running number, so that rows of other tables can name it without asking. */
const lotId = (number: string) => `('00000000-0000-7000-8001-' || lpad((${number})::text, 12, '0'))::uuid`;
const idOf = (kind: number, number: string) => `('00000000-0000-7000-800${kind}-' || lpad((${number})::text, 12, '0'))::uuid`;
/** Any lot but the first: which one depends on the number only. */
const spread = (number: string) => `1 + (${number}) * 7919 % ${LEVELS * LOTS_PER_LEVEL - 1}`;

/** Fills an empty, migrated database; answers the lot from which everything comes. */
export async function insertRecallData(database: Tx, size: RecallSize = SIZE): Promise<string> {
  const [producer, product, nobody] = [uuidv7(), uuidv7(), uuidv7()];
  await database.query(
    `insert into upflow.producer (id, county_code, village_id, kind, name, poverty_alleviated, created_by) values ($1, '${COUNTY}', $2, 'coop', '合作社', false, $2)`,
    [producer, nobody],
  );
  await database.query(
    `insert into upflow.product (id, producer_id, name, category_code, version, created_by) values ($1, $2, '苹果', '010301', 1, $3)`,
    [product, producer, nobody],
  );
  await insertLots(database, { producer, product, nobody });
  await insertSales(database, size.orders, producer);
  await insertCodes(database, size, nobody);
  await new BoxLots().refresh(database, null);
  for (const table of [
    'upflow.lot',
    'upflow.lot_part',
    'upflow.allocation',
    'upflow.order_line',
    'upflow.sale_order',
    'upflow.shipment',
    'logistics.parcel',
    'trace.code',
    'trace.code_batch',
    'trace.box_lot',
  ])
    await database.query(`vacuum analyze ${table}`);
  const [first] = await database.query<{ id: string }>(`select ${lotId('0')} as id`);
  return first?.id ?? '';
}

async function insertLots(database: Tx, ids: { producer: string; product: string; nobody: string }): Promise<void> {
  await database.query(
    `insert into upflow.lot (id, county_code, product_id, producer_id, village_id, lot_no, origin, quantity_g, stock_g, flags, created_by)
     select ${lotId('n')}, '${COUNTY}', $1, $2, $3, 'B' || n, case when n < ${LOTS_PER_LEVEL} then 'harvest' else 'mix' end, 1000000, 1000000, '{}', $3
     from generate_series(0, ${LEVELS * LOTS_PER_LEVEL - 1}) as n`,
    [ids.product, ids.producer, ids.nobody],
  );
  // The first field's lot goes into every lot of the level below; from there on each lot takes from its neighbours above.
  await database.query(
    `insert into upflow.lot_part (parent_id, child_id, quantity_g, step_id)
     select ${lotId('0')}, ${lotId('n')}, 1000, $1::uuid from generate_series(1, ${2 * LOTS_PER_LEVEL - 1}) as n
     union select ${lotId(`(n / ${LOTS_PER_LEVEL} - 1) * ${LOTS_PER_LEVEL} + (n + p) % ${LOTS_PER_LEVEL}`)}, ${lotId('n')}, 1000, $1::uuid
     from generate_series(${2 * LOTS_PER_LEVEL}, ${LEVELS * LOTS_PER_LEVEL - 1}) as n, generate_series(0, ${PARENTS - 1}) as p`,
    [ids.nobody],
  );
}

async function insertSales(database: Tx, orders: number, seller: string): Promise<void> {
  const series = `generate_series(1, ${orders}) as n`;
  await database.query(
    `insert into upflow.sale_order (id, county_code, channel, channel_order_no, seller_id, village_id, state, paid_at, buyer_phone, created_by)
     select ${idOf(2, 'n')}, '${COUNTY}', 'jd', 'N' || n, $1, $1, 'shipped', now(), '\\x00', $1 from ${series}`,
    [seller],
  );
  await database.query(
    `insert into upflow.order_line (id, order_id, line_no, sku, quantity, amount_fen) select ${idOf(3, 'n')}, ${idOf(2, 'n')}, 1, '苹果', 1, 3990 from ${series}`,
  );
  await database.query(
    `insert into upflow.shipment (id, county_code, order_id, waybill, carrier_code, weight_g, freight_fen, packed_at, stage, stage_at, created_by)
     select ${idOf(4, 'n')}, '${COUNTY}', ${idOf(2, 'n')}, 'W' || lpad(n::text, 12, '0'), 'ZTO', 2600, 650, now(), 'accepted', now(), $1 from ${series}`,
    [seller],
  );
  await database.query(
    `insert into upflow.allocation (id, line_id, lot_id, quantity_g, shipment_id)
     select ${idOf(5, 'n')}, ${idOf(3, 'n')}, ${lotId(spread('n'))}, 2500, ${idOf(4, 'n')} from ${series}`,
  );
  await database.query(
    `insert into logistics.parcel (county_code, waybill, direction, stage, station_id, first_claimed_at, last_event_at)
     select '${COUNTY}', 'W' || lpad(n::text, 12, '0'), 'outbound', 'accepted', ${idOf(6, `n % ${STATIONS}`)}, now(), now() from ${series}`,
  );
}

async function insertCodes(database: Tx, { codes, orders }: RecallSize, nobody: string): Promise<void> {
  const boxes = Math.ceil(codes / UNITS_PER_BOX);
  await database.query(
    `insert into trace.code (serial, county_code, batch_id, lot_id, level, state, sscc, shipment_id)
     select n, '${COUNTY}', $1, ${lotId(spread('n'))}, 'box', 'active', lpad(n::text, 18, '0'), ${idOf(4, `1 + n % ${orders}`)}
     from generate_series(1, ${boxes}) as n`,
    [nobody],
  );
  // Units come in the lot of their box, as they do from a packing line.
  await database.query(
    `insert into trace.code (serial, county_code, batch_id, lot_id, level, state, box_serial, shipment_id)
     select ${boxes} + 1 + n, '${COUNTY}', $1, ${lotId(spread(`1 + n / ${UNITS_PER_BOX}`))}, 'unit', 'active', 1 + n / ${UNITS_PER_BOX},
       ${idOf(4, `1 + (1 + n / ${UNITS_PER_BOX}) % ${orders}`)}
     from generate_series(0, ${codes - 1}) as n`,
    [nobody],
  );
  await database.query(
    `insert into trace.code_batch (id, county_code, lot_id, level, form, count, made, activation, state, created_by)
     select ${idOf(7, 'row_number() over ()')}, '${COUNTY}', lot_id, 'unit', 'short', count(*), count(*), 'at_once', 'done', $1
     from trace.code where level = 'unit' group by lot_id`,
    [nobody],
  );
}

/** Fills a database and finds out, many times over, what a recall of the first lot reaches, as the API does. */
export async function measureRecall(database: Tx, size: RecallSize = SIZE): Promise<RecallMeasure> {
  const first = await insertRecallData(database, size);
  const recalls = new RecallRepository();
  const times: number[] = [];
  let found: Omit<RecallMeasure, 'medianMs' | 'slowestMs'> | undefined;
  for (let run = 0; run < RUNS; run += 1) {
    const begin = performance.now();
    const sets = await recalls.lotSets(database, first, 'down');
    const { codes, boxes, orders, shipments, stations } = await recalls.count(database, sets);
    times.push(performance.now() - begin);
    found = { lots: sets.recalled.length, codes, boxes, orders, shipments, stations };
  }
  times.sort((left, right) => left - right);
  if (!found) throw new Error('At least one run');
  return { ...found, medianMs: Math.round(times[RUNS >> 1] ?? 0), slowestMs: Math.round(times.at(-1) ?? 0) };
}
