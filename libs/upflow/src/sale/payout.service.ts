import { Injectable } from '@nestjs/common';
import {
  encodeCursor,
  type Page,
  type PayoutInput,
  type PayoutLineView,
  type PayoutListQuery,
  type PayoutView,
} from '#contracts';
import { actsForProducer, DirectoryReader, producersOf, type DirectorySnapshot, type ProduceActor } from '#directory';
import { Audit, Clock, Database, DomainError, invalid, notFound, type Tx } from '#platform';
import { afterId } from '../page.walk.js';
import { listedProducers } from '../village.scope.js';
import { OrderRefresher } from './order.refresher.js';
import { sellerOf, type SaleActor } from './order.scope.js';
import { clawbacks } from './payout.clawback.js';
import { ClawbackRepository } from './payout.clawback.repository.js';
import { PayoutRepository, type PayoutRow, type PayoutShare } from './payout.repository.js';
import { LotComposition, payableFen, splitLine } from './payout.split.js';

/** Orders that are refreshed together. */
const BATCH = 500;

/** Payout sheets: what each producer gets of a seller's delivered orders. */
@Injectable()
export class PayoutService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly payouts: PayoutRepository,
    private readonly taken: ClawbackRepository,
    private readonly refresher: OrderRefresher,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a sheet of the delivered orders that were paid in a span of days and stand on no sheet yet. Refunds of what earlier sheets paid are taken back on
   * it, never more than it brings a producer. The same sheet sent again is answered as it stands.
   * @throws DomainError `invalid_input` 400, `payout_id_taken` 409, `payout_empty` 409 when nothing is to be paid out
   */
  async make(actor: SaleActor, input: PayoutInput): Promise<PayoutView> {
    const snapshot = await this.directory.snapshot();
    if (input.to < input.from) throw invalid([{ path: 'to', code: 'before_from', message: 'Must not be before from' }]);
    return this.database.transaction(async (tx) => {
      const seller = await sellerOf(tx, snapshot, actor, input.sellerId);
      // Before the sheet is looked for: the same one sent twice at a time finds its first self here.
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`payout ${seller.id}`]);
      const stored = await this.payouts.find(tx, input.id);
      if (!stored) {
        const shares = await this.shares(tx, input);
        if (shares.length === 0) throw new DomainError('payout_empty', 409);
        const added = await tx.query(
          `insert into upflow.payout (id, county_code, seller_id, from_day, to_day, state, kept_bp, created_by, created_at)
           values ($1::uuid, $2, $3::uuid, $4::date, $5::date, 'draft', $6, $7::uuid, $8::timestamptz) on conflict do nothing returning 1`,
          [input.id, seller.countyCode, seller.id, input.from, input.to, input.keptBp, actor.id, this.clock.now().toISOString()],
        );
        if (added.length === 0) throw new DomainError('payout_id_taken', 409);
        await this.payouts.insertShares(tx, input.id, shares);
        await this.taken.insert(tx, input.id, clawbacks(await this.taken.refunded(tx, seller.id), earnedOf(shares)));
        await this.tell(tx, actor, seller.countyCode, 'payout.made', input.id);
      } else if (
        stored.sellerId !== input.sellerId ||
        stored.from !== input.from ||
        stored.to !== input.to ||
        stored.keptBp !== input.keptBp
      )
        throw new DomainError('payout_id_taken', 409);
      return this.view(tx, input.id, null);
    });
  }

  /** Marks a sheet as paid. @throws DomainError `not_found` 404, and 409: `payout_paid`, `payout_cancelled`, `payout_outdated` */
  async pay(actor: SaleActor, id: string, paidAt: string): Promise<PayoutView> {
    const snapshot = await this.directory.snapshot();
    return this.database.transaction(async (tx) => {
      const sheet = await this.lock(tx, snapshot, actor, id);
      if (sheet.state === 'cancelled') throw new DomainError('payout_cancelled', 409);
      if (sheet.state === 'paid') {
        if (sheet.paidAt?.getTime() !== Date.parse(paidAt)) throw new DomainError('payout_paid', 409);
        return this.view(tx, id, null);
      }
      const lines = await this.payouts.standing(tx, id);
      // A refund or a return since the sheet was made: what it says is no longer owed.
      const outdated = lines.some(
        (line) => line.state !== 'delivered' || payableFen(line.amountFen, line.refundedFen, sheet.keptBp) !== line.paidFen,
      );
      if (outdated || (await this.taken.overdrawn(tx, id))) throw new DomainError('payout_outdated', 409);
      await tx.query(
        `update upflow.payout set state = 'paid', paid_at = $2::timestamptz, paid_by = $3::uuid where id = $1::uuid`,
        [id, paidAt, actor.id],
      );
      const orderIds = [...new Set(lines.map(({ orderId }) => orderId))].sort();
      for (let start = 0; start < orderIds.length; start += BATCH)
        await this.refresher.refresh(tx, sheet.countyCode, orderIds.slice(start, start + BATCH));
      await this.tell(tx, actor, sheet.countyCode, 'payout.paid', id);
      return this.view(tx, id, null);
    });
  }

  /** Takes a draft back: its lines are free for another sheet. @throws DomainError `not_found` 404, `payout_paid` 409 */
  async cancel(actor: SaleActor, id: string): Promise<PayoutView> {
    const snapshot = await this.directory.snapshot();
    return this.database.transaction(async (tx) => {
      const sheet = await this.lock(tx, snapshot, actor, id);
      if (sheet.state === 'paid') throw new DomainError('payout_paid', 409);
      if (sheet.state === 'draft') {
        await tx.query('delete from upflow.payout_line where payout_id = $1::uuid', [id]);
        await this.taken.remove(tx, id);
        await tx.query(`update upflow.payout set state = 'cancelled' where id = $1::uuid`, [id]);
        await this.tell(tx, actor, sheet.countyCode, 'payout.cancelled', id);
      }
      return this.view(tx, id, null);
    });
  }

  /** One sheet. Whom it pays without being its seller sees the own part. @throws DomainError `not_found` 404 */
  async get(actor: ProduceActor, id: string): Promise<PayoutView> {
    return this.view(this.database, id, await this.visible(actor, id));
  }

  /** The shares of a sheet. @throws DomainError `not_found` 404 */
  async lines(actor: ProduceActor, id: string): Promise<PayoutLineView[]> {
    return this.payouts.lines(this.database, id, await this.visible(actor, id));
  }

  /** Sheets of a unit's sellers, the newest first. @throws DomainError `not_found` 404, `forbidden` 403, `bad_cursor` 400 */
  async list(actor: ProduceActor, query: PayoutListQuery): Promise<Page<PayoutView>> {
    const snapshot = await this.directory.snapshot();
    const listed = listedProducers(snapshot, actor, query.unit, this.clock.now());
    // Somebody who is paid is not bound to the seller's village.
    const villageIds = listed.producerIds !== null && query.unit === undefined ? null : listed.villageIds;
    const { sellerId, producerId, limit } = query;
    const filter = { ...listed, villageIds, sellerId, producerId, after: afterId(query.cursor), limit: limit + 1 };
    const rows = await this.payouts.list(this.database, filter);
    const page = rows.slice(0, limit);
    const items = await this.views(
      this.database,
      page.filter(({ sellerId: of }) => ownSeller(actor, of)),
      null,
    );
    const parts = await this.views(
      this.database,
      page.filter(({ sellerId: of }) => !ownSeller(actor, of)),
      producersOf(actor),
    );
    const byId = new Map([...items, ...parts].map((item) => [item.id, item]));
    const last = page.at(-1);
    return {
      items: page.flatMap(({ id }) => byId.get(id) ?? []),
      ...(rows.length > limit && last ? { nextCursor: encodeCursor([last.id]) } : {}),
    };
  }

  private async shares(tx: Tx, { sellerId, from, to, keptBp }: PayoutInput): Promise<PayoutShare[]> {
    const lines = await this.payouts.payable(tx, sellerId, from, to);
    const lotIds = lines.flatMap(({ lots }) => lots.map(({ lotId }) => lotId));
    const composition = new LotComposition(await this.payouts.edges(tx, [...new Set(lotIds)]));
    const split = lines.flatMap(({ id, amountFen, refundedFen, lots }) => {
      const net = payableFen(amountFen, refundedFen, keptBp);
      return net > 0 ? splitLine(net, lots, composition).map((share) => ({ orderLineId: id, ...share })) : [];
    });
    const producers = await this.payouts.producersOfLots(tx, [...new Set(split.map(({ lotId }) => lotId))]);
    return split.flatMap((share) => {
      const producerId = producers.get(share.lotId);
      return producerId === undefined ? [] : [{ ...share, producerId }];
    });
  }

  private async lock(tx: Tx, snapshot: DirectorySnapshot, actor: ProduceActor, id: string): Promise<PayoutRow> {
    const sheet = await this.payouts.find(tx, id, true);
    if (!sheet || !actsForProducer(snapshot, actor, { id: sheet.sellerId, villageId: sheet.sellerVillageId })) throw notFound(id);
    return sheet;
  }

  /** The producers whose part of a sheet the actor sees; `null` is all of them. @throws DomainError `not_found` 404 */
  private async visible(actor: ProduceActor, id: string): Promise<readonly string[] | null> {
    const snapshot = await this.directory.snapshot();
    const sheet = await this.payouts.find(this.database, id);
    if (!sheet) throw notFound(id);
    if (actsForProducer(snapshot, actor, { id: sheet.sellerId, villageId: sheet.sellerVillageId })) return null;
    const own = producersOf(actor);
    if (own === null || (await this.payouts.producers(this.database, [id], own)).length === 0) throw notFound(id);
    return own;
  }

  private async view(tx: Tx, id: string, producerIds: readonly string[] | null): Promise<PayoutView> {
    const sheet = await this.payouts.find(tx, id);
    const [view] = sheet ? await this.views(tx, [sheet], producerIds) : [];
    if (!view) throw notFound(id);
    return view;
  }

  private async views(tx: Tx, sheets: readonly PayoutRow[], producerIds: readonly string[] | null): Promise<PayoutView[]> {
    const all = await this.payouts.producers(
      tx,
      sheets.map(({ id }) => id),
      producerIds,
    );
    return sheets.map(({ id, sellerId, sellerName, from, to, state, keptBp, paidAt, createdAt }) => {
      const producers = all
        .filter(({ payoutId }) => payoutId === id)
        .map(({ payoutId: _payoutId, id: producerId, name, ...sums }) => ({ producer: { id: producerId, name }, ...sums }));
      return {
        ...{ id, seller: { id: sellerId, name: sellerName }, from, to, state, keptBp },
        paidAt: paidAt?.toISOString() ?? null,
        amountFen: producers.reduce((sum, { amountFen }) => sum + amountFen, 0),
        clawedFen: producers.reduce((sum, { clawedFen }) => sum + clawedFen, 0),
        producers,
        createdAt: createdAt.toISOString(),
      };
    });
  }

  private async tell(tx: Tx, actor: SaleActor, countyCode: string, action: string, id: string): Promise<void> {
    await this.audit.record(tx, { countyCode, actorId: actor.id, action, subject: `payout ${id}` });
  }
}

/** What each producer gets of a sheet. */
function earnedOf(shares: readonly PayoutShare[]): Map<string, number> {
  const earned = new Map<string, number>();
  for (const { producerId, amountFen } of shares) earned.set(producerId, (earned.get(producerId) ?? 0) + amountFen);
  return earned;
}

function ownSeller(actor: ProduceActor, sellerId: string): boolean {
  return producersOf(actor)?.includes(sellerId) ?? true;
}
