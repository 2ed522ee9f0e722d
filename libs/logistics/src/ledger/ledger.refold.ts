import { Injectable } from '@nestjs/common';
import { Database, DomainError, type Tx } from '#platform';
import { rowChange, type ParcelDayRow, type RowChange } from '../parcel/parcel.contributions.js';
import type { LedgerEvent } from '../parcel/parcel.event.js';
import { readMeanings } from '../mapping/mapping.repository.js';
import { plainArray, textArray } from './array.literal.js';
import type { SnapshotFacts } from './directory.facts.js';
import { lockParcels, readEvents, removeRows, writeLedger, type KeptParcel } from './ledger.repository.js';
import { foldGroup, linkedElsewhere } from './parcel.group.js';
import { parcelRow } from './parcel.row.js';
import { ProduceMoves } from '../produce/produce.moves.js';
import { TouchedDays } from './touched.days.js';

const CHUNK = 500;
const DAY_MS = 86_400_000;

/** Folds parcels again from the ledger, where not a new event but something else changed what they are: a code's meaning, a released scan, the directory. */
@Injectable()
export class LedgerRefold {
  constructor(
    private readonly database: Database,
    private readonly touched: TouchedDays,
    private readonly moves: ProduceMoves,
  ) {}

  /**
   * Folds these parcels again, some hundred at a time.
   * @param storedRows the published rows of the parcels, where the caller has them; else they are looked up by the parcels' units
   * @throws DomainError `conflict` 409 when a parcel appeared meanwhile
   */
  async refold(
    countyCode: string,
    waybills: Iterable<string>,
    facts: SnapshotFacts,
    storedRows?: ReadonlyMap<string, readonly ParcelDayRow[]>,
  ): Promise<void> {
    const all = [...new Set(waybills)].sort();
    for (let start = 0; start < all.length; start += CHUNK) {
      const chunk = all.slice(start, start + CHUNK);
      await this.database.transaction((tx) => this.refoldIn(tx, countyCode, chunk, facts, storedRows));
    }
  }

  /** The same within the caller's transaction, for a few parcels. */
  async refoldIn(
    tx: Tx,
    countyCode: string,
    waybills: readonly string[],
    facts: SnapshotFacts,
    storedRows?: ReadonlyMap<string, readonly ParcelDayRow[]>,
  ): Promise<void> {
    const kept = new Map<string, KeptParcel>();
    const ledger = new Map<string, LedgerEvent[]>();
    for (let missing = [...waybills]; missing.length > 0; missing = linkedElsewhere(ledger)) {
      for (const parcel of await lockParcels(tx, countyCode, missing)) kept.set(parcel.waybill, parcel);
      for (const waybill of missing) ledger.set(waybill, []);
      for (const event of await readEvents(tx, countyCode, missing, 0)) ledger.get(event.waybill)?.push(event);
    }
    const after = foldGroup(ledger, { facts, levelOf: facts.levelOf, meanings: await readMeanings(tx, countyCode) });
    const parcels = [...after.folds.values()].map((fold) => parcelRow(fold, (kept.get(fold.waybill)?.revision ?? 0) + 1));
    const before = storedRows
      ? [...ledger.keys()].flatMap((waybill) => storedRows.get(waybill) ?? [])
      : await this.storedRows(tx, countyCode, { kept: [...kept.values()], ledger, rows: after.rows }, facts);
    const change: RowChange = rowChange(before, after.rows);
    await removeRows(tx, countyCode, change.removed);
    const counts = await writeLedger(tx, { countyCode, way: 'careful', events: [], parcels, rows: change.written });
    if (counts.parcels !== parcels.length) throw new DomainError('conflict', 409);
    await this.removeParcels(
      tx,
      countyCode,
      [...kept.keys()].filter((waybill) => !after.folds.has(waybill)),
    );
    await this.touched.publish(tx, countyCode, change.touched);
    await this.moves.publish(tx, countyCode, after.folds, parcels);
  }

  /** Rows that were published for these parcels. They lie at the unit that each parcel had, at its successors, where it was scanned, or where they will lie now. */
  private async storedRows(
    tx: Tx,
    countyCode: string,
    {
      kept,
      ledger,
      rows,
    }: { kept: readonly KeptParcel[]; ledger: ReadonlyMap<string, readonly LedgerEvent[]>; rows: readonly ParcelDayRow[] },
    facts: SnapshotFacts,
  ): Promise<ParcelDayRow[]> {
    const units = new Set(rows.map((row) => row.unitId));
    for (const events of ledger.values())
      for (const { unitId, stationId } of events) if (unitId !== null && stationId !== null) units.add(unitId);
    for (const { unitId } of kept) {
      if (unitId === null) continue;
      units.add(unitId);
      for (const heir of facts.heirsOf(unitId)) units.add(heir);
    }
    if (units.size === 0 || kept.length === 0) return [];
    const from = Math.min(...kept.map((parcel) => parcel.firstClaimedAt));
    const to = Math.max(...kept.map((parcel) => parcel.lastEventAt));
    return await readRows(
      tx,
      countyCode,
      [...units],
      kept.map(({ waybill }) => waybill),
      from - DAY_MS,
      to + DAY_MS,
    );
  }

  private async removeParcels(tx: Tx, countyCode: string, waybills: readonly string[]): Promise<void> {
    if (waybills.length === 0) return;
    await tx.query('delete from logistics.parcel where county_code = $1 and waybill = any($2::text[])', [
      countyCode,
      textArray(waybills),
    ]);
  }
}

async function readRows(
  tx: Tx,
  countyCode: string,
  units: readonly string[],
  waybills: readonly string[],
  fromMs: number,
  toMs: number,
): Promise<ParcelDayRow[]> {
  return await tx.query<ParcelDayRow>(
    `select unit_id as "unitId", day, waybill, station_id as "stationId", carrier_code as "carrierCode", counts from logistics.parcel_day
     where county_code = $1 and unit_id = any($2::uuid[]) and waybill = any($3::text[])
       and day between (to_timestamp($4::float8 / 1000))::date - 1 and (to_timestamp($5::float8 / 1000))::date + 1`,
    [countyCode, plainArray(units), textArray(waybills), fromMs, toMs],
  );
}
