import { Injectable } from '@nestjs/common';
import type { AllocationInput, OrderView } from '#contracts';
import { actsForProducer, DirectoryReader, type DirectorySnapshot } from '#directory';
import { Clock, Database, DomainError, invalid, uuidv7, type Tx } from '#platform';
import { failedLots } from '../lot/failed.lots.js';
import { LotStock, type LockedLot } from '../lot/lot.stock.js';
import { planAllocations, type OpenLine } from './allocation.plan.js';
import { assertMayLeave, recalledLots } from './lot.obstacle.js';
import { OrderReader } from './order.reader.js';
import { OrderRefresher } from './order.refresher.js';
import { lockOrder, type OrderHead, type SaleActor } from './order.scope.js';
import { unitWeightG } from './weight.text.js';

interface Wanted {
  id: string;
  lineId: string;
  lotId: string;
  quantityG: number;
}
interface LineRow {
  id: string;
  productId: string | null;
  sku: string;
  spec: string | null;
  quantity: number;
  weightG: number | null;
  allocatedG: number;
}
/** Orders that nothing is set aside for any more. */
const ENDED = ['cancelled', 'refunded', 'returned'];

/** Sets lots aside for the lines of orders. Nothing moves in stock until the parcel is packed. */
@Injectable()
export class AllocationService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly stock: LotStock,
    private readonly reader: OrderReader,
    private readonly refresher: OrderRefresher,
    private readonly clock: Clock,
  ) {}

  /**
   * Sets lots aside: the given ones, or for each line the oldest harvest of its product. Sent again, it changes nothing.
   * @throws DomainError `not_found` 404, `invalid_input` 400, and 409: `order_ended`, `stock_short`, `lot_recalled`, `lot_test_failed`,
   *   `allocation_id_taken`, `line_without_product`, `line_weight_unknown`
   */
  async allocate(actor: SaleActor, orderId: string, input: AllocationInput): Promise<OrderView> {
    const snapshot = await this.directory.snapshot();
    return this.database.transaction(async (tx) => {
      const order = await lockOrder(tx, snapshot, actor, orderId);
      const lines = await this.lines(tx, orderId);
      const wanted = input.allocations
        ? await this.given(tx, snapshot, actor, order, lines, input.allocations)
        : await this.oldest(tx, order, lines);
      if (wanted.length > 0) {
        if (ENDED.includes(order.state)) throw new DomainError('order_ended', 409);
        await this.store(tx, wanted);
        await this.refresher.refresh(tx, order.countyCode, [orderId]);
      }
      return this.reader.view(tx, orderId);
    });
  }

  /** Takes an allocation back that was not packed; when there is none of that id, nothing happens. @throws DomainError `allocation_packed` 409 */
  async release(actor: SaleActor, orderId: string, allocationId: string): Promise<OrderView> {
    const snapshot = await this.directory.snapshot();
    return this.database.transaction(async (tx) => {
      const order = await lockOrder(tx, snapshot, actor, orderId);
      const [found] = await tx.query<{ shipmentId: string | null }>(
        `select a.shipment_id as "shipmentId" from upflow.allocation a join upflow.order_line l on l.id = a.line_id
         where a.id = $1::uuid and l.order_id = $2::uuid`,
        [allocationId, orderId],
      );
      if (found?.shipmentId) throw new DomainError('allocation_packed', 409);
      if (found) {
        await tx.query('delete from upflow.allocation where id = $1::uuid', [allocationId]);
        await this.refresher.refresh(tx, order.countyCode, [orderId]);
      }
      return this.reader.view(tx, orderId);
    });
  }

  private async given(
    tx: Tx,
    snapshot: DirectorySnapshot,
    actor: SaleActor,
    order: OrderHead,
    lines: readonly LineRow[],
    told: readonly Wanted[],
  ): Promise<Wanted[]> {
    const fresh = await this.unknownOf(tx, told);
    const lots = await this.stock.lock(
      tx,
      fresh.map(({ lotId }) => lotId),
    );
    const errors = fresh.flatMap(({ lineId, lotId }, index) => {
      const line = lines.find(({ id }) => id === lineId);
      const lot = lots.get(lotId);
      if (!line) return [{ path: `allocations.${index}.lineId`, code: 'line_unknown', message: lineId }];
      const mine =
        lot?.countyCode === order.countyCode &&
        (lot.producerId === order.sellerId || actsForProducer(snapshot, actor, { id: lot.producerId, villageId: lot.villageId }));
      return mine && (line.productId === null || line.productId === lot.productId)
        ? []
        : [{ path: `allocations.${index}.lotId`, code: 'lot_unknown', message: lotId }];
    });
    if (errors.length > 0) throw invalid(errors);
    await assertMayLeave(tx, lots.values());
    await this.assertFree(tx, lots, fresh);
    await this.learnProducts(tx, lines, lots, fresh);
    return fresh;
  }

  /** Those that are not stored yet. @throws DomainError `allocation_id_taken` 409 */
  private async unknownOf(tx: Tx, told: readonly Wanted[]): Promise<Wanted[]> {
    const rows = await tx.query<Wanted>(
      `select id, line_id as "lineId", lot_id as "lotId", quantity_g as "quantityG" from upflow.allocation where id = any($1::uuid[])`,
      [told.map(({ id }) => id)],
    );
    const known = new Map(rows.map((row) => [row.id, row]));
    for (const { id, lineId, lotId, quantityG } of told) {
      const row = known.get(id);
      if (row && (row.lineId !== lineId || row.lotId !== lotId || row.quantityG !== quantityG))
        throw new DomainError('allocation_id_taken', 409);
    }
    const fresh = told.filter(({ id }) => !known.has(id));
    if (new Set(fresh.map(({ id }) => id)).size < fresh.length)
      throw invalid([{ path: 'allocations', code: 'repeated_id', message: 'An id is repeated' }]);
    return fresh;
  }

  private async assertFree(tx: Tx, lots: ReadonlyMap<string, LockedLot>, wanted: readonly Wanted[]): Promise<void> {
    const reserved = await this.stock.reserved(tx, [...lots.keys()]);
    for (const { id, lotNo, stockG } of lots.values()) {
      const asked = wanted.reduce((sum, { lotId, quantityG }) => sum + (lotId === id ? quantityG : 0), 0);
      const free = stockG - (reserved.get(id) ?? 0);
      if (asked > free) throw new DomainError('stock_short', 409, { what: lotNo, missingG: asked - Math.max(0, free) });
    }
  }

  /** A line without a product learns it from its lots, and later imports from the line. */
  private async learnProducts(
    tx: Tx,
    lines: readonly LineRow[],
    lots: ReadonlyMap<string, LockedLot>,
    wanted: readonly Wanted[],
  ): Promise<void> {
    for (const { id } of lines.filter(({ productId }) => productId === null)) {
      const lotId = wanted.find(({ lineId }) => lineId === id)?.lotId;
      const productId = lotId === undefined ? undefined : lots.get(lotId)?.productId;
      if (productId !== undefined)
        await tx.query('update upflow.order_line set product_id = $2::uuid where id = $1::uuid', [id, productId]);
    }
  }

  private async oldest(tx: Tx, order: OrderHead, lines: readonly LineRow[]): Promise<Wanted[]> {
    const open = openLines(lines);
    if (open.length === 0) return [];
    const rows = await tx.query<{ id: string; harvestedOn: string | null }>(
      `select t.id, t.harvested_on as "harvestedOn" from upflow.lot t join upflow.product p on p.id = t.product_id
       where t.product_id = any($1::uuid[]) and (t.producer_id = $2::uuid or p.producer_id = $2::uuid) and t.county_code = $3 and t.stock_g > 0`,
      [open.map(({ productId }) => productId), order.sellerId, order.countyCode],
    );
    const ids = rows.map(({ id }) => id);
    const lots = await this.stock.lock(tx, ids);
    const [reserved, recalled, failed] = [
      await this.stock.reserved(tx, ids),
      await recalledLots(tx, ids),
      await failedLots(tx, ids),
    ];
    const days = new Map(rows.map(({ id, harvestedOn }) => [id, harvestedOn]));
    const usable = [...lots.values()].filter(({ id }) => !recalled.has(id) && !failed.has(id));
    const { planned, short } = planAllocations(
      open,
      usable.map(({ id, productId, stockG }) => ({
        id,
        productId,
        harvestedOn: days.get(id) ?? null,
        freeG: stockG - (reserved.get(id) ?? 0),
      })),
    );
    for (const [lineId, missingG] of short)
      throw new DomainError('stock_short', 409, { what: lines.find(({ id }) => id === lineId)?.sku ?? '', missingG });
    return planned.map((allocation) => ({ id: uuidv7(), ...allocation }));
  }

  private lines(tx: Tx, orderId: string): Promise<LineRow[]> {
    return tx.query(
      `select l.id, l.product_id as "productId", l.sku, p.spec, l.quantity, l.weight_g as "weightG",
         coalesce((select sum(a.quantity_g) from upflow.allocation a where a.line_id = l.id), 0)::bigint as "allocatedG"
       from upflow.order_line l left join upflow.product p on p.id = l.product_id where l.order_id = $1::uuid order by l.line_no`,
      [orderId],
    );
  }

  /** @throws DomainError `allocation_id_taken` 409 when another order took an id meanwhile */
  private async store(tx: Tx, wanted: readonly Wanted[]): Promise<void> {
    const added = await tx.query(
      `insert into upflow.allocation (id, line_id, lot_id, quantity_g, created_at)
       select a.id, a.line_id, a.lot_id, a.quantity_g, $5::timestamptz from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[])
         as a (id, line_id, lot_id, quantity_g)
       on conflict (id) do nothing returning 1`,
      [
        wanted.map(({ id }) => id),
        wanted.map(({ lineId }) => lineId),
        wanted.map(({ lotId }) => lotId),
        wanted.map(({ quantityG }) => quantityG),
        this.clock.now().toISOString(),
      ],
    );
    if (added.length < wanted.length) throw new DomainError('allocation_id_taken', 409);
  }
}

/** What each line still needs. @throws DomainError `line_without_product` or `line_weight_unknown` 409 */
function openLines(lines: readonly LineRow[]): OpenLine[] {
  return lines.flatMap(({ id, productId, sku, spec, quantity, weightG, allocatedG }) => {
    const unitG = unitWeightG(spec ?? '') ?? unitWeightG(sku);
    const wholeG = weightG ?? (unitG === undefined ? undefined : unitG * quantity);
    if (wholeG === undefined) {
      if (allocatedG > 0) return [];
      throw new DomainError('line_weight_unknown', 409, { sku });
    }
    if (wholeG <= allocatedG) return [];
    if (productId === null) throw new DomainError('line_without_product', 409, { sku });
    return [{ id, productId, needG: wholeG - allocatedG }];
  });
}
