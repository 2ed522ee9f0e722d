import type { Tx } from '#platform';
import type { LedgerEvent } from '../parcel/parcel.event.js';
import type { ParcelDayRow } from '../parcel/parcel.contributions.js';
import { plainArray, plainColumn, textArray, textColumn } from './array.literal.js';
import type { ParcelRow } from './parcel.row.js';
import type { StoredEvent } from './stored.event.js';
import type { ShelfClaim } from './told.flags.js';

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
  e.provider_seq as "providerSeq", e.text, e.linked_waybill as "linkedWaybill", e.undoes, e.flags`;

type EventRow = { -readonly [K in keyof LedgerEvent]: LedgerEvent[K] };

// Look-ups go key by key through `lateral` on purpose: asked for a whole array, a table without statistics yet (a new month's partition, a new
// county) is read along the wrong index, and slower with every row.

/** The parcels among these waybills, locked until the transaction ends; always in one order, so that two writers cannot wait for each other. */
export async function lockParcels(tx: Tx, countyCode: string, waybills: readonly string[]): Promise<KeptParcel[]> {
  return await tx.query<KeptParcel>(
    `select p.* from unnest($2::text[]) as w (waybill) cross join lateral (
       select waybill, revision, unit_id as "unitId", (extract(epoch from first_claimed_at) * 1000)::float8 as "firstClaimedAt",
         (extract(epoch from last_event_at) * 1000)::float8 as "lastEventAt"
       from logistics.parcel where county_code = $1 and waybill = w.waybill for update) p`,
    [countyCode, textArray([...waybills].sort())],
  );
}

/** Ledger rows of these waybills from an instant on (it spares the months before). */
export async function readEvents(
  tx: Tx,
  countyCode: string,
  waybills: readonly string[],
  fromMs: number,
): Promise<LedgerEvent[]> {
  return await tx.query<EventRow>(
    `select e.* from unnest($2::text[]) as w (waybill) cross join lateral (
       select ${EVENT_COLUMNS} from logistics.parcel_event e
       where e.county_code = $1 and e.waybill = w.waybill and e.claimed_at >= to_timestamp($3::float8 / 1000) offset 0) e`,
    [countyCode, textArray(waybills), fromMs],
  );
}

/** Ledger rows that bear one of these ids, wherever they are. */
export async function readEventsById(tx: Tx, countyCode: string, ids: readonly string[]): Promise<LedgerEvent[]> {
  return await tx.query<EventRow>(
    `select e.* from unnest($2::uuid[]) as i (id) cross join lateral (
       select ${EVENT_COLUMNS} from logistics.parcel_event e where e.county_code = $1 and e.id = i.id offset 0) e`,
    [countyCode, plainArray(ids)],
  );
}

/** What a write did, to compare with what it was to do. */
export interface WriteCounts {
  readonly events: number;
  readonly parcels: number;
  /** Rows that had one of the ids before, under a time near the one now claimed. */
  readonly known: number;
  /** Parcels that were shelved and whose recipient has a phone; asked here, because a question of its own costs every write a round trip. */
  readonly told: string[] | null;
}

/**
 * How a write meets rows that are there already. `new`: none is expected, the quickest. `kept`: some of the parcels exist. `careful`:
 * whatever exists is left to the counts. Where a quicker way meets an existing row it fails with a unique violation.
 */
export type WriteWay = 'new' | 'kept' | 'careful';

/** What one statement writes. */
export interface LedgerWrite {
  readonly countyCode: string;
  readonly way: WriteWay;
  readonly events: readonly StoredEvent[];
  readonly parcels: readonly ParcelRow[];
  readonly rows: readonly ParcelDayRow[];
}

/** An id is recognised under another claimed time within this span; the same id with the same time meets the primary key. */
const KNOWN_WITHIN_MS = 2 * 86_400_000;

const ON_CONFLICT = {
  event: 'on conflict do nothing',
  parcel: `on conflict (county_code, waybill) do update set
    carrier_code = excluded.carrier_code, direction = excluded.direction, stage = excluded.stage, unit_id = excluded.unit_id,
    station_id = excluded.station_id, shelf_code = excluded.shelf_code, held_since = excluded.held_since, exceptions = excluded.exceptions, conflicts = excluded.conflicts,
    supersedes = excluded.supersedes, superseded_by = excluded.superseded_by,
    first_claimed_at = least(p.first_claimed_at, excluded.first_claimed_at), last_event_at = excluded.last_event_at, revision = excluded.revision
  where p.revision = excluded.revision - 1`,
  day: 'on conflict (county_code, unit_id, day, waybill, station_id) do update set carrier_code = excluded.carrier_code, counts = excluded.counts',
};

const writeStatement = (conflicts: Partial<typeof ON_CONFLICT>): string => `
with known as (
  select 1 from unnest($2::uuid[]) as i (id) cross join lateral (
    select 1 from logistics.parcel_event e
    where e.county_code = $1 and e.id = i.id and e.claimed_at between to_timestamp($3::float8 / 1000) and to_timestamp($4::float8 / 1000)
    limit 1) e
), event as (
  insert into logistics.parcel_event (county_code, id, claimed_at, occurred_at, received_at, waybill, kind, source, station_id, unit_id,
    carrier_code, address_village_id, shelf_code, proof, exception, produce, provider_code, provider_seq, text, linked_waybill, location,
    flags, device_id, actor_id, undoes)
  select $1, id, to_timestamp(claimed_at / 1000), to_timestamp(occurred_at / 1000), to_timestamp(received_at / 1000), waybill, kind, source,
    station_id, unit_id, carrier_code, address_village_id, shelf_code, proof, exception, produce, provider_code, provider_seq, text,
    linked_waybill, location, case when flags is null then '{}' else string_to_array(flags, ',') end, device_id, actor_id, undoes
  from unnest($2::uuid[], $5::float8[], $6::float8[], $7::float8[], $8::text[], $9::text[], $10::text[], $11::uuid[], $12::uuid[], $13::text[],
    $14::uuid[], $15::text[], $16::text[], $17::text[], $18::jsonb[], $19::text[], $20::int[], $21::text[], $22::text[], $23::jsonb[],
    $24::text[], $25::text[], $26::uuid[], $27::uuid[])
    as e (id, claimed_at, occurred_at, received_at, waybill, kind, source, station_id, unit_id, carrier_code, address_village_id, shelf_code,
      proof, exception, produce, provider_code, provider_seq, text, linked_waybill, location, flags, device_id, actor_id, undoes)
  ${conflicts.event ?? ''} returning 1
), parcel as (
  insert into logistics.parcel as p (county_code, waybill, carrier_code, direction, stage, unit_id, station_id, shelf_code, held_since, exceptions,
    conflicts, supersedes, superseded_by, first_claimed_at, last_event_at, revision)
  select $1, waybill, carrier_code, direction, stage, unit_id, station_id, shelf_code, to_timestamp(held_since / 1000), exceptions, conflicts, supersedes, superseded_by,
    to_timestamp(first_claimed_at / 1000), to_timestamp(last_event_at / 1000), revision
  from unnest($28::text[], $29::text[], $30::text[], $31::text[], $32::uuid[], $33::uuid[], $34::text[], $35::float8[], $36::jsonb[], $37::jsonb[],
    $38::text[], $39::text[], $40::float8[], $41::float8[], $42::int[])
    as r (waybill, carrier_code, direction, stage, unit_id, station_id, shelf_code, held_since, exceptions, conflicts, supersedes, superseded_by,
      first_claimed_at, last_event_at, revision)
  ${conflicts.parcel ?? ''} returning 1
), day as (
  insert into logistics.parcel_day (county_code, unit_id, day, waybill, station_id, carrier_code, counts)
  select $1, unit_id, day, waybill, station_id, carrier_code, counts
  from unnest($43::uuid[], $44::date[], $45::text[], $46::uuid[], $47::text[], $48::smallint[])
    as d (unit_id, day, waybill, station_id, carrier_code, counts)
  ${conflicts.day ?? ''}
)
select (select count(*) from event)::int as events, (select count(*) from parcel)::int as parcels, (select count(*) from known)::int as known,
  (select array_agg(w.waybill) from unnest($8::text[], $9::text[]) as w (waybill, kind) where w.kind = 'shelved' and exists (
     select 1 from logistics.recipient r where r.county_code = $1 and r.waybill = w.waybill and r.phone is not null offset 0)) as told`;

const WRITE: Readonly<Record<WriteWay, string>> = {
  new: writeStatement({}),
  kept: writeStatement({ parcel: ON_CONFLICT.parcel, day: ON_CONFLICT.day }),
  careful: writeStatement(ON_CONFLICT),
};

/** Writes ledger, parcels and published rows in one statement. The caller compares the counts and rolls back when someone was quicker. */
export async function writeLedger(tx: Tx, write: LedgerWrite): Promise<WriteCounts> {
  const [counts] = await tx.query<WriteCounts>(WRITE[write.way], [
    write.countyCode,
    ...eventParameters(write.events),
    ...parcelParameters(write.parcels),
    ...rowParameters(write.rows),
  ]);
  return counts ?? { events: 0, parcels: 0, known: 0, told: null };
}

const json = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));

function eventParameters(events: readonly StoredEvent[]): unknown[] {
  let [earliest, latest] = [Infinity, -Infinity];
  for (const { claimedAt } of events) {
    if (claimedAt < earliest) earliest = claimedAt;
    if (claimedAt > latest) latest = claimedAt;
  }
  return [
    plainColumn(events, (event) => event.id),
    events.length === 0 ? 0 : earliest - KNOWN_WITHIN_MS,
    events.length === 0 ? 0 : latest + KNOWN_WITHIN_MS,
    plainColumn(events, (event) => event.claimedAt),
    plainColumn(events, (event) => event.occurredAt),
    plainColumn(events, (event) => event.receivedAt),
    textColumn(events, (event) => event.waybill),
    plainColumn(events, (event) => event.kind),
    plainColumn(events, (event) => event.source),
    plainColumn(events, (event) => event.stationId),
    plainColumn(events, (event) => event.unitId),
    textColumn(events, (event) => event.carrierCode),
    plainColumn(events, (event) => event.addressVillageId),
    textColumn(events, (event) => event.shelfCode),
    plainColumn(events, (event) => event.proof),
    plainColumn(events, (event) => event.exception),
    textColumn(events, (event) => json(event.produce)),
    textColumn(events, (event) => event.providerCode),
    plainColumn(events, (event) => event.providerSeq),
    textColumn(events, (event) => event.text),
    textColumn(events, (event) => event.linkedWaybill),
    textColumn(events, (event) => json(event.location)),
    textColumn(events, (event) => (event.flags.length === 0 ? null : event.flags.join(','))),
    textColumn(events, (event) => event.deviceId),
    plainColumn(events, (event) => event.actorId),
    plainColumn(events, (event) => event.undoes),
  ];
}

function parcelParameters(parcels: readonly ParcelRow[]): unknown[] {
  return [
    textColumn(parcels, (row) => row.waybill),
    textColumn(parcels, (row) => row.carrierCode),
    plainColumn(parcels, (row) => row.direction),
    plainColumn(parcels, (row) => row.stage),
    plainColumn(parcels, (row) => row.unitId),
    plainColumn(parcels, (row) => row.stationId),
    textColumn(parcels, (row) => row.shelfCode),
    plainColumn(parcels, (row) => row.heldSince),
    textColumn(parcels, (row) => row.exceptions),
    textColumn(parcels, (row) => row.conflicts),
    textColumn(parcels, (row) => row.supersedes),
    textColumn(parcels, (row) => row.supersededBy),
    plainColumn(parcels, (row) => row.firstClaimedAt),
    plainColumn(parcels, (row) => row.lastEventAt),
    plainColumn(parcels, (row) => row.revision),
  ];
}

function rowParameters(rows: readonly ParcelDayRow[]): unknown[] {
  return [
    plainColumn(rows, (row) => row.unitId),
    plainColumn(rows, (row) => row.day),
    textColumn(rows, (row) => row.waybill),
    plainColumn(rows, (row) => row.stationId),
    textColumn(rows, (row) => row.carrierCode),
    plainColumn(rows, (row) => row.counts),
  ];
}

/** Removes published rows that no longer hold. */
export async function removeRows(tx: Tx, countyCode: string, rows: readonly ParcelDayRow[]): Promise<void> {
  if (rows.length === 0) return;
  const [units, days, waybills, stations] = rowParameters(rows);
  const sorted = rows.map((row) => row.day).sort();
  await tx.query(
    `delete from logistics.parcel_day d using unnest($2::uuid[], $3::date[], $4::text[], $5::uuid[]) as k (unit_id, day, waybill, station_id)
     where d.county_code = $1 and d.unit_id = k.unit_id and d.day = k.day and d.waybill = k.waybill and d.station_id = k.station_id
       and d.day between $6::date and $7::date`,
    [countyCode, units, days, waybills, stations, sorted[0], sorted.at(-1)],
  );
}

/** The claims whose shelf code another parcel has that lies at the same station now. */
export async function takenShelfCodes(
  from: Pick<Tx, 'query'>,
  countyCode: string,
  claims: readonly ShelfClaim[],
): Promise<string[]> {
  const rows = await from.query<{ id: string }>(
    `select c.id from unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[]) as c (id, waybill, station_id, shelf_code) cross join lateral (
       select 1 from logistics.parcel p
       where p.county_code = $1 and p.station_id = c.station_id and p.shelf_code = c.shelf_code and p.stage = 'at_station' and p.waybill <> c.waybill
       limit 1) taken`,
    [
      countyCode,
      plainColumn(claims, (claim) => claim.eventId),
      textColumn(claims, (claim) => claim.waybill),
      plainColumn(claims, (claim) => claim.stationId),
      textColumn(claims, (claim) => claim.shelfCode),
    ],
  );
  return rows.map(({ id }) => id);
}
