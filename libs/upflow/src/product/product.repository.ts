import { Injectable } from '@nestjs/common';
import type { ProducerKind } from '#contracts';
import type { Tx } from '#platform';

/** A product as stored, with what its producer says of it. */
export interface ProductRow {
  id: string;
  producerId: string;
  producerName: string;
  producerKind: ProducerKind;
  villageId: string;
  countyCode: string;
  name: string;
  categoryCode: string;
  gtin: string | null;
  version: number;
  updatedAt: Date;
}

const SELECT = `select p.id, p.producer_id as "producerId", r.name as "producerName", r.kind as "producerKind", r.village_id as "villageId",
  r.county_code as "countyCode", p.name, p.category_code as "categoryCode", p.gtin, p.version, p.updated_at as "updatedAt"
  from upflow.product p join upflow.producer r on r.id = p.producer_id`;

/** Products in the table upflow.product. */
@Injectable()
export class ProductRepository {
  /** Adds a product as its version 1; false when its id or its GTIN is taken. */
  async insert(
    tx: Tx,
    row: Pick<ProductRow, 'id' | 'producerId' | 'name' | 'categoryCode' | 'gtin' | 'updatedAt'> & { createdBy: string },
  ): Promise<boolean> {
    const added = await tx.query(
      `insert into upflow.product (id, producer_id, name, category_code, gtin, version, created_by, updated_at)
       values ($1::uuid, $2::uuid, $3, $4, $5, 1, $6::uuid, $7::timestamptz) on conflict do nothing returning 1`,
      [row.id, row.producerId, row.name, row.categoryCode, row.gtin, row.createdBy, row.updatedAt.toISOString()],
    );
    return added.length > 0;
  }

  /** Writes the next version of a product. @throws a unique violation when another product has the GTIN */
  async update(tx: Tx, row: Pick<ProductRow, 'id' | 'name' | 'categoryCode' | 'gtin' | 'version' | 'updatedAt'>): Promise<void> {
    await tx.query(
      `update upflow.product set name = $2, category_code = $3, gtin = $4, version = $5, updated_at = $6::timestamptz where id = $1::uuid`,
      [row.id, row.name, row.categoryCode, row.gtin, row.version, row.updatedAt.toISOString()],
    );
  }

  /** One product; locked until the transaction ends when it is to be changed. */
  async find(tx: Tx, id: string, forChange = false): Promise<ProductRow | undefined> {
    const [row] = await tx.query<ProductRow>(`${SELECT} where p.id = $1::uuid ${forChange ? 'for update of p' : ''}`, [id]);
    return row;
  }

  /** Products of some villages (`null`: of all), in id order after an id. */
  async list(
    tx: Tx,
    filter: {
      villageIds: readonly string[] | null;
      producerId: string | undefined;
      category: string | undefined;
      after: string | undefined;
      limit: number;
    },
  ): Promise<ProductRow[]> {
    return tx.query(
      `${SELECT} where ($1::uuid[] is null or r.village_id = any($1::uuid[])) and ($2::uuid is null or p.producer_id = $2::uuid)
         and ($3::text is null or p.category_code like $3 || '%') and ($4::uuid is null or p.id > $4::uuid)
       order by p.id limit $5`,
      [filter.villageIds, filter.producerId ?? null, filter.category ?? null, filter.after ?? null, filter.limit],
    );
  }
}
