import { Injectable } from '@nestjs/common';
import type { ProducerKind } from '#contracts';
import type { Tx } from '#platform';
import type { ListedProducers } from '../village.scope.js';

/** A producer as stored: personal data sealed. */
export interface ProducerRow {
  id: string;
  countyCode: string;
  villageId: string;
  kind: ProducerKind;
  /** Masked for a household. */
  name: string;
  fullName: Uint8Array | null;
  povertyAlleviated: boolean;
  creditCode: string | null;
  contactName: Uint8Array | null;
  contactPhone: Uint8Array | null;
  phoneTail: string | null;
  createdBy: string;
  createdAt: Date;
}

const COLUMNS = `id, county_code as "countyCode", village_id as "villageId", kind, name, full_name as "fullName", poverty_alleviated as "povertyAlleviated",
  credit_code as "creditCode", contact_name as "contactName", contact_phone as "contactPhone", phone_tail as "phoneTail", created_by as "createdBy", created_at as "createdAt"`;

/** Producers in the table upflow.producer. */
@Injectable()
export class ProducerRepository {
  /** Adds a producer; false when its id is taken. */
  async insert(tx: Tx, row: ProducerRow): Promise<boolean> {
    const added = await tx.query(
      `insert into upflow.producer (id, county_code, village_id, kind, name, full_name, poverty_alleviated, contact_name, contact_phone, phone_tail, created_by, created_at, credit_code)
       values ($1::uuid, $2, $3::uuid, $4, $5, $6, $7, $8, $9, $10, $11::uuid, $12::timestamptz, $13) on conflict (id) do nothing returning 1`,
      [
        row.id,
        row.countyCode,
        row.villageId,
        row.kind,
        row.name,
        row.fullName,
        row.povertyAlleviated,
        row.contactName,
        row.contactPhone,
        row.phoneTail,
        row.createdBy,
        row.createdAt.toISOString(),
        row.creditCode,
      ],
    );
    return added.length > 0;
  }

  async find(tx: Tx, id: string): Promise<ProducerRow | undefined> {
    const [row] = await tx.query<ProducerRow>(`select ${COLUMNS} from upflow.producer where id = $1::uuid`, [id]);
    return row;
  }

  /** Producers of some villages (`null`: of all), or of some ids, in id order after an id. */
  async list(
    tx: Tx,
    filter: ListedProducers & { kind: ProducerKind | undefined; after: string | undefined; limit: number },
  ): Promise<ProducerRow[]> {
    return tx.query(
      `select ${COLUMNS} from upflow.producer
       where ($1::uuid[] is null or village_id = any($1::uuid[])) and ($2::text is null or kind = $2) and ($3::uuid is null or id > $3::uuid)
         and ($5::uuid[] is null or id = any($5::uuid[]))
       order by id limit $4`,
      [filter.villageIds, filter.kind ?? null, filter.after ?? null, filter.limit, filter.producerIds],
    );
  }
}
