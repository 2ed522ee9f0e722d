import { Inject, Injectable } from '@nestjs/common';
import type { CertificateView } from '#contracts';
import { DirectoryReader, maskPhone, type DirectorySnapshot } from '#directory';
import { CONFIG, SecretBox, type Config, type Tx } from '#platform';
import { certificateLink } from './certificate.number.js';
import { CertificateRepository, type CertificateRow, type CollectionRow } from './certificate.repository.js';
import { keptUntil } from './certificate.rules.js';

/** Certificates as answers show them: the contact masked, and who collected them. */
@Injectable()
export class CertificateViews {
  constructor(
    private readonly certificates: CertificateRepository,
    private readonly directory: DirectoryReader,
    private readonly secrets: SecretBox,
    @Inject(CONFIG) private readonly config: Pick<Config, 'PUBLIC_BASE_URL'>,
  ) {}

  /** The views of some rows, in their order. */
  async of(tx: Tx, rows: readonly CertificateRow[]): Promise<CertificateView[]> {
    const snapshot = await this.directory.snapshot();
    const collections = await this.certificates.collections(
      tx,
      rows.map(({ id }) => id),
    );
    return rows.map((row) =>
      this.view(
        snapshot,
        row,
        collections.filter(({ certificateId }) => certificateId === row.id),
      ),
    );
  }

  /** The view of one row. */
  async one(tx: Tx, row: CertificateRow): Promise<CertificateView> {
    const [view] = await this.of(tx, [row]);
    if (!view) throw new Error('A certificate without a view');
    return view;
  }

  private view(snapshot: DirectorySnapshot, row: CertificateRow, collections: readonly CollectionRow[]): CertificateView {
    return {
      id: row.id,
      number: row.number,
      url: certificateLink(this.config.PUBLIC_BASE_URL, row.number),
      lotId: row.lotId,
      content: row.content,
      contact: maskPhone(this.secrets.decrypt(row.contact)),
      issuedAt: row.issuedAt.toISOString(),
      keepUntil: keptUntil(row.content.issuedOn),
      supersededBy: row.supersededBy,
      collections: collections.map((collection) => ({
        id: collection.id,
        collectedAt: collection.collectedAt.toISOString(),
        station: stationRef(snapshot, collection.stationId),
        buyer: collection.buyerId === null ? null : { id: collection.buyerId, name: collection.buyerName ?? '' },
        quantityG: collection.quantityG,
      })),
    };
  }
}

function stationRef(snapshot: DirectorySnapshot, id: string | null): { code: string; name: string } | null {
  const station = id === null ? undefined : snapshot.station(id);
  return station ? { code: station.code, name: station.name } : null;
}
