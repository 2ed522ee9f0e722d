import { Injectable } from '@nestjs/common';
import type { CertificationInput, ProducerKind } from '#contracts';
import type { Tx } from '#platform';
import type { ListedProducers } from '../village.scope.js';

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
  ownCode: string | null;
  spec: string | null;
  certifications: CertificationInput[];
  version: number;
  updatedAt: Date;
}

const CERTIFICATIONS = `coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'kind', c.kind, 'number', c.number, 'issuedBy', c.issued_by,
    'validFrom', c.valid_from, 'validTo', c.valid_to) order by c.valid_from, c.id)
  from upflow.product_certification c where c.product_id = p.id), '[]'::jsonb)`;
const SELECT = `select p.id, p.producer_id as "producerId", r.name as "producerName", r.kind as "producerKind", r.village_id as "villageId",
  r.county_code as "countyCode", p.name, p.category_code as "categoryCode", p.gtin, p.own_code as "ownCode", p.spec, ${CERTIFICATIONS} as certifications,
  p.version, p.updated_at as "updatedAt"
  from upflow.product p join upflow.producer r on r.id = p.producer_id`;

/** Products in the tables upflow.product and upflow.product_certification. */
@Injectable()
export class ProductRepository {
  /** Adds a product as its version 1; false when its id or its GTIN is taken. */
  async insert(
    tx: Tx,
    row: Pick<ProductRow, 'id' | 'producerId' | 'name' | 'categoryCode' | 'gtin' | 'ownCode' | 'spec' | 'updatedAt'> & {
      createdBy: string;
    },
  ): Promise<boolean> {
    const added = await tx.query(
      `insert into upflow.product (id, producer_id, name, category_code, gtin, own_code, spec, version, created_by, updated_at)
       values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, 1, $8::uuid, $9::timestamptz) on conflict do nothing returning 1`,
      [
        row.id,
        row.producerId,
        row.name,
        row.categoryCode,
        row.gtin,
        row.ownCode,
        row.spec,
        row.createdBy,
        row.updatedAt.toISOString(),
      ],
    );
    return added.length > 0;
  }

  /**
   * Writes the next version of a product. Its lots show it, so their revisions move on too.
   * @throws a unique violation when another product has the GTIN
   */
  async update(
    tx: Tx,
    row: Pick<ProductRow, 'id' | 'name' | 'categoryCode' | 'gtin' | 'ownCode' | 'spec' | 'version' | 'updatedAt'>,
  ): Promise<void> {
    await tx.query(
      `update upflow.product set name = $2, category_code = $3, gtin = $4, version = $5, updated_at = $6::timestamptz, own_code = $7, spec = $8
       where id = $1::uuid`,
      [row.id, row.name, row.categoryCode, row.gtin, row.version, row.updatedAt.toISOString(), row.ownCode, row.spec],
    );
    await tx.query(
      `update upflow.lot set revision = revision + 1
       where id in (select id from upflow.lot where product_id = $1::uuid order by id for update)`,
      [row.id],
    );
  }

  /** One product; locked until the transaction ends when it is to be changed. */
  async find(tx: Tx, id: string, forChange = false): Promise<ProductRow | undefined> {
    const [row] = await tx.query<ProductRow>(`${SELECT} where p.id = $1::uuid ${forChange ? 'for no key update of p' : ''}`, [
      id,
    ]);
    return row;
  }

  /** Several products, locked in the order of their ids: their lots are numbered one after the other. */
  async lock(tx: Tx, ids: readonly string[]): Promise<Map<string, ProductRow>> {
    const rows = await tx.query<ProductRow>(`${SELECT} where p.id = any($1::uuid[]) order by p.id for no key update of p`, [ids]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Own codes that start alike; whoever makes the next one waits for the others. */
  async ownCodes(tx: Tx, prefix: string): Promise<string[]> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`upflow.own_code:${prefix}`]);
    const rows = await tx.query<{ code: string }>(`select own_code as code from upflow.product where own_code like $1 || '%'`, [
      prefix,
    ]);
    return rows.map(({ code }) => code);
  }

  /** Adds a certification; `undefined` when it was added, what stands under its id otherwise. */
  async certify(
    tx: Tx,
    productId: string,
    input: CertificationInput,
  ): Promise<(CertificationInput & { productId: string }) | undefined> {
    const { id, kind, number, issuedBy, validFrom, validTo } = input;
    const added = await tx.query(
      `insert into upflow.product_certification (id, product_id, kind, number, issued_by, valid_from, valid_to)
       values ($1::uuid, $2::uuid, $3, $4, $5, $6::date, $7::date) on conflict (id) do nothing returning 1`,
      [id, productId, kind, number, issuedBy, validFrom, validTo],
    );
    if (added.length > 0) return undefined;
    const [stored] = await tx.query<CertificationInput & { productId: string }>(
      `select id, product_id as "productId", kind, number, issued_by as "issuedBy", valid_from as "validFrom", valid_to as "validTo"
       from upflow.product_certification where id = $1::uuid`,
      [id],
    );
    return stored;
  }

  /** Products of some producers, in id order after an id. */
  async list(
    tx: Tx,
    filter: ListedProducers & {
      producerId: string | undefined;
      category: string | undefined;
      after: string | undefined;
      limit: number;
    },
  ): Promise<ProductRow[]> {
    return tx.query(
      `${SELECT} where ($1::uuid[] is null or r.village_id = any($1::uuid[])) and ($2::uuid is null or p.producer_id = $2::uuid)
         and ($3::text is null or p.category_code like $3 || '%') and ($4::uuid is null or p.id > $4::uuid)
         and ($6::uuid[] is null or p.producer_id = any($6::uuid[]))
       order by p.id limit $5`,
      [
        filter.villageIds,
        filter.producerId ?? null,
        filter.category ?? null,
        filter.after ?? null,
        filter.limit,
        filter.producerIds,
      ],
    );
  }
}
