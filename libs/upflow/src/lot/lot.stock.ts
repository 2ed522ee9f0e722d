import { Injectable } from '@nestjs/common';
import type { LotFlag } from '#contracts';
import { DirectoryReader } from '#directory';
import { notFound, uuidv7, type Tx } from '#platform';
import { isOverShipped, leftDeltaG, suits, withFlag, type StockKind } from './mass.balance.js';

/** What the stock of a lot is decided by, locked until the transaction ends. */
export interface LockedLot {
  id: string;
  countyCode: string;
  lotNo: string;
  productId: string;
  producerId: string;
  villageId: string;
  quantityG: number;
  stockG: number;
  /** Shipped less returned, and moved into other lots. */
  leftG: number;
  flags: LotFlag[];
  revision: number;
}

/** One entry of the stock ledger; `deltaG` is negative when grams leave. */
export interface StockMove {
  countyCode: string;
  lotId: string;
  kind: StockKind;
  deltaG: number;
  /** Transformation, shipment or refund that it comes from. */
  refId: string | null;
  actorId: string;
  at: Date;
  note?: string | undefined;
  /** Of the entry; left out: a new one. */
  id?: string | undefined;
  /** What was counted, of a count. */
  countedG?: number | undefined;
}

/** Stock of a lot after an entry. */
export interface StockState {
  stockG: number;
  flags: LotFlag[];
  revision: number;
}

const LOCKED = `id, county_code as "countyCode", lot_no as "lotNo", product_id as "productId", producer_id as "producerId", village_id as "villageId",
  quantity_g as "quantityG", stock_g as "stockG", left_g as "leftG", flags, revision`;

/**
 * The one way to change the stock of a lot: entry, sum, flag and revision together, under the lot's row lock. Whoever moves several lots locks them
 * first by `lock`, so that two transactions never wait for one another.
 */
@Injectable()
export class LotStock {
  constructor(private readonly directory: DirectoryReader) {}

  /** Locks lots in the order of their ids. Lots that do not exist are missing in the answer. */
  async lock(tx: Tx, lotIds: readonly string[]): Promise<Map<string, LockedLot>> {
    const rows = await tx.query<LockedLot>(`select ${LOCKED} from upflow.lot where id = any($1::uuid[]) order by id for update`, [
      lotIds,
    ]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Grams of each lot that are set aside for orders and have not left yet; call it after `lock`. */
  async reserved(tx: Tx, lotIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await tx.query<{ lotId: string; reservedG: number }>(
      `select a.lot_id as "lotId", sum(a.quantity_g)::bigint as "reservedG" from upflow.allocation a
       join upflow.order_line l on l.id = a.line_id join upflow.sale_order o on o.id = l.order_id
       where a.lot_id = any($1::uuid[]) and a.shipment_id is null and o.state not in ('cancelled', 'refunded') group by a.lot_id`,
      [lotIds],
    );
    return new Map(rows.map(({ lotId, reservedG }) => [lotId, reservedG]));
  }

  /**
   * Writes an entry and what follows from it. Stock may fall below zero: scales differ, and beyond the tolerance the lot is flagged `over_shipped`, not
   * refused, because the parcel has left. A return that brings the balance back clears the flag.
   * @throws DomainError `not_found` 404 for an unknown lot
   */
  async move(tx: Tx, move: StockMove): Promise<StockState> {
    const lot = (await this.lock(tx, [move.lotId])).get(move.lotId);
    if (lot?.countyCode !== move.countyCode) throw notFound(move.lotId);
    const { massBalanceToleranceBp } = (await this.directory.snapshot()).parameters(lot.countyCode);
    const leftG = lot.leftG + leftDeltaG(move.kind, move.deltaG);
    const flags = withFlag(lot.flags, 'over_shipped', isOverShipped({ quantityG: lot.quantityG, leftG }, massBalanceToleranceBp));
    await this.enter(tx, move);
    const [state] = await tx.query<StockState>(
      `update upflow.lot set stock_g = stock_g + $2::bigint, left_g = $3::bigint, flags = $4::text[], revision = revision + 1 where id = $1::uuid
       returning stock_g as "stockG", flags, revision`,
      [lot.id, move.deltaG, leftG, flags],
    );
    if (!state) throw notFound(move.lotId);
    return state;
  }

  /** Writes the entry of a lot that was just made with its stock: `harvested` or `moved_in`. */
  async enter(tx: Tx, move: StockMove): Promise<void> {
    if (!suits(move.kind, move.deltaG)) throw new Error(`A stock entry ${move.kind} of ${move.deltaG} g`);
    await tx.query(
      `insert into upflow.stock_entry (county_code, id, at, lot_id, kind, delta_g, ref_id, note, actor_id, counted_g)
       values ($1, $2::uuid, $3::timestamptz, $4::uuid, $5, $6::bigint, $7::uuid, $8, $9::uuid, $10::bigint)`,
      [
        move.countyCode,
        move.id ?? uuidv7(),
        move.at.toISOString(),
        move.lotId,
        move.kind,
        move.deltaG,
        move.refId,
        move.note ?? null,
        move.actorId,
        move.countedG ?? null,
      ],
    );
  }
}
