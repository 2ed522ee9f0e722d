import { Injectable } from '@nestjs/common';
import type { BagDetail, BagView, Page, TransportState } from '#contracts';
import { Database, type Principal } from '#platform';
import type { SnapshotFacts } from '../ledger/directory.facts.js';
import type { CargoState } from './cargo.opening.js';
import { CargoRows, endViews, handoverViews, type CargoRow, type CargoTable, type TransportQuery } from './cargo.rows.js';

interface BagRow extends CargoRow {
  id: string;
  state: TransportState;
  manifestCode: string | null;
  parcels: number;
  missing: number;
  excess: number;
}

const BAGS: CargoTable = {
  name: 'logistics.bag',
  madeAt: 'sealed_at',
  columns: 'id, state, manifest_code as "manifestCode"',
  counts: `select (count(*) filter (where bp.state <> 'excess'))::int as parcels, (count(*) filter (where bp.state = 'missing'))::int as missing,
      (count(*) filter (where bp.state = 'excess'))::int as excess
    from logistics.bag_parcel bp where bp.county_code = $1 and bp.bag_code = x.code`,
};

/** Reads bags, for both of their ends and everything above. */
@Injectable()
export class BagReader {
  constructor(
    private readonly database: Database,
    private readonly rows: CargoRows,
  ) {}

  /** Newest first. @throws DomainError `not_found` 404 for a station out of sight, `bad_cursor` 400 */
  async page(principal: Principal, query: TransportQuery): Promise<Page<BagView>> {
    return await this.rows.page(BAGS, principal, query, bagView);
  }

  /** One bag with what is in it. @throws DomainError `not_found` 404, also for one that the caller may not see */
  async detail(principal: Principal, code: string): Promise<BagDetail> {
    const { facts, countyCode, row, handovers } = await this.rows.one<BagRow>(BAGS, principal, code);
    return {
      ...bagView(row, facts),
      waybills: await this.waybills(countyCode, row.code),
      handovers: handoverViews(facts, handovers),
    };
  }

  /** Bags of a manifest, by code. */
  async onManifest(facts: SnapshotFacts, countyCode: string, manifestCode: string): Promise<BagView[]> {
    const rows = await this.rows.of<BagRow>(BAGS, countyCode, 'manifest_code', manifestCode);
    return rows.map((row) => bagView(row, facts));
  }

  private async waybills(countyCode: string, code: string): Promise<BagDetail['waybills']> {
    return await this.database.query<{ waybill: string; carrierCode: string | null; state: CargoState }>(
      `select bp.waybill, coalesce(c.carrier_code, p.carrier_code) as "carrierCode", bp.state from logistics.bag_parcel bp
       left join logistics.consignment c on c.county_code = bp.county_code and c.waybill = bp.waybill
       left join logistics.parcel p on p.county_code = bp.county_code and p.waybill = bp.waybill
       where bp.county_code = $1 and bp.bag_code = $2 order by bp.waybill`,
      [countyCode, code],
    );
  }
}

function bagView(row: BagRow, facts: SnapshotFacts): BagView {
  const { id, code, state, parcels, missing, excess, manifestCode } = row;
  return {
    id,
    code,
    ...endViews(row, facts),
    state,
    sealedAt: row.madeAt.toISOString(),
    parcels,
    missing,
    excess,
    ...(manifestCode === null ? {} : { manifestCode }),
  };
}
