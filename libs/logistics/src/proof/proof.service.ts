import { Injectable } from '@nestjs/common';
import type { ProofView } from '#contracts';
import { DirectoryReader, maskName, scopeAllows } from '#directory';
import { Audit, Clock, Database, forbidden, notFound, SecretBox, type Principal } from '#platform';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { countiesOf } from '../parcel/parcel.scope.js';
import { ParcelService } from '../parcel/parcel.service.js';

interface ProofRow {
  id: string;
  kind: ProofView['kind'];
  occurredAt: Date;
  waybills: string[];
  proxyName: Buffer | null;
  hasPicture: boolean;
  stationId: string | null;
  unitId: string;
}
type PictureRow = Pick<ProofRow, 'stationId' | 'unitId'> & { picture: Buffer | null; pictureType: string | null };

const SHOWN = 100;

/** A picture as it was sent. */
export interface Picture {
  readonly type: string;
  readonly content: Buffer;
}

/** Kept proofs, for whoever may see the parcel; their pictures, for the people of the station and for those who may unmask. */
@Injectable()
export class ProofService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly parcels: ParcelService,
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** A parcel's proofs, newest first. @throws DomainError `not_found` 404, also for a parcel that the caller may not see */
  async ofParcel(principal: Principal, text: string): Promise<{ items: ProofView[] }> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const parcel = await this.parcels.find(principal, text, facts);
    if (!parcel) throw notFound(text);
    const rows = await this.database.query<ProofRow>(
      `select id, kind, occurred_at as "occurredAt", waybills, proxy_name as "proxyName", picture is not null as "hasPicture",
         station_id as "stationId", unit_id as "unitId"
       from logistics.proof where county_code = any($1::text[]) and waybills @> array[$2::text]
       order by occurred_at desc, id limit ${SHOWN}`,
      [countiesOf(facts, principal, this.clock.now()), parcel.waybill],
    );
    return { items: rows.map((row) => this.view(row, facts, principal, parcel.waybill)) };
  }

  /**
   * The picture of a proof; that it was looked at is kept.
   * @throws DomainError `not_found` 404 outside of the caller's unit or without a picture, `forbidden` 403 for others than the station's people
   */
  async picture(principal: Principal, id: string): Promise<Picture> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    for (const countyCode of countiesOf(facts, principal, this.clock.now())) {
      const [row] = await this.database.query<PictureRow>(
        `select picture, picture_type as "pictureType", station_id as "stationId", unit_id as "unitId"
         from logistics.proof where county_code = $1 and id = $2`,
        [countyCode, id],
      );
      if (!row || !this.isInReach(row, facts, principal)) continue;
      if (!this.mayUnmask(row, principal)) throw forbidden();
      if (row.picture === null || row.pictureType === null) throw notFound(id);
      const subject = `proof:${id}`;
      await this.audit.record(this.database, { countyCode, actorId: principal.id, action: 'proof.unmasked', subject });
      return { type: row.pictureType, content: Buffer.from(this.secrets.decrypt(row.picture), 'base64') };
    }
    throw notFound(id);
  }

  private isInReach(row: Pick<ProofRow, 'stationId' | 'unitId'>, { snapshot }: SnapshotFacts, principal: Principal): boolean {
    if (this.isOwn(row, principal)) return true;
    // Of two stations in a village each keeper sees their own.
    return (principal.role !== 'station' || row.stationId === null) && scopeAllows(snapshot, principal, row.unitId);
  }

  /** Whoever was there when it was made: the station's people, or a sorting hall's. */
  private isOwn({ stationId, unitId }: Pick<ProofRow, 'stationId' | 'unitId'>, principal: Principal): boolean {
    return stationId === null ? unitId === principal.unitId : principal.stationIds.includes(stationId);
  }

  private mayUnmask(row: Pick<ProofRow, 'stationId' | 'unitId'>, principal: Principal): boolean {
    return principal.rights.includes('personal:unmask') || this.isOwn(row, principal);
  }

  /** The other parcels of one hand-over are the business of those who may look into the place where it was. */
  private view(row: ProofRow, facts: SnapshotFacts, principal: Principal, asked: string): ProofView {
    return {
      id: row.id,
      kind: row.kind,
      occurredAt: row.occurredAt.toISOString(),
      waybills: principal.carrierCode === undefined && this.isInReach(row, facts, principal) ? row.waybills : [asked],
      ...(row.proxyName === null ? {} : { proxyName: maskName(this.secrets.decrypt(row.proxyName)) }),
      hasPicture: row.hasPicture,
    };
  }
}
