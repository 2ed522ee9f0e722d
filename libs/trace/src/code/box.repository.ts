import { Injectable } from '@nestjs/common';
import type { Tx } from '#platform';

/** A boxing as it was done. */
export interface BoxingRow {
  id: string;
  countyCode: string;
  boxSerial: number;
  sscc: string;
  action: 'pack' | 'unpack';
  /** How many units it moved. */
  units: number;
  /** SHA-256 of what was asked for. */
  content: Uint8Array;
  at: Date;
  createdBy: string;
}

/** Boxings in the table trace.boxing. */
@Injectable()
export class BoxRepository {
  async find(tx: Tx, id: string): Promise<BoxingRow | undefined> {
    const [row] = await tx.query<BoxingRow>(
      `select b.id, b.county_code as "countyCode", b.box_serial as "boxSerial", c.sscc, b.action, b.units, b.content, b.at, b.created_by as "createdBy"
       from trace.boxing b join trace.code c on c.serial = b.box_serial where b.id = $1::uuid`,
      [id],
    );
    return row;
  }

  /** Adds a boxing; false when its id is taken. */
  async insert(tx: Tx, row: BoxingRow): Promise<boolean> {
    const added = await tx.query(
      `insert into trace.boxing (id, county_code, box_serial, action, units, content, at, created_by)
       values ($1::uuid, $2, $3::bigint, $4, $5, $6, $7::timestamptz, $8::uuid) on conflict (id) do nothing returning 1`,
      [row.id, row.countyCode, row.boxSerial, row.action, row.units, row.content, row.at.toISOString(), row.createdBy],
    );
    return added.length > 0;
  }
}
