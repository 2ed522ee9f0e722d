import { Injectable } from '@nestjs/common';
import {
  dayOf,
  decodeCursor,
  encodeCursor,
  type CertificateContent,
  type CertificateInput,
  type CertificateListQuery,
  type CertificateView,
  type LotCertificate,
  type Page,
} from '#contracts';
import {
  actsForProducer,
  DirectoryReader,
  producersOf,
  scopeAllows,
  type DirectorySnapshot,
  type ProduceActor,
} from '#directory';
import { Audit, Clock, Database, DomainError, forbidden, notFound, SecretBox, type Tx } from '#platform';
import { certificateNumber, numberPrefix } from './certificate.number.js';
import { CertificateRepository, type CertificateRow, type LotRow } from './certificate.repository.js';
import { certifiable, isCovered, PROMISES, type Certifiable } from './certificate.rules.js';
import { CertificateViews } from './certificate.view.js';
import { LotPageMarks } from './lot.page.marks.js';

/** Someone who is signed in. */
export type CertificateActor = ProduceActor & { readonly id: string };

const CURSOR_PARTS = 2;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** 承诺达标合格证: issued for a lot, kept, listed (docs/domain/certificates.md). */
@Injectable()
export class CertificateService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly certificates: CertificateRepository,
    private readonly views: CertificateViews,
    private readonly marks: LotPageMarks,
    private readonly secrets: SecretBox,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * Issues a certificate for what is in stock of a lot. It supersedes the lot's former one. The same one sent again is answered as it stands.
   * @param issuedAt when it was issued: now, but for a season that is entered afterwards
   * @throws DomainError `not_found` 404, `certificate_not_covered` 422, `certificate_incomplete` 422 with the fields at fault, `certificate_id_taken` 409
   */
  async issue(
    actor: CertificateActor,
    lotId: string,
    input: CertificateInput,
    issuedAt = this.clock.now(),
  ): Promise<CertificateView> {
    const lot = await this.certificates.lot(this.database, lotId);
    const snapshot = await this.directory.snapshot();
    if (!lot || !this.actsFor(snapshot, actor, ownerOf(lot))) throw notFound(lotId);
    const row = await this.database.transaction(async (tx) => {
      await this.certificates.lockCounty(tx, lot.countyCode);
      const former = await this.certificates.find(tx, input.id);
      if (former) return this.assertSame(former, lotId, input);
      await this.insert(tx, actor, lot, input, { ...(await this.check(tx, snapshot, lotId, input)), issuedAt });
      return this.certificates.find(tx, input.id);
    });
    if (!row) throw new Error('An issued certificate is not there');
    this.marks.touch(lotId);
    return this.views.one(this.database, row);
  }

  /** The certificate in force of a lot and those before it. @throws DomainError `not_found` 404, also when there is none */
  async ofLot(actor: CertificateActor, lotId: string): Promise<LotCertificate> {
    const lot = await this.certificates.lot(this.database, lotId);
    if (!lot || !this.actsFor(await this.directory.snapshot(), actor, ownerOf(lot))) throw notFound(lotId);
    const views = await this.views.of(this.database, await this.certificates.ofLot(this.database, lotId));
    const [latest] = views;
    if (!latest) throw notFound(lotId);
    return { ...latest, history: views };
  }

  /** One certificate. @throws DomainError `not_found` 404 */
  async get(actor: CertificateActor, id: string): Promise<CertificateView> {
    return this.views.one(this.database, await this.row(actor, id));
  }

  /** The stored row behind an id that the actor may see. @throws DomainError `not_found` 404 */
  async row(actor: CertificateActor, id: string): Promise<CertificateRow> {
    const row = await this.certificates.find(this.database, id);
    if (!row || !this.actsFor(await this.directory.snapshot(), actor, row)) throw notFound(id);
    return row;
  }

  /** Certificates of lots below a unit, newest first. @throws DomainError `not_found` 404, `forbidden` 403, `bad_cursor` 400 */
  async list(actor: CertificateActor, query: CertificateListQuery): Promise<Page<CertificateView>> {
    const rows = await this.certificates.list(this.database, {
      villageIds: await this.villages(actor, query.unit),
      producerIds: producersOf(actor),
      lotId: query.lot ?? null,
      after: placeOf(query.cursor),
      limit: query.limit + 1,
    });
    const items = await this.views.of(this.database, rows.slice(0, query.limit));
    const last = items.at(-1);
    return { items, ...(rows.length > query.limit && last ? { nextCursor: encodeCursor([last.issuedAt, last.id]) } : {}) };
  }

  private async check(
    tx: Tx,
    snapshot: DirectorySnapshot,
    lotId: string,
    input: CertificateInput,
  ): Promise<Extract<Certifiable, { ok: true }> & { place: string }> {
    const lot = await this.certificates.lot(tx, lotId);
    if (!lot) throw notFound(lotId);
    if (!isCovered(lot.categoryCode, lot.productName)) throw new DomainError('certificate_not_covered', 422);
    const place = placeName(snapshot, lot.villageId);
    const found = certifiable(
      {
        ...lot,
        place,
        producerPhone: lot.contactPhone ? this.secrets.decrypt(lot.contactPhone) : null,
        recalled: await this.certificates.isRecalled(tx, lotId),
        family: await this.certificates.family(tx, lotId),
      },
      input,
    );
    if (!found.ok) throw new DomainError('certificate_incomplete', 422, {}, found.errors);
    return { ...found, place };
  }

  private async insert(
    tx: Tx,
    actor: CertificateActor,
    lot: LotRow,
    input: CertificateInput,
    checked: Extract<Certifiable, { ok: true }> & { place: string; issuedAt: Date },
  ): Promise<void> {
    const { issuedAt } = checked;
    const issuedOn = dayOf(issuedAt);
    const sequence = (await this.certificates.countNumbers(tx, numberPrefix(lot.countyCode, issuedOn))) + 1;
    const content: CertificateContent = {
      promises: [...PROMISES],
      basis: checked.basis,
      productName: lot.productName,
      quantityG: checked.quantityG,
      origin: lot.plotName ? `${checked.place} ${lot.plotName}` : checked.place,
      producer: lot.producerName,
      lotNo: lot.lotNo,
      issuedOn,
    };
    const { countyCode } = lot;
    const number = certificateNumber(countyCode, issuedOn, sequence);
    const contact = this.secrets.encrypt(checked.phone);
    const row = { id: input.id, countyCode, lotId: lot.id, number, content, contact, issuedAt, issuedBy: actor.id };
    if (!(await this.certificates.insert(tx, row))) throw new DomainError('certificate_id_taken', 409);
    await this.certificates.supersede(tx, lot.id, input.id);
    await this.marks.announce(tx, lot.id);
    const subject = `certificate:${input.id}`;
    await this.audit.record(tx, { countyCode, actorId: actor.id, action: 'certificate.issued', subject, detail: { number } });
  }

  /** What was left to a default is not compared: the stock may have changed since. */
  private assertSame(row: CertificateRow, lotId: string, input: CertificateInput): CertificateRow {
    const { content } = row;
    const same =
      row.lotId === lotId &&
      (input.quantityG ?? content.quantityG) === content.quantityG &&
      JSON.stringify([...new Set(input.basis ?? content.basis)]) === JSON.stringify(content.basis) &&
      (input.contactPhone === undefined || input.contactPhone === this.secrets.decrypt(row.contact));
    if (!same) throw new DomainError('certificate_id_taken', 409);
    return row;
  }

  private actsFor(snapshot: DirectorySnapshot, actor: CertificateActor, of: { producerId: string; villageId: string }): boolean {
    return actsForProducer(snapshot, actor, { id: of.producerId, villageId: of.villageId });
  }

  private async villages(actor: CertificateActor, code: string | undefined): Promise<readonly string[] | null> {
    const snapshot = await this.directory.snapshot();
    const unit = code === undefined ? undefined : snapshot.unitByCode(code);
    if (code !== undefined && !unit) throw notFound(code);
    const staff = producersOf(actor) === null;
    if (unit && staff && !scopeAllows(snapshot, actor, unit.id)) throw forbidden();
    const below = unit ? unit.id : staff ? actor.unitId : null;
    return below === null ? null : snapshot.idsWithin(below);
  }
}

const ownerOf = (lot: LotRow) => ({ producerId: lot.producerId, villageId: lot.producerVillageId });

/** County, town and village in one line: where produce comes from, as certificates and pages say it. */
export function placeName(snapshot: DirectorySnapshot, villageId: string): string {
  const levels = new Set(['county', 'town', 'village']);
  return snapshot
    .path(villageId)
    .filter(({ level }) => levels.has(level))
    .reverse()
    .map(({ name }) => name)
    .join('');
}

function placeOf(cursor: string | undefined): { issuedAt: string; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [issuedAt, id] = decodeCursor(cursor, CURSOR_PARTS) ?? [];
  if (typeof issuedAt !== 'string' || Number.isNaN(Date.parse(issuedAt)) || typeof id !== 'string' || !UUID.test(id))
    throw new DomainError('bad_cursor', 400);
  return { issuedAt: new Date(issuedAt).toISOString(), id };
}
