import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import {
  encodeCursor,
  type NoticeAnswer,
  type noticeQuerySchema,
  type NoticeReport,
  type noticeRequestSchema,
  type NoticeView,
  type Page,
} from '#contracts';
import { DirectoryReader, maskPhone } from '#directory';
import { Clock, Database, notFound, SecretBox, uuidv7, type Principal, type Tx } from '#platform';
import { stationAsked, stationsAsked } from '../closing/station.reach.js';
import { timeCursor } from '../closing/time.cursor.js';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { NoticeDue } from './notice.due.js';
import { insertNotices, readCandidates, readLog, readNoticed, type Candidate, type LogRow } from './notice.repository.js';

/** Why a parcel's recipient is not told; `undefined` when they are. */
type Hindrance = 'no_phone' | 'consent_refused' | undefined;

/** Makes notices, one a parcel ever, and shows the log of them. */
@Injectable()
export class NoticeService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly due: NoticeDue,
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes the notices that a keeper asks for.
   * @throws DomainError `station_required` 400, `not_found` 404 for a station that the caller may not look into
   */
  async ask(principal: Principal, { stationCode, waybills }: z.infer<typeof noticeRequestSchema>): Promise<NoticeAnswer> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const station = stationAsked(facts, principal, stationCode);
    const countyCode = facts.countyOf(station.unitId);
    return await this.database.transaction(async (tx) => {
      const noticed = await readNoticed(tx, countyCode, waybills);
      const candidates = await readCandidates(tx, countyCode, waybills);
      const here = new Map(candidates.filter(({ stationId }) => stationId === station.id).map((row) => [row.waybill, row]));
      const made = new Set(await this.write(tx, countyCode, [...here.values()]));
      await this.due.publish(tx, countyCode, [...made]);
      return {
        results: waybills.map((waybill) => {
          const candidate = here.get(waybill);
          if (made.has(waybill)) return { waybill, outcome: 'queued' as const };
          // Someone who was quicker made it meanwhile.
          const known = noticed.has(waybill) || (candidate && !hindranceOf(candidate));
          if (known) return { waybill, outcome: 'known' as const };
          return { waybill, outcome: 'skipped' as const, reason: (candidate && hindranceOf(candidate)) ?? 'not_on_shelf' };
        }),
      };
    });
  }

  /** Makes the notices of those among the parcels that lie on a shelf and whose recipients may be told. Repeats change nothing. */
  async make(countyCode: string, waybills: readonly string[]): Promise<void> {
    if (!(await this.directory.snapshot()).parameters(countyCode).noticeOnShelving) return;
    const candidates = await readCandidates(this.database, countyCode, waybills);
    await this.write(this.database, countyCode, candidates);
  }

  /** The log, newest first. @throws DomainError `not_found` 404 for a station that the caller may not look into, `bad_cursor` 400 */
  async log(principal: Principal, query: z.infer<typeof noticeQuerySchema>): Promise<Page<NoticeView>> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const stations = stationsAsked(facts, principal, query.stationCode).map(({ id, unitId }) => ({
      id,
      countyCode: facts.countyOf(unitId),
    }));
    const rows = await readLog(this.database, stations, query.state, timeCursor(query.cursor), query.limit + 1);
    const items = rows.slice(0, query.limit);
    const last = items.at(-1);
    return {
      items: items.map((row) => this.view(row, facts)),
      ...(rows.length > query.limit && last ? { nextCursor: encodeCursor([last.createdAt.getTime(), last.waybill]) } : {}),
    };
  }

  /**
   * Takes the gateway's word on whether a message arrived. A delivery is never taken back.
   * @throws DomainError `not_found` 404 for an id that no notice has
   */
  async report({ id, state, reason }: NoticeReport): Promise<void> {
    const [row] = await this.database.query<{ id: string }>(
      `update logistics.notice set
         state = case when state = 'delivered' then state else $2 end,
         reason = case when state = 'delivered' then reason else $3 end,
         due_at = null, sent_at = coalesce(sent_at, $4)
       where id = $1 returning id`,
      [id, state, state === 'failed' ? (reason ?? 'not_delivered') : null, this.clock.now()],
    );
    if (!row) throw notFound(id);
  }

  private async write(tx: Tx, countyCode: string, candidates: readonly Candidate[]): Promise<string[]> {
    const notices = candidates.flatMap((candidate) => {
      const { waybill, stationId, phone, hasNotice } = candidate;
      if (hasNotice || phone === null || hindranceOf(candidate)) return [];
      return [{ id: uuidv7(), waybill, stationId, phone }];
    });
    return notices.length === 0 ? [] : await insertNotices(tx, countyCode, notices, this.clock.now());
  }

  private view(row: LogRow, { snapshot }: SnapshotFacts): NoticeView {
    return {
      waybill: row.waybill,
      stationCode: snapshot.station(row.stationId)?.code ?? '',
      phone: row.phone === null ? '' : maskPhone(this.secrets.decrypt(row.phone)),
      state: row.state,
      ...(row.reason === null ? {} : { reason: row.reason }),
      createdAt: row.createdAt.toISOString(),
      ...(row.sentAt === null ? {} : { sentAt: row.sentAt.toISOString() }),
    };
  }
}

function hindranceOf({ phone, consent }: Pick<Candidate, 'phone' | 'consent'>): Hindrance {
  if (phone === null) return 'no_phone';
  return consent === 'refused' ? 'consent_refused' : undefined;
}
