import { Injectable } from '@nestjs/common';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type RecallEnd,
  type RecallInput,
  type RecallListQuery,
  type RecallReach,
  type RecallRow,
  type RecallRowsQuery,
  type RecallScope,
  type RecallView,
} from '#contracts';
import { actsForProducer, DirectoryReader } from '#directory';
import {
  Audit,
  Clock,
  Database,
  DomainError,
  forbidden,
  invalid,
  notFound,
  type Language,
  type Principal,
  type Tx,
} from '#platform';
import { EpcisLog } from '../epcis/epcis.log.js';
import { EpcisView } from '../epcis/epcis.view.js';
import { RecallRepository, type RecallableLot, type RecallRecord } from './recall.repository.js';
import { RecallRows } from './recall.rows.js';

/** Starts and ends recalls, and says how far they reach. */
@Injectable()
export class RecallService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly recalls: RecallRepository,
    private readonly rows: RecallRows,
    private readonly views: EpcisView,
    private readonly log: EpcisLog,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** What a recall of a lot would reach as things stand. @throws DomainError `not_found` 404 */
  async reach(actor: Principal, lotId: string, scope: RecallScope): Promise<RecallReach> {
    const lot = await this.lotFor(this.database, actor, lotId);
    if (!lot) throw notFound(lotId);
    return this.recalls.count(this.database, await this.recalls.lotSets(this.database, lotId, scope));
  }

  /**
   * Starts a recall: when this answers, the pages of every code of the lots warn. The same recall sent again is answered as it stands.
   * @throws DomainError `invalid_input` 400 for an unknown lot or one outside of the actor's unit, `recall_id_taken` 409
   */
  async start(actor: Principal, input: RecallInput): Promise<RecallView> {
    const lot = await this.lotFor(this.database, actor, input.lotId);
    if (!lot) throw invalid([{ path: 'lotId', code: 'lot_unknown', message: input.lotId }]);
    const view = await this.views.of(actor);
    return this.database.transaction(async (tx) => {
      // Steps are logged under this lock: a lot made meanwhile is either in the graph that is read here, or finds this recall when its step is logged.
      await this.log.lock(tx, lot.countyCode);
      const sets = await this.recalls.lotSets(tx, lot.id, input.scope);
      const row = { ...input, countyCode: lot.countyCode, startedBy: actor.id, startedAt: this.clock.now() };
      const added = await this.recalls.insert(tx, row, sets.recalled);
      const stored = await this.recalls.find(tx, view, input.id);
      if (!stored || stored.lotId !== input.lotId || stored.scope !== input.scope || stored.reason !== input.reason)
        throw new DomainError('recall_id_taken', 409);
      const answer = await this.view(tx, stored);
      if (added) await this.tell(tx, actor, 'recall.started', stored, { lots: sets.recalled.length });
      return answer;
    });
  }

  /** One recall. @throws DomainError `not_found` 404 */
  async get(actor: Principal, id: string): Promise<RecallView> {
    const recall = await this.recalls.find(this.database, await this.views.of(actor), id);
    if (!recall) throw notFound(id);
    return this.view(this.database, recall);
  }

  /** Recalls that reach lots of the actor's, the latest first. @throws DomainError `bad_cursor` 400 */
  async list(actor: Principal, query: RecallListQuery): Promise<Page<RecallView>> {
    const { open, limit } = query;
    const before = query.cursor === undefined ? undefined : beforeOf(query.cursor);
    const rows = await this.recalls.list(this.database, await this.views.of(actor), { open, before, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const items: RecallView[] = [];
    for (const row of page) items.push(await this.view(this.database, row));
    return {
      items,
      ...(rows.length > limit && last ? { nextCursor: encodeCursor([last.startedAt.toISOString(), last.id]) } : {}),
    };
  }

  /** Ends a recall. The same end sent again changes nothing. @throws DomainError `not_found` 404, `recall_already_ended` 409 */
  async end(actor: Principal, id: string, { note }: RecallEnd): Promise<RecallView> {
    const view = await this.views.of(actor);
    return this.database.transaction(async (tx) => {
      const recall = await this.recalls.find(tx, view, id, true);
      if (!recall) throw notFound(id);
      if (recall.endedAt !== null && recall.endNote !== note) throw new DomainError('recall_already_ended', 409);
      if (recall.endedAt !== null) return this.view(tx, recall);
      const at = this.clock.now();
      await this.recalls.end(tx, id, { by: actor.id, at, note });
      await this.tell(tx, actor, 'recall.ended', recall, {});
      return this.view(tx, { ...recall, endedAt: at, endNote: note });
    });
  }

  /**
   * A page of what a recall reaches, of one kind. Buyers in full need the right `personal:unmask`; say so once by `unmasking` before the first page.
   * @throws DomainError `not_found` 404, `forbidden` 403, `bad_cursor` 400
   */
  async page(actor: Principal, id: string, query: RecallRowsQuery, language: Language): Promise<Page<RecallRow>> {
    const unmask = query.unmask === true;
    if (unmask && !actor.rights.includes('personal:unmask')) throw forbidden();
    const recall = await this.recalls.find(this.database, await this.views.of(actor), id);
    if (!recall) throw notFound(id);
    const after = query.cursor === undefined ? undefined : placeOf(query.cursor, query.kind === 'boxes');
    const wanted = { kind: query.kind, after, limit: query.limit + 1, unmask, language };
    const sets = await this.recalls.lotsOf(this.database, recall);
    const found = await this.rows.page(this.database, await this.directory.snapshot(), recall.lotId, sets, wanted);
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    return {
      items: page.map(({ row }) => row),
      ...(found.length > query.limit && last ? { nextCursor: encodeCursor([last.place]) } : {}),
    };
  }

  /** Records that somebody reads the buyers of a recall in full. @throws DomainError `not_found` 404, `forbidden` 403 */
  async unmasking(actor: Principal, id: string): Promise<void> {
    if (!actor.rights.includes('personal:unmask')) throw forbidden();
    const view = await this.views.of(actor);
    await this.database.transaction(async (tx) => {
      const recall = await this.recalls.find(tx, view, id);
      if (!recall) throw notFound(id);
      await this.tell(tx, actor, 'recall.unmasked', recall, {});
    });
  }

  private async lotFor(tx: Tx, actor: Principal, lotId: string): Promise<RecallableLot | undefined> {
    const lot = await this.recalls.lot(tx, lotId);
    const producer = lot && { id: lot.producerId, villageId: lot.villageId };
    return producer && actsForProducer(await this.directory.snapshot(), actor, producer) ? lot : undefined;
  }

  private async tell(
    tx: Tx,
    actor: Principal,
    action: string,
    recall: RecallRecord,
    detail: Record<string, number>,
  ): Promise<void> {
    const { countyCode, id } = recall;
    await this.audit.record(tx, { countyCode, actorId: actor.id, action, subject: `recall ${id}`, detail });
  }

  private async view(tx: Tx, recall: RecallRecord): Promise<RecallView> {
    const { id, lotId, lotNo, productName, scope, reason, endNote } = recall;
    return {
      id,
      lot: { id: lotId, lotNo, productName },
      scope,
      reason,
      startedAt: recall.startedAt.toISOString(),
      endedAt: recall.endedAt?.toISOString() ?? null,
      endNote,
      reach: await this.recalls.count(tx, await this.recalls.lotsOf(tx, recall)),
    };
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SERIAL = /^\d{1,15}$/;

function placeOf(cursor: string, serial: boolean): string {
  const [place] = decodeCursor(cursor, 1) ?? [];
  if (typeof place !== 'string' || !(serial ? SERIAL : UUID).test(place)) throw new DomainError('bad_cursor', 400);
  return place;
}

function beforeOf(cursor: string): { at: string; id: string } {
  const [at, id] = decodeCursor(cursor, 2) ?? [];
  if (typeof at !== 'string' || Number.isNaN(Date.parse(at)) || typeof id !== 'string' || !UUID.test(id))
    throw new DomainError('bad_cursor', 400);
  return { at: new Date(at).toISOString(), id };
}
