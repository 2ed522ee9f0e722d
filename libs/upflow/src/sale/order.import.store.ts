import { Injectable } from '@nestjs/common';
import type { Tx } from '#platform';
import { changeOf, type ImportOutcome } from './order.change.js';
import { OrderImportRepository, type ImportTarget, type KnownImport } from './order.import.repository.js';
import type { ProductOf } from './order.product.js';
import { OrderRefresher } from './order.refresher.js';
import type { ToldOrder } from './order.rows.js';

/** Writes the orders of an export, a batch a transaction. */
@Injectable()
export class OrderImportStore {
  constructor(
    private readonly orders: OrderImportRepository,
    private readonly refresher: OrderRefresher,
  ) {}

  /**
   * Brings a batch of orders up to date; what came of each, in the order given. Imports of one channel in one county go one after the other, so that
   * the same file twice at once adds nothing twice.
   */
  async store(tx: Tx, target: ImportTarget, orders: readonly ToldOrder[], productOf: ProductOf): Promise<ImportOutcome[]> {
    await this.orders.lock(tx, target);
    const { outcomes, fresh, changed, replaced } = await this.compare(tx, target, orders);
    const added = await this.orders.insert(tx, target, fresh, productOf);
    await this.orders.update(tx, target, changed, replaced, productOf);
    await this.refresher.refresh(tx, target.seller.countyCode, [...added, ...changed.map(({ known }) => known.id)]);
    return outcomes;
  }

  /** What would come of each order. */
  async preview(tx: Tx, target: ImportTarget, orders: readonly ToldOrder[]): Promise<ImportOutcome[]> {
    return (await this.compare(tx, target, orders)).outcomes;
  }

  private async compare(
    tx: Tx,
    target: ImportTarget,
    orders: readonly ToldOrder[],
  ): Promise<{ outcomes: ImportOutcome[]; fresh: ToldOrder[]; changed: KnownImport[]; replaced: KnownImport[] }> {
    const stored = await this.orders.stored(tx, target, orders);
    const outcomes: ImportOutcome[] = [];
    const fresh: ToldOrder[] = [];
    const changed: KnownImport[] = [];
    const replaced: KnownImport[] = [];
    for (const told of orders) {
      const known = stored.get(told.channelOrderNo);
      const { outcome, lines } = known ? changeOf(known, told, target.seller.id) : { outcome: 'added' as const, lines: false };
      outcomes.push(outcome);
      if (!known) fresh.push(told);
      else if (outcome === 'changed') {
        changed.push({ known, told });
        if (lines) replaced.push({ known, told });
      }
    }
    return { outcomes, fresh, changed, replaced };
  }
}
