/** Rows of produce made by SQL, for tests of what reads them. Times and quantities that a test does not care about are plain. */
import { uuidv7, type SecretBox, type Tx } from '#platform';

const AT = '2026-11-01T08:00:00+08:00';
const NOBODY = '00000000-0000-7000-8000-000000000000';

export interface ProducerSeed {
  id?: string;
  countyCode: string;
  villageId: string;
  kind?: string;
  name?: string;
}
/** A producer; answers its id. */
export async function insertProducer(tx: Tx, seed: ProducerSeed): Promise<string> {
  const id = seed.id ?? uuidv7();
  await tx.query(
    `insert into upflow.producer (id, county_code, village_id, kind, name, poverty_alleviated, created_by) values ($1, $2, $3, $4, $5, false, $6)`,
    [id, seed.countyCode, seed.villageId, seed.kind ?? 'coop', seed.name ?? '东山果业合作社', NOBODY],
  );
  return id;
}

export interface ProductSeed {
  id?: string;
  producerId: string;
  name?: string;
  categoryCode?: string;
  /** Fourteen digits. */
  gtin?: string;
  ownCode?: string;
}
/** A product; answers its id. */
export async function insertProduct(tx: Tx, seed: ProductSeed): Promise<string> {
  const id = seed.id ?? uuidv7();
  await tx.query(
    `insert into upflow.product (id, producer_id, name, category_code, gtin, own_code, version, created_by) values ($1, $2, $3, $4, $5, $6, 1, $7)`,
    [
      id,
      seed.producerId,
      seed.name ?? '红富士苹果',
      seed.categoryCode ?? '010301',
      seed.gtin ?? null,
      seed.ownCode ?? null,
      NOBODY,
    ],
  );
  return id;
}

export interface LotSeed {
  id?: string;
  countyCode: string;
  villageId: string;
  producerId: string;
  productId: string;
  lotNo: string;
  origin?: 'harvest' | 'split' | 'mix' | 'repack';
  harvestedOn?: string | null;
  quantityG?: number;
}
/** A lot with all of its quantity in stock; answers its id. */
export async function insertLot(tx: Tx, seed: LotSeed): Promise<string> {
  const id = seed.id ?? uuidv7();
  const { origin = 'harvest', quantityG = 100_000 } = seed;
  await tx.query(
    `insert into upflow.lot (id, county_code, product_id, producer_id, village_id, lot_no, origin, plot_name, harvested_on, quantity_g, stock_g, flags, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, '{}', $11)`,
    [
      id,
      seed.countyCode,
      seed.productId,
      seed.producerId,
      seed.villageId,
      seed.lotNo,
      origin,
      origin === 'harvest' ? '东坡三号' : null,
      seed.harvestedOn === undefined ? '2026-11-01' : seed.harvestedOn,
      quantityG,
      NOBODY,
    ],
  );
  return id;
}

/** Some grams of a lot went into another. */
export async function insertLotPart(
  tx: Tx,
  part: { parentId: string; childId: string; quantityG?: number; stepId?: string },
): Promise<void> {
  await tx.query('insert into upflow.lot_part (parent_id, child_id, quantity_g, step_id) values ($1, $2, $3, $4)', [
    part.parentId,
    part.childId,
    part.quantityG ?? 1000,
    part.stepId ?? uuidv7(),
  ]);
}

export interface OrderSeed {
  id?: string;
  countyCode: string;
  villageId: string;
  sellerId: string;
  channelOrderNo: string;
  /** What the order's one line takes of which lot. */
  lots: readonly { lotId: string; quantityG?: number }[];
  buyer?: { name: string; phone: string; secrets: SecretBox };
}
/** A paid order of one line with its allocations; answers the ids. */
export async function insertOrder(tx: Tx, seed: OrderSeed): Promise<{ id: string; lineId: string; allocationIds: string[] }> {
  const [id, lineId] = [seed.id ?? uuidv7(), uuidv7()];
  const sealed = (text: string | undefined) => (text && seed.buyer ? Buffer.from(seed.buyer.secrets.encrypt(text)) : null);
  await tx.query(
    `insert into upflow.sale_order (id, county_code, channel, channel_order_no, seller_id, village_id, state, paid_at, buyer_name, buyer_phone, created_by)
     values ($1, $2, 'pinduoduo', $3, $4, $5, 'allocated', $6, $7, $8, $9)`,
    [
      id,
      seed.countyCode,
      seed.channelOrderNo,
      seed.sellerId,
      seed.villageId,
      AT,
      sealed(seed.buyer?.name),
      sealed(seed.buyer?.phone),
      NOBODY,
    ],
  );
  await tx.query(
    `insert into upflow.order_line (id, order_id, line_no, sku, quantity, amount_fen) values ($1, $2, 1, '苹果5斤装', 1, 3990)`,
    [lineId, id],
  );
  const allocationIds = seed.lots.map(() => uuidv7());
  for (const [index, { lotId, quantityG = 2500 }] of seed.lots.entries())
    await tx.query('insert into upflow.allocation (id, line_id, lot_id, quantity_g) values ($1, $2, $3, $4)', [
      allocationIds[index],
      lineId,
      lotId,
      quantityG,
    ]);
  return { id, lineId, allocationIds };
}

export interface ShipmentSeed {
  id?: string;
  countyCode: string;
  orderId: string;
  waybill: string;
  /** Default: nothing of the order's allocations. */
  allocationIds?: readonly string[];
}
/** A packed parcel of an order; answers its id. */
export async function insertShipment(tx: Tx, seed: ShipmentSeed): Promise<string> {
  const id = seed.id ?? uuidv7();
  await tx.query(
    `insert into upflow.shipment (id, county_code, order_id, waybill, carrier_code, weight_g, freight_fen, packed_at, stage, stage_at, created_by)
     values ($1, $2, $3, $4, 'ZTO', 2600, 650, $5, 'announced', $5, $6)`,
    [id, seed.countyCode, seed.orderId, seed.waybill, AT, NOBODY],
  );
  await tx.query('update upflow.allocation set shipment_id = $1 where id = any($2::uuid[])', [id, seed.allocationIds ?? []]);
  return id;
}
