import { Injectable } from '@nestjs/common';
import { manifestRecordSchema, type ManifestRecord, type TransportState } from '#contracts';
import { DomainError, type Tx } from '#platform';
import { textArray } from '../ledger/array.literal.js';
import type { RecordKind, RecordPlace } from '../record/record.kind.js';
import { checkNewCode } from './bag.kind.js';
import { checkCargo } from './cargo.check.js';
import { destinationOf, isAt, placeOf, type Place } from './transport.place.js';
import { lockTransport } from './transport.repository.js';
import { printable } from './transport.text.js';

/** Takes in manifests: bags and single parcels that one vehicle takes along. */
@Injectable()
export class ManifestKind implements RecordKind<ManifestRecord> {
  readonly path = 'manifests';
  readonly schema = manifestRecordSchema;

  /** @throws DomainError `unknown_place` 400, as `checkNewCode`, as `loadBags`, as `checkCargo` */
  async write(tx: Tx, record: ManifestRecord, place: RecordPlace): Promise<readonly string[]> {
    const { countyCode } = place;
    const { code } = record;
    const [from, to] = [placeOf(place), destinationOf(record.to, place)];
    const waybills = [...new Set(record.waybills)];
    await lockTransport(tx, countyCode);
    await checkNewCode(tx, countyCode, code, from, to);
    await checkCargo(tx, place, waybills, { from, to });
    await loadBags(tx, countyCode, record, from);
    await tx.query(
      `insert into logistics.manifest (county_code, code, id, from_unit_id, from_station_id, to_unit_id, to_station_id, route, vehicle, waybills,
         state, created_at, actor_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text[], 'sealed', $11, $12)`,
      [
        countyCode,
        code,
        record.id,
        from.unitId,
        from.stationId,
        to.unitId,
        to.stationId,
        printable(record.route),
        record.vehicle === undefined ? null : printable(record.vehicle) || null,
        textArray(waybills),
        place.occurredAt,
        place.principal.id,
      ],
    );
    return [];
  }
}

/**
 * Puts bags on a manifest.
 * @throws DomainError `unknown_bag` 404, `bag_elsewhere`, `bag_not_sealed` or `bag_on_manifest` 409, each with the bag's code
 */
async function loadBags(tx: Tx, countyCode: string, record: ManifestRecord, from: Place): Promise<void> {
  const codes = [...new Set(record.bags)];
  const rows = await tx.query<{ code: string; state: TransportState; manifestCode: string | null } & Place>(
    `select code, state, manifest_code as "manifestCode", from_unit_id as "unitId", from_station_id as "stationId"
     from logistics.bag where county_code = $1 and code = any($2::text[])`,
    [countyCode, textArray(codes)],
  );
  const bags = new Map(rows.map((row) => [row.code, row]));
  for (const [index, code] of record.bags.entries()) {
    const bag = bags.get(code);
    const refusal = !bag
      ? 'unknown_bag'
      : !isAt(bag, from)
        ? 'bag_elsewhere'
        : bag.manifestCode !== null
          ? 'bag_on_manifest'
          : bag.state === 'sealed'
            ? undefined
            : 'bag_not_sealed';
    if (refusal)
      throw new DomainError(refusal, bag ? 409 : 404, { code }, [{ path: `bags.${index}`, code: refusal, message: code }]);
  }
  await tx.query('update logistics.bag set manifest_code = $3 where county_code = $1 and code = any($2::text[])', [
    countyCode,
    textArray(codes),
    record.code,
  ]);
}
