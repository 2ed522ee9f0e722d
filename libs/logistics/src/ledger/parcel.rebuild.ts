import { Injectable } from '@nestjs/common';
import { DirectoryReader } from '#directory';
import { Database, type Tx } from '#platform';
import { rowChange, rowKey, type ParcelDayRow } from '../parcel/parcel.contributions.js';
import type { LedgerEvent } from '../parcel/parcel.event.js';
import { readMeanings } from '../mapping/mapping.repository.js';
import { addOpenDays, openDayKey, removeOpenDays } from './check.in.repository.js';
import { SnapshotFacts } from './directory.facts.js';
import { CursorReader } from './cursor.reader.js';
import { EVENT_COLUMNS, removeRows } from './ledger.repository.js';
import { LedgerRefold } from './ledger.refold.js';
import { openDaysOf, type OpenDay } from './open.day.js';
import { foldGroup, type FoldContext } from './parcel.group.js';
import { parcelRow, type ParcelRow } from './parcel.row.js';
import { TouchedDays } from './touched.days.js';

export interface ParcelRebuildOptions {
  /** Only compare: list what differs and change nothing. */
  readonly verify?: boolean;
}

/** Something derived that is not what the ledger says; `stored` or `expected` is null when it is missing on that side. */
export interface ParcelDifference {
  readonly table: 'parcel' | 'parcel_day' | 'open_day';
  /** The waybill, or for an open day its key. */
  readonly key: string;
  readonly stored: unknown;
  readonly expected: unknown;
}

export interface ParcelRebuildReport {
  readonly countyCode: string;
  /** What the ledger gives. */
  readonly parcels: number;
  readonly rows: number;
  /** How many parcels and open days differ (differed, when they were rebuilt). */
  readonly differing: number;
  /** The first of them. */
  readonly differences: ParcelDifference[];
}

type StoredParcel = Omit<ParcelRow, 'revision' | 'exceptions' | 'conflicts'> & { exceptions: unknown; conflicts: unknown };

/** What the ledger and the derived tables hold of one waybill. */
interface Slice {
  waybill: string;
  events: LedgerEvent[];
  parcel: StoredParcel | undefined;
  rows: ParcelDayRow[];
}

const MAX_LISTED = 200;
const MAX_ROUNDS = 3;

/** Finds everything that differs between the ledger and what was derived from it. */
class Comparison {
  parcels = 0;
  rows = 0;
  readonly differences: ParcelDifference[] = [];
  readonly wrong = new Map<string, readonly ParcelDayRow[]>();
  readonly openDays: { expected: string[]; stored: string[] } = { expected: [], stored: [] };
  private readonly linked: Slice[] = [];
  differing = 0;

  constructor(
    private readonly context: FoldContext,
    private readonly links: ReadonlySet<string>,
  ) {}

  take(slice: Slice): void {
    if (this.links.has(slice.waybill)) this.linked.push(slice);
    else this.compare([slice]);
  }

  /** Parcels that continue one another can only be counted together. */
  finish(): void {
    if (this.linked.length > 0) this.compare(this.linked);
    const stored = new Set(this.openDays.stored);
    const expected = new Set(this.openDays.expected);
    for (const key of expected) if (!stored.has(key)) this.note({ table: 'open_day', key, stored: null, expected: key });
    for (const key of stored) if (!expected.has(key)) this.note({ table: 'open_day', key, stored: key, expected: null });
  }

  private compare(slices: readonly Slice[]): void {
    const state = foldGroup(new Map(slices.map((slice) => [slice.waybill, slice.events])), this.context);
    this.parcels += state.folds.size;
    this.rows += state.rows.length;
    const change = rowChange(
      slices.flatMap((slice) => slice.rows),
      state.rows,
    );
    const rowsWrong = new Set([...change.removed, ...change.written].map((row) => row.waybill));
    for (const { waybill, parcel, rows } of slices) {
      const fold = state.folds.get(waybill);
      const expected = fold ? comparable(parcelRow(fold, 0)) : null;
      const stored = parcel ? comparable(parcel) : null;
      const parcelWrong = expected !== stored;
      if (parcelWrong) this.note({ table: 'parcel', key: waybill, stored, expected });
      else if (rowsWrong.has(waybill)) {
        const own = (row: ParcelDayRow) => row.waybill === waybill;
        this.note({
          table: 'parcel_day',
          key: waybill,
          stored: rows.map(rowText),
          expected: state.rows.filter(own).map(rowText),
        });
      }
      if (parcelWrong || rowsWrong.has(waybill)) this.wrong.set(waybill, rows);
    }
  }

  private note(difference: ParcelDifference): void {
    this.differing += 1;
    if (this.differences.length < MAX_LISTED) this.differences.push(difference);
  }
}

const rowText = (row: ParcelDayRow): string => `${rowKey(row)} ${row.carrierCode ?? ''} ${row.counts}`;

/** A parcel's row as text that is the same for the same content, whatever the order of JSON keys. */
function comparable(row: Omit<StoredParcel, 'exceptions' | 'conflicts'> & { exceptions: unknown; conflicts: unknown }): string {
  const list = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);
  return JSON.stringify([
    row.carrierCode,
    row.direction,
    row.stage,
    row.unitId,
    row.stationId,
    row.shelfCode,
    row.heldSince,
    sortedKeys(list(row.exceptions)),
    sortedKeys(list(row.conflicts)),
    row.supersedes,
    row.supersededBy,
    row.firstClaimedAt,
    row.lastEventAt,
  ]);
}

function sortedKeys(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((item: object) => Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Makes what is derived from the ledger again: to repair it, or to prove that it is right. */
@Injectable()
export class ParcelRebuild {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly refolding: LedgerRefold,
    private readonly touched: TouchedDays,
  ) {}

  /**
   * Compares parcels, published rows and open days of a county, six digits, with the ledger alone, in one consistent view, and puts right
   * what differs. Run it while few scans come in: what changes meanwhile is compared again, up to three rounds.
   */
  async rebuildParcels(countyCode: string, { verify = false }: ParcelRebuildOptions = {}): Promise<ParcelRebuildReport> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const found = await this.compare(countyCode, facts);
    if (!verify) {
      let round: Comparison | undefined = found;
      for (let rounds = 0; round && round.differing > 0 && rounds < MAX_ROUNDS; rounds += 1) {
        await this.repair(countyCode, facts, round);
        round = await this.compare(countyCode, facts);
      }
    }
    const { parcels, rows, differing, differences } = found;
    return { countyCode, parcels, rows, differing, differences };
  }

  private async compare(countyCode: string, facts: SnapshotFacts): Promise<Comparison> {
    return await this.database.transaction(async (tx) => {
      await tx.query('set transaction isolation level repeatable read read only');
      const context: FoldContext = { facts, levelOf: facts.levelOf, meanings: await readMeanings(tx, countyCode) };
      const comparison = new Comparison(context, await readLinks(tx, countyCode));
      for await (const slice of slices(tx, countyCode)) {
        if (slice.waybill === '') comparison.openDays.expected.push(...openDaysOf(slice.events, facts).map(openDayKey));
        else comparison.take(slice);
      }
      comparison.openDays.stored.push(...(await readOpenDays(tx, countyCode)));
      comparison.finish();
      return comparison;
    });
  }

  private async repair(countyCode: string, facts: SnapshotFacts, { wrong, openDays }: Comparison): Promise<void> {
    await this.refolding.refold(countyCode, wrong.keys(), facts, wrong);
    await this.database.transaction(async (tx) => {
      const [orphans, missing] = [difference(openDays.stored, openDays.expected), difference(openDays.expected, openDays.stored)];
      await removeOpenDays(tx, countyCode, orphans.map(openDayOfKey));
      await addOpenDays(tx, countyCode, missing.map(openDayOfKey));
      await this.touched.publish(
        tx,
        countyCode,
        [],
        [...orphans, ...missing].map((key) => key.split(' ').slice(0, 2).join(' ')),
      );
      // Rows of waybills of which nothing is left have no parcel to be folded.
      const left = [...wrong].filter(([, rows]) => rows.length > 0).flatMap(([, rows]) => rows);
      await this.removeOrphanRows(tx, countyCode, left);
    });
  }

  private async removeOrphanRows(tx: Tx, countyCode: string, rows: readonly ParcelDayRow[]): Promise<void> {
    const waybills = [...new Set(rows.map((row) => row.waybill))];
    const kept = await tx.query<{ waybill: string }>(
      'select waybill from logistics.parcel where county_code = $1 and waybill = any($2::text[])',
      [countyCode, waybills],
    );
    const known = new Set(kept.map(({ waybill }) => waybill));
    await removeRows(
      tx,
      countyCode,
      rows.filter((row) => !known.has(row.waybill)),
    );
  }
}

function openDayOfKey(key: string): OpenDay {
  const [unitId = '', day = '', stationId = ''] = key.split(' ');
  return { unitId, day, stationId };
}
const difference = (from: readonly string[], without: readonly string[]): string[] => {
  const known = new Set(without);
  return [...new Set(from)].filter((key) => !known.has(key));
};

async function readOpenDays(tx: Tx, countyCode: string): Promise<string[]> {
  const rows = await tx.query<{ key: string }>(
    `select unit_id || ' ' || day || ' ' || station_id as key from logistics.open_day where county_code = $1`,
    [countyCode],
  );
  return rows.map(({ key }) => key);
}

async function readLinks(tx: Tx, countyCode: string): Promise<Set<string>> {
  const rows = await tx.query<{ waybill: string; linked: string }>(
    'select distinct waybill, linked_waybill as linked from logistics.parcel_event where county_code = $1 and linked_waybill is not null',
    [countyCode],
  );
  return new Set(rows.flatMap(({ waybill, linked }) => [waybill, linked]));
}

/** Ledger and derived tables side by side, waybill by waybill, through cursors: a county's history need not fit into memory. */
async function* slices(tx: Tx, countyCode: string): AsyncGenerator<Slice> {
  const order = 'order by waybill collate "C"';
  const events = await CursorReader.open<LedgerEvent>(
    tx,
    'ledger',
    `select ${EVENT_COLUMNS} from logistics.parcel_event e where e.county_code = $1 ${order}`,
    [countyCode],
  );
  const parcels = await CursorReader.open<StoredParcel>(
    tx,
    'parcels',
    `select waybill, carrier_code as "carrierCode", direction, stage, unit_id as "unitId", station_id as "stationId", shelf_code as "shelfCode",
       (extract(epoch from held_since) * 1000)::float8 as "heldSince", exceptions, conflicts, supersedes, superseded_by as "supersededBy", (extract(epoch from first_claimed_at) * 1000)::float8 as "firstClaimedAt",
       (extract(epoch from last_event_at) * 1000)::float8 as "lastEventAt" from logistics.parcel where county_code = $1 ${order}`,
    [countyCode],
  );
  const rows = await CursorReader.open<ParcelDayRow>(
    tx,
    'published',
    `select unit_id as "unitId", day, waybill, station_id as "stationId", carrier_code as "carrierCode", counts from logistics.parcel_day
     where county_code = $1 ${order}`,
    [countyCode],
  );
  for (;;) {
    const heads = [await events.peek(), await parcels.peek(), await rows.peek()].flatMap((row) => (row ? [row.waybill] : []));
    if (heads.length === 0) return;
    const waybill = heads.reduce((first, other) => (other < first ? other : first));
    const [parcel] = await parcels.takeOf(waybill);
    yield { waybill, events: await events.takeOf(waybill), parcel, rows: await rows.takeOf(waybill) };
  }
}
