import { Injectable } from '@nestjs/common';
import { encodeCursor, type Page, type ProducerInput, type ProducerListQuery, type ProducerView } from '#contracts';
import {
  actsForProducer,
  assertScope,
  DirectoryReader,
  maskName,
  maskPhone,
  ProducerMembership,
  producersOf,
  type DirectorySnapshot,
  type ProduceActor,
} from '#directory';
import { Audit, Clock, Database, DomainError, forbidden, invalid, notFound, SecretBox } from '#platform';
import { isCreditCode } from './credit.code.js';
import { ProducerRepository, type ProducerRow } from './producer.repository.js';
import { afterId } from '../page.walk.js';
import { listedProducers, villageRef } from '../village.scope.js';

/** Producers: households, cooperatives, enterprises and bases, each of a village. */
@Injectable()
export class ProducerService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly producers: ProducerRepository,
    private readonly membership: ProducerMembership,
    private readonly secrets: SecretBox,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds a producer; staff and station keepers do. The same producer sent again is answered as it stands.
   * @throws DomainError `invalid_input` 400 for an unknown village or a wrong credit code, `forbidden` 403 outside the actor's unit and for the role
   *   `producer`, `producer_id_taken` 409
   */
  async add(actor: ProduceActor & { id: string }, input: ProducerInput): Promise<ProducerView> {
    if (producersOf(actor) !== null) throw forbidden();
    const snapshot = await this.directory.snapshot();
    const village = snapshot.unitByCode(input.villageCode);
    if (village?.level !== 'village')
      throw invalid([{ path: 'villageCode', code: 'village_unknown', message: input.villageCode }]);
    assertScope(snapshot, actor, village.id);
    assertCreditCode(input);
    const row = this.seal(input, { villageId: village.id, countyCode: snapshot.countyCodeOf(village.id), createdBy: actor.id });
    const stored = await this.database.transaction(async (tx) => {
      if (!(await this.producers.insert(tx, row))) return this.producers.find(tx, input.id);
      const { countyCode, id, kind } = row;
      const subject = `producer ${id}`;
      await this.audit.record(tx, { countyCode, actorId: actor.id, action: 'producer.added', subject, detail: { kind } });
      return row;
    });
    if (!stored || !this.same(stored, input, village.id)) throw new DomainError('producer_id_taken', 409);
    return this.view(snapshot, stored);
  }

  /** One producer. @throws DomainError `not_found` 404, also when the actor may not see it */
  async get(actor: ProduceActor, id: string): Promise<ProducerView> {
    const snapshot = await this.directory.snapshot();
    return this.view(snapshot, await this.find(snapshot, actor, id));
  }

  /**
   * Producers below a unit, by default the actor's own; for a user of the role `producer` the own ones.
   * @throws DomainError `not_found` 404, `forbidden` 403, `bad_cursor` 400
   */
  async list(actor: ProduceActor, query: ProducerListQuery): Promise<Page<ProducerView>> {
    const snapshot = await this.directory.snapshot();
    const listed = listedProducers(snapshot, actor, query.unit, this.clock.now());
    const after = afterId(query.cursor);
    const rows = await this.producers.list(this.database, { ...listed, kind: query.kind, after, limit: query.limit + 1 });
    const items = rows.slice(0, query.limit).map((row) => this.view(snapshot, row));
    const last = items.at(-1);
    return { items, ...(rows.length > query.limit && last ? { nextCursor: encodeCursor([last.id]) } : {}) };
  }

  /**
   * Lets a user of the role `producer` act for a producer; whoever acts for it may do so.
   * @throws DomainError `not_found` 404 for a producer that the actor may not see, or a user who cannot be one
   */
  async join(actor: ProduceActor, id: string, username: string): Promise<void> {
    await this.find(await this.directory.snapshot(), actor, id);
    await this.membership.join(actor, username, id);
  }

  /** Ends it. @throws DomainError `not_found` 404, as above */
  async leave(actor: ProduceActor, id: string, username: string): Promise<void> {
    await this.find(await this.directory.snapshot(), actor, id);
    await this.membership.leave(actor, username, id);
  }

  private async find(snapshot: DirectorySnapshot, actor: ProduceActor, id: string): Promise<ProducerRow> {
    const row = await this.producers.find(this.database, id);
    if (!row || !actsForProducer(snapshot, actor, row)) throw notFound(id);
    return row;
  }

  private seal(input: ProducerInput, place: Pick<ProducerRow, 'villageId' | 'countyCode' | 'createdBy'>): ProducerRow {
    const { id, kind, name, povertyAlleviated, contactName, contactPhone } = input;
    const household = kind === 'household';
    return {
      ...place,
      id,
      kind,
      povertyAlleviated,
      creditCode: input.creditCode ?? null,
      name: household ? maskName(name) : name,
      fullName: household ? this.secrets.encrypt(name) : null,
      contactName: contactName ? this.secrets.encrypt(contactName) : null,
      contactPhone: contactPhone ? this.secrets.encrypt(contactPhone) : null,
      phoneTail: contactPhone ? this.secrets.tail(contactPhone) : null,
      createdAt: this.clock.now(),
    };
  }

  private same(row: ProducerRow, input: ProducerInput, villageId: string): boolean {
    const name = row.fullName ? this.open(row.fullName) : row.name;
    const told = [
      villageId,
      input.kind,
      input.name,
      input.povertyAlleviated,
      input.creditCode ?? null,
      input.contactName ?? null,
      input.contactPhone ?? null,
    ];
    const stored = [
      row.villageId,
      row.kind,
      name,
      row.povertyAlleviated,
      row.creditCode,
      this.open(row.contactName),
      this.open(row.contactPhone),
    ];
    return JSON.stringify(told) === JSON.stringify(stored);
  }

  private view(snapshot: DirectorySnapshot, row: ProducerRow): ProducerView {
    const [contactName, contactPhone] = [this.open(row.contactName), this.open(row.contactPhone)];
    return {
      id: row.id,
      kind: row.kind,
      name: row.name,
      village: villageRef(snapshot, row.villageId),
      povertyAlleviated: row.povertyAlleviated,
      creditCode: row.creditCode,
      contactName: contactName === null ? null : maskName(contactName),
      contactPhone: contactPhone === null ? null : maskPhone(contactPhone),
      createdAt: row.createdAt.toISOString(),
    };
  }

  private open(sealed: Uint8Array | null): string | null {
    return sealed ? this.secrets.decrypt(sealed) : null;
  }
}

/** @throws DomainError `invalid_input` 400 for a wrong check character, or a household that has a code */
function assertCreditCode({ kind, creditCode }: ProducerInput): void {
  if (creditCode === undefined) return;
  const code = kind === 'household' ? 'credit_code_of_household' : isCreditCode(creditCode) ? undefined : 'bad_credit_code';
  if (code !== undefined) throw invalid([{ path: 'creditCode', code, message: creditCode }]);
}
