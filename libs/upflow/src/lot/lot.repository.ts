import { Injectable } from '@nestjs/common';
import type { LotFlag, LotOrigin, ProducerKind } from '#contracts';
import type { Tx } from '#platform';
import type { ListedProducers } from '../village.scope.js';
import { lotNoPrefix } from './lot.number.js';

/** A lot as stored, with what its product and producer say of it. */
export interface LotRow {
  id: string;
  countyCode: string;
  lotNo: string;
  origin: LotOrigin;
  productId: string;
  productName: string;
  categoryCode: string;
  gtin: string | null;
  ownCode: string | null;
  producerId: string;
  producerName: string;
  producerKind: ProducerKind;
  /** Village of the producer; `villageId` is that of the lot's origin. */
  producerVillageId: string;
  villageId: string;
  plotName: string | null;
  latitude: number | null;
  longitude: number | null;
  areaMu: number | null;
  harvestedOn: string | null;
  quantityG: number;
  stockG: number;
  flags: LotFlag[];
  note: string | null;
  revision: number;
  createdAt: Date;
}

/** What a new lot is stored with; its stock is its quantity. */
export type NewLot = Pick<
  LotRow,
  | 'id'
  | 'countyCode'
  | 'lotNo'
  | 'origin'
  | 'productId'
  | 'producerId'
  | 'villageId'
  | 'plotName'
  | 'latitude'
  | 'longitude'
  | 'areaMu'
  | 'harvestedOn'
  | 'quantityG'
  | 'note'
  | 'createdAt'
> & { createdBy: string };

/** Which lots a list shows. */
export interface LotFilter extends ListedProducers {
  producerId: string | undefined;
  productId: string | undefined;
  lotNo: string | undefined;
  inStock: boolean | undefined;
  /** The last row of the page before. */
  after: { createdAt: Date; id: string } | undefined;
  limit: number;
}

const SELECT = `select l.id, l.county_code as "countyCode", l.lot_no as "lotNo", l.origin, l.product_id as "productId", p.name as "productName",
  p.category_code as "categoryCode", p.gtin, p.own_code as "ownCode", l.producer_id as "producerId", r.name as "producerName", r.kind as "producerKind",
  r.village_id as "producerVillageId", l.village_id as "villageId", l.plot_name as "plotName", l.latitude, l.longitude, l.area_mu as "areaMu",
  l.harvested_on as "harvestedOn", l.quantity_g as "quantityG", l.stock_g as "stockG", l.flags, l.note, l.revision, l.created_at as "createdAt"
  from upflow.lot l join upflow.product p on p.id = l.product_id join upflow.producer r on r.id = l.producer_id`;

/** Lots in the table upflow.lot, and what they were made of. Their stock changes by LotStock alone. */
@Injectable()
export class LotRepository {
  /** Adds a lot; false when its id or its number is taken. */
  async insert(tx: Tx, lot: NewLot): Promise<boolean> {
    const added = await tx.query(
      `insert into upflow.lot (id, county_code, product_id, producer_id, village_id, lot_no, origin, plot_name, latitude, longitude, area_mu,
         harvested_on, quantity_g, stock_g, flags, note, created_by, created_at)
       values ($1::uuid, $2, $3::uuid, $4::uuid, $5::uuid, $6, $7, $8, $9::float8, $10::float8, $11::float8, $12::date, $13::bigint, $13::bigint, '{}', $14,
         $15::uuid, $16::timestamptz)
       on conflict do nothing returning 1`,
      [
        lot.id,
        lot.countyCode,
        lot.productId,
        lot.producerId,
        lot.villageId,
        lot.lotNo,
        lot.origin,
        lot.plotName,
        lot.latitude,
        lot.longitude,
        lot.areaMu,
        lot.harvestedOn,
        lot.quantityG,
        lot.note,
        lot.createdBy,
        lot.createdAt.toISOString(),
      ],
    );
    return added.length > 0;
  }

  async find(tx: Tx, id: string): Promise<LotRow | undefined> {
    const [row] = await tx.query<LotRow>(`${SELECT} where l.id = $1::uuid`, [id]);
    return row;
  }

  async findMany(tx: Tx, ids: readonly string[]): Promise<Map<string, LotRow>> {
    const rows = await tx.query<LotRow>(`${SELECT} where l.id = any($1::uuid[])`, [ids]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Numbers of a product's lots that start with a day. */
  async lotNos(tx: Tx, productId: string, day: string): Promise<string[]> {
    const rows = await tx.query<{ lotNo: string }>(
      `select lot_no as "lotNo" from upflow.lot where product_id = $1::uuid and lot_no like $2 || '%'`,
      [productId, lotNoPrefix(day)],
    );
    return rows.map(({ lotNo }) => lotNo);
  }

  /** Sets the flags of a lot and counts the change that its readers see. */
  async changed(tx: Tx, id: string, flags: readonly LotFlag[]): Promise<void> {
    await tx.query('update upflow.lot set flags = $2::text[], revision = revision + 1 where id = $1::uuid', [id, flags]);
  }

  /** Lots by the filter, the newest first. */
  async list(tx: Tx, filter: LotFilter): Promise<LotRow[]> {
    return tx.query(
      `${SELECT} where ($1::uuid[] is null or l.village_id = any($1::uuid[]) or r.village_id = any($1::uuid[]))
         and ($2::uuid[] is null or l.producer_id = any($2::uuid[])) and ($3::uuid is null or l.producer_id = $3::uuid)
         and ($4::uuid is null or l.product_id = $4::uuid) and ($5::text is null or l.lot_no = $5)
         and ($6::bool is null or (l.stock_g > 0) = $6::bool)
         and ($7::timestamptz is null or (l.created_at, l.id) < ($7::timestamptz, $8::uuid))
       order by l.created_at desc, l.id desc limit $9`,
      [
        filter.villageIds,
        filter.producerIds,
        filter.producerId ?? null,
        filter.productId ?? null,
        filter.lotNo ?? null,
        filter.inStock ?? null,
        filter.after?.createdAt.toISOString() ?? null,
        filter.after?.id ?? null,
        filter.limit,
      ],
    );
  }
}
