import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor, type Page, type QuarantinedScan } from '#contracts';
import { DirectoryReader } from '#directory';
import { Audit, Clock, Database, DomainError, type Principal } from '#platform';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { readEventsById } from '../ledger/ledger.repository.js';
import { LedgerRefold } from '../ledger/ledger.refold.js';
import { settleCheckIns } from '../ledger/check.in.repository.js';
import { TouchedDays } from '../ledger/touched.days.js';
import { countyKeyOf, listedUnit } from '../parcel/parcel.scope.js';

interface QuarantinedRow {
  id: string;
  waybill: string;
  kind: string;
  claimedAt: Date;
  receivedAt: Date;
  stationId: string | null;
  deviceId: string | null;
}

/** Scans that claim to be older than 45 days wait here until county staff release them; then they count like any other. */
@Injectable()
export class QuarantineService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly refolding: LedgerRefold,
    private readonly touched: TouchedDays,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** Oldest claim first. @throws DomainError `bad_cursor` 400 */
  async list(
    principal: Principal,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<Page<QuarantinedScan>> {
    const { countyCode, facts } = await this.place(principal);
    const after = cursor === undefined ? undefined : decodeCursor(cursor, 2);
    if (cursor !== undefined && (typeof after?.[0] !== 'number' || !isUuid(after[1]))) throw new DomainError('bad_cursor', 400);
    const rows = await this.database.query<QuarantinedRow>(
      `select id, waybill, kind, claimed_at as "claimedAt", received_at as "receivedAt", station_id as "stationId", device_id as "deviceId"
       from logistics.parcel_event
       where county_code = $1 and 'quarantined' = any(flags) and ($2::float8 is null or (claimed_at, id) > (to_timestamp($2::float8 / 1000), $3::uuid))
       order by claimed_at, id limit $4`,
      [countyCode, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
    );
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const nextCursor = rows.length > limit && last ? { nextCursor: encodeCursor([last.claimedAt.getTime(), last.id]) } : {};
    return { items: items.map((row) => view(row, facts)), ...nextCursor };
  }

  /** Releases a scan: it takes part from now on, at the time that it claims. @throws DomainError `not_quarantined` 404 */
  async release(principal: Principal, id: string): Promise<QuarantinedScan> {
    const { countyCode, facts } = await this.place(principal);
    return await this.database.transaction(async (tx) => {
      const [row] = await tx.query<QuarantinedRow>(
        `update logistics.parcel_event set flags = array_remove(flags, 'quarantined')
         where county_code = $1 and id = $2::uuid and 'quarantined' = any(flags)
         returning id, waybill, kind, claimed_at as "claimedAt", received_at as "receivedAt", station_id as "stationId", device_id as "deviceId"`,
        [countyCode, id],
      );
      if (!row) throw new DomainError('not_quarantined', 404);
      await this.audit.record(tx, { countyCode, actorId: principal.id, action: 'scan.released', subject: `scan:${id}` });
      if (row.waybill !== '') await this.refolding.refoldIn(tx, countyCode, [row.waybill], facts);
      else {
        const { touched } = await settleCheckIns(tx, countyCode, await readEventsById(tx, countyCode, [id]), facts);
        await this.touched.publish(tx, countyCode, [], touched);
      }
      return view(row, facts);
    });
  }

  private async place(principal: Principal): Promise<{ countyCode: string; facts: SnapshotFacts }> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const unit = listedUnit(facts.snapshot, principal, undefined);
    return { facts, countyCode: countyKeyOf(facts, principal, unit, this.clock.now()) };
  }
}

const isUuid = (value: unknown): boolean => typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);

function view(row: QuarantinedRow, { snapshot }: SnapshotFacts): QuarantinedScan {
  const station = row.stationId === null ? undefined : snapshot.station(row.stationId);
  return {
    id: row.id,
    waybill: row.waybill,
    kind: row.kind,
    claimedAt: row.claimedAt.toISOString(),
    receivedAt: row.receivedAt.toISOString(),
    ...(station ? { stationCode: station.code } : {}),
    ...(row.deviceId === null ? {} : { deviceId: row.deviceId }),
  };
}
