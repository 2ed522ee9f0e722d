import { Injectable } from '@nestjs/common';
import { transportCodeSchema, type ManifestDetail, type ManifestView, type Page } from '#contracts';
import { DirectoryReader } from '#directory';
import { Clock, Database, notFound, type Principal } from '#platform';
import { plainArray } from '../ledger/array.literal.js';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { countiesOf } from '../parcel/parcel.scope.js';
import { bagsOnManifest, endsOf, handoverViews, maySeeJourney, type TransportQuery } from './bag.reader.js';
import { inState, singleCargo } from './cargo.opening.js';
import { timeCursor, timePage } from './transport.cursor.js';
import { listedPlaces, placeView } from './transport.place.js';
import { readHandovers } from './transport.repository.js';

interface ManifestRow {
  id: string;
  code: string;
  fromUnitId: string;
  fromStationId: string | null;
  toUnitId: string;
  toStationId: string | null;
  route: string;
  vehicle: string | null;
  waybills: string[];
  state: ManifestView['state'];
  createdAt: Date;
  bags: number;
  bagged: number;
}

const COLUMNS = `m.id, m.code, m.from_unit_id as "fromUnitId", m.from_station_id as "fromStationId", m.to_unit_id as "toUnitId",
  m.to_station_id as "toStationId", m.route, m.vehicle, m.waybills, m.state, m.created_at as "createdAt"`;
const counted = (manifests: string): string =>
  `select x.*, n.* from (${manifests}) x cross join lateral (
     select count(distinct b.code)::int as bags, (count(bp.waybill) filter (where bp.state <> 'excess'))::int as bagged
     from logistics.bag b left join logistics.bag_parcel bp on bp.county_code = b.county_code and bp.bag_code = b.code
     where b.county_code = $1 and b.manifest_code = x.code) n`;

const list = (end: 'from' | 'to'): string =>
  `${counted(`
  select l.* from unnest($2::uuid[]) as u (unit_id) cross join lateral (
    select ${COLUMNS} from logistics.manifest m
    where m.county_code = $1 and m.${end}_unit_id = u.unit_id
      and ($3::uuid[] is null or m.${end}_station_id is null or m.${end}_station_id = any($3::uuid[]))
      and ($4::text is null or m.state = $4)
      and ($5::timestamptz is null or (m.created_at, m.code) < ($5::timestamptz, $6::text))
    order by m.created_at desc, m.code desc limit $7) l
  order by l."createdAt" desc, l.code desc limit $7`)} order by x."createdAt" desc, x.code desc`;
const LISTS = { out: list('from'), in: list('to') } as const;

/** Reads manifests, for both of their ends and everything above. */
@Injectable()
export class ManifestReader {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly clock: Clock,
  ) {}

  /** Newest first. @throws DomainError `not_found` 404 for a station out of sight, `bad_cursor` 400 */
  async page(principal: Principal, query: TransportQuery): Promise<Page<ManifestView>> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const { countyCode, units, stationIds } = listedPlaces(facts, principal, query.stationCode, this.clock.now());
    const after = timeCursor(query);
    const rows = await this.database.query<ManifestRow>(LISTS[query.way], [
      countyCode,
      plainArray(units),
      stationIds && plainArray(stationIds),
      query.state ?? null,
      after?.[0] ?? null,
      after?.[1] ?? null,
      query.limit + 1,
    ]);
    return timePage(
      rows,
      query,
      (row) => [row.createdAt, row.code],
      (row) => manifestView(row, facts),
    );
  }

  /** One manifest with its bags. @throws DomainError `not_found` 404, also for one that the caller may not see */
  async detail(principal: Principal, text: string): Promise<ManifestDetail> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const code = transportCodeSchema.safeParse(text);
    for (const countyCode of code.success ? countiesOf(facts, principal, this.clock.now()) : []) {
      const [row] = await this.database.query<ManifestRow>(
        counted(`select ${COLUMNS} from logistics.manifest m where m.county_code = $1 and m.code = $2`),
        [countyCode, code.data],
      );
      if (!row) continue;
      const handovers = await readHandovers(this.database, countyCode, [row.code]);
      if (!maySeeJourney(facts, principal, row, handovers)) continue;
      const openings = handovers.filter(({ opened }) => opened).map(({ found }) => found);
      const singles = singleCargo(row.waybills, openings, await this.bagged(countyCode, row.code));
      return {
        ...manifestView(row, facts),
        bagList: await bagsOnManifest(this.database, facts, countyCode, row.code),
        waybills: row.waybills,
        missing: inState(singles, 'missing'),
        excess: inState(singles, 'excess'),
        handovers: handoverViews(facts, handovers),
      };
    }
    throw notFound(text);
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
  const { from, to } = endsOf(row);
  const { id, code, route, vehicle, state, bags } = row;
  return {
    id,
    code,
    from: placeView(facts, from),
    to: placeView(facts, to),
    route,
    ...(vehicle === null ? {} : { vehicle }),
    state,
    createdAt: row.createdAt.toISOString(),
    bags,
    parcels: row.bagged + row.waybills.length,
  };
}
