import type { ExceptionKind, NoticeState, ParcelStage, ShelfParcel } from '#contracts';
import type { Tx } from '#platform';
import { plainArray, textArray } from '../ledger/array.literal.js';

/** An exception as the row keeps it. */
export interface StoredException {
  readonly kind: ExceptionKind;
  readonly closedAt?: number;
}

/** A parcel on a shelf, with what is known of its recipient; name and phone are sealed. */
export interface ShelfRow {
  readonly waybill: string;
  readonly carrierCode: string | null;
  readonly shelfCode: string | null;
  readonly since: Date;
  readonly exceptions: readonly StoredException[];
  readonly name: Buffer | null;
  readonly phone: Buffer | null;
  readonly nameAt: Date | null;
  readonly phoneAt: Date | null;
  readonly consent: ShelfParcel['consent'] | null;
  readonly notice: NoticeState | null;
}

/** A parcel that may come, or must not. */
export interface ExpectedRow {
  readonly waybill: string;
  readonly carrierCode: string | null;
  readonly unitId: string | null;
  readonly exceptions: readonly StoredException[];
}

/** Of a shelf, only what matches; everything when neither is given. */
export interface ShelfFilter {
  readonly phoneTail?: string;
  readonly shelfCode?: string;
}

/** More than any village's shelf holds. */
const MAX_ON_SHELF = 5000;
const MAX_EXPECTED = 2000;
const MAX_INTERCEPTED = 500;

/** Parcels that lie on a station's shelf, the longest there first. */
export async function readShelf(
  from: Pick<Tx, 'query'>,
  countyCode: string,
  stationId: string,
  { phoneTail, shelfCode }: ShelfFilter = {},
): Promise<ShelfRow[]> {
  return await from.query<ShelfRow & Record<string, unknown>>(
    `select p.waybill, p.carrier_code as "carrierCode", p.shelf_code as "shelfCode", p.held_since as since, p.exceptions, r.name, r.phone,
       r.name_at as "nameAt", r.phone_at as "phoneAt", r.consent, n.state as notice
     from logistics.parcel p
     left join logistics.recipient r on r.county_code = $1 and r.waybill = p.waybill
     left join logistics.notice n on n.county_code = $1 and n.waybill = p.waybill
     where p.county_code = $1 and p.station_id = $2 and p.stage = 'at_station' and p.held_since is not null
       and ($3::text is null or r.phone_tail = $3) and ($4::text is null or p.shelf_code = $4)
     order by p.held_since, p.waybill limit ${MAX_ON_SHELF}`,
    [countyCode, stationId, phoneTail ?? null, shelfCode ?? null],
  );
}

const UNDER_WAY: readonly ParcelStage[] = ['announced', 'accepted', 'in_transit', 'at_county', 'at_town', 'out_for_delivery'];

/** Inbound parcels on their way to these villages, the newest since an instant. */
export async function readExpected(
  from: Pick<Tx, 'query'>,
  countyCode: string,
  villageIds: readonly string[],
  since: Date,
): Promise<ExpectedRow[]> {
  if (villageIds.length === 0) return [];
  return await from.query<ExpectedRow & Record<string, unknown>>(
    `select p.waybill, p.carrier_code as "carrierCode", p.unit_id as "unitId", p.exceptions from unnest($2::uuid[]) as v (id) cross join lateral (
       select * from logistics.parcel p
       where p.county_code = $1 and p.unit_id = v.id and p.last_event_at >= $3 and p.direction = 'inbound' and p.stage = any($4::text[])
       order by p.last_event_at desc, p.waybill desc limit ${MAX_EXPECTED}) p
     order by p.last_event_at desc, p.waybill desc limit ${MAX_EXPECTED}`,
    [countyCode, plainArray(villageIds), since, textArray(UNDER_WAY)],
  );
}

const ENDED: readonly ParcelStage[] = ['collected', 'delivered', 'returned', 'cancelled', 'lost'];

/** Parcels of these units, or of none yet, that are to be held back. */
export async function readIntercepted(
  from: Pick<Tx, 'query'>,
  countyCode: string,
  unitIds: readonly string[],
  since: Date,
): Promise<ExpectedRow[]> {
  return await from.query<ExpectedRow & Record<string, unknown>>(
    `select p.waybill, p.carrier_code as "carrierCode", p.unit_id as "unitId", p.exceptions from logistics.parcel p
     where p.county_code = $1 and p.exceptions @> '[{"kind": "intercepted"}]'::jsonb and p.last_event_at >= $2 and p.stage <> all($3::text[])
       and (p.unit_id is null or p.unit_id = any($4::uuid[]))
     order by p.last_event_at desc, p.waybill desc limit ${MAX_INTERCEPTED}`,
    [countyCode, since, textArray(ENDED), plainArray(unitIds)],
  );
}
