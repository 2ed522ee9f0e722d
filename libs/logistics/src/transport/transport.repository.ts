import type { Tx } from '#platform';
import { textArray } from '../ledger/array.literal.js';
import type { Cargo, CargoState } from './cargo.opening.js';
import type { HandoverMark, Journey } from './handover.fold.js';
import type { Place } from './transport.place.js';

type Reader = Pick<Tx, 'query'>;

/** A hand-over as it was recorded. */
export interface KeptHandover extends HandoverMark {
  readonly code: string;
  readonly found: readonly string[];
  readonly sealIntact: boolean;
  readonly note: string | null;
}

/** A bag with what is in it and what happened to it, also as part of its manifest. */
export interface KeptBag extends Journey {
  readonly code: string;
  readonly madeAt: Date;
  readonly cargo: Cargo;
  readonly handovers: readonly KeptHandover[];
}

/** A manifest; its bags are in `Conveyance`. */
export interface KeptManifest extends Journey {
  readonly code: string;
  readonly madeAt: Date;
  readonly waybills: readonly string[];
  readonly handovers: readonly KeptHandover[];
}

/** What a code on a seal or a manifest stands for. */
export interface Conveyance {
  readonly manifest: KeptManifest | null;
  readonly bags: readonly KeptBag[];
}

/** Sealing, loading and handing over in one county happen one after the other, so that no parcel is in two bags and no state is lost. */
export async function lockTransport(tx: Tx, countyCode: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`transport ${countyCode}`]);
}

/** Whether a code is taken, and by what: hand-overs name bags and manifests alike. */
export async function codeOwner(from: Reader, countyCode: string, code: string): Promise<'bag' | 'manifest' | undefined> {
  const [row] = await from.query<{ kind: 'bag' | 'manifest' }>(
    `select 'bag' as kind from logistics.bag where county_code = $1 and code = $2
     union all select 'manifest' from logistics.manifest where county_code = $1 and code = $2`,
    [countyCode, code],
  );
  return row?.kind;
}

interface JourneyRow {
  code: string;
  fromUnitId: string;
  fromStationId: string | null;
  toUnitId: string;
  toStationId: string | null;
}
const JOURNEY = `code, from_unit_id as "fromUnitId", from_station_id as "fromStationId", to_unit_id as "toUnitId", to_station_id as "toStationId"`;
const journeyOf = ({ fromUnitId, fromStationId, toUnitId, toStationId }: JourneyRow): { from: Place; to: Place } => ({
  from: { unitId: fromUnitId, stationId: fromStationId },
  to: { unitId: toUnitId, stationId: toStationId },
});

/** What a code stands for; `undefined` when nothing bears it. */
export async function readConveyance(from: Reader, countyCode: string, code: string): Promise<Conveyance | undefined> {
  const [manifest] = await from.query<JourneyRow & { waybills: string[]; madeAt: Date }>(
    `select ${JOURNEY}, waybills, created_at as "madeAt" from logistics.manifest where county_code = $1 and code = $2`,
    [countyCode, code],
  );
  const bags = await from.query<JourneyRow & { manifestCode: string | null; madeAt: Date }>(
    `select ${JOURNEY}, manifest_code as "manifestCode", sealed_at as "madeAt" from logistics.bag
     where county_code = $1 and ${manifest ? 'manifest_code' : 'code'} = $2 order by code`,
    [countyCode, code],
  );
  if (!manifest && bags.length === 0) return undefined;
  const codes = new Set([code, ...bags.flatMap((bag) => [bag.code, bag.manifestCode ?? bag.code])]);
  const handovers = await readHandovers(from, countyCode, [...codes]);
  const cargo = await readCargo(
    from,
    countyCode,
    bags.map((bag) => bag.code),
  );
  return {
    manifest: manifest
      ? {
          code,
          madeAt: manifest.madeAt,
          ...journeyOf(manifest),
          waybills: manifest.waybills,
          handovers: handovers.filter((own) => own.code === code),
        }
      : null,
    bags: bags.map((bag) => ({
      code: bag.code,
      madeAt: bag.madeAt,
      ...journeyOf(bag),
      cargo: cargo.get(bag.code) ?? new Map<string, CargoState>(),
      handovers: handovers.filter((own) => own.code === bag.code || own.code === bag.manifestCode),
    })),
  };
}

/** Hand-overs of some codes, oldest first. */
export async function readHandovers(from: Reader, countyCode: string, codes: readonly string[]): Promise<KeptHandover[]> {
  const rows = await from.query<Omit<KeptHandover, 'occurredAt' | 'place'> & { occurredAt: Date } & Place>(
    `select id, code, side, occurred_at as "occurredAt", unit_id as "unitId", station_id as "stationId", seal_intact as "sealIntact", opened,
       coalesce(found, '{}') as found, note
     from logistics.handover where county_code = $1 and code = any($2::text[]) order by occurred_at, side, id`,
    [countyCode, codes],
  );
  return rows.map(({ unitId, stationId, occurredAt, ...row }) => ({
    ...row,
    occurredAt: occurredAt.getTime(),
    place: { unitId, stationId },
  }));
}

async function readCargo(
  from: Reader,
  countyCode: string,
  codes: readonly string[],
): Promise<Map<string, Map<string, CargoState>>> {
  const cargo = new Map<string, Map<string, CargoState>>();
  if (codes.length === 0) return cargo;
  const rows = await from.query<{ bagCode: string; waybill: string; state: CargoState }>(
    `select bag_code as "bagCode", waybill, state from logistics.bag_parcel
     where county_code = $1 and bag_code = any($2::text[]) order by bag_code, waybill`,
    [countyCode, codes],
  );
  for (const { bagCode, waybill, state } of rows) {
    const own = cargo.get(bagCode);
    if (own) own.set(waybill, state);
    else cargo.set(bagCode, new Map([[waybill, state]]));
  }
  return cargo;
}

/** What the ledger knows of parcels that are handed over. */
export interface ParcelStanding {
  /** With an open exception `missing`. */
  readonly missing: ReadonlySet<string>;
  readonly inbound: ReadonlySet<string>;
  /** Turned up in excess in another bag since. */
  readonly elsewhere: ReadonlySet<string>;
}

/**
 * SQL: the parcel `waybill` was found in excess in a bag that was opened at `since` or later, so it cannot be in what was sealed at `since`. `$1` is the
 * county. An older finding says nothing: the parcel was packed again after it.
 */
export const turnedUpSince = (waybill: string, since: string): string =>
  `exists (select 1 from logistics.bag_parcel x
     join logistics.handover h on h.county_code = x.county_code and h.code = x.bag_code and h.opened and x.waybill = any(h.found)
     where x.county_code = $1 and x.waybill = ${waybill} and x.state = 'excess' and h.occurred_at >= ${since})`;

/** Reads what planning the scans of a hand-over needs to know. @param since when what is handed over was sealed or made */
export async function readStandings(
  from: Reader,
  countyCode: string,
  waybills: readonly string[],
  since: Date,
): Promise<ParcelStanding> {
  const rows = await from.query<{ waybill: string; missing: boolean; inbound: boolean; elsewhere: boolean }>(
    `select w.waybill, coalesce(p.direction = 'inbound', false) as inbound,
       exists (select 1 from jsonb_array_elements(p.exceptions) e where e ->> 'kind' = 'missing' and e -> 'closedAt' is null) as missing,
       ${turnedUpSince('w.waybill', '$3')} as elsewhere
     from unnest($2::text[]) as w (waybill) left join logistics.parcel p on p.county_code = $1 and p.waybill = w.waybill`,
    [countyCode, textArray(waybills), since],
  );
  const those = (is: (row: (typeof rows)[number]) => boolean) => new Set(rows.filter(is).map(({ waybill }) => waybill));
  return { missing: those((row) => row.missing), inbound: those((row) => row.inbound), elsewhere: those((row) => row.elsewhere) };
}
