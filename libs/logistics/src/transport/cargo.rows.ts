import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { transportCodeSchema, type BagDetail, type Page, type transportQuerySchema } from '#contracts';
import { DirectoryReader } from '#directory';
import { Clock, Database, notFound, type Principal } from '#platform';
import { plainArray } from '../ledger/array.literal.js';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { countiesOf } from '../parcel/parcel.scope.js';
import { timeCursor, timePage } from './transport.cursor.js';
import { listedPlaces, looksAfter, placeView, type Place } from './transport.place.js';
import { readHandovers, type KeptHandover } from './transport.repository.js';

export type TransportQuery = z.infer<typeof transportQuerySchema>;

/** What rows of bags and of manifests have in common: code, both ends, and when it was made. */
export interface CargoRow {
  code: string;
  fromUnitId: string;
  fromStationId: string | null;
  toUnitId: string;
  toStationId: string | null;
  madeAt: Date;
  /** The manifest that a bag is on. */
  manifestCode?: string | null;
}

/** Where one of the two is kept and how its rows are read; `counts` counts what is in `x`, the row. */
export interface CargoTable {
  readonly name: 'logistics.bag' | 'logistics.manifest';
  readonly madeAt: 'sealed_at' | 'created_at';
  readonly columns: string;
  readonly counts: string;
}

const ENDS = `code, from_unit_id as "fromUnitId", from_station_id as "fromStationId", to_unit_id as "toUnitId", to_station_id as "toStationId"`;
const columnsOf = ({ columns, madeAt }: CargoTable): string => `${ENDS}, ${madeAt} as "madeAt", ${columns}`;
const counted = ({ counts }: CargoTable, rows: string): string =>
  `select x.*, n.* from (${rows}) x cross join lateral (${counts}) n`;

/** Each unit's newest along the index; the branches are merged. What goes to or from a hall is also the station's of that floor. */
const pageOf = (table: CargoTable, end: 'from' | 'to'): string =>
  `${counted(
    table,
    `select l.* from unnest($2::uuid[]) as u (unit_id) cross join lateral (
       select ${columnsOf(table)} from ${table.name}
       where county_code = $1 and ${end}_unit_id = u.unit_id
         and ($3::uuid[] is null or ${end}_station_id is null or ${end}_station_id = any($3::uuid[]))
         and ($4::text is null or state = $4)
         and ($5::timestamptz is null or (${table.madeAt}, code) < ($5::timestamptz, $6::text))
       order by ${table.madeAt} desc, code desc limit $7) l
     order by l."madeAt" desc, l.code desc limit $7`,
  )} order by x."madeAt" desc, x.code desc`;

/** Bags and manifests as their readers find them: for both of their ends, for who handed them over, and for everything above. */
@Injectable()
export class CargoRows {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly clock: Clock,
  ) {}

  /** A place's, newest first. @throws DomainError `not_found` 404 for a station out of sight, `bad_cursor` 400 */
  async page<R extends CargoRow, V>(
    table: CargoTable,
    principal: Principal,
    query: TransportQuery,
    view: (row: R, facts: SnapshotFacts) => V,
  ): Promise<Page<V>> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const { countyCode, units, stationIds } = listedPlaces(facts, principal, query.stationCode, this.clock.now());
    const after = timeCursor(query);
    const rows = await this.database.query<R>(pageOf(table, query.way === 'out' ? 'from' : 'to'), [
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
      (row) => [row.madeAt, row.code],
      (row) => view(row, facts),
    );
  }

  /** The one of a code, with its hand-overs (a bag's, and those of the manifest that it is on). @throws DomainError `not_found` 404, also for one out of sight */
  async one<R extends CargoRow>(
    table: CargoTable,
    principal: Principal,
    text: string,
  ): Promise<{ facts: SnapshotFacts; countyCode: string; row: R; handovers: KeptHandover[] }> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const code = transportCodeSchema.safeParse(text);
    for (const countyCode of code.success ? countiesOf(facts, principal, this.clock.now()) : []) {
      const [row] = await this.of<R>(table, countyCode, 'code', code.data ?? '');
      if (!row) continue;
      const handovers = await readHandovers(this.database, countyCode, [row.code, row.manifestCode ?? row.code]);
      const seenBy = [...Object.values(endsOf(row)), ...handovers.map(({ place }) => place)];
      if (seenBy.some((place) => looksAfter(facts, principal, place))) return { facts, countyCode, row, handovers };
    }
    throw notFound(text);
  }

  /** Those of a code, or on a manifest, by code. */
  async of<R extends CargoRow>(
    table: CargoTable,
    countyCode: string,
    column: 'code' | 'manifest_code',
    value: string,
  ): Promise<R[]> {
    const rows = `select ${columnsOf(table)} from ${table.name} where county_code = $1 and ${column} = $2`;
    return await this.database.query<R>(`${counted(table, rows)} order by x.code`, [countyCode, value]);
  }
}

/** The two ends of a row. */
function endsOf(row: CargoRow): { from: Place; to: Place } {
  return {
    from: { unitId: row.fromUnitId, stationId: row.fromStationId },
    to: { unitId: row.toUnitId, stationId: row.toStationId },
  };
}

/** The two ends as answers show them. */
export function endViews(row: CargoRow, facts: SnapshotFacts): Pick<BagDetail, 'from' | 'to'> {
  const { from, to } = endsOf(row);
  return { from: placeView(facts, from), to: placeView(facts, to) };
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
