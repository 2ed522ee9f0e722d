import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import {
  firstDayOf,
  lastDayOf,
  periodOf,
  STATION_DAY_COUNTS as COUNTS,
  type Day,
  type feeQuerySchema,
  type FeeSheet,
} from '#contracts';
import { DirectoryReader } from '#directory';
import { Clock, Database, type Principal } from '#platform';
import { unitsOfStation } from '../closing/shelf.history.js';
import { stationAsked } from '../closing/station.reach.js';
import { plainArray } from '../ledger/array.literal.js';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { readRates } from './fee.rate.service.js';
import { feeRows, type FeePiece } from './fee.sheet.js';

interface CountedRow {
  waybill: string;
  day: Day;
  carrierCode: string | null;
  counts: number;
}

/** What stations earn by the piece. */
@Injectable()
export class FeeService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly clock: Clock,
  ) {}

  /** A station's sheet of a month, the present one by default. @throws DomainError `station_required` 400, `not_found` 404 */
  async sheet(principal: Principal, query: z.infer<typeof feeQuerySchema>): Promise<FeeSheet> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const station = stationAsked(facts, principal, query.stationCode);
    const { period = periodOf(this.clock.now()) } = query;
    const countyCode = facts.countyOf(station.unitId);
    const counted = await this.database.query<CountedRow>(
      `select waybill, day, carrier_code as "carrierCode", counts from logistics.parcel_day
       where county_code = $1 and unit_id = any($2::uuid[]) and day between $3::date and $4::date and station_id = $5 and counts & $6::int <> 0`,
      [
        countyCode,
        plainArray(unitsOfStation(facts, station)),
        firstDayOf(period),
        lastDayOf(period),
        station.id,
        COUNTS.handedOut | COUNTS.acceptedOut,
      ],
    );
    const { rates } = await readRates(this.database, countyCode);
    const rows = feeRows(counted.flatMap(piecesOf), rates);
    const totalFen = rows.reduce((total, { amountFen }) => total + amountFen, 0);
    return { stationCode: station.code, period, rows, totalFen };
  }
}

function piecesOf({ counts, ...piece }: CountedRow): FeePiece[] {
  const pieces: FeePiece[] = [];
  if (counts & COUNTS.handedOut) pieces.push({ ...piece, kind: 'handed_out' });
  if (counts & COUNTS.acceptedOut) pieces.push({ ...piece, kind: 'accepted_out' });
  return pieces;
}
