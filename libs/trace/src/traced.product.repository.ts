import { Injectable } from '@nestjs/common';
import type { DomainEventPayload, ProducerKind } from '#contracts';
import type { Tx } from '#platform';

/** What the resolver knows of a product. */
export interface TracedProductRow {
  gtin: string;
  name: string;
  categoryCode: string;
  producerName: string;
  producerKind: ProducerKind;
  villageId: string;
  version: number;
  changedAt: Date;
}

/** Products in the table trace.product. */
@Injectable()
export class TracedProductRepository {
  /** Records a product unless a later version is known already, so that the order of delivery does not matter. */
  async record(tx: Tx, countyCode: string, product: DomainEventPayload<'upflow.product.changed'>): Promise<void> {
    await tx.query(
      `insert into trace.product as p (product_id, county_code, gtin, name, category_code, producer_name, producer_kind, village_id, version, changed_at)
       values ($1::uuid, $2, $3, $4, $5, $6, $7, $8::uuid, $9, $10::timestamptz)
       on conflict (product_id) do update set county_code = excluded.county_code, gtin = excluded.gtin, name = excluded.name, category_code = excluded.category_code,
         producer_name = excluded.producer_name, producer_kind = excluded.producer_kind, village_id = excluded.village_id, version = excluded.version,
         changed_at = excluded.changed_at
       where p.version < excluded.version`,
      [
        product.productId,
        countyCode,
        product.gtin,
        product.name,
        product.categoryCode,
        product.producerName,
        product.producerKind,
        product.villageId,
        product.version,
        product.changedAt,
      ],
    );
  }

  /** The product that bears a GTIN; the one that took it last while another's giving it up is still on its way. */
  async byGtin(tx: Tx, gtin: string): Promise<TracedProductRow | undefined> {
    const [row] = await tx.query<TracedProductRow>(
      `select gtin, name, category_code as "categoryCode", producer_name as "producerName", producer_kind as "producerKind", village_id as "villageId",
         version, changed_at as "changedAt" from trace.product where gtin = $1 order by changed_at desc limit 1`,
      [gtin],
    );
    return row;
  }
}
