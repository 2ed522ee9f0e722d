import { Injectable } from '@nestjs/common';
import type { OrderInput, OrderView } from '#contracts';
import { actsForProducer, DirectoryReader, type DirectorySnapshot } from '#directory';
import { Clock, Database, DomainError, invalid, SecretBox, type Tx } from '#platform';
import { openText, sealBuyer } from './buyer.seal.js';
import { OrderReader } from './order.reader.js';
import { OrderRefresher } from './order.refresher.js';
import { sellerOf, type SaleActor } from './order.scope.js';
import { placeOf } from './province.table.js';

const UNIQUE_VIOLATION = '23505';

/** Orders entered by hand or by a program. */
@Injectable()
export class OrderService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly reader: OrderReader,
    private readonly refresher: OrderRefresher,
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds a paid order. The same order sent again is answered as it stands.
   * @throws DomainError `invalid_input` 400 for an unknown seller or product, `order_id_taken`, `order_no_taken` and `line_id_taken` 409
   */
  async add(actor: SaleActor, input: OrderInput): Promise<OrderView> {
    const snapshot = await this.directory.snapshot();
    if (new Set(input.lines.map(({ id }) => id)).size < input.lines.length)
      throw invalid([{ path: 'lines', code: 'repeated_id', message: 'An id is repeated' }]);
    return this.database
      .transaction(async (tx) => {
        const seller = await sellerOf(tx, snapshot, actor, input.sellerId);
        await this.assertProducts(tx, snapshot, actor, input);
        if (await this.insert(tx, actor, seller, input)) {
          await this.insertLines(tx, input);
          await this.refresher.refresh(tx, seller.countyCode, [input.id]);
        } else await this.assertSame(tx, input);
        return this.reader.view(tx, input.id);
      })
      .catch((error: unknown) => {
        throw (error as { code?: string }).code === UNIQUE_VIOLATION ? new DomainError('line_id_taken', 409) : error;
      });
  }

  private async assertProducts(tx: Tx, snapshot: DirectorySnapshot, actor: SaleActor, input: OrderInput): Promise<void> {
    const ids = input.lines.flatMap(({ productId }) => (productId === undefined ? [] : [productId]));
    const rows = await tx.query<{ id: string; producerId: string; villageId: string }>(
      `select p.id, p.producer_id as "producerId", r.village_id as "villageId" from upflow.product p join upflow.producer r on r.id = p.producer_id
       where p.id = any($1::uuid[])`,
      [ids],
    );
    const usable = new Set(
      rows
        .filter(
          ({ producerId, villageId }) =>
            producerId === input.sellerId || actsForProducer(snapshot, actor, { id: producerId, villageId }),
        )
        .map(({ id }) => id),
    );
    const errors = input.lines.flatMap(({ productId }, index) =>
      productId === undefined || usable.has(productId)
        ? []
        : [{ path: `lines.${index}.productId`, code: 'product_unknown', message: productId }],
    );
    if (errors.length > 0) throw invalid(errors);
  }

  private async insert(
    tx: Tx,
    actor: SaleActor,
    seller: { id: string; countyCode: string; villageId: string },
    input: OrderInput,
  ): Promise<boolean> {
    const buyer = sealBuyer(this.secrets, input.buyer);
    const added = await tx.query(
      `insert into upflow.sale_order (id, county_code, channel, channel_order_no, seller_id, village_id, state, paid_at, buyer_name, buyer_phone, buyer_tail,
         buyer_address, province, city, freight_fen, revision, created_by, created_at)
       values ($1::uuid, $2, $3, $4, $5::uuid, $6::uuid, 'paid', $7::timestamptz, $8, $9, $10, $11, $12, $13, $14::bigint, 0, $15::uuid, $16::timestamptz)
       on conflict do nothing returning 1`,
      [
        input.id,
        seller.countyCode,
        input.channel,
        input.channelOrderNo,
        seller.id,
        seller.villageId,
        input.paidAt,
        buyer.buyerName,
        buyer.buyerPhone,
        buyer.buyerTail,
        buyer.buyerAddress,
        buyer.province,
        buyer.city,
        input.freightFen,
        actor.id,
        this.clock.now().toISOString(),
      ],
    );
    return added.length > 0;
  }

  private async insertLines(tx: Tx, { id, lines }: OrderInput): Promise<void> {
    await tx.query(
      `insert into upflow.order_line (id, order_id, line_no, product_id, sku, quantity, weight_g, amount_fen)
       select l.id, $1::uuid, l.no, l.product_id, l.sku, l.quantity, l.weight_g, l.amount_fen
       from unnest($2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::int[], $7::bigint[], $8::bigint[])
         as l (id, no, product_id, sku, quantity, weight_g, amount_fen)`,
      [
        id,
        lines.map((line) => line.id),
        lines.map((_, index) => index + 1),
        lines.map(({ productId }) => productId ?? null),
        lines.map(({ sku }) => sku),
        lines.map(({ quantity }) => quantity),
        lines.map(({ weightG }) => weightG ?? null),
        lines.map(({ amountFen }) => amountFen),
      ],
    );
  }

  /** @throws DomainError `order_id_taken` or `order_no_taken` 409 */
  private async assertSame(tx: Tx, input: OrderInput): Promise<void> {
    const [sealed] = await tx.query<{ name: Uint8Array | null; phone: Uint8Array | null; address: Uint8Array | null }>(
      `select buyer_name as name, buyer_phone as phone, buyer_address as address from upflow.sale_order where id = $1::uuid`,
      [input.id],
    );
    if (!sealed) throw new DomainError('order_no_taken', 409, { orderNo: input.channelOrderNo });
    const view = await this.reader.view(tx, input.id);
    const open = (value: Uint8Array | null) => openText(this.secrets, value);
    const { name, phone, address } = input.buyer;
    const place = placeOf(input.buyer);
    const told = [
      ...[input.channel, input.channelOrderNo, input.sellerId, new Date(input.paidAt).toISOString(), input.freightFen],
      ...[name, phone, address].map((text) => (text ? text : null)),
      ...[place.province, place.city],
    ];
    const stored = [
      ...[view.channel, view.channelOrderNo, view.seller.id, view.paidAt, view.freightFen],
      ...[open(sealed.name), open(sealed.phone), open(sealed.address), view.buyer.province, view.buyer.city],
    ];
    const sameLines =
      input.lines.length === view.lines.length &&
      input.lines.every((line, index) => {
        const known = view.lines[index];
        // What was left out may have been filled in since: a product by its lots, a weight by its product.
        return (
          known?.id === line.id &&
          known.sku === line.sku &&
          known.quantity === line.quantity &&
          known.amountFen === line.amountFen &&
          (line.productId === undefined || line.productId === known.productId) &&
          (line.weightG === undefined || line.weightG === known.weightG)
        );
      });
    if (JSON.stringify(told) !== JSON.stringify(stored) || !sameLines) throw new DomainError('order_id_taken', 409);
  }
}
