import { Injectable } from '@nestjs/common';
import { Outbox, type Tx } from '#platform';
import { isPacking, type LedgerEvent } from '../parcel/parcel.event.js';
import type { ParcelFold } from '../parcel/parcel.fold.js';
import type { ParcelRow } from '../ledger/parcel.row.js';
import { produceMove, type ProduceMove } from './produce.move.js';

/** Tells of parcels that upflow packed. A write of ordinary parcels costs one look at each fold. */
@Injectable()
export class ProduceMoves {
  constructor(private readonly outbox: Outbox) {}

  /**
   * Publishes `logistics.produce.moved` in the caller's transaction for the packed ones among the parcels that were written.
   * @param fresh the events of this write; left out where parcels were folded again, which may give any of their events another meaning
   */
  async publish(
    tx: Tx,
    countyCode: string,
    folds: ReadonlyMap<string, ParcelFold>,
    parcels: readonly Pick<ParcelRow, 'waybill' | 'revision'>[],
    fresh?: readonly LedgerEvent[],
  ): Promise<void> {
    const moves: ProduceMove[] = [];
    for (const { waybill, revision } of parcels) {
      const fold = folds.get(waybill);
      if (fold?.packed) moves.push(produceMove(fold, revision, fresh && freshOf(waybill, fresh)));
    }
    await this.outbox.publish(
      tx,
      'logistics',
      moves.map((payload) => ({ countyCode, topic: 'logistics.produce.moved' as const, payload })),
    );
  }
}

/**
 * Ids of what is new about a parcel. Until its packing is known nobody was told of its events: then all of them are; so they are when a scan was taken
 * back, by which another that was its repeat may count.
 */
function freshOf(waybill: string, fresh: readonly LedgerEvent[]): Set<string> | undefined {
  const own = fresh.filter((event) => event.waybill === waybill);
  return own.some((event) => isPacking(event) || event.kind === 'undone') ? undefined : new Set(own.map((event) => event.id));
}
