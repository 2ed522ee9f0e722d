import { Injectable } from '@nestjs/common';
import type { CodeLevel, CodeState, RiskGrade, RiskReason } from '#contracts';
import { Database, uuidv7 } from '#platform';
import type { ScanPoint } from './code.sighting.js';
import type { CopyMemory } from './copy.risk.js';

/** A registered code with all that a look at it is judged by. */
export interface CodeFacts {
  serial: number;
  countyCode: string;
  lotId: string;
  villageId: string;
  level: CodeLevel;
  state: CodeState;
  lotRevision: number;
  packedAt: Date | null;
  deliveredAt: Date | null;
  /** Where the order goes, in words. */
  province: string | null;
  city: string | null;
  categoryCode: string;
  recallReason: string | null;
  recallSince: Date | null;
  /** Null or 0 before the first look. */
  firstAt: Date | null;
  firstPlace: string | null;
  scans: number;
  memory: CopyMemory | null;
  risk: RiskGrade | null;
  reasons: RiskReason[] | null;
}

/** New looks at one code, and what is known of it after them. */
export interface ScanWrite {
  readonly serial: number;
  readonly countyCode: string;
  readonly lotId: string;
  readonly villageId: string;
  /** Looks that were known when these were judged: another number in the row means that they were judged too early. */
  readonly scansBefore: number;
  readonly firstAt: Date;
  readonly firstPlace: string | null;
  memory: CopyMemory;
  risk: RiskGrade;
  reasons: readonly RiskReason[];
  /** The risk rose to high. */
  alert: boolean;
  readonly looks: { readonly id: string; readonly at: Date; readonly point: ScanPoint }[];
}

/** Looks at codes in trace.code_scan, and what is known from them in trace.code_watch. */
@Injectable()
export class CodeScanRepository {
  constructor(private readonly database: Database) {}

  /** Codes by serial; what is not registered is missing. */
  async read(serials: readonly number[]): Promise<Map<number, CodeFacts>> {
    const rows = await this.database.prepared<CodeFacts>('code_scan_read', READ, [serials]);
    return new Map(rows.map((row) => [row.serial, row]));
  }

  /** Writes looks in one statement; gives back the serials that were written. The others were looked at elsewhere in between and are judged anew. */
  async write(writes: readonly ScanWrite[]): Promise<Set<number>> {
    if (writes.length === 0) return new Set();
    const rows = await this.database.prepared<{ serial: number }>('code_scan_write', WRITE, [JSON.stringify(writes.map(rowOf))]);
    return new Set(rows.map((row) => row.serial));
  }
}

/** A write as the statement takes it: one JSON text costs both sides less than twenty arrays. */
function rowOf(write: ScanWrite): object {
  return {
    serial: write.serial,
    county_code: write.countyCode,
    lot_id: write.lotId,
    village_id: write.villageId,
    first_at: write.firstAt,
    first_place: write.firstPlace,
    last_at: write.looks.at(-1)?.at ?? write.firstAt,
    scans_before: write.scansBefore,
    memory: write.memory,
    risk: write.risk,
    reasons: write.reasons,
    alert_id: write.alert ? uuidv7() : null,
    looks: write.looks.map(({ id, at, point: { place, latitude, longitude, device } }) => ({
      id,
      scanned_at: at,
      place,
      latitude,
      longitude,
      device: device && `\\x${Buffer.from(device).toString('hex')}`,
    })),
  };
}

const READ = `
select c.serial, c.county_code as "countyCode", c.lot_id as "lotId", l.village_id as "villageId", c.level, c.state, l.revision as "lotRevision",
   s.packed_at as "packedAt", case when s.stage in ('delivered', 'collected') then s.stage_at end as "deliveredAt",
   o.province, o.city, p.category_code as "categoryCode",
   r.reason as "recallReason", r.started_at as "recallSince",
   w.first_at as "firstAt", w.first_place as "firstPlace", coalesce(w.scans, 0) as scans, w.memory, w.risk, w.reasons
 from unnest($1::bigint[]) as k (serial)
 join trace.code c on c.serial = k.serial join upflow.lot l on l.id = c.lot_id join upflow.product p on p.id = l.product_id
 left join upflow.shipment s on s.id = c.shipment_id left join upflow.sale_order o on o.id = s.order_id
 left join trace.code_watch w on w.serial = c.serial
 left join lateral (
   select r.reason, r.started_at from trace.recall_lot x join trace.recall r on r.id = x.recall_id
   where x.lot_id = c.lot_id and r.ended_at is null order by r.started_at limit 1) r on true`;

/** Looks of a code are stored when its watch row was as expected, and only then. A dismissed alert opens again on new evidence. */
const WRITE = `
with judged as (
  select * from jsonb_to_recordset($1::jsonb) as j (serial bigint, county_code text, lot_id uuid, village_id uuid, first_at timestamptz, first_place text,
    last_at timestamptz, scans_before int, memory jsonb, risk text, reasons text[], alert_id uuid, looks jsonb)
), watched as (
  insert into trace.code_watch as w (serial, county_code, lot_id, first_at, first_place, last_at, scans, memory, risk, reasons)
  select serial, county_code, lot_id, first_at, first_place, last_at, scans_before + jsonb_array_length(looks), memory, risk, reasons from judged order by serial
  on conflict (serial) do update set last_at = excluded.last_at, scans = excluded.scans, memory = excluded.memory, risk = excluded.risk, reasons = excluded.reasons
  where w.scans = (select scans_before from judged j where j.serial = w.serial)
  returning serial
), looked as (
  insert into trace.code_scan (county_code, id, scanned_at, serial, lot_id, place, latitude, longitude, device)
  select j.county_code, l.id, l.scanned_at, j.serial, j.lot_id, l.place, l.latitude, l.longitude, l.device
  from watched join judged j using (serial),
    jsonb_to_recordset(j.looks) as l (id uuid, scanned_at timestamptz, place text, latitude float8, longitude float8, device bytea)
), alerted as (
  insert into trace.code_alert as a (id, county_code, serial, lot_id, village_id, reasons, state)
  select j.alert_id, j.county_code, j.serial, j.lot_id, j.village_id, j.reasons, 'open' from watched join judged j using (serial) where j.alert_id is not null
  on conflict (serial) do update set state = 'open', opened_at = now(), reasons = excluded.reasons, decided_by = null, decided_at = null, note = null
  where a.state = 'dismissed'
)
select serial from watched`;
