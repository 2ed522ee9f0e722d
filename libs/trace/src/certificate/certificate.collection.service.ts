import { Injectable } from '@nestjs/common';
import type { CertificateCollectionInput, CertificateView } from '#contracts';
import { actsForProducer, DirectoryReader, producersOf, scopeAllows } from '#directory';
import { Audit, Clock, Database, DomainError, forbidden, invalid, type Principal, type Tx } from '#platform';
import { certificateNumberOf } from './certificate.number.js';
import { CertificateRepository, type CertificateRow, type CollectionRow } from './certificate.repository.js';
import { CertificateViews } from './certificate.view.js';

/** Who took a certificate in: a station, or a producer that buys. */
interface Collector {
  readonly stationId: string | null;
  readonly buyerId: string | null;
}

/** A telephone's clock may be ahead by this much. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Buyers take certificates in: no certificate, no purchase. */
@Injectable()
export class CertificateCollectionService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly certificates: CertificateRepository,
    private readonly views: CertificateViews,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * Records that a buyer took a certificate in. The same collection sent again is answered as it stands, also when the certificate was superseded since.
   * @throws DomainError `certificate_unknown` 404, `certificate_superseded` 409, `certificate_recalled` 409, `certificate_used_up` 409,
   * `collection_id_taken` 409, `forbidden` 403, `invalid_input` 400
   */
  async collect(principal: Principal, input: CertificateCollectionInput): Promise<CertificateView> {
    const number = certificateNumberOf(input.certificate);
    const certificate = number === undefined ? undefined : await this.certificates.findByNumber(this.database, number);
    if (!certificate) throw new DomainError('certificate_unknown', 404);
    const collectedAt = this.timeOf(input);
    const collector = await this.collectorOf(principal, input);
    await this.database.transaction(async (tx) => {
      await this.certificates.lock(tx, certificate.id);
      const former = await this.certificates.collection(tx, input.id);
      if (former) return this.assertSame(former, certificate, collector, input);
      await this.assertGood(tx, certificate.id, input.quantityG);
      const quantityG = input.quantityG ?? null;
      const row = {
        id: input.id,
        certificateId: certificate.id,
        ...collector,
        quantityG,
        collectedBy: principal.id,
        collectedAt,
      };
      if (!(await this.certificates.insertCollection(tx, row))) throw new DomainError('collection_id_taken', 409);
      await this.audit.record(tx, {
        countyCode: certificate.countyCode,
        actorId: principal.id,
        action: 'certificate.collected',
        subject: `certificate:${certificate.id}`,
      });
    });
    return this.views.one(this.database, certificate);
  }

  private timeOf(input: CertificateCollectionInput): Date {
    const now = this.clock.now();
    const at = input.collectedAt === undefined ? now : new Date(input.collectedAt);
    if (at.getTime() > now.getTime() + CLOCK_TOLERANCE_MS)
      throw invalid([{ path: 'collectedAt', code: 'in_the_future', message: at.toISOString() }]);
    return at;
  }

  /** What is not said follows from who collects: the only station that they keep, or the only producer that they act for. */
  private async collectorOf(principal: Principal, input: CertificateCollectionInput): Promise<Collector> {
    const snapshot = await this.directory.snapshot();
    const own = producersOf(principal);
    if (input.stationCode !== undefined) {
      const station = snapshot.stationByCode(input.stationCode);
      if (!station) throw invalid([{ path: 'stationCode', code: 'station_unknown', message: input.stationCode }]);
      if (own !== null || !scopeAllows(snapshot, principal, station.unitId)) throw forbidden();
      return { stationId: station.id, buyerId: await this.buyerOf(principal, input.buyerId) };
    }
    if (input.buyerId !== undefined) return { stationId: null, buyerId: await this.buyerOf(principal, input.buyerId) };
    const [only, ...others] = own ?? principal.stationIds;
    if (only === undefined || others.length > 0)
      throw invalid([{ path: own ? 'buyerId' : 'stationCode', code: 'collector_missing', message: 'Say who collects' }]);
    return own ? { stationId: null, buyerId: await this.buyerOf(principal, only) } : { stationId: only, buyerId: null };
  }

  private async buyerOf(principal: Principal, id: string | undefined): Promise<string | null> {
    if (id === undefined) return null;
    const buyer = await this.certificates.producer(this.database, id);
    if (!buyer) throw invalid([{ path: 'buyerId', code: 'buyer_unknown', message: id }]);
    if (!actsForProducer(await this.directory.snapshot(), principal, buyer)) throw forbidden();
    if (buyer.kind === 'household') throw invalid([{ path: 'buyerId', code: 'buyer_household', message: id }]);
    return buyer.id;
  }

  /** Looked at again under the lock: a newer certificate or a recall may have come meanwhile. */
  private async assertGood(tx: Tx, certificateId: string, quantityG: number | undefined): Promise<void> {
    const row = await this.certificates.find(tx, certificateId);
    if (!row) throw new DomainError('certificate_unknown', 404);
    if (row.supersededBy !== null) throw new DomainError('certificate_superseded', 409);
    if (await this.certificates.isRecalled(tx, row.lotId)) throw new DomainError('certificate_recalled', 409);
    if (quantityG === undefined) return;
    const taken = (await this.certificates.collections(tx, [row.id])).reduce(
      (sum, { quantityG: grams }) => sum + (grams ?? 0),
      0,
    );
    const leftG = row.content.quantityG - taken;
    if (quantityG > leftG) throw new DomainError('certificate_used_up', 409, { leftKg: Math.max(0, leftG) / 1000 });
  }

  private assertSame(row: CollectionRow, certificate: CertificateRow, who: Collector, input: CertificateCollectionInput): void {
    const same =
      row.certificateId === certificate.id &&
      row.stationId === who.stationId &&
      row.buyerId === who.buyerId &&
      row.quantityG === (input.quantityG ?? null) &&
      (input.collectedAt === undefined || Date.parse(input.collectedAt) === row.collectedAt.getTime());
    if (!same) throw new DomainError('collection_id_taken', 409);
  }
}
