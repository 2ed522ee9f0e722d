import { Injectable } from '@nestjs/common';
import { bagRecordSchema, type BagRecord } from '#contracts';
import { DomainError, type Tx } from '#platform';
import { textArray } from '../ledger/array.literal.js';
import type { RecordKind, RecordPlace } from '../record/record.kind.js';
import { checkCargo } from './cargo.check.js';
import { destinationOf, isAt, placeOf, type Place } from './transport.place.js';
import { codeOwner, lockTransport } from './transport.repository.js';

/**
 * Refuses what goes nowhere, and a code that a bag or a manifest bears already.
 * @throws DomainError `same_place` 400, `bag_exists` or `manifest_exists` 409
 */
export async function checkNewCode(tx: Tx, countyCode: string, code: string, from: Place, to: Place): Promise<void> {
  if (isAt(to, from)) throw new DomainError('same_place', 400);
  const owner = await codeOwner(tx, countyCode, code);
  if (owner) throw new DomainError(`${owner}_exists`, 409, { code });
}

/** Takes in sealed bags: what is in them and where they go. */
@Injectable()
export class BagKind implements RecordKind<BagRecord> {
  readonly path = 'bags';
  readonly schema = bagRecordSchema;

  /** @throws DomainError `unknown_place` 400, as `checkNewCode`, as `checkCargo` */
  async write(tx: Tx, record: BagRecord, place: RecordPlace): Promise<readonly string[]> {
    const { countyCode } = place;
    const { code } = record;
    const [from, to] = [placeOf(place), destinationOf(record.to, place)];
    const waybills = [...new Set(record.waybills)];
    await lockTransport(tx, countyCode);
    await checkNewCode(tx, countyCode, code, from, to);
    await checkCargo(tx, place, waybills, { from, to });
    await tx.query(
      `insert into logistics.bag (county_code, code, id, from_unit_id, from_station_id, to_unit_id, to_station_id, state, sealed_at, actor_id)
       values ($1, $2, $3, $4, $5, $6, $7, 'sealed', $8, $9)`,
      [countyCode, code, record.id, from.unitId, from.stationId, to.unitId, to.stationId, place.occurredAt, place.principal.id],
    );
    await tx.query(
      `insert into logistics.bag_parcel (county_code, bag_code, waybill, state)
       select $1, $2, w.waybill, 'listed' from unnest($3::text[]) as w (waybill)`,
      [countyCode, code, textArray(waybills)],
    );
    return [];
  }
}
