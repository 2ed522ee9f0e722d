import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { encodeCursor, type Page, type stocktakeQuerySchema, type StocktakeView } from '#contracts';
import { DirectoryReader } from '#directory';
import { Clock, Database, notFound, type Principal } from '#platform';
import { mayLookInto, stationsAsked } from '../closing/station.reach.js';
import { timeCursor } from '../closing/time.cursor.js';
import { plainArray, textArray } from '../ledger/array.literal.js';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { countiesOf } from '../parcel/parcel.scope.js';

type StocktakeRow = Omit<StocktakeView, 'stationCode' | 'startedAt' | 'finishedAt'> & {
  stationId: string;
  startedAt: Date;
  finishedAt: Date;
};

const COLUMNS = `t.id, t.station_id as "stationId", t.started_at as "startedAt", t.finished_at as "finishedAt", t.expected, t.found, t.missing, t.surplus,
  t.moved`;

/** Stock-takes that were made. */
@Injectable()
export class StocktakeService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly clock: Clock,
  ) {}

  /** Newest first. @throws DomainError `not_found` 404 for a station that the caller may not look into, `bad_cursor` 400 */
  async list(principal: Principal, query: z.infer<typeof stocktakeQuerySchema>): Promise<Page<StocktakeView>> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const stations = stationsAsked(facts, principal, query.stationCode);
    const [finishedAt, id] = timeCursor(query.cursor) ?? [];
    const rows = await this.database.query<StocktakeRow>(
      `select ${COLUMNS} from unnest($1::text[], $2::uuid[]) as s (county_code, station_id) cross join lateral (
         select * from logistics.stocktake t where t.county_code = s.county_code and t.station_id = s.station_id
           and ($3::timestamptz is null or (t.finished_at, t.id::text) < ($3::timestamptz, $4::text))
         order by t.finished_at desc, t.id::text desc limit $5) t
       order by t.finished_at desc, t.id::text desc limit $5`,
      [
        textArray(stations.map(({ unitId }) => facts.countyOf(unitId))),
        plainArray(stations.map((station) => station.id)),
        finishedAt ?? null,
        id ?? null,
        query.limit + 1,
      ],
    );
    const items = rows.slice(0, query.limit);
    const last = items.at(-1);
    return {
      items: items.map((row) => view(row, facts)),
      ...(rows.length > query.limit && last ? { nextCursor: encodeCursor([last.finishedAt.getTime(), last.id]) } : {}),
    };
  }

  /** @throws DomainError `not_found` 404, also for one of a station that the caller may not look into */
  async get(principal: Principal, id: string): Promise<StocktakeView> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const [row] = await this.database.query<StocktakeRow>(
      `select ${COLUMNS} from logistics.stocktake t where t.county_code = any($1::text[]) and t.id = $2`,
      [textArray(countiesOf(facts, principal, this.clock.now())), id],
    );
    const station = row && facts.snapshot.station(row.stationId);
    if (!station || !mayLookInto(facts, principal, station)) throw notFound(id);
    return view(row, facts);
  }
}

function view({ stationId, startedAt, finishedAt, ...row }: StocktakeRow, { snapshot }: SnapshotFacts): StocktakeView {
  return {
    ...row,
    stationCode: snapshot.station(stationId)?.code ?? '',
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
  };
}
