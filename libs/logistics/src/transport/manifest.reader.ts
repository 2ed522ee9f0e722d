import { Injectable } from '@nestjs/common';
import type { ManifestDetail, ManifestView, Page } from '#contracts';
import { Database, type Principal } from '#platform';
import type { SnapshotFacts } from '../ledger/directory.facts.js';
import { BagReader } from './bag.reader.js';
import { inState, singleCargo } from './cargo.opening.js';
import { CargoRows, endViews, handoverViews, type CargoRow, type CargoTable, type TransportQuery } from './cargo.rows.js';

interface ManifestRow extends CargoRow {
  id: string;
  route: string;
  vehicle: string | null;
  waybills: string[];
  state: ManifestView['state'];
  bags: number;
  bagged: number;
}

const MANIFESTS: CargoTable = {
  name: 'logistics.manifest',
  madeAt: 'created_at',
  columns: 'id, route, vehicle, waybills, state',
  counts: `select count(distinct b.code)::int as bags, (count(bp.waybill) filter (where bp.state <> 'excess'))::int as bagged
    from logistics.bag b left join logistics.bag_parcel bp on bp.county_code = b.county_code and bp.bag_code = b.code
    where b.county_code = $1 and b.manifest_code = x.code`,
};

/** Reads manifests, for both of their ends and everything above. */
@Injectable()
export class ManifestReader {
  constructor(
    private readonly database: Database,
    private readonly rows: CargoRows,
    private readonly bags: BagReader,
  ) {}

  /** Newest first. @throws DomainError `not_found` 404 for a station out of sight, `bad_cursor` 400 */
  async page(principal: Principal, query: TransportQuery): Promise<Page<ManifestView>> {
    return await this.rows.page(MANIFESTS, principal, query, manifestView);
  }

  /** One manifest with its bags. @throws DomainError `not_found` 404, also for one that the caller may not see */
  async detail(principal: Principal, code: string): Promise<ManifestDetail> {
    const { facts, countyCode, row, handovers } = await this.rows.one<ManifestRow>(MANIFESTS, principal, code);
    const openings = handovers.filter(({ opened }) => opened).map(({ found }) => found);
    const singles = singleCargo(row.waybills, openings, await this.bagged(countyCode, row.code));
    return {
      ...manifestView(row, facts),
      bagList: await this.bags.onManifest(facts, countyCode, row.code),
      waybills: row.waybills,
      missing: inState(singles, 'missing'),
      excess: inState(singles, 'excess'),
      handovers: handoverViews(facts, handovers),
    };
  }

  private async bagged(countyCode: string, code: string): Promise<Set<string>> {
    const rows = await this.database.query<{ waybill: string }>(
      `select bp.waybill from logistics.bag b join logistics.bag_parcel bp on bp.county_code = b.county_code and bp.bag_code = b.code
       where b.county_code = $1 and b.manifest_code = $2`,
      [countyCode, code],
    );
    return new Set(rows.map(({ waybill }) => waybill));
  }
}

function manifestView(row: ManifestRow, facts: SnapshotFacts): ManifestView {
  const { id, code, route, vehicle, state, bags } = row;
  return {
    id,
    code,
    ...endViews(row, facts),
    route,
    ...(vehicle === null ? {} : { vehicle }),
    state,
    createdAt: row.madeAt.toISOString(),
    bags,
    parcels: row.bagged + row.waybills.length,
  };
}
