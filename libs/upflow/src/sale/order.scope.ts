import { actsForProducer, type DirectorySnapshot, type ProduceActor } from '#directory';
import { invalid, notFound, type Tx } from '#platform';

/** A producer that sells. */
export interface Seller {
  id: string;
  countyCode: string;
  villageId: string;
  name: string;
}
/** Who writes orders. */
export type SaleActor = ProduceActor & { id: string };

const SELLER = `select id, county_code as "countyCode", village_id as "villageId", name from upflow.producer where id = $1::uuid`;

/** The seller, for whom the actor may act. @throws DomainError `invalid_input` 400 for an unknown one, or one of somebody else */
export async function sellerOf(tx: Tx, snapshot: DirectorySnapshot, actor: ProduceActor, sellerId: string): Promise<Seller> {
  const [seller] = await tx.query<Seller>(SELLER, [sellerId]);
  if (!seller || !actsForProducer(snapshot, actor, seller))
    throw invalid([{ path: 'sellerId', code: 'producer_unknown', message: sellerId }]);
  return seller;
}

/** An order as far as its writers need it. */
export interface OrderHead {
  id: string;
  countyCode: string;
  sellerId: string;
  villageId: string;
  state: string;
  province: string | null;
}

/** Locks an order that the actor may work on. @throws DomainError `not_found` 404, also when it is somebody else's */
export async function lockOrder(tx: Tx, snapshot: DirectorySnapshot, actor: ProduceActor, id: string): Promise<OrderHead> {
  const [order] = await tx.query<OrderHead>(
    `select id, county_code as "countyCode", seller_id as "sellerId", village_id as "villageId", state, province from upflow.sale_order
     where id = $1::uuid for update`,
    [id],
  );
  if (!order || !actsForProducer(snapshot, actor, { id: order.sellerId, villageId: order.villageId })) throw notFound(id);
  return order;
}
