import { Injectable } from '@nestjs/common';
import { encodeCursor, type LotView, type Page, type PageQuery, type StockCorrection, type StockEntryView } from '#contracts';
import { DirectoryReader, type ProduceActor } from '#directory';
import { Audit, Clock, Database, DomainError, invalid, notFound, type Tx } from '#platform';
import { actsForLot, LotReader } from './lot.reader.js';
import { afterLot } from './lot.service.js';
import { LotStock, type LockedLot, type StockMove } from './lot.stock.js';
import { shippableG } from './mass.balance.js';

type Writer = ProduceActor & { id: string };
type EntryRow = Omit<StockEntryView, 'at'> & { at: Date };

/** The stock ledger of a lot as people read and correct it. */
@Injectable()
export class LotLedgerService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly reader: LotReader,
    private readonly stock: LotStock,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes lost grams away, or sets the stock to what was counted: never to more than the lot can still have. The same correction sent again is answered
   * as the lot stands.
   * @throws DomainError `not_found` 404, `invalid_input` 400, `lot_stock_short` 422, `stock_above_harvest` 422, `stock_entry_id_taken` 409
   */
  async correct(actor: Writer, lotId: string, input: StockCorrection): Promise<LotView> {
    if (input.kind === 'lost' && input.quantityG === 0)
      throw invalid([{ path: 'quantityG', code: 'must_be_positive', message: 'Must be more than zero' }]);
    const snapshot = await this.directory.snapshot();
    return this.database.transaction(async (tx) => {
      // The ledger is partitioned by time, so its key alone does not keep an id from two lots at once.
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`stock correction ${input.id}`]);
      const lot = (await this.stock.lock(tx, [lotId])).get(lotId);
      if (!actsForLot(snapshot, actor, await this.reader.find(tx, snapshot, actor, lotId))) throw notFound(lotId);
      if (lot && !(await this.isKnown(tx, lot, input))) await this.enter(tx, actor, lot, input);
      return this.reader.view(tx, snapshot, lotId);
    });
  }

  /** Entries of a lot's ledger, the newest first. @throws DomainError `not_found` 404, `bad_cursor` 400 */
  async entries(actor: ProduceActor, lotId: string, { cursor, limit }: PageQuery): Promise<Page<StockEntryView>> {
    const { countyCode } = await this.reader.find(this.database, await this.directory.snapshot(), actor, lotId);
    const after = afterLot(cursor);
    const rows = await this.database.query<EntryRow>(
      `select id, at, kind, delta_g as "deltaG", ref_id as "refId", note from upflow.stock_entry
       where county_code = $1 and lot_id = $2::uuid and ($3::timestamptz is null or (at, id) < ($3::timestamptz, $4::uuid))
       order by at desc, id desc limit $5`,
      [countyCode, lotId, after?.createdAt.toISOString() ?? null, after?.id ?? null, limit + 1],
    );
    const items = rows.slice(0, limit).map((row) => ({ ...row, at: row.at.toISOString() }));
    const last = items.at(-1);
    return { items, ...(rows.length > limit && last ? { nextCursor: encodeCursor([last.at, last.id]) } : {}) };
  }

  /** Whether the correction was made before. @throws DomainError `stock_entry_id_taken` 409 */
  private async isKnown(tx: Tx, lot: LockedLot, { id, kind, quantityG, note }: StockCorrection): Promise<boolean> {
    const [earlier] = await tx.query<{ lotId: string; kind: string; quantityG: number; note: string | null }>(
      `select lot_id as "lotId", kind, coalesce(counted_g, -delta_g) as "quantityG", note from upflow.stock_entry
       where county_code = $1 and id = $2::uuid`,
      [lot.countyCode, id],
    );
    if (!earlier) return false;
    const told = { lotId: lot.id, kind, quantityG, note: note ?? null };
    const same = (Object.keys(told) as (keyof typeof told)[]).every((field) => earlier[field] === told[field]);
    if (!same) throw new DomainError('stock_entry_id_taken', 409);
    return true;
  }

  private async enter(tx: Tx, actor: Writer, lot: LockedLot, correction: StockCorrection): Promise<void> {
    const { id, kind, quantityG, note } = correction;
    const { massBalanceToleranceBp } = (await this.directory.snapshot()).parameters(lot.countyCode);
    const mostG = Math.max(0, shippableG(lot.quantityG, massBalanceToleranceBp) - lot.leftG);
    if (kind === 'lost' && quantityG > lot.stockG)
      throw new DomainError('lot_stock_short', 422, { lotNo: lot.lotNo, freeG: Math.max(0, lot.stockG) });
    if (kind === 'counted' && quantityG > mostG) throw new DomainError('stock_above_harvest', 422, { mostG });
    const deltaG = kind === 'lost' ? -quantityG : quantityG - lot.stockG;
    const place = { countyCode: lot.countyCode, lotId: lot.id, refId: null, actorId: actor.id, at: this.clock.now() };
    const move: StockMove = { ...place, id, kind, deltaG, note, ...(kind === 'counted' ? { countedG: quantityG } : {}) };
    await this.stock.move(tx, move);
    const detail = { kind, deltaG };
    const subject = `lot ${lot.id}`;
    await this.audit.record(tx, {
      countyCode: lot.countyCode,
      actorId: actor.id,
      action: 'lot.stock.corrected',
      subject,
      detail,
    });
  }
}
