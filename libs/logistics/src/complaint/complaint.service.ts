import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import {
  addMonths,
  dayOf,
  decodeCursor,
  encodeCursor,
  firstDayOf,
  periodOf,
  type COMPLAINT_STATUSES,
  type ComplaintInput,
  type complaintQuerySchema,
  type ComplaintView,
  type Day,
  type Page,
} from '#contracts';
import { DirectoryReader, scopeAllows } from '#directory';
import { Audit, Clock, Database, DomainError, invalid, notFound, type Principal } from '#platform';
import { redactText } from '../carrier/trace.text.js';
import { plainArray } from '../ledger/array.literal.js';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { TouchedDays } from '../ledger/touched.days.js';
import { countyKeyOf, listedUnit } from '../parcel/parcel.scope.js';
import { ParcelService } from '../parcel/parcel.service.js';

export type ComplaintQuery = z.infer<typeof complaintQuerySchema>;
type ComplaintStatus = (typeof COMPLAINT_STATUSES)[number];

interface ComplaintRow {
  id: string;
  day: Day;
  unitId: string;
  waybill: string;
  stationId: string | null;
  text: string;
  status: ComplaintStatus;
  reportedAt: Date;
  decidedAt: Date | null;
}

const COLUMNS = `id, day, unit_id as "unitId", waybill, station_id as "stationId", text, status, reported_at as "reportedAt", decided_at as "decidedAt"`;
/** A complaint is about the present or the recent past. */
const MAX_AGE_MONTHS = 12;

/** Complaints of an extra charge in a village (metric M9): reported by anyone at work there, confirmed or dismissed by the county. */
@Injectable()
export class ComplaintService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly parcels: ParcelService,
    private readonly touched: TouchedDays,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /**
   * Records a complaint; a repeat of its id answers what is recorded.
   * @throws DomainError `not_found` 404 for a parcel or village out of the caller's sight, `invalid_input` 400, `id_reused` 409
   */
  async report(principal: Principal, input: ComplaintInput): Promise<ComplaintView> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const day = this.dayOf(input.day);
    const unitId = await this.villageOf(principal, input, facts);
    const station = input.stationCode === undefined ? undefined : facts.snapshot.stationByCode(input.stationCode);
    if (input.stationCode !== undefined && !station)
      throw new DomainError('unknown_station', 400, { station: input.stationCode });
    const countyCode = facts.countyOf(unitId);
    const known = await this.read(countyCode, input.id);
    if (known) {
      if (known.waybill !== input.waybill) throw new DomainError('id_reused', 409);
      return view(known, facts);
    }
    const [row] = await this.database.query<ComplaintRow>(
      `insert into logistics.complaint (county_code, id, day, unit_id, waybill, station_id, text, status, reported_by, reported_at)
       values ($1, $2, $3, $4, $5, $6, $7, 'reported', $8, $9) on conflict do nothing returning ${COLUMNS}`,
      [
        countyCode,
        input.id,
        day,
        unitId,
        input.waybill,
        station?.id ?? null,
        redactText(input.text.replaceAll('\0', '')),
        principal.id,
        this.clock.now(),
      ],
    );
    const stored = row ?? (await this.read(countyCode, input.id));
    if (!stored) throw new DomainError('conflict', 409);
    return view(stored, facts);
  }

  /** Newest first. @throws DomainError `not_found` 404 for a unit that the caller may not see, `bad_cursor` 400 */
  async list(principal: Principal, query: ComplaintQuery): Promise<Page<ComplaintView>> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const unit = listedUnit(facts.snapshot, principal, query.unit);
    const countyCode = countyKeyOf(facts, principal, unit, this.clock.now());
    const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, 2);
    if (
      query.cursor !== undefined &&
      (!/^\d{4}-\d{2}-\d{2}$/.test(String(after?.[0])) || !/^[\da-f-]{36}$/.test(String(after?.[1])))
    )
      throw new DomainError('bad_cursor', 400);
    const rows = await this.database.query<ComplaintRow>(
      `select ${COLUMNS} from logistics.complaint
       where county_code = $1 and unit_id = any($2::uuid[]) and ($3::text is null or status = $3)
         and ($4::date is null or (day, id) < ($4::date, $5::uuid)) order by day desc, id desc limit $6`,
      [
        countyCode,
        plainArray(facts.snapshot.idsWithin(unit.id)),
        query.status ?? null,
        after?.[0] ?? null,
        after?.[1] ?? null,
        query.limit + 1,
      ],
    );
    const items = rows.slice(0, query.limit);
    const last = items.at(-1);
    return {
      items: items.map((row) => view(row, facts)),
      ...(rows.length > query.limit && last ? { nextCursor: encodeCursor([last.day, last.id]) } : {}),
    };
  }

  /**
   * Confirms or dismisses; the same decision again changes nothing.
   * @throws DomainError `not_found` 404, `already_decided` 409
   */
  async decide(principal: Principal, id: string, decision: 'confirmed' | 'dismissed'): Promise<ComplaintView> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const unit = listedUnit(facts.snapshot, principal, undefined);
    const countyCode = countyKeyOf(facts, principal, unit, this.clock.now());
    return await this.database.transaction(async (tx) => {
      const [row] = await tx.query<ComplaintRow>(
        `select ${COLUMNS} from logistics.complaint where county_code = $1 and id = $2::uuid for update`,
        [countyCode, id],
      );
      if (!row || !scopeAllows(facts.snapshot, principal, row.unitId)) throw notFound(id);
      if (row.status === decision) return view(row, facts);
      if (row.status !== 'reported') throw new DomainError('already_decided', 409);
      const decidedAt = this.clock.now();
      await tx.query(
        'update logistics.complaint set status = $4, decided_by = $5, decided_at = $6 where county_code = $1 and id = $2::uuid and day = $3',
        [countyCode, id, row.day, decision, principal.id, decidedAt],
      );
      await this.audit.record(tx, {
        countyCode,
        actorId: principal.id,
        action: `complaint.${decision}`,
        subject: `complaint:${id}`,
      });
      if (decision === 'confirmed') await this.touched.publish(tx, countyCode, [row]);
      return view({ ...row, status: decision, decidedAt }, facts);
    });
  }

  private dayOf(day: Day | undefined): Day {
    const now = this.clock.now();
    const today = dayOf(now);
    if (day === undefined) return today;
    const earliest = firstDayOf(addMonths(periodOf(now), -MAX_AGE_MONTHS));
    if (day > today || day < earliest) throw invalid([{ path: 'day', code: 'out_of_range', message: `${earliest} – ${today}` }]);
    return day;
  }

  private async villageOf(principal: Principal, input: ComplaintInput, facts: SnapshotFacts): Promise<string> {
    if (input.villageCode !== undefined) {
      const unit = facts.snapshot.unitByCode(input.villageCode);
      if (unit?.level !== 'village' || !scopeAllows(facts.snapshot, principal, unit.id))
        throw new DomainError('unknown_village', 404, { village: input.villageCode });
      return unit.id;
    }
    const parcel = await this.parcels.find(principal, input.waybill, facts);
    if (!parcel?.villageId) throw notFound(input.waybill);
    return parcel.villageId;
  }

  private async read(countyCode: string, id: string): Promise<ComplaintRow | undefined> {
    const [row] = await this.database.query<ComplaintRow>(
      `select ${COLUMNS} from logistics.complaint where county_code = $1 and id = $2::uuid`,
      [countyCode, id],
    );
    return row;
  }
}

function view(row: ComplaintRow, { snapshot }: SnapshotFacts): ComplaintView {
  const unit = snapshot.unit(row.unitId);
  const station = row.stationId === null ? undefined : snapshot.station(row.stationId);
  return {
    id: row.id,
    waybill: row.waybill,
    day: row.day,
    unit: { id: row.unitId, code: unit?.code ?? '', name: unit?.name ?? '' },
    ...(station ? { stationCode: station.code } : {}),
    text: row.text,
    status: row.status,
    reportedAt: row.reportedAt.toISOString(),
    ...(row.decidedAt === null ? {} : { decidedAt: row.decidedAt.toISOString() }),
  };
}
