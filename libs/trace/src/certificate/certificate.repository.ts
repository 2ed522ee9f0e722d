import { Injectable } from '@nestjs/common';
import type { CertificateContent, ProducerKind } from '#contracts';
import type { Tx } from '#platform';
import type { ForebearLot, LotTestFact } from './certificate.rules.js';

/** A certificate as stored: the contact sealed. `producerId` answers for the lot and is of village `villageId`. */
export interface CertificateRow {
  id: string;
  countyCode: string;
  lotId: string;
  number: string;
  content: CertificateContent;
  contact: Uint8Array;
  issuedAt: Date;
  issuedBy: string;
  supersededBy: string | null;
  villageId: string;
  producerId: string;
}

/** A buyer took a certificate in. */
export interface CollectionRow {
  id: string;
  certificateId: string;
  stationId: string | null;
  buyerId: string | null;
  buyerName: string | null;
  quantityG: number | null;
  collectedBy: string;
  collectedAt: Date;
}

/** A lot and whose it is, as upflow has it (docs/adr/0007-published-produce.md). */
export interface LotRow {
  id: string;
  countyCode: string;
  lotNo: string;
  /** Village of origin. */
  villageId: string;
  plotName: string | null;
  stockG: number;
  productName: string;
  categoryCode: string;
  producerId: string;
  producerName: string;
  producerKind: ProducerKind;
  producerVillageId: string;
  contactPhone: Uint8Array | null;
}

const CERTIFICATE = `select c.id, c.county_code as "countyCode", c.lot_id as "lotId", c.number, c.content, c.contact, c.issued_at as "issuedAt",
    c.issued_by as "issuedBy", c.superseded_by as "supersededBy", w.village_id as "villageId", l.producer_id as "producerId"
  from trace.certificate c join upflow.lot l on l.id = c.lot_id join upflow.producer w on w.id = l.producer_id`;
const COLLECTION = `select k.id, k.certificate_id as "certificateId", k.station_id as "stationId", k.buyer_id as "buyerId", p.name as "buyerName",
    k.quantity_g as "quantityG", k.collected_by as "collectedBy", k.collected_at as "collectedAt"
  from trace.certificate_collection k left join upflow.producer p on p.id = k.buyer_id`;
/** Lots above a lot are at most this many steps away. */
const MAX_DEPTH = 32;

/** Which certificates a list shows. `null` is no limit. */
export interface CertificateFilter {
  readonly villageIds: readonly string[] | null;
  readonly producerIds: readonly string[] | null;
  readonly lotId: string | null;
  readonly after: { readonly issuedAt: string; readonly id: string } | undefined;
  readonly limit: number;
}

/** Certificates and their collections; upflow's lots are read, never written. */
@Injectable()
export class CertificateRepository {
  async lot(tx: Tx, id: string): Promise<LotRow | undefined> {
    const [row] = await tx.query<LotRow>(
      `select l.id, l.county_code as "countyCode", l.lot_no as "lotNo", l.village_id as "villageId", l.plot_name as "plotName", l.stock_g as "stockG",
         p.name as "productName", p.category_code as "categoryCode", w.id as "producerId", w.name as "producerName", w.kind as "producerKind",
         w.village_id as "producerVillageId", w.contact_phone as "contactPhone"
       from upflow.lot l join upflow.product p on p.id = l.product_id join upflow.producer w on w.id = l.producer_id where l.id = $1::uuid`,
      [id],
    );
    return row;
  }

  /** The lot and every lot above it, with their tests. */
  async family(tx: Tx, lotId: string): Promise<ForebearLot[]> {
    const rows = await tx.query<{
      id: string;
      parentIds: string[];
      tests: (Omit<LotTestFact, 'createdAt'> & { createdAt: string })[];
    }>(
      `with recursive above (id, depth) as (
         select $1::uuid, 0
         union
         select p.parent_id, a.depth + 1 from above a join upflow.lot_part p on p.child_id = a.id where a.depth < ${MAX_DEPTH}
       )
       select a.id, array(select p.parent_id from upflow.lot_part p where p.child_id = a.id) as "parentIds",
         coalesce((select jsonb_agg(jsonb_build_object('item', t.item, 'result', t.result, 'testedOn', t.tested_on, 'createdAt', t.created_at))
           from upflow.lot_test t where t.lot_id = a.id), '[]') as tests
       from (select distinct id from above) a`,
      [lotId],
    );
    return rows.map((row) => ({
      ...row,
      tests: row.tests.map((test) => ({ ...test, createdAt: new Date(test.createdAt) })),
    }));
  }

  async isRecalled(tx: Tx, lotId: string): Promise<boolean> {
    const rows = await tx.query(
      'select 1 from trace.recall_lot l join trace.recall r on r.id = l.recall_id where l.lot_id = $1::uuid and r.ended_at is null limit 1',
      [lotId],
    );
    return rows.length > 0;
  }

  /** A household's name in full, sealed; `null` for every other producer. */
  async sealedName(tx: Tx, producerId: string): Promise<Uint8Array | null> {
    const [row] = await tx.query<{ fullName: Uint8Array | null }>(
      'select full_name as "fullName" from upflow.producer where id = $1::uuid',
      [producerId],
    );
    return row?.fullName ?? null;
  }

  async producer(tx: Tx, id: string): Promise<{ id: string; villageId: string; kind: ProducerKind } | undefined> {
    const [row] = await tx.query<{ id: string; villageId: string; kind: ProducerKind }>(
      'select id, village_id as "villageId", kind from upflow.producer where id = $1::uuid',
      [id],
    );
    return row;
  }

  /** Issues of a county come one after the other until the transaction ends: numbers have no gap, and one certificate of a lot is in force. */
  async lockCounty(tx: Tx, countyCode: string): Promise<void> {
    await tx.query('select pg_advisory_xact_lock(hashtext($1))', [`xiangyi:certificate:${countyCode}`]);
  }

  /** How many numbers begin with a prefix. */
  async countNumbers(tx: Tx, prefix: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `select count(*) as count from trace.certificate where number >= $1 and number < $1 || ':'`,
      [prefix],
    );
    return row?.count ?? 0;
  }

  /** Adds a certificate; false when its id is taken. */
  async insert(tx: Tx, row: Omit<CertificateRow, 'supersededBy' | 'villageId' | 'producerId'>): Promise<boolean> {
    const added = await tx.query(
      `insert into trace.certificate (id, county_code, lot_id, number, content, contact, issued_at, issued_by)
       values ($1::uuid, $2, $3::uuid, $4, $5::jsonb, $6, $7::timestamptz, $8::uuid) on conflict (id) do nothing returning 1`,
      [
        row.id,
        row.countyCode,
        row.lotId,
        row.number,
        JSON.stringify(row.content),
        row.contact,
        row.issuedAt.toISOString(),
        row.issuedBy,
      ],
    );
    return added.length > 0;
  }

  /** The lot's former certificates give way to a new one. */
  async supersede(tx: Tx, lotId: string, by: string): Promise<void> {
    await tx.query(
      'update trace.certificate set superseded_by = $2::uuid where lot_id = $1::uuid and id <> $2::uuid and superseded_by is null',
      [lotId, by],
    );
  }

  async find(tx: Tx, id: string): Promise<CertificateRow | undefined> {
    const [row] = await tx.query<CertificateRow>(`${CERTIFICATE} where c.id = $1::uuid`, [id]);
    return row;
  }

  async findByNumber(tx: Tx, number: string): Promise<CertificateRow | undefined> {
    const [row] = await tx.query<CertificateRow>(`${CERTIFICATE} where c.number = $1`, [number]);
    return row;
  }

  /** All certificates of a lot, newest first. */
  async ofLot(tx: Tx, lotId: string): Promise<CertificateRow[]> {
    return tx.query(`${CERTIFICATE} where c.lot_id = $1::uuid order by c.issued_at desc, c.number desc`, [lotId]);
  }

  /** Certificates newest first, after a place in the list. */
  async list(tx: Tx, filter: CertificateFilter): Promise<CertificateRow[]> {
    return tx.query(
      `${CERTIFICATE}
       where ($1::uuid[] is null or w.village_id = any($1::uuid[])) and ($2::uuid[] is null or l.producer_id = any($2::uuid[]))
         and ($3::timestamptz is null or (c.issued_at, c.id) < ($3::timestamptz, $4::uuid)) and ($6::uuid is null or c.lot_id = $6::uuid)
       order by c.issued_at desc, c.id desc limit $5`,
      [
        filter.villageIds,
        filter.producerIds,
        filter.after?.issuedAt ?? null,
        filter.after?.id ?? null,
        filter.limit,
        filter.lotId,
      ],
    );
  }

  /** Collections of some certificates, oldest first. */
  async collections(tx: Tx, certificateIds: readonly string[]): Promise<CollectionRow[]> {
    if (certificateIds.length === 0) return [];
    return tx.query(`${COLLECTION} where k.certificate_id = any($1::uuid[]) order by k.collected_at, k.id`, [certificateIds]);
  }

  async collection(tx: Tx, id: string): Promise<CollectionRow | undefined> {
    const [row] = await tx.query<CollectionRow>(`${COLLECTION} where k.id = $1::uuid`, [id]);
    return row;
  }

  /** Holds a certificate until the transaction ends, so that two buyers cannot both take its last kilogram, nor one take it while it is superseded. */
  async lock(tx: Tx, id: string): Promise<void> {
    await tx.query('select 1 from trace.certificate where id = $1::uuid for update', [id]);
  }

  /** Adds a collection; false when its id is taken. */
  async insertCollection(tx: Tx, row: Omit<CollectionRow, 'buyerName'>): Promise<boolean> {
    const added = await tx.query(
      `insert into trace.certificate_collection (id, certificate_id, station_id, buyer_id, quantity_g, collected_by, collected_at)
       values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5, $6::uuid, $7::timestamptz) on conflict (id) do nothing returning 1`,
      [row.id, row.certificateId, row.stationId, row.buyerId, row.quantityG, row.collectedBy, row.collectedAt.toISOString()],
    );
    return added.length > 0;
  }
}
