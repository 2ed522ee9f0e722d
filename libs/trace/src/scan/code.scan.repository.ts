import { Injectable } from '@nestjs/common';
import type { CodeLevel, CodeState, RiskGrade, RiskReason } from '#contracts';
import { uuidv7, type Tx } from '#platform';
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
  /** Codes by serial; what is not registered is missing. */
  async read(tx: Tx, serials: readonly number[]): Promise<Map<number, CodeFacts>> {
    const rows = await tx.query<CodeFacts>(
      `select c.serial, c.county_code as "countyCode", c.lot_id as "lotId", l.village_id as "villageId", c.level, c.state, l.revision as "lotRevision",
         s.packed_at as "packedAt", case when s.stage in ('delivered', 'collected') then s.stage_at end as "deliveredAt",
         r.reason as "recallReason", r.started_at as "recallSince",
         w.first_at as "firstAt", w.first_place as "firstPlace", coalesce(w.scans, 0) as scans, w.memory, w.risk, w.reasons
       from unnest($1::bigint[]) as k (serial)
       join trace.code c on c.serial = k.serial join upflow.lot l on l.id = c.lot_id
       left join upflow.shipment s on s.id = c.shipment_id
       left join trace.code_watch w on w.serial = c.serial
       left join lateral (
         select r.reason, r.started_at from trace.recall_lot x join trace.recall r on r.id = x.recall_id
         where x.lot_id = c.lot_id and r.ended_at is null order by r.started_at limit 1) r on true`,
      [serials],
    );
    return new Map(rows.map((row) => [row.serial, row]));
  }

  /** Writes looks in one statement; gives back the serials that were written. The others were looked at elsewhere in between and are judged anew. */
  async write(tx: Tx, writes: readonly ScanWrite[]): Promise<Set<number>> {
    if (writes.length === 0) return new Set();
    const looks = writes.flatMap((write) => write.looks.map((look) => ({ write, ...look })));
    const alerts = writes.filter((write) => write.alert);
    const rows = await tx.query<{ serial: number }>(WRITE, [
      writes.map((write) => write.serial),
      writes.map((write) => write.countyCode),
      writes.map((write) => write.lotId),
      writes.map((write) => write.firstAt.toISOString()),
      writes.map((write) => write.firstPlace),
      writes.map((write) => write.looks.at(-1)?.at.toISOString() ?? write.firstAt.toISOString()),
      writes.map((write) => write.scansBefore),
      writes.map((write) => write.looks.length),
      writes.map((write) => JSON.stringify(write.memory)),
      writes.map((write) => write.risk),
      writes.map((write) => write.reasons.join(',')),
      looks.map((look) => look.id),
      looks.map((look) => look.at.toISOString()),
      looks.map((look) => look.write.serial),
      looks.map((look) => look.point.place),
      looks.map((look) => look.point.latitude),
      looks.map((look) => look.point.longitude),
      looks.map((look) => (look.point.device === null ? null : Buffer.from(look.point.device))),
      alerts.map(() => uuidv7()),
      alerts.map((write) => write.serial),
      alerts.map((write) => write.villageId),
    ]);
    return new Set(rows.map((row) => row.serial));
  }
}

/** Looks of a code are stored when its watch row was as expected, and only then. A dismissed alert opens again on new evidence. */
const WRITE = `
with judged as (
  select * from unnest($1::bigint[], $2::text[], $3::uuid[], $4::timestamptz[], $5::text[], $6::timestamptz[], $7::int[], $8::int[], $9::jsonb[], $10::text[], $11::text[])
    as j (serial, county_code, lot_id, first_at, first_place, last_at, scans_before, looks, memory, risk, reasons)
), watched as (
  insert into trace.code_watch as w (serial, county_code, lot_id, first_at, first_place, last_at, scans, memory, risk, reasons)
  select serial, county_code, lot_id, first_at, first_place, last_at, scans_before + looks, memory, risk, string_to_array(reasons, ',') from judged order by serial
  on conflict (serial) do update set last_at = excluded.last_at, scans = excluded.scans, memory = excluded.memory, risk = excluded.risk, reasons = excluded.reasons
  where w.scans = (select scans_before from judged j where j.serial = w.serial)
  returning serial, county_code, lot_id, reasons
), looked as (
  insert into trace.code_scan (county_code, id, scanned_at, serial, lot_id, place, latitude, longitude, device)
  select w.county_code, l.id, l.scanned_at, l.serial, w.lot_id, l.place, l.latitude, l.longitude, l.device
  from unnest($12::uuid[], $13::timestamptz[], $14::bigint[], $15::text[], $16::float8[], $17::float8[], $18::bytea[])
    as l (id, scanned_at, serial, place, latitude, longitude, device) join watched w on w.serial = l.serial
), alerted as (
  insert into trace.code_alert as a (id, county_code, serial, lot_id, village_id, reasons, state)
  select n.id, w.county_code, w.serial, w.lot_id, n.village_id, w.reasons, 'open'
  from unnest($19::uuid[], $20::bigint[], $21::uuid[]) as n (id, serial, village_id) join watched w on w.serial = n.serial
  on conflict (serial) do update set state = 'open', opened_at = now(), reasons = excluded.reasons, decided_by = null, decided_at = null, note = null
  where a.state = 'dismissed'
)
select serial from watched`;
