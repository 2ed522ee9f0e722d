import { Injectable } from '@nestjs/common';
import { actsForProducer, DirectoryReader } from '#directory';
import { Database, notFound, type Principal } from '#platform';

/** What codes need to know of a lot; read from the tables that upflow publishes (docs/adr/0007-published-produce.md). */
export interface CodeLot {
  readonly id: string;
  readonly lotNo: string;
  readonly countyCode: string;
  readonly villageId: string;
  readonly harvestedOn: string | null;
  readonly productName: string;
  readonly gtin: string | null;
  readonly spec: string | null;
  readonly producerId: string;
  /** Masked for a household. */
  readonly producerName: string;
  readonly producerVillageId: string;
}

const LOTS = `select l.id, l.lot_no as "lotNo", l.county_code as "countyCode", l.village_id as "villageId", l.harvested_on as "harvestedOn",
    p.name as "productName", p.gtin, p.spec, r.id as "producerId", r.name as "producerName", r.village_id as "producerVillageId"
  from upflow.lot l join upflow.product p on p.id = l.product_id join upflow.producer r on r.id = l.producer_id`;

/** Which lots somebody may handle: those of producers that they act for. */
@Injectable()
export class LotAccess {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
  ) {}

  /** A lot. @throws DomainError `not_found` 404, also for a lot that is not the caller's to see */
  async lot(principal: Principal, lotId: string): Promise<CodeLot> {
    const lot = (await this.lots(principal, [lotId])).get(lotId);
    if (!lot) throw notFound(lotId);
    return lot;
  }

  /** Of some lots those that are the caller's to see, by id. */
  async lots(principal: Principal, lotIds: readonly string[]): Promise<Map<string, CodeLot>> {
    const snapshot = await this.directory.snapshot();
    const rows = await this.database.query<CodeLot>(`${LOTS} where l.id = any($1::uuid[])`, [lotIds]);
    const open = rows.filter((lot) =>
      actsForProducer(snapshot, principal, { id: lot.producerId, villageId: lot.producerVillageId }),
    );
    return new Map(open.map((lot) => [lot.id, lot]));
  }
}
