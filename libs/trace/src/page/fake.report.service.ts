import { Injectable } from '@nestjs/common';
import {
  dayOf,
  decodeCursor,
  encodeCursor,
  startOfDay,
  type FakeReportDecision,
  type FakeReportForm,
  type FakeReportListQuery,
  type FakeReportView,
  type Page,
} from '#contracts';
import { DirectoryReader, maskPhone, scopeAllows, type DirectorySnapshot } from '#directory';
import { Audit, Clock, Database, DomainError, notFound, SecretBox, type Principal, type Tx } from '#platform';
import { CodeKeys } from '../code/code.keys.js';
import { FakeReportRepository, type FakeReportRow } from './fake.report.repository.js';

/** Reports of one code that are taken on one day: what a family and a shop may send. */
export const REPORTS_A_DAY = 5;
const CURSOR_PARTS = 2;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reports of fakes: taken from consumers, worked off by staff of the village of origin and above. */
@Injectable()
export class FakeReportService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly reports: FakeReportRepository,
    private readonly keys: CodeKeys,
    private readonly secrets: SecretBox,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Takes a report of a registered code. `full` when the code has enough of them today. The same one sent again is taken once. */
  async take(serial: number, id: string, form: FakeReportForm): Promise<'taken' | 'full'> {
    const reportedAt = this.clock.now();
    return this.database.transaction(async (tx) => {
      await this.reports.lockCode(tx, serial);
      const today = await this.reports.countSince(tx, serial, startOfDay(dayOf(reportedAt)), id);
      if (today >= REPORTS_A_DAY) return 'full';
      const contact = form.contact ? this.secrets.encrypt(form.contact) : null;
      await this.reports.insert(tx, { id, serial, text: form.text, boughtAt: form.boughtAt || null, contact, reportedAt });
      return 'taken';
    });
  }

  /** Reports below the actor's unit, newest first. @throws DomainError `bad_cursor` 400 */
  async list(actor: Principal, query: FakeReportListQuery): Promise<Page<FakeReportView>> {
    const snapshot = await this.directory.snapshot();
    const rows = await this.reports.list(this.database, {
      villageIds: snapshot.idsWithin(actor.unitId),
      state: query.state,
      after: placeOf(query.cursor),
      limit: query.limit + 1,
    });
    const shown = rows.slice(0, query.limit);
    await this.keys.readyFor(shown.map(({ serial }) => serial));
    const items = shown.map((row) => this.view(snapshot, row));
    const last = items.at(-1);
    return { items, ...(rows.length > query.limit && last ? { nextCursor: encodeCursor([last.reportedAt, last.id]) } : {}) };
  }

  /** Decides a report; the same decision again is answered as it stands. @throws DomainError `not_found` 404, `fake_report_decided` 409 */
  async decide(actor: Principal, id: string, decision: FakeReportDecision): Promise<FakeReportView> {
    const snapshot = await this.directory.snapshot();
    const row = await this.database.transaction(async (tx) => {
      const found = await this.find(tx, snapshot, actor, id);
      const note = decision.note ?? null;
      if (found.state !== 'open') {
        if (found.state === decision.state && found.note === note) return found;
        throw new DomainError('fake_report_decided', 409);
      }
      await this.reports.decide(tx, id, { state: decision.state, by: actor.id, at: this.clock.now(), note });
      const { countyCode } = found;
      const detail = { state: decision.state };
      await this.audit.record(tx, {
        countyCode,
        actorId: actor.id,
        action: 'fake_report.decided',
        subject: `fake_report:${id}`,
        detail,
      });
      return this.find(tx, snapshot, actor, id);
    });
    await this.keys.readyFor([row.serial]);
    return this.view(snapshot, row);
  }

  private async find(tx: Tx, snapshot: DirectorySnapshot, actor: Principal, id: string): Promise<FakeReportRow> {
    const row = await this.reports.find(tx, id, true);
    if (!row || !scopeAllows(snapshot, actor, row.villageId)) throw notFound(id);
    return row;
  }

  private view(snapshot: DirectorySnapshot, row: FakeReportRow): FakeReportView {
    const village = snapshot.unit(row.villageId);
    return {
      id: row.id,
      code: this.keys.sign(row.serial),
      lot: { id: row.lotId, lotNo: row.lotNo, productName: row.productName },
      village: { id: row.villageId, code: village?.code ?? '', name: village?.name ?? '' },
      text: row.text,
      boughtAt: row.boughtAt,
      contact: row.contact && maskContact(this.secrets.decrypt(row.contact)),
      reportedAt: row.reportedAt.toISOString(),
      state: row.state,
      decidedAt: row.decidedAt?.toISOString() ?? null,
      note: row.note,
    };
  }
}

/** People leave a telephone number, or anything else that reaches them: of that the first two characters are shown. */
function maskContact(contact: string): string {
  const characters = [...contact];
  return /^[+\d\s()-]{7,}$/.test(contact) ? maskPhone(contact) : `${characters.slice(0, 2).join('')}***`;
}

function placeOf(cursor: string | undefined): { at: string; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [at, id] = decodeCursor(cursor, CURSOR_PARTS) ?? [];
  if (typeof at !== 'string' || Number.isNaN(Date.parse(at)) || typeof id !== 'string' || !UUID.test(id))
    throw new DomainError('bad_cursor', 400);
  return { at: new Date(at).toISOString(), id };
}
