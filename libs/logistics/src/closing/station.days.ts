import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { addDays, dayOf, startOfDay, type Day, type StationDay, type stationDayQuerySchema } from '#contracts';
import { DirectoryReader, type StationNode } from '#directory';
import { Clock, Database, invalid, type Principal, type Tx } from '#platform';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { foldParcel } from '../parcel/parcel.fold.js';
import { readStationHistory } from './shelf.history.js';
import { stationAsked } from './station.reach.js';
import { tallyStation, type Tally } from './station.tally.js';

const HOUR_MS = 3_600_000;
/** Before the first day of the first county. */
const FIRST_DAY = '2020-01-01';

/** What stations did on a day. */
@Injectable()
export class StationDays {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly clock: Clock,
  ) {}

  /**
   * A station's day; of today, what there is of it.
   * @throws DomainError `station_required` 400, `not_found` 404, `invalid_input` 400 for a day to come
   */
  async get(principal: Principal, query: z.infer<typeof stationDayQuerySchema>): Promise<StationDay> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const station = stationAsked(facts, principal, query.stationCode);
    const now = this.clock.now();
    const { day = dayOf(now) } = query;
    assertDay(day, now);
    const end = new Date(Math.min(startOfDay(addDays(day, 1)).getTime(), now.getTime() + 1));
    const tally = await tallyOf(this.database, facts, station, { from: startOfDay(day), to: end });
    const [closing] = await this.database.query<{ counted: number; closedAt: Date }>(
      `select counted, closed_at as "closedAt" from logistics.station_closing where county_code = $1 and station_id = $2 and day = $3`,
      [facts.countyOf(station.unitId), station.id, day],
    );
    return {
      stationCode: station.code,
      day,
      ...tally,
      ...(closing ? { counted: closing.counted, closedAt: closing.closedAt.toISOString() } : {}),
    };
  }
}

/** @throws DomainError `invalid_input` 400 for a day that has not begun, or from before there were counties */
export function assertDay(day: Day, now: Date): void {
  if (day > dayOf(now) || day < FIRST_DAY)
    throw invalid([{ path: 'day', code: 'out_of_range', message: `${FIRST_DAY} – ${dayOf(now)}` }]);
}

/** Figures of a station in `[from, to)`. */
export async function tallyOf(
  from: Tx,
  facts: SnapshotFacts,
  station: StationNode,
  span: { readonly from: Date; readonly to: Date },
): Promise<Tally> {
  const [firstTier = 24] = facts.snapshot.parameters(facts.countyOf(station.unitId)).overdueHours;
  const histories = await readStationHistory(from, facts, station, span);
  const folds = [...histories.values()].flatMap((events) => foldParcel(events, facts.levelOf) ?? []);
  const times = { fromMs: span.from.getTime(), toMs: span.to.getTime() };
  return tallyStation(folds, { stationId: station.id, ...times, overdueMs: firstTier * HOUR_MS });
}
