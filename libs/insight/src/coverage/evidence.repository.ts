import { Injectable } from '@nestjs/common';
import { PARCEL_DAY_COUNTS, type Day } from '#contracts';
import { Database } from '#platform';
import type { RowKey } from './evidence.page.js';

/** Every bit that insight reads; logistics keeps further ones in the same column. */
const PUBLISHED = Object.values(PARCEL_DAY_COUNTS).reduce((bits: number, bit) => bits | bit, 0);
const NO_STATION = '00000000-0000-0000-0000-000000000000';

/** A parcel on a day, its stations of that day taken together. */
export interface ParcelDayEvidence {
  readonly unitId: string;
  readonly day: Day;
  readonly waybill: string;
  readonly carrierCode: string | null;
  readonly stationId: string | null;
  readonly counts: number;
}
export interface CaseEvidence {
  readonly id: string;
  readonly day: Day;
  readonly waybill: string;
  readonly stationId: string | null;
}
export interface CheckInEvidence {
  readonly day: Day;
  readonly stationId: string;
}

/** Where to look: units of a county, from one day to another, inclusive. */
export interface EvidenceSpan {
  readonly countyCode: string;
  readonly unitIds: readonly string[];
  readonly from: Day;
  readonly to: Day;
}

/** The rows behind figures, read from what logistics publishes; in key order, from after a key on. */
@Injectable()
export class EvidenceRepository {
  constructor(private readonly database: Database) {}

  /** Parcels that have any of the bits of `mask`, by day, waybill and unit. */
  async parcels(span: EvidenceSpan, mask: number, after: RowKey | undefined, limit: number): Promise<ParcelDayEvidence[]> {
    const { service, brand } = PARCEL_DAY_COUNTS;
    return await this.database.query<ParcelDayEvidence>(
      `select unit_id as "unitId", day, waybill, max(carrier_code) as "carrierCode", bit_or(counts)::int as counts,
         nullif((array_agg(station_id order by counts & ${service | brand} desc, station_id))[1], '${NO_STATION}') as "stationId"
       from logistics.parcel_day
       where county_code = $1 and unit_id = any($2::uuid[]) and day between $3::date and $4::date and counts & ${PUBLISHED} <> 0
         and ($5::date is null or (day, waybill, unit_id) > ($5::date, $6::text, $7::uuid))
       group by unit_id, day, waybill having bit_or(counts) & $8::int <> 0 order by day, waybill, unit_id limit $9`,
      [...spanParameters(span), after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, mask, limit],
    );
  }

  /** Confirmed cases of an extra charge, by day and id. */
  async cases(span: EvidenceSpan, after: RowKey | undefined, limit: number): Promise<CaseEvidence[]> {
    return await this.database.query<CaseEvidence>(
      `select id, day, waybill, station_id as "stationId" from logistics.complaint
       where county_code = $1 and unit_id = any($2::uuid[]) and day between $3::date and $4::date and status = 'confirmed'
         and ($5::date is null or (day, id) > ($5::date, $6::uuid)) order by day, id limit $7`,
      [...spanParameters(span), after?.[0] ?? null, after?.[1] ?? null, limit],
    );
  }

  /** Open-day check-ins, by day and station. */
  async checkIns(span: EvidenceSpan, after: RowKey | undefined, limit: number): Promise<CheckInEvidence[]> {
    return await this.database.query<CheckInEvidence>(
      `select distinct day, station_id as "stationId" from logistics.open_day
       where county_code = $1 and unit_id = any($2::uuid[]) and day between $3::date and $4::date
         and ($5::date is null or (day, station_id) > ($5::date, $6::uuid)) order by day, station_id limit $7`,
      [...spanParameters(span), after?.[0] ?? null, after?.[1] ?? null, limit],
    );
  }
}

const spanParameters = ({ countyCode, unitIds, from, to }: EvidenceSpan): unknown[] => [countyCode, unitIds, from, to];
