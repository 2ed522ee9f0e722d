import { Injectable } from '@nestjs/common';
import {
  encodeCursor,
  gtin14,
  type CertificationInput,
  type Page,
  type ProductChange,
  type ProductInput,
  type ProductListQuery,
  type ProductView,
} from '#contracts';
import { actsForProducer, DirectoryReader, type DirectorySnapshot, type ProduceActor } from '#directory';
import { Audit, Clock, Database, DomainError, invalid, message, notFound, type Language, type Tx } from '#platform';
import { afterId } from '../page.walk.js';
import { ProducerRepository, type ProducerRow } from '../producer/producer.repository.js';
import { listedProducers, villageRef } from '../village.scope.js';
import { categoryMessage, namedCategory } from './category.table.js';
import { nextOwnCode, ownCodePrefix } from './own.code.js';
import { ProductRepository, type ProductRow } from './product.repository.js';

type Content = Pick<ProductRow, 'name' | 'categoryCode' | 'gtin' | 'spec'>;
type Writer = ProduceActor & { id: string };
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
   * Adds a product; without a GTIN it gets a code of our own. The same product sent again is answered as it stands.
   * @throws DomainError `invalid_input` 400 for an unknown category or a producer that the actor does not act for, `product_id_taken` 409,
   *   `product_gtin_taken` 409, `own_code_spent` 409
   */
  async add(actor: Writer, input: ProductInput, language: Language): Promise<ProductView> {
    const content = contentOf(input);
    const snapshot = await this.directory.snapshot();
    const producer = await this.producers.find(this.database, input.producerId);
    if (!producer || !actsForProducer(snapshot, actor, producer))
      throw invalid([{ path: 'producerId', code: 'producer_unknown', message: input.producerId }]);
    const row = await this.database.transaction((tx) => this.addOnce(tx, actor, producer, { ...content, id: input.id }));
    return view(snapshot, row, language);
  }

  /**
   * Changes a product from the version that the caller saw. The same change sent again changes nothing. A code of our own stays when a GTIN comes: it may
   * be on labels.
   * @throws DomainError `not_found` 404, `invalid_input` 400, `product_version_conflict` 409, `product_gtin_taken` 409
   */
  async change(actor: Writer, id: string, input: ProductChange, language: Language): Promise<ProductView> {
    const content = contentOf(input);
    const snapshot = await this.directory.snapshot();
    const row = await this.database
      .transaction((tx) => this.changeStored(tx, snapshot, actor, { ...content, id, version: input.version }))
      .catch((error: unknown) => {
        throw (error as { code?: string }).code === UNIQUE_VIOLATION ? new DomainError('product_gtin_taken', 409) : error;
      });
    return view(snapshot, row, language);
  }

  /**
   * Adds a certification: a new version of the product. The same one sent again is answered as it stands.
   * @throws DomainError `not_found` 404, `invalid_input` 400, `certification_id_taken` 409
   */
  async certify(actor: Writer, id: string, input: CertificationInput, language: Language): Promise<ProductView> {
    if (input.validTo !== null && input.validTo < input.validFrom)
      throw invalid([{ path: 'validTo', code: 'ends_before_start', message: input.validTo }]);
    const snapshot = await this.directory.snapshot();
    const row = await this.database.transaction(async (tx) => {
      const stored = await this.find(tx, snapshot, actor, id, true);
      const earlier = await this.products.certify(tx, id, input);
      if (!earlier) return this.next(tx, actor, 'product.certified', stored);
      if (earlier.productId !== id || !sameCertification(earlier, input)) throw new DomainError('certification_id_taken', 409);
      return stored;
    });
    return view(snapshot, row, language);
  }

  /** One product. @throws DomainError `not_found` 404, also when the actor may not see it */
  async get(actor: ProduceActor, id: string, language: Language): Promise<ProductView> {
    const snapshot = await this.directory.snapshot();
    return view(snapshot, await this.find(this.database, snapshot, actor, id), language);
  }

  /**
   * Products below a unit, by default the actor's own; for a user of the role `producer` those of the own producers.
   * @throws DomainError `not_found` 404, `forbidden` 403, `bad_cursor` 400
   */
  async list(actor: ProduceActor, query: ProductListQuery, language: Language): Promise<Page<ProductView>> {
    const snapshot = await this.directory.snapshot();
    const listed = listedProducers(snapshot, actor, query.unit, this.clock.now());
    const { producerId, category, limit } = query;
    const after = afterId(query.cursor);
    const rows = await this.products.list(this.database, { ...listed, producerId, category, after, limit: limit + 1 });
    const items = rows.slice(0, limit).map((row) => view(snapshot, row, language));
    const last = items.at(-1);
    return { items, ...(rows.length > limit && last ? { nextCursor: encodeCursor([last.id]) } : {}) };
  }

  private async addOnce(tx: Tx, actor: Writer, producer: ProducerRow, content: Content & { id: string }): Promise<ProductRow> {
    const added = await this.products.insert(tx, {
      ...content,
      producerId: producer.id,
      ownCode: content.gtin === null ? await this.makeOwnCode(tx, producer) : null,
      createdBy: actor.id,
      updatedAt: this.clock.now(),
    });
    const stored = await this.products.find(tx, content.id);
    if (!stored) throw new DomainError('product_gtin_taken', 409);
    if (added) await this.tell(tx, actor, 'product.added', stored);
    else if (stored.producerId !== producer.id || !sameContent(stored, content)) throw new DomainError('product_id_taken', 409);
    return stored;
  }

  private async changeStored(
    tx: Tx,
    snapshot: DirectorySnapshot,
    actor: Writer,
    change: Content & { id: string; version: number },
  ): Promise<ProductRow> {
    const stored = await this.find(tx, snapshot, actor, change.id, true);
    if (stored.version === change.version + 1 && sameContent(stored, change)) return stored;
    if (stored.version !== change.version) throw new DomainError('product_version_conflict', 409, { current: stored.version });
    if (sameContent(stored, change)) return stored;
    const { name, categoryCode, gtin, spec } = change;
    const producer = await this.producers.find(tx, stored.producerId);
    const ownCode = stored.ownCode ?? (gtin === null && producer ? await this.makeOwnCode(tx, producer) : null);
    return this.next(tx, actor, 'product.changed', { ...stored, name, categoryCode, gtin, spec, ownCode });
  }

  /** Writes the next version and answers it as it is read. */
  private async next(tx: Tx, actor: Writer, action: string, row: ProductRow): Promise<ProductRow> {
    const next = { ...row, version: row.version + 1, updatedAt: this.clock.now() };
    await this.products.update(tx, next);
    await this.tell(tx, actor, action, next);
    return (await this.products.find(tx, row.id)) ?? next;
  }

  private async makeOwnCode(tx: Tx, producer: ProducerRow): Promise<string> {
    const prefix = ownCodePrefix(producer);
    const code = nextOwnCode(prefix, await this.products.ownCodes(tx, prefix));
    if (code === undefined) throw new DomainError('own_code_spent', 409);
    return code;
  }

  private async find(
    tx: Tx,
    snapshot: DirectorySnapshot,
    actor: ProduceActor,
    id: string,
    forChange = false,
  ): Promise<ProductRow> {
    const row = await this.products.find(tx, id, forChange);
    if (!row || !actsForProducer(snapshot, actor, { id: row.producerId, villageId: row.villageId })) throw notFound(id);
    return row;
  }

  private async tell(tx: Tx, actor: Writer, action: string, row: ProductRow): Promise<void> {
    const { id, version, countyCode } = row;
    await this.audit.record(tx, { countyCode, actorId: actor.id, action, subject: `product ${id}`, detail: { version } });
  }
}

/** What is to be stored of a request. @throws DomainError `invalid_input` 400 for an unknown category */
function contentOf(input: Pick<ProductInput, 'name' | 'categoryCode' | 'gtin' | 'spec'>): Content {
  const { name, categoryCode, gtin, spec } = input;
  if (!namedCategory(categoryCode)) throw invalid([{ path: 'categoryCode', code: 'category_unknown', message: categoryCode }]);
  return { name, categoryCode, gtin: gtin === null ? null : (gtin14(gtin) ?? null), spec };
}

function sameContent(left: Content, right: Content): boolean {
  return (['name', 'categoryCode', 'gtin', 'spec'] as const).every((field) => left[field] === right[field]);
}

function sameCertification(left: CertificationInput, right: CertificationInput): boolean {
  const fields = ['kind', 'number', 'issuedBy', 'validFrom', 'validTo'] as const;
  return fields.every((field) => left[field] === right[field]);
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
    ownCode: row.ownCode,
    spec: row.spec,
    certifications: row.certifications,
    version: row.version,
    updatedAt: row.updatedAt.toISOString(),
  };
}
