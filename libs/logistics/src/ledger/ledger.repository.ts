import type { Tx } from '#platform';
import type { EventKind, LedgerEvent } from '../parcel/parcel.event.js';
import type { ParcelDayRow } from '../parcel/parcel.contributions.js';
import { plainArray, textArray } from './array.literal.js';
import type { ParcelRow } from './parcel.row.js';
import type { StoredEvent } from './stored.event.js';

/** A kept parcel's keys: what a write needs to know before it locks and folds. */
export interface KeptParcel {
  readonly waybill: string;
  readonly revision: number;
  readonly firstClaimedAt: number;
  readonly lastEventAt: number;
  /** Unit to which its published rows were given. */
  readonly unitId: string | null;
}

/** Columns of the ledger (alias `e`) that the fold reads; instants as milliseconds, because parsing dates by the thousand costs more than the fold. */
export const EVENT_COLUMNS = `e.id, (extract(epoch from e.claimed_at) * 1000)::float8 as "claimedAt", (extract(epoch from e.occurred_at) * 1000)::float8 as "occurredAt",
  e.waybill, e.kind, e.source, e.station_id as "stationId", e.unit_id as "unitId", e.carrier_code as "carrierCode",
  e.address_village_id as "addressVillageId", e.shelf_code as "shelfCode", e.proof, e.exception, e.produce, e.provider_code as "providerCode",
  e.provider_seq as "providerSeq", e.text, e.linked_waybill as "linkedWaybill", e.flags`;

type EventRow = { -readonly [K in keyof LedgerEvent]: LedgerEvent[K] };

/** The parcels among these waybills, locked until the transaction ends; always in one order, so that two writers cannot wait for each other. */
export async function lockParcels(tx: Tx, countyCode: string, waybills: readonly string[]): Promise<KeptParcel[]> {
  return await tx.query<KeptParcel>(
    `select waybill, revision, unit_id as "unitId", (extract(epoch from first_claimed_at) * 1000)::float8 as "firstClaimedAt",
       (extract(epoch from last_event_at) * 1000)::float8 as "lastEventAt"
     from logistics.parcel where county_code = $1 and waybill = any($2::text[]) order by waybill for update`,
    [countyCode, textArray([...waybills].sort())],
  );
}

/** Ledger rows of these waybills from an instant on (it spares the months before). */
export async function readEvents(tx: Tx, countyCode: string, waybills: readonly string[], fromMs: number): Promise<LedgerEvent[]> {
  return await tx.query<EventRow>(
    `select ${EVENT_COLUMNS} from logistics.parcel_event e
     where e.county_code = $1 and e.waybill = any($2::text[]) and e.claimed_at >= to_timestamp($3::float8 / 1000)`,
    [countyCode, textArray(waybills), fromMs],
  );
}

/** Ledger rows that bear one of these ids, wherever they are. */
export async function readEventsById(tx: Tx, countyCode: string, ids: readonly string[]): Promise<LedgerEvent[]> {
  return await tx.query<EventRow>(
    `select ${EVENT_COLUMNS} from logistics.parcel_event e where e.county_code = $1 and e.id = any($2::uuid[])`,
    [countyCode, plainArray(ids)],
  );
}

/** What a write did, to compare with what it was to do. */
export interface WriteCounts {
  readonly events: number;
  readonly parcels: number;
  /** Rows that had one of the ids before, under whatever time they claimed. */
  readonly known: number;
  /** Open days that are new, as `unit day`. */
  readonly openDays: string[] | null;
}

/** What one statement writes. */
export interface LedgerWrite {
  readonly countyCode: string;
  readonly events: readonly StoredEvent[];
  readonly parcels: readonly ParcelRow[];
  readonly rows: readonly ParcelDayRow[];
  readonly openDays: readonly { unitId: string; day: string; stationId: string }[];
  /** Ids are looked up among rows claimed since; older repeats meet the primary key. */
  readonly knownSinceMs: number;
}

const WRITE = `
with known as (
  select 1 from logistics.parcel_event
  where county_code = $1 and id = any($2::uuid[]) and claimed_at >= to_timestamp($3::float8 / 1000)
), event as (
  insert into logistics.parcel_event (county_code, id, claimed_at, occurred_at, received_at, waybill, kind, source, station_id, unit_id,
    carrier_code, address_village_id, shelf_code, proof, exception, produce, provider_code, provider_seq, text, linked_waybill, location,
    flags, device_id, actor_id)
  select $1, id, to_timestamp(claimed_at / 1000), to_timestamp(occurred_at / 1000), to_timestamp(received_at / 1000), waybill, kind, source,
    station_id, unit_id, carrier_code, address_village_id, shelf_code, proof, exception, produce, provider_code, provider_seq, text,
    linked_waybill, location, case when flags is null then '{}' else string_to_array(flags, ',') end, device_id, actor_id
  from unnest($2::uuid[], $4::float8[], $5::float8[], $6::float8[], $7::text[], $8::text[], $9::text[], $10::uuid[], $11::uuid[], $12::text[],
    $13::uuid[], $14::text[], $15::text[], $16::text[], $17::jsonb[], $18::text[], $19::int[], $20::text[], $21::text[], $22::jsonb[],
    $23::text[], $24::text[], $25::uuid[])
    as e (id, claimed_at, occurred_at, received_at, waybill, kind, source, station_id, unit_id, carrier_code, address_village_id, shelf_code,
      proof, exception, produce, provider_code, provider_seq, text, linked_waybill, location, flags, device_id, actor_id)
  on conflict do nothing returning 1
), parcel as (
  insert into logistics.parcel as p (county_code, waybill, carrier_code, direction, stage, unit_id, station_id, shelf_code, exceptions,
    conflicts, supersedes, superseded_by, first_claimed_at, last_event_at, revision)
  select $1, waybill, carrier_code, direction, stage, unit_id, station_id, shelf_code, exceptions, conflicts, supersedes, superseded_by,
    to_timestamp(first_claimed_at / 1000), to_timestamp(last_event_at / 1000), revision
  from unnest($26::text[], $27::text[], $28::text[], $29::text[], $30::uuid[], $31::uuid[], $32::text[], $33::jsonb[], $34::jsonb[],
    $35::text[], $36::text[], $37::float8[], $38::float8[], $39::int[])
    as r (waybill, carrier_code, direction, stage, unit_id, station_id, shelf_code, exceptions, conflicts, supersedes, superseded_by,
      first_claimed_at, last_event_at, revision)
  on conflict (county_code, waybill) do update set
    carrier_code = excluded.carrier_code, direction = excluded.direction, stage = excluded.stage, unit_id = excluded.unit_id,
    station_id = excluded.station_id, shelf_code = excluded.shelf_code, exceptions = excluded.exceptions, conflicts = excluded.conflicts,
    supersedes = excluded.supersedes, superseded_by = excluded.superseded_by,
    first_claimed_at = least(p.first_claimed_at, excluded.first_claimed_at), last_event_at = excluded.last_event_at, revision = excluded.revision
  where p.revision = excluded.revision - 1
  returning 1
), day as (
  insert into logistics.parcel_day (county_code, unit_id, day, waybill, station_id, carrier_code, counts)
  select $1, unit_id, day, waybill, station_id, carrier_code, counts
  from unnest($40::uuid[], $41::date[], $42::text[], $43::uuid[], $44::text[], $45::smallint[])
    as d (unit_id, day, waybill, station_id, carrier_code, counts)
  on conflict (county_code, unit_id, day, waybill, station_id) do update set carrier_code = excluded.carrier_code, counts = excluded.counts
), open as (
  insert into logistics.open_day (county_code, unit_id, day, station_id)
  select distinct $1, unit_id, day, station_id from unnest($46::uuid[], $47::date[], $48::uuid[]) as o (unit_id, day, station_id)
  on conflict do nothing returning unit_id || ' ' || day as key
)
select (select count(*) from event)::int as events, (select count(*) from parcel)::int as parcels, (select count(*) from known)::int as known,
  (select array_agg(key) from open) as "openDays"`;

/** Writes ledger, parcels and published rows in one statement. The caller compares the counts and rolls back when someone was quicker. */
export async function writeLedger(tx: Tx, write: LedgerWrite): Promise<WriteCounts> {
  const [counts] = await tx.query<WriteCounts>(WRITE, [
    write.countyCode,
    ...eventParameters(write.events, write.knownSinceMs),
    ...parcelParameters(write.parcels),
    ...rowParameters(write.rows),
    plainArray(write.openDays.map((row) => row.unitId)),
    plainArray(write.openDays.map((row) => row.day)),
    plainArray(write.openDays.map((row) => row.stationId)),
  ]);
  return counts!;
}

const json = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));

function eventParameters(events: readonly StoredEvent[], knownSinceMs: number): unknown[] {
  return [
    plainArray(events.map((event) => event.id)),
    knownSinceMs,
    plainArray(events.map((event) => event.claimedAt)),
    plainArray(events.map((event) => event.occurredAt)),
    plainArray(events.map((event) => event.receivedAt)),
    textArray(events.map((event) => event.waybill)),
    plainArray(events.map((event): EventKind => event.kind)),
    plainArray(events.map((event) => event.source)),
    plainArray(events.map((event) => event.stationId)),
    plainArray(events.map((event) => event.unitId)),
    textArray(events.map((event) => event.carrierCode)),
    plainArray(events.map((event) => event.addressVillageId)),
    textArray(events.map((event) => event.shelfCode)),
    plainArray(events.map((event) => event.proof)),
    plainArray(events.map((event) => event.exception)),
    textArray(events.map((event) => json(event.produce))),
    textArray(events.map((event) => event.providerCode)),
    plainArray(events.map((event) => event.providerSeq)),
    textArray(events.map((event) => event.text)),
    textArray(events.map((event) => event.linkedWaybill)),
    textArray(events.map((event) => json(event.location))),
    textArray(events.map((event) => (event.flags.length === 0 ? null : event.flags.join(',')))),
    textArray(events.map((event) => event.deviceId)),
    plainArray(events.map((event) => event.actorId)),
  ];
}

function parcelParameters(parcels: readonly ParcelRow[]): unknown[] {
  return [
    textArray(parcels.map((row) => row.waybill)),
    textArray(parcels.map((row) => row.carrierCode)),
    plainArray(parcels.map((row) => row.direction)),
    plainArray(parcels.map((row) => row.stage)),
    plainArray(parcels.map((row) => row.unitId)),
    plainArray(parcels.map((row) => row.stationId)),
    textArray(parcels.map((row) => row.shelfCode)),
    textArray(parcels.map((row) => row.exceptions)),
    textArray(parcels.map((row) => row.conflicts)),
    textArray(parcels.map((row) => row.supersedes)),
    textArray(parcels.map((row) => row.supersededBy)),
    plainArray(parcels.map((row) => row.firstClaimedAt)),
    plainArray(parcels.map((row) => row.lastEventAt)),
    plainArray(parcels.map((row) => row.revision)),
  ];
}

function rowParameters(rows: readonly ParcelDayRow[]): unknown[] {
  return [
    plainArray(rows.map((row) => row.unitId)),
    plainArray(rows.map((row) => row.day)),
    textArray(rows.map((row) => row.waybill)),
    plainArray(rows.map((row) => row.stationId)),
    textArray(rows.map((row) => row.carrierCode)),
    plainArray(rows.map((row) => row.counts)),
  ];
}

/** Removes published rows that no longer hold. */
export async function removeRows(tx: Tx, countyCode: string, rows: readonly ParcelDayRow[]): Promise<void> {
  if (rows.length === 0) return;
  const [units, days, waybills, stations] = rowParameters(rows);
  await tx.query(
    `delete from logistics.parcel_day d using unnest($2::uuid[], $3::date[], $4::text[], $5::uuid[]) as k (unit_id, day, waybill, station_id)
     where d.county_code = $1 and d.unit_id = k.unit_id and d.day = k.day and d.waybill = k.waybill and d.station_id = k.station_id
       and d.day between $6::date and $7::date`,
    [countyCode, units, days, waybills, stations, ...span(rows.map((row) => row.day))],
  );
}

function span(days: readonly string[]): [string, string] {
  const sorted = [...days].sort();
  return [sorted[0]!, sorted.at(-1)!];
}
