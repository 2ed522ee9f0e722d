import type { Tx } from '#platform';
import type { ToldOrder } from './order.rows.js';

/** A product as a line may turn out to be. */
export interface LineProduct {
  id: string;
  name: string;
  spec: string | null;
}
/** The product that a channel's name of goods means; `undefined` for an unknown one. */
export type ProductOf = (sku: string) => LineProduct | undefined;

/**
 * Reads what the names of goods in an export mean to their seller: the product that lines of the same name turned out to be, else the one product whose
 * name stands in it. Read once for an import: asked again for each batch, it would cost more with every order that is stored.
 */
export async function readProducts(tx: Tx, sellerId: string, orders: readonly ToldOrder[]): Promise<ProductOf> {
  const products = await tx.query<LineProduct>(
    'select id, name, spec from upflow.product where producer_id = $1::uuid order by length(name) desc, id',
    [sellerId],
  );
  const skus = [...new Set(orders.flatMap(({ lines }) => lines.map(({ sku }) => sku)))];
  const rows = await tx.query<{ sku: string; productId: string }>(
    `select distinct on (l.sku) l.sku, l.product_id as "productId" from upflow.order_line l join upflow.sale_order o on o.id = l.order_id
     where o.seller_id = $1::uuid and l.sku = any($2::text[]) and l.product_id is not null order by l.sku, l.id desc`,
    [sellerId, skus],
  );
  const learned = new Map(rows.map(({ sku, productId }) => [sku, productId]));
  const found = new Map(skus.map((sku) => [sku, productOf(sku, products, learned.get(sku))]));
  return (sku) => found.get(sku);
}

function productOf(sku: string, products: readonly LineProduct[], learned: string | undefined): LineProduct | undefined {
  if (learned !== undefined) return products.find(({ id }) => id === learned) ?? { id: learned, name: sku, spec: null };
  const named = products.filter(({ name }) => sku.includes(name));
  // Two products of the same name cannot be told apart by it.
  return named.filter(({ name }) => name === named[0]?.name).length === 1 ? named[0] : undefined;
}
