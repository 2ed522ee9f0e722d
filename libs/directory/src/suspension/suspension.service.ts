import { Injectable } from '@nestjs/common';
import { daysBetween, type Day, type Page, type SuspensionStatus, type SuspensionView } from '#contracts';
import { Audit, Clock, Database, DomainError, notFound, type Tx } from '#platform';
import { DirectoryWriter } from '../change/directory.writer.js';
import { pageFrom } from '../http/list.answer.js';
import type { DirectorySnapshot } from '../model/directory.snapshot.js';
import { assertScope, type Actor } from '../model/scope.js';
import { DirectoryReader } from '../reader/directory.reader.js';
import { unitRefOf } from '../unit/unit.view.js';

/** A person who acts: requests and decisions bear a name. */
export type Person = Actor & { readonly id: string };

/** Service of a village is to be suspended on these days, `to` included. */
export interface SuspensionInput {
  id: string;
  villageCode: string;
  from: Day;
  to: Day;
  reason: string;
}

interface SuspensionRow {
  id: string;
  villageId: string;
  from: Day;
  to: Day;
  reason: string;
  status: SuspensionStatus;
  requestedBy: string;
  requestedAt: Date;
  decidedBy: string | null;
  decidedAt: Date | null;
}

const SELECT = `select id, village_id as "villageId", from_day as "from", to_day as "to", reason, status, requested_by as "requestedBy",
  requested_at as "requestedAt", decided_by as "decidedBy", decided_at as "decidedAt" from directory.suspension`;
/** Longer than a year is no suspension but the end of the service. */
const MAX_DAYS = 366;

/** Suspensions of a village's service: one person asks, another one decides (docs/domain/directory.md, suspensions). */
@Injectable()
export class SuspensionService {
  constructor(
    private readonly database: Database,
    private readonly writer: DirectoryWriter,
    private readonly reader: DirectoryReader,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /**
   * Asks for a suspension.
   * @throws DomainError `not_found` 404, `forbidden` 403, `span_empty` 400, `suspension_too_long` 400, `not_a_village`, `id_taken` 409
   */
  async request(person: Person, input: SuspensionInput): Promise<SuspensionView> {
    const snapshot = await this.reader.snapshot();
    const village = snapshot.unitByCode(input.villageCode, input.from) ?? snapshot.unitByCode(input.villageCode);
    if (!village) throw notFound(input.villageCode);
    if (village.level !== 'village') throw new DomainError('not_a_village', 409, { code: input.villageCode });
    assertScope(snapshot, person, village.id);
    if (input.to < input.from) throw new DomainError('span_empty', 400, { from: input.from, to: input.to });
    if (daysBetween(input.from, input.to) >= MAX_DAYS) throw new DomainError('suspension_too_long', 400, { days: MAX_DAYS });
    const row = await this.database.transaction(async (tx) => {
      const added = await insertRequest(tx, person, input, village.id, this.clock.now());
      const stored = await rowById(tx, input.id);
      if (stored?.villageId !== village.id || stored.from !== input.from || stored.to !== input.to)
        throw new DomainError('id_taken', 409, { id: input.id });
      if (added) await this.record(tx, snapshot, person, 'suspension.requested', stored);
      return stored;
    });
    return suspensionView(snapshot, row);
  }

  /**
   * Approves or rejects a request. Only an approved suspension counts.
   * @throws DomainError `not_found` 404, `forbidden` 403, `decided_by_requester` 403, `already_decided` 409
   */
  async decide(person: Person, id: string, decision: 'approved' | 'rejected'): Promise<SuspensionView> {
    return await this.writer.change(async ({ tx, snapshot, touched }) => {
      const row = await rowById(tx, id);
      if (!row) throw notFound(id);
      assertScope(snapshot, person, row.villageId);
      if (row.status === decision && row.decidedBy === person.id) return suspensionView(snapshot, row);
      if (row.status !== 'requested') throw new DomainError('already_decided', 409);
      if (row.requestedBy === person.id) throw new DomainError('decided_by_requester', 403);
      await tx.query(
        'update directory.suspension set status = $2, decided_by = $3::uuid, decided_at = $4::timestamptz where id = $1::uuid',
        [id, decision, person.id, this.clock.now()],
      );
      await this.record(tx, snapshot, person, `suspension.${decision}`, row);
      if (decision === 'approved') touched.unit(snapshot.countyCodeOf(row.villageId), row.villageId, row.from);
      return suspensionView(snapshot, { ...row, status: decision, decidedBy: person.id, decidedAt: this.clock.now() });
    });
  }

  /** Requests of the villages within a unit, newest first. */
  async list(
    unitId: string,
    filter: { status?: SuspensionStatus | undefined },
    after: string | undefined,
    limit: number,
  ): Promise<Page<SuspensionView>> {
    const snapshot = await this.reader.snapshot();
    const rows = await this.database.query<SuspensionRow>(
      `${SELECT} where village_id = any($1::uuid[]) and ($2::text is null or status = $2) and ($3::text is null or (requested_at, id) <
         (split_part($3, ' ', 1)::timestamptz, split_part($3, ' ', 2)::uuid)) order by requested_at desc, id desc limit $4`,
      [snapshot.idsWithin(unitId), filter.status ?? null, after ?? null, limit + 1],
    );
    const page = pageFrom(rows, (row) => `${row.requestedAt.toISOString()} ${row.id}`, limit);
    return { ...page, items: page.items.map((row) => suspensionView(snapshot, row)) };
  }

  private async record(tx: Tx, snapshot: DirectorySnapshot, person: Person, action: string, row: SuspensionRow): Promise<void> {
    const countyCode = snapshot.countyCodeOf(row.villageId);
    await this.audit.record(tx, { countyCode, actorId: person.id, action, subject: `suspension:${row.id}` });
  }
}

async function insertRequest(tx: Tx, person: Person, input: SuspensionInput, villageId: string, now: Date): Promise<boolean> {
  const rows = await tx.query(
    `insert into directory.suspension (id, village_id, from_day, to_day, reason, status, requested_by, requested_at)
     values ($1::uuid, $2::uuid, $3::date, $4::date, $5, 'requested', $6::uuid, $7::timestamptz) on conflict (id) do nothing returning id`,
    [input.id, villageId, input.from, input.to, input.reason, person.id, now],
  );
  return rows.length > 0;
}

async function rowById(tx: Tx, id: string): Promise<SuspensionRow | undefined> {
  const [row] = await tx.query<SuspensionRow>(`${SELECT} where id = $1::uuid`, [id]);
  return row;
}

function suspensionView(snapshot: DirectorySnapshot, row: SuspensionRow): SuspensionView {
  const { id, from, to, reason, status, requestedBy, decidedBy } = row;
  return {
    id,
    village: unitRefOf(snapshot, row.villageId),
    from,
    to,
    reason,
    status,
    requestedBy,
    requestedAt: row.requestedAt.toISOString(),
    decidedBy,
    decidedAt: row.decidedAt?.toISOString() ?? null,
  };
}
