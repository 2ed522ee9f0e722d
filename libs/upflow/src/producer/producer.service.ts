import { Injectable } from '@nestjs/common';
import { encodeCursor, type Page, type ProducerInput, type ProducerListQuery, type ProducerView } from '#contracts';
import { assertScope, DirectoryReader, maskName, maskPhone, scopeAllows, type Actor, type DirectorySnapshot } from '#directory';
import { Clock, Database, DomainError, invalid, notFound, SecretBox } from '#platform';
import { ProducerRepository, type ProducerRow } from './producer.repository.js';
import { afterId } from '../page.walk.js';
import { listedUnit, villageRef, villagesWithin } from '../village.scope.js';

/** Producers: households, cooperatives, enterprises and bases, each of a village. */
@Injectable()
export class ProducerService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly producers: ProducerRepository,
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds a producer. The same producer sent again is answered as it stands.
   * @throws DomainError `invalid_input` 400 for an unknown village, `forbidden` 403 outside the actor's unit, `producer_id_taken` 409
   */
  async add(actor: Actor & { id: string }, input: ProducerInput): Promise<ProducerView> {
    const snapshot = await this.directory.snapshot();
    const village = snapshot.unitByCode(input.villageCode);
    if (village?.level !== 'village')
      throw invalid([{ path: 'villageCode', code: 'village_unknown', message: input.villageCode }]);
    assertScope(snapshot, actor, village.id);
    const row = this.seal(input, { villageId: village.id, countyCode: snapshot.countyCodeOf(village.id), createdBy: actor.id });
    const added = await this.producers.insert(this.database, row);
    const stored = added ? row : await this.producers.find(this.database, input.id);
    if (!stored || (!added && !this.same(stored, input, village.id))) throw new DomainError('producer_id_taken', 409);
    return this.view(snapshot, stored);
  }

  /** One producer. @throws DomainError `not_found` 404, also when it is outside of the actor's unit */
  async get(actor: Actor, id: string): Promise<ProducerView> {
    const snapshot = await this.directory.snapshot();
    const row = await this.producers.find(this.database, id);
    if (!row || !scopeAllows(snapshot, actor, row.villageId)) throw notFound(id);
    return this.view(snapshot, row);
  }

  /** Producers below a unit, by default the actor's own. @throws DomainError `not_found` 404, `forbidden` 403, `bad_cursor` 400 */
  async list(actor: Actor, query: ProducerListQuery): Promise<Page<ProducerView>> {
    const snapshot = await this.directory.snapshot();
    const villageIds = villagesWithin(snapshot, listedUnit(snapshot, actor, query.unit), this.clock.now());
    const after = afterId(query.cursor);
    const rows = await this.producers.list(this.database, { villageIds, kind: query.kind, after, limit: query.limit + 1 });
    const items = rows.slice(0, query.limit).map((row) => this.view(snapshot, row));
    const last = items.at(-1);
    return { items, ...(rows.length > query.limit && last ? { nextCursor: encodeCursor([last.id]) } : {}) };
  }

  private seal(input: ProducerInput, place: Pick<ProducerRow, 'villageId' | 'countyCode' | 'createdBy'>): ProducerRow {
    const { id, kind, name, povertyAlleviated, contactName, contactPhone } = input;
    const household = kind === 'household';
    return {
      ...place,
      id,
      kind,
      povertyAlleviated,
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
      input.contactName ?? null,
      input.contactPhone ?? null,
    ];
    const stored = [
      row.villageId,
      row.kind,
      name,
      row.povertyAlleviated,
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
      creditCode: null,
      contactName: contactName === null ? null : maskName(contactName),
      contactPhone: contactPhone === null ? null : maskPhone(contactPhone),
      createdAt: row.createdAt.toISOString(),
    };
  }

  private open(sealed: Uint8Array | null): string | null {
    return sealed ? this.secrets.decrypt(sealed) : null;
  }
}
