import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor } from '#contracts';
import { actsForProducer, DirectoryReader, type ProduceActor } from '#directory';
import { Audit, Clock, Database, DomainError, invalid, notFound } from '#platform';
import { canonicalJson } from './epcis.chain.js';
import { epcisDocument, told } from './epcis.document.js';
import { EpcisLog } from './epcis.log.js';
import type { EpcisQuery } from './epcis.query.js';
import { EpcisRepository, type StoredEvent } from './epcis.repository.js';
import type { EpcisEvent } from './epcis.schema.js';
import type { ErrorInput } from './epcis.error.js';
import { EpcisView } from './epcis.view.js';

type Reader = ProduceActor & { countyCode: string };

/** What the log of business steps answers, and its corrections. */
@Injectable()
export class EpcisService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly events: EpcisRepository,
    private readonly views: EpcisView,
    private readonly log: EpcisLog,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** A page of events that the actor may read. @throws DomainError `bad_cursor` 400 */
  async find(actor: Reader, query: EpcisQuery): Promise<{ events: EpcisEvent[]; nextPageToken: string | undefined }> {
    const after = query.nextPageToken === undefined ? undefined : afterOf(query.nextPageToken);
    const rows = await this.events.find(await this.views.of(actor), query, after);
    const page = rows.slice(0, query.perPage);
    const last = page.at(-1);
    const more = rows.length > query.perPage && last !== undefined;
    return { events: page.map(asTold), nextPageToken: more ? encodeCursor([last.countyCode, last.seq]) : undefined };
  }

  /** What the log last said of an event: with the declaration of its error, if there is one. @throws DomainError `not_found` 404 */
  async get(actor: Reader, eventId: string): Promise<EpcisEvent> {
    const last = (await this.events.byId(this.database, await this.views.of(actor), eventId)).at(-1);
    if (!last) throw notFound(eventId);
    return asTold(last);
  }

  /**
   * The life of a lot as pieces of one document: its own events and those of everything that it was made of; `descendants` adds what was made of it.
   * @throws DomainError `not_found` 404, also when the lot is outside of the actor's scope
   */
  async lifeOf(actor: ProduceActor, lotId: string, descendants: boolean): Promise<AsyncGenerator<string>> {
    const [lot] = await this.database.query<{ id: string; villageId: string }>(
      'select producer_id as id, village_id as "villageId" from upflow.lot where id = $1::uuid',
      [lotId],
    );
    if (!lot || !actsForProducer(await this.directory.snapshot(), actor, lot)) throw notFound(lotId);
    return this.document(await this.events.family(lotId, descendants));
  }

  /**
   * Declares that an event is wrong: a new event of the same identity, the old one stays. The same declaration again adds nothing.
   * @throws DomainError `not_found` 404, `epcis_already_declared` 409, `invalid_input` 400 for a corrective event that the log does not have
   */
  async declareError(actor: Reader & { id: string }, eventId: string, input: ErrorInput): Promise<EpcisEvent> {
    const view = await this.views.of(actor);
    return this.database.transaction(async (tx) => {
      const [seen] = await this.events.byId(tx, view, eventId);
      if (!seen) throw notFound(eventId);
      await this.log.lock(tx, seen.countyCode);
      const rows = await this.events.byId(tx, view, eventId);
      const declared = rows.find(({ body }) => body.errorDeclaration !== undefined);
      if (declared) return sameDeclaration(declared, input);
      const original = rows[0] ?? seen;
      for (const [index, id] of input.correctiveEventIDs.entries())
        if ((await this.events.byId(tx, view, id)).length === 0)
          throw invalid([{ path: `correctiveEventIDs.${index}`, code: 'epcis_unknown_correction', message: id }]);
      const { countyCode, seq, body } = original;
      const event = { ...body, errorDeclaration: { declarationTime: this.clock.now().toISOString(), ...input } };
      await this.log.append(tx, countyCode, [{ event, lots: await this.events.lotsOf(tx, countyCode, seq) }]);
      const detail = { reason: input.reason };
      await this.audit.record(tx, {
        countyCode,
        actorId: actor.id,
        action: 'epcis.error.declared',
        subject: `event ${eventId}`,
        detail,
      });
      return event;
    });
  }

  private async *document(lotIds: readonly string[]): AsyncGenerator<string> {
    const [head = '', tail = ''] = JSON.stringify(epcisDocument([], this.clock.now())).split('"eventList":[]');
    yield `${head}"eventList":[`;
    let separator = '';
    for await (const row of this.events.ofLots(lotIds)) {
      yield separator + JSON.stringify(asTold(row));
      separator = ',';
    }
    yield `]${tail}`;
  }
}

const asTold = (row: StoredEvent): EpcisEvent => told(row.body, row.recordedAt);

function sameDeclaration(stored: StoredEvent, input: ErrorInput): EpcisEvent {
  const { reason, correctiveEventIDs } = stored.body.errorDeclaration ?? {};
  if (canonicalJson({ reason, correctiveEventIDs }) !== canonicalJson(input))
    throw new DomainError('epcis_already_declared', 409);
  return stored.body;
}

function afterOf(token: string): { countyCode: string; seq: number } {
  const [countyCode, seq] = decodeCursor(token, 2) ?? [];
  if (typeof countyCode !== 'string' || !Number.isSafeInteger(seq)) throw new DomainError('bad_cursor', 400);
  return { countyCode, seq: Number(seq) };
}
