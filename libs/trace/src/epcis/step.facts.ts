import { Injectable } from '@nestjs/common';
import type { Tx } from '#platform';
import type { LotFacts, LotShare, ParcelFacts, TestFacts } from './epcis.event.js';
import type { EpcisUris } from './epcis.uri.js';

const LOT = `l.id, p.gtin, coalesce(p.own_code, p.id::text) as "productKey", l.lot_no as "lotNo", l.village_id as "villageId", l.plot_name as plot,
  l.harvested_on as "harvestedOn", l.quantity_g as "quantityG"`;

/** What events tell, read from the tables that upflow publishes (docs/adr/0007-published-produce.md). */
@Injectable()
export class StepFacts {
  /** Lots by id. */
  async lots(tx: Tx, ids: readonly string[]): Promise<Map<string, LotFacts>> {
    const rows = await tx.query<LotFacts>(
      `select ${LOT} from upflow.lot l join upflow.product p on p.id = l.product_id where l.id = any($1::uuid[])`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Tests by id. */
  async tests(tx: Tx, ids: readonly string[]): Promise<Map<string, TestFacts>> {
    const rows = await tx.query<TestFacts>(
      `select id, item, method, result, tested_on as "testedOn", laboratory, report_id as "reportId" from upflow.lot_test where id = any($1::uuid[])`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Parcels of produce by waybill, with the lots in them. */
  async parcels(tx: Tx, countyCode: string, waybills: readonly string[]): Promise<Map<string, ParcelFacts>> {
    const rows = await tx.query<LotFacts & { shipmentId: string; waybill: string; shareG: number }>(
      `select s.id as "shipmentId", s.waybill, sum(a.quantity_g)::bigint as "shareG", ${LOT}
       from upflow.shipment s join upflow.allocation a on a.shipment_id = s.id join upflow.lot l on l.id = a.lot_id
       join upflow.product p on p.id = l.product_id
       where s.county_code = $1 and s.waybill = any($2::text[]) group by s.id, l.id, p.id order by s.id, l.id`,
      [countyCode, waybills],
    );
    const parcels = new Map<string, ParcelFacts & { lots: LotShare[] }>();
    for (const { shipmentId, waybill, shareG, ...lot } of rows) {
      const parcel = parcels.get(waybill) ?? { shipmentId, waybill, lots: [] };
      parcel.lots.push({ lot, quantityG: shareG });
      parcels.set(waybill, parcel);
    }
    return parcels;
  }

  /** Ids of the lots of a county that class URIs name. */
  async named(tx: Tx, uris: EpcisUris, countyCode: string, classes: readonly string[]): Promise<Map<string, string>> {
    const readings = classes.map((uri) => ({ uri, reading: uris.readLot(uri) })).filter(({ reading }) => reading !== undefined);
    if (readings.length === 0) return new Map();
    const rows = await tx.query<{ uri: string; id: string }>(
      `select n.uri, l.id from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as n (uri, gtin, key, lot_no)
       join upflow.product p on p.gtin = n.gtin or p.own_code = n.key or (n.key ~ '^[0-9a-f-]{36}$' and p.id::text = n.key)
       join upflow.lot l on l.product_id = p.id and l.lot_no = n.lot_no where l.county_code = $1`,
      [
        countyCode,
        readings.map(({ uri }) => uri),
        readings.map(({ reading }) => (reading && 'gtin' in reading ? reading.gtin : null)),
        readings.map(({ reading }) => (reading && 'productKey' in reading ? reading.productKey : null)),
        readings.map(({ reading }) => reading?.lotNo ?? ''),
      ],
    );
    return new Map(rows.map(({ uri, id }) => [uri, id]));
  }
}
