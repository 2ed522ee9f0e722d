import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import {
  transportCodeSchema,
  type BagDetail,
  type BagView,
  type Page,
  type TransportState,
  type transportQuerySchema,
} from '#contracts';
import { DirectoryReader } from '#directory';
import { Clock, Database, notFound, type Principal, type Tx } from '#platform';
import { plainArray } from '../ledger/array.literal.js';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { countiesOf } from '../parcel/parcel.scope.js';
import type { CargoState } from './cargo.opening.js';
import { timeCursor, timePage } from './transport.cursor.js';
import { listedPlaces, looksAfter, placeView, type Place } from './transport.place.js';
import { readHandovers, type KeptHandover } from './transport.repository.js';

export type TransportQuery = z.infer<typeof transportQuerySchema>;

interface BagRow {
  id: string;
  code: string;
  fromUnitId: string;
  fromStationId: string | null;
  toUnitId: string;
  toStationId: string | null;
  state: TransportState;
  sealedAt: Date;
  manifestCode: string | null;
  parcels: number;
  missing: number;
  excess: number;
}

const COLUMNS = `b.id, b.code, b.from_unit_id as "fromUnitId", b.from_station_id as "fromStationId", b.to_unit_id as "toUnitId",
  b.to_station_id as "toStationId", b.state, b.sealed_at as "sealedAt", b.manifest_code as "manifestCode"`;
const COUNTS = `(count(*) filter (where bp.state <> 'excess'))::int as parcels, (count(*) filter (where bp.state = 'missing'))::int as missing,
  (count(*) filter (where bp.state = 'excess'))::int as excess`;
const counted = (bags: string): string =>
  `select x.*, n.* from (${bags}) x cross join lateral (
     select ${COUNTS} from logistics.bag_parcel bp where bp.county_code = $1 and bp.bag_code = x.code) n`;

/** Each unit's newest along the index; the branches are merged. A bag to or from a hall is also the station's of that floor. */
const list = (end: 'from' | 'to'): string =>
  `${counted(`
  select l.* from unnest($2::uuid[]) as u (unit_id) cross join lateral (
    select ${COLUMNS} from logistics.bag b
    where b.county_code = $1 and b.${end}_unit_id = u.unit_id
      and ($3::uuid[] is null or b.${end}_station_id is null or b.${end}_station_id = any($3::uuid[]))
      and ($4::text is null or b.state = $4)
      and ($5::timestamptz is null or (b.sealed_at, b.code) < ($5::timestamptz, $6::text))
    order by b.sealed_at desc, b.code desc limit $7) l
  order by l."sealedAt" desc, l.code desc limit $7`)} order by x."sealedAt" desc, x.code desc`;
const LISTS = { out: list('from'), in: list('to') } as const;

/** Reads bags, for both of their ends and everything above. */
@Injectable()
export class BagReader {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly clock: Clock,
  ) {}

  /** Newest first. @throws DomainError `not_found` 404 for a station out of sight, `bad_cursor` 400 */
  async page(principal: Principal, query: TransportQuery): Promise<Page<BagView>> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const { countyCode, units, stationIds } = listedPlaces(facts, principal, query.stationCode, this.clock.now());
    const after = timeCursor(query);
    const rows = await this.database.query<BagRow>(LISTS[query.way], [
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
      (row) => [row.sealedAt, row.code],
      (row) => bagView(row, facts),
    );
  }

  /** One bag with what is in it. @throws DomainError `not_found` 404, also for one that the caller may not see */
  async detail(principal: Principal, text: string): Promise<BagDetail> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const code = transportCodeSchema.safeParse(text);
    for (const countyCode of code.success ? countiesOf(facts, principal, this.clock.now()) : []) {
      const [row] = await this.database.query<BagRow>(
        counted(`select ${COLUMNS} from logistics.bag b where b.county_code = $1 and b.code = $2`),
        [countyCode, code.data],
      );
      if (!row) continue;
      const codes = row.manifestCode === null ? [row.code] : [row.code, row.manifestCode];
      const handovers = await readHandovers(this.database, countyCode, codes);
      if (maySeeJourney(facts, principal, row, handovers))
        return {
          ...bagView(row, facts),
          waybills: await this.waybills(countyCode, row.code),
          handovers: handoverViews(facts, handovers),
        };
    }
    throw notFound(text);
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

/** Bags of a manifest, by code. */
export async function bagsOnManifest(
  from: Pick<Tx, 'query'>,
  facts: SnapshotFacts,
  countyCode: string,
  manifestCode: string,
): Promise<BagView[]> {
  const rows = await from.query<BagRow>(
    `${counted(`select ${COLUMNS} from logistics.bag b where b.county_code = $1 and b.manifest_code = $2`)} order by x.code`,
    [countyCode, manifestCode],
  );
  return rows.map((row) => bagView(row, facts));
}

/** The two ends of a row. */
export function endsOf(row: Pick<BagRow, 'fromUnitId' | 'fromStationId' | 'toUnitId' | 'toStationId'>): {
  from: Place;
  to: Place;
} {
  return {
    from: { unitId: row.fromUnitId, stationId: row.fromStationId },
    to: { unitId: row.toUnitId, stationId: row.toStationId },
  };
}

/** Visible to both ends, to whoever handed it over on the way, and to everything above. */
export function maySeeJourney(
  facts: SnapshotFacts,
  principal: Principal,
  row: Parameters<typeof endsOf>[0],
  handovers: readonly KeptHandover[],
): boolean {
  const { from, to } = endsOf(row);
  return [from, to, ...handovers.map(({ place }) => place)].some((place) => looksAfter(facts, principal, place));
}

/** Hand-overs as answers show them, oldest first. */
export function handoverViews(facts: SnapshotFacts, handovers: readonly KeptHandover[]): BagDetail['handovers'] {
  return handovers.map(({ side, occurredAt, place, sealIntact, note }) => ({
    side,
    occurredAt: new Date(occurredAt).toISOString(),
    place: placeView(facts, place),
    sealIntact,
    ...(note === null ? {} : { note }),
  }));
}

function bagView(row: BagRow, facts: SnapshotFacts): BagView {
  const { from, to } = endsOf(row);
  const { id, code, state, parcels, missing, excess, manifestCode } = row;
  return {
    id,
    code,
    from: placeView(facts, from),
    to: placeView(facts, to),
    state,
    sealedAt: row.sealedAt.toISOString(),
    parcels,
    missing,
    excess,
    ...(manifestCode === null ? {} : { manifestCode }),
  };
}
