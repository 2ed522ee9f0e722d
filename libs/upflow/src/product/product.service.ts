import { Injectable } from '@nestjs/common';
import {
  encodeCursor,
  gtin14,
  type Page,
  type ProductChange,
  type ProductInput,
  type ProductListQuery,
  type ProductView,
} from '#contracts';
import { DirectoryReader, scopeAllows, type Actor, type DirectorySnapshot } from '#directory';
import { Audit, Clock, Database, DomainError, invalid, message, notFound, type Language, type Tx } from '#platform';
import { categoryMessage, namedCategory } from './category.table.js';
import { afterId } from '../page.walk.js';
import { ProducerRepository } from '../producer/producer.repository.js';
import { ProductRepository, type ProductRow } from './product.repository.js';
import { listedUnit, villageRef, villagesWithin } from '../village.scope.js';

type Content = Pick<ProductRow, 'name' | 'categoryCode' | 'gtin'>;
const UNIQUE_VIOLATION = '23505';

/** Products of producers. Every change is audited. */
@Injectable()
export class ProductService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly producers: ProducerRepository,
    private readonly products: ProductRepository,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds a product. The same product sent again is answered as it stands.
   * @throws DomainError `invalid_input` 400 for an unknown category or a producer outside of the actor's unit, `product_id_taken` 409, `product_gtin_taken` 409
   */
  async add(actor: Actor & { id: string }, input: ProductInput, language: Language): Promise<ProductView> {
    const content = contentOf(input);
    const snapshot = await this.directory.snapshot();
    const producer = await this.producers.find(this.database, input.producerId);
    if (!producer || !scopeAllows(snapshot, actor, producer.villageId))
      throw invalid([{ path: 'producerId', code: 'producer_unknown', message: input.producerId }]);
    const row = await this.database.transaction(async (tx) => {
      const added = await this.products.insert(tx, {
        ...content,
        id: input.id,
        producerId: producer.id,
        createdBy: actor.id,
        updatedAt: this.clock.now(),
      });
      const stored = await this.products.find(tx, input.id);
      if (!stored) throw new DomainError('product_gtin_taken', 409);
      if (added) await this.tell(tx, actor, 'product.added', stored);
      else if (stored.producerId !== producer.id || !sameContent(stored, content)) throw new DomainError('product_id_taken', 409);
      return stored;
    });
    return view(snapshot, row, language);
  }

  /**
   * Changes a product from the version that the caller saw. The same change sent again changes nothing.
   * @throws DomainError `not_found` 404, `invalid_input` 400, `product_version_conflict` 409, `product_gtin_taken` 409
   */
  async change(actor: Actor & { id: string }, id: string, input: ProductChange, language: Language): Promise<ProductView> {
    const content = contentOf(input);
    const snapshot = await this.directory.snapshot();
    const row = await this.database
      .transaction((tx) => this.changeStored(tx, snapshot, actor, { ...content, id, version: input.version }))
      .catch((error: unknown) => {
        throw (error as { code?: string }).code === UNIQUE_VIOLATION ? new DomainError('product_gtin_taken', 409) : error;
      });
    return view(snapshot, row, language);
  }

  /** One product. @throws DomainError `not_found` 404, also when it is outside of the actor's unit */
  async get(actor: Actor, id: string, language: Language): Promise<ProductView> {
    const snapshot = await this.directory.snapshot();
    const row = await this.products.find(this.database, id);
    if (!row || !scopeAllows(snapshot, actor, row.villageId)) throw notFound(id);
    return view(snapshot, row, language);
  }

  /** Products below a unit, by default the actor's own. @throws DomainError `not_found` 404, `forbidden` 403, `bad_cursor` 400 */
  async list(actor: Actor, query: ProductListQuery, language: Language): Promise<Page<ProductView>> {
    const snapshot = await this.directory.snapshot();
    const villageIds = villagesWithin(snapshot, listedUnit(snapshot, actor, query.unit), this.clock.now());
    const { producerId, category, limit } = query;
    const rows = await this.products.list(this.database, {
      villageIds,
      producerId,
      category,
      after: afterId(query.cursor),
      limit: limit + 1,
    });
    const items = rows.slice(0, limit).map((row) => view(snapshot, row, language));
    const last = items.at(-1);
    return { items, ...(rows.length > limit && last ? { nextCursor: encodeCursor([last.id]) } : {}) };
  }

  private async changeStored(
    tx: Tx,
    snapshot: DirectorySnapshot,
    actor: Actor,
    change: Content & { id: string; version: number },
  ): Promise<ProductRow> {
    const stored = await this.products.find(tx, change.id, true);
    if (!stored || !scopeAllows(snapshot, actor, stored.villageId)) throw notFound(change.id);
    if (stored.version === change.version + 1 && sameContent(stored, change)) return stored;
    if (stored.version !== change.version) throw new DomainError('product_version_conflict', 409, { current: stored.version });
    if (sameContent(stored, change)) return stored;
    const { name, categoryCode, gtin } = change;
    const next = { ...stored, name, categoryCode, gtin, version: stored.version + 1, updatedAt: this.clock.now() };
    await this.products.update(tx, next);
    await this.tell(tx, actor, 'product.changed', next);
    return next;
  }

  private async tell(tx: Tx, actor: Actor, action: string, row: ProductRow): Promise<void> {
    const { id, version, countyCode } = row;
    await this.audit.record(tx, { countyCode, actorId: actor.id, action, subject: `product ${id}`, detail: { version } });
  }
}

/** What is to be stored of a request. @throws DomainError `invalid_input` 400 for an unknown category */
function contentOf(input: Pick<ProductInput, 'name' | 'categoryCode' | 'gtin'>): Content {
  if (!namedCategory(input.categoryCode))
    throw invalid([{ path: 'categoryCode', code: 'category_unknown', message: input.categoryCode }]);
  return { name: input.name, categoryCode: input.categoryCode, gtin: input.gtin === null ? null : (gtin14(input.gtin) ?? null) };
}

function sameContent(left: Content, right: Content): boolean {
  return left.name === right.name && left.categoryCode === right.categoryCode && left.gtin === right.gtin;
}

function view(snapshot: DirectorySnapshot, row: ProductRow, language: Language): ProductView {
  return {
    id: row.id,
    producer: { id: row.producerId, name: row.producerName, kind: row.producerKind },
    village: villageRef(snapshot, row.villageId),
    name: row.name,
    categoryCode: row.categoryCode,
    categoryName: message(language, categoryMessage(row.categoryCode)),
    gtin: row.gtin,
    ownCode: null,
    spec: null,
    certifications: [],
    version: row.version,
    updatedAt: row.updatedAt.toISOString(),
  };
}
