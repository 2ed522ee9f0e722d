import { Inject, Injectable } from '@nestjs/common';
import type { ResolverDescription, TracedProduct } from '#contracts';
import { DirectoryReader } from '#directory';
import { CONFIG, Database, DomainError, notFound, type Config } from '#platform';
import { digitalLinkPath, readGtin } from './gs1.key.js';
import { TracedProductRepository } from './traced.product.repository.js';

/** Answers GS1 Digital Links of this county's products, as far as `description` says. */
@Injectable()
export class ResolverService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly products: TracedProductRepository,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** What is known of a trade item. @throws DomainError `gtin_invalid` 400, `not_found` 404 */
  async product(text: string): Promise<TracedProduct> {
    const reading = readGtin(text);
    if (!reading.ok)
      throw new DomainError('gtin_invalid', 400, {}, [{ path: 'gtin', code: `gtin_${reading.reason}`, message: text }]);
    const row = await this.products.byGtin(this.database, reading.gtin);
    if (!row) throw notFound(reading.gtin);
    const village = (await this.directory.snapshot()).unit(row.villageId);
    return {
      gtin: row.gtin,
      digitalLink: `${this.config.PUBLIC_BASE_URL}${digitalLinkPath(row.gtin)}`,
      name: row.name,
      categoryCode: row.categoryCode,
      producer: { name: row.producerName, kind: row.producerKind },
      origin: { code: village?.code ?? '', name: village?.name ?? '' },
      version: row.version,
      changedAt: row.changedAt.toISOString(),
    };
  }

  /** The resolver description file: one primary key, no link sets. */
  description(name: string): ResolverDescription {
    return { name, resolverRoot: this.config.PUBLIC_BASE_URL, supportedPrimaryKeys: ['01'], linkTypeDefaultCanBeLinkset: false };
  }
}
