import { Injectable } from '@nestjs/common';
import type { ConsentView } from '#contracts';
import { DirectoryReader, scopeAllows } from '#directory';
import { Clock, Database, notFound, type Principal } from '#platform';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { countiesOf, maySeeParcel } from '../parcel/parcel.scope.js';
import { ParcelService } from '../parcel/parcel.service.js';

interface ConsentRow {
  consent: ConsentView['consent'];
  way: ConsentView['way'];
  occurredAt: Date;
  stationId: string | null;
}

/** What recipients agreed to, as it was recorded: the proof that the law asks for. */
@Injectable()
export class ConsentService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly parcels: ParcelService,
    private readonly clock: Clock,
  ) {}

  /**
   * Every consent and refusal of a parcel, oldest first; of one that nobody scanned yet, those recorded at stations that the caller looks after.
   * @throws DomainError `not_found` 404 for a parcel that the caller may not see
   */
  async list(principal: Principal, waybill: string): Promise<ConsentView[]> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    for (const countyCode of countiesOf(facts, principal, this.clock.now())) {
      const parcel = await this.parcels.foldOf(countyCode, waybill, facts);
      const visible = parcel !== undefined && maySeeParcel(facts, principal, parcel);
      const rows = parcel && !visible ? [] : await this.read(countyCode, waybill);
      const shown = visible ? rows : rows.filter((row) => isOwn(facts, principal, row));
      if (visible || shown.length > 0) return shown.map((row) => view(row, facts));
    }
    throw notFound(waybill);
  }

  private read(countyCode: string, waybill: string): Promise<ConsentRow[]> {
    return this.database.query<ConsentRow>(
      `select consent, way, occurred_at as "occurredAt", station_id as "stationId" from logistics.consent
       where county_code = $1 and waybill = $2 order by occurred_at, id`,
      [countyCode, waybill],
    );
  }
}

function isOwn({ snapshot }: SnapshotFacts, principal: Principal, { stationId }: ConsentRow): boolean {
  const station = stationId === null ? undefined : snapshot.station(stationId);
  if (principal.role === 'station') return stationId !== null && principal.stationIds.includes(stationId);
  return station ? scopeAllows(snapshot, principal, station.unitId) : false;
}

function view({ consent, way, occurredAt, stationId }: ConsentRow, { snapshot }: SnapshotFacts): ConsentView {
  const station = stationId === null ? undefined : snapshot.station(stationId);
  return { consent, way, occurredAt: occurredAt.toISOString(), ...(station ? { stationCode: station.code } : {}) };
}
