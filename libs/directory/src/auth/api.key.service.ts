import { Injectable } from '@nestjs/common';
import type { ApiKeyView, NewApiKey, Page } from '#contracts';
import { Audit, Clock, Database, DomainError, notFound, Notifier, prismaTx, type Tx } from '#platform';
import { pageFrom } from '../http/list.answer.js';
import type { DirectorySnapshot } from '../model/directory.snapshot.js';
import { assertScope, type Actor } from '../model/scope.js';
import { DirectoryReader } from '../reader/directory.reader.js';
import type { Person } from '../suspension/suspension.service.js';
import { unitWithin } from '../unit/unit.queries.js';
import { unitRefOf } from '../unit/unit.view.js';
import { newApiKey, tokenHash } from './access.token.js';
import { ACCESS_CHANNEL, DirectoryAuthenticator } from './directory.authenticator.js';

/** A program is to act within a unit, as a carrier when one is named. */
export interface ApiKeyInput {
  id: string;
  name: string;
  unitCode: string;
  carrierCode: string | null;
}

interface KeyRow {
  id: string;
  name: string;
  unitId: string;
  carrierCode: string | null;
  createdAt: Date;
  revokedAt: Date | null;
}

/** API keys of carriers and county systems. A key is shown once; only its hash is kept. */
@Injectable()
export class ApiKeyService {
  constructor(
    private readonly database: Database,
    private readonly reader: DirectoryReader,
    private readonly authenticator: DirectoryAuthenticator,
    private readonly notifier: Notifier,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /**
   * Makes a key; a repeat answers the same record without the key.
   * @throws DomainError `not_found` 404 (unit, carrier), `forbidden` 403, `id_taken` 409
   */
  async create(person: Person, input: ApiKeyInput): Promise<NewApiKey> {
    const snapshot = await this.reader.snapshot();
    const unit = unitWithin(snapshot, person, input.unitCode);
    if (input.carrierCode !== null && !snapshot.carrier(input.carrierCode)) throw notFound(input.carrierCode);
    const key = newApiKey();
    return await this.database.prisma.$transaction(async (prisma) => {
      const data = { id: input.id, name: input.name, unitId: unit.id, carrierCode: input.carrierCode };
      const made = { ...data, keyHash: tokenHash(key), createdBy: person.id, createdAt: this.clock.now() };
      const { count } = await prisma.apiKey.createMany({ data: [made], skipDuplicates: true });
      const row = await prisma.apiKey.findUnique({ where: { id: input.id } });
      if (row?.unitId !== unit.id || row.name !== input.name || row.carrierCode !== input.carrierCode)
        throw new DomainError('id_taken', 409, { id: input.id });
      if (count === 0) return keyView(snapshot, row);
      await this.record(prismaTx(prisma), snapshot, person, 'key.created', row);
      return { ...keyView(snapshot, row), key };
    });
  }

  /**
   * Revokes a key, at once and in every process.
   * @throws DomainError `not_found` 404, `forbidden` 403
   */
  async revoke(actor: Actor, id: string): Promise<ApiKeyView> {
    const snapshot = await this.reader.snapshot();
    const view = await this.database.prisma.$transaction(async (prisma) => {
      const row = await prisma.apiKey.findUnique({ where: { id } });
      if (!row) throw notFound(id);
      assertScope(snapshot, actor, row.unitId);
      if (row.revokedAt !== null) return keyView(snapshot, row);
      const revoked = await prisma.apiKey.update({ where: { id }, data: { revokedAt: this.clock.now() } });
      const tx = prismaTx(prisma);
      await this.record(tx, snapshot, actor, 'key.revoked', row);
      await this.notifier.notify(tx, ACCESS_CHANNEL, `key:${id}`);
      return keyView(snapshot, revoked);
    });
    this.authenticator.forget(`key:${id}`);
    return view;
  }

  /** Keys within the actor's unit, in the order of their ids. */
  async list(actor: Actor & { unitId: string }, after: string | undefined, limit: number): Promise<Page<ApiKeyView>> {
    const snapshot = await this.reader.snapshot();
    const rows = await this.database.prisma.apiKey.findMany({
      where: { unitId: { in: [...snapshot.idsWithin(actor.unitId)] }, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take: limit + 1,
    });
    const page = pageFrom(rows, (row) => row.id, limit);
    return { ...page, items: page.items.map((row) => keyView(snapshot, row)) };
  }

  private async record(tx: Tx, snapshot: DirectorySnapshot, actor: Actor, action: string, row: KeyRow): Promise<void> {
    const countyCode = snapshot.countyCodeOf(row.unitId);
    await this.audit.record(tx, { countyCode, actorId: actor.id, action, subject: `key:${row.id}` });
  }
}

function keyView(snapshot: DirectorySnapshot, row: KeyRow): ApiKeyView {
  return {
    id: row.id,
    name: row.name,
    unit: unitRefOf(snapshot, row.unitId),
    carrierCode: row.carrierCode,
    createdAt: row.createdAt.toISOString(),
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}
