import type { NoticeState, NoticeView } from '#contracts';
import type { Tx } from '#platform';
import { plainArray, textArray } from '../ledger/array.literal.js';
import { LEASE_MS } from './retry.plan.js';

/** A parcel on a shelf, with what decides whether its recipient is told. */
export interface Candidate {
  readonly waybill: string;
  readonly stationId: string;
  /** Sealed. */
  readonly phone: Buffer | null;
  readonly consent: string | null;
  readonly hasNotice: boolean;
}

/** SQL: the notice `n` is the parcel's one notice. What was not sent because the parcel had left the shelf is made anew when it comes back. */
const STANDS = `not (n.state = 'skipped' and n.reason = 'not_on_shelf')`;

/** The parcels among these that lie on a shelf. */
export async function readCandidates(tx: Tx, countyCode: string, waybills: readonly string[]): Promise<Candidate[]> {
  return await tx.query<Candidate>(
    `select p.waybill, p.station_id as "stationId", r.phone, r.consent,
       coalesce(${STANDS}, false) as "hasNotice"
     from unnest($2::text[]) as w (waybill)
     join logistics.parcel p on p.county_code = $1 and p.waybill = w.waybill and p.stage = 'at_station' and p.held_since is not null
     left join logistics.recipient r on r.county_code = $1 and r.waybill = w.waybill
     left join logistics.notice n on n.county_code = $1 and n.waybill = w.waybill`,
    [countyCode, textArray(waybills)],
  );
}

/** Waybills among these that have a notice. */
export async function readNoticed(tx: Tx, countyCode: string, waybills: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ waybill: string }>(
    `select waybill from logistics.notice n where county_code = $1 and waybill = any($2::text[]) and ${STANDS}`,
    [countyCode, textArray(waybills)],
  );
  return new Set(rows.map(({ waybill }) => waybill));
}

/** A notice to write; the phone is sealed. */
export interface NewNotice {
  readonly id: string;
  readonly waybill: string;
  readonly stationId: string;
  readonly phone: Buffer;
}

/** Writes notices of parcels that have none that stands; the waybills that were written. */
export async function insertNotices(tx: Tx, countyCode: string, notices: readonly NewNotice[], now: Date): Promise<string[]> {
  // In one order, so that two writers of the same parcels cannot wait for each other.
  const sorted = [...notices].sort((a, b) => (a.waybill < b.waybill ? -1 : 1));
  const rows = await tx.query<{ waybill: string }>(
    `insert into logistics.notice as n (county_code, waybill, id, station_id, phone, state, created_at, due_at)
     select $1, waybill, id, station_id, phone, 'queued', $6, $6
     from unnest($2::text[], $3::uuid[], $4::uuid[], $5::bytea[]) as w (waybill, id, station_id, phone)
     on conflict (county_code, waybill) do update set id = excluded.id, station_id = excluded.station_id, phone = excluded.phone, state = excluded.state,
       reason = null, attempts = 0, created_at = excluded.created_at, due_at = excluded.due_at
     where not (${STANDS}) returning waybill`,
    [
      countyCode,
      textArray(sorted.map(({ waybill }) => waybill)),
      plainArray(sorted.map(({ id }) => id)),
      plainArray(sorted.map(({ stationId }) => stationId)),
      sorted.map(({ phone }) => phone),
      now,
    ],
  );
  return rows.map(({ waybill }) => waybill);
}

/** A notice that was taken up to be sent, with where its parcel lies now. */
export interface ClaimedNotice {
  readonly countyCode: string;
  readonly id: string;
  readonly waybill: string;
  readonly stationId: string;
  readonly shelfCode: string | null;
  readonly carrierCode: string | null;
  readonly phone: Buffer | null;
  readonly attempts: number;
  readonly onShelf: boolean;
  readonly consent: string | null;
}

/** Takes up notices that are due, the longest waiting first; nobody else takes the same ones until their lease is over. */
export async function claimNotices(tx: Tx, now: Date, limit: number): Promise<ClaimedNotice[]> {
  return await tx.query<ClaimedNotice>(
    `with due as (
       select county_code, waybill from logistics.notice where state = 'queued' and due_at <= $1 order by due_at limit $3 for update skip locked
     ), claimed as (
       update logistics.notice n set attempts = attempts + 1, due_at = $2
       from due where n.county_code = due.county_code and n.waybill = due.waybill returning n.*
     )
     select c.county_code as "countyCode", c.id, c.waybill, coalesce(p.station_id, c.station_id) as "stationId", p.shelf_code as "shelfCode",
       p.carrier_code as "carrierCode", c.phone, c.attempts,
       coalesce(p.stage = 'at_station' and p.held_since is not null, false) as "onShelf", r.consent
     from claimed c
     left join logistics.parcel p on p.county_code = c.county_code and p.waybill = c.waybill
     left join logistics.recipient r on r.county_code = c.county_code and r.waybill = c.waybill`,
    [now, new Date(now.getTime() + LEASE_MS), limit],
  );
}

/** What is to be noted of a notice that was taken up. */
export interface NoticeMark {
  readonly state: NoticeState;
  readonly reason: string | null;
  readonly ref: string | null;
  readonly dueAt: Date | null;
  readonly sentAt: Date | null;
}

/** Notes what became of a notice; the gateway's own report, which may come first, stands. */
export async function markNotice(tx: Tx, { countyCode, waybill, stationId }: ClaimedNotice, mark: NoticeMark): Promise<void> {
  await tx.query(
    `update logistics.notice set
       state = case when state = 'queued' then $3 else state end, reason = case when state = 'queued' then $4 else reason end,
       due_at = case when state = 'queued' then $5::timestamptz end, gateway_ref = coalesce($6, gateway_ref), sent_at = coalesce(sent_at, $7),
       station_id = $8
     where county_code = $1 and waybill = $2`,
    [countyCode, waybill, mark.state, mark.reason, mark.dueAt, mark.ref, mark.sentAt, stationId],
  );
}

/** A row of the log. */
export interface LogRow extends Pick<NoticeView, 'waybill' | 'state'> {
  readonly stationId: string;
  readonly phone: Buffer | null;
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
}

/** The log of some stations, newest first; each station's part is read along its index. */
export async function readLog(
  tx: Tx,
  stations: readonly { readonly id: string; readonly countyCode: string }[],
  state: NoticeState | undefined,
  after: readonly [Date, string] | undefined,
  limit: number,
): Promise<LogRow[]> {
  return await tx.query<LogRow>(
    `select n.waybill, n.station_id as "stationId", n.phone, n.state, n.reason, n.created_at as "createdAt", n.sent_at as "sentAt"
     from unnest($1::text[], $2::uuid[]) as s (county_code, station_id) cross join lateral (
       select * from logistics.notice n where n.county_code = s.county_code and n.station_id = s.station_id
         and ($3::text is null or n.state = $3) and ($4::timestamptz is null or (n.created_at, n.waybill) < ($4::timestamptz, $5::text))
       order by n.created_at desc, n.waybill desc limit $6) n
     order by n.created_at desc, n.waybill desc limit $6`,
    [
      textArray(stations.map(({ countyCode }) => countyCode)),
      plainArray(stations.map(({ id }) => id)),
      state ?? null,
      after?.[0] ?? null,
      after?.[1] ?? null,
      limit,
    ],
  );
}
