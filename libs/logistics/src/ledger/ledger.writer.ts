import { Injectable, Logger } from '@nestjs/common';
import type { ScanFlag } from '#contracts';
import { Database, DomainError, type Tx } from '#platform';
import { settleCheckIns } from './check.in.repository.js';
import { rowChange, type RowChange } from '../parcel/parcel.contributions.js';
import type { LedgerEvent } from '../parcel/parcel.event.js';
import { readMeanings, recordUnknownCodes } from '../mapping/mapping.repository.js';
import type { SnapshotFacts } from './directory.facts.js';
import {
  lockParcels,
  readEvents,
  readEventsById,
  removeRows,
  takenShelfCodes,
  writeLedger,
  type KeptParcel,
} from './ledger.repository.js';
import { foldGroup, linkedElsewhere, type FoldContext, type GroupState } from './parcel.group.js';
import { parcelRow } from './parcel.row.js';
import { TouchedDays } from './touched.days.js';
import { NoticeDue } from '../notice/notice.due.js';
import { ProduceMoves } from '../produce/produce.moves.js';
import { shelfClaimOf, toldFlags, type ShelfClaim } from './told.flags.js';
import { isRepeat, type StoredEvent, type WriteOutcome } from './stored.event.js';

/** What became of one event, with the flags that the fold derived up to now. */
export interface WriteResult {
  readonly outcome: WriteOutcome;
  readonly flags: readonly ScanFlag[];
}
/** What became of events that differ from `WRITTEN`, each of them as it was handed in. */
export type WriteResults = ReadonlyMap<StoredEvent, WriteResult>;
/** The result of an event that a write's results do not mention: written, nothing to flag. */
export const WRITTEN: WriteResult = { outcome: 'written', flags: [] };

const MAX_ATTEMPTS = 8;
const UNIQUE_VIOLATION = '23505';
const DUPLICATE: WriteResult = { outcome: 'duplicate', flags: [] };
const ID_REUSED: WriteResult = { outcome: 'id_reused', flags: [] };

/** Another transaction was quicker with one of the parcels: fold again on what it left. */
class Contended extends Error {}
/** Some of the ids are in the ledger already. */
class KnownIds extends Error {}

type Ledger = Map<string, LedgerEvent[]>;

/** What one attempt wrote. */
interface Written {
  readonly results: ReadonlyMap<string, WriteResult>;
  readonly claims: readonly ShelfClaim[];
}

/** What holds for every part of one attempt. */
interface Setting {
  readonly countyCode: string;
  readonly facts: SnapshotFacts;
  /** The quick way met something that was there already. */
  readonly careful: boolean;
}

const isUniqueViolation = (error: unknown): boolean => (error as { code?: string }).code === UNIQUE_VIOLATION;

/**
 * The only writer of the ledger. In one transaction: events, parcels, published rows, and the domain event that tells which facts are
 * touched. Writers of one parcel wait for each other; a repeat of an event is recognised and changes nothing.
 */
@Injectable()
export class LedgerWriter {
  private readonly log = new Logger(LedgerWriter.name);

  constructor(
    private readonly database: Database,
    private readonly touched: TouchedDays,
    private readonly moves: ProduceMoves,
    private readonly notices: NoticeDue,
  ) {}

  /**
   * Writes events of one county, whole or not at all. It resolves after the commit.
   * @throws DomainError `conflict` 409 when other writers kept changing the same parcels
   */
  async write(countyCode: string, events: readonly StoredEvent[], facts: SnapshotFacts): Promise<WriteResults> {
    const first = new Map<string, StoredEvent>();
    for (const event of events) if (!first.has(event.id)) first.set(event.id, event);
    const found = new Map<string, WriteResult>();
    await this.writeDistinct(countyCode, [...first.values()], facts, found);
    const results = new Map<StoredEvent, WriteResult>();
    for (const event of events) {
      const original = first.get(event.id) ?? event;
      const result = found.get(event.id);
      if (event !== original && result?.outcome !== 'id_reused')
        results.set(event, isRepeat(original, event) ? DUPLICATE : ID_REUSED);
      else if (result) results.set(event, result);
    }
    return results;
  }

  private async writeDistinct(
    countyCode: string,
    events: StoredEvent[],
    facts: SnapshotFacts,
    results: Map<string, WriteResult>,
  ): Promise<void> {
    let left = events;
    for (let attempt = 1; left.length > 0; attempt += 1) {
      try {
        const written = await this.database.transaction((tx) =>
          this.attempt(tx, { countyCode, facts, careful: attempt > 1 }, left),
        );
        for (const [id, result] of written.results) results.set(id, result);
        await this.noteTaken(countyCode, written.claims, results);
        return;
      } catch (error) {
        if (attempt >= MAX_ATTEMPTS && error instanceof Contended) throw new DomainError('conflict', 409);
        if (error instanceof KnownIds) left = await this.withoutKnown(countyCode, left, results);
        else if (!(error instanceof Contended) && !(attempt === 1 && isUniqueViolation(error))) throw error;
      }
    }
  }

  /** Leaves out what the ledger has, wherever in time. */
  private async withoutKnown(
    countyCode: string,
    events: readonly StoredEvent[],
    results: Map<string, WriteResult>,
  ): Promise<StoredEvent[]> {
    const stored = new Map<string, LedgerEvent>();
    const ids = events.map((event) => event.id);
    for (const row of await readEventsById(this.database, countyCode, ids)) stored.set(row.id, row);
    return events.filter((event) => {
      const row = stored.get(event.id);
      if (row) results.set(event.id, isRepeat(row, event) ? DUPLICATE : ID_REUSED);
      return !row;
    });
  }

  /**
   * Flags shelf codes that are taken. It looks after the commit: of two that take one code at the same time, whoever commits last sees the other. The
   * scans are stored whatever becomes of the question.
   */
  private async noteTaken(countyCode: string, claims: readonly ShelfClaim[], results: Map<string, WriteResult>): Promise<void> {
    if (claims.length === 0) return;
    const taken = await takenShelfCodes(this.database, countyCode, claims).catch((error: unknown) => {
      this.log.warn(`Shelf codes were not compared: ${String(error)}`);
      return [];
    });
    for (const id of taken)
      results.set(id, { outcome: 'written', flags: [...(results.get(id)?.flags ?? []), 'shelf_code_taken'] });
  }

  private async attempt(tx: Tx, setting: Setting, events: readonly StoredEvent[]): Promise<Written> {
    const { countyCode, facts } = setting;
    const results = new Map<string, WriteResult>();
    const kept = new Map<string, KeptParcel>();
    const before: Ledger = new Map();
    await this.load(tx, countyCode, waybillsOf(events), kept, before);
    const fresh = kept.size === 0 ? events : withoutRepeats(events, before, results);
    if (fresh.length === 0) return { results, claims: [] };
    let together = merged(before, fresh);
    for (let missing = linkedElsewhere(together); missing.length > 0; missing = linkedElsewhere(together)) {
      await this.load(tx, countyCode, missing, kept, before);
      together = merged(before, fresh);
    }
    const context = await this.contextOf(tx, countyCode, before, fresh, facts);
    const after = foldGroup(together, context);
    const change = kept.size === 0 ? rowChange([], after.rows) : rowChange(foldGroup(before, context).rows, after.rows);
    await this.store(tx, setting, fresh, after, change, kept);
    const claims = noteFlags(fresh, after, facts, results);
    const checkIns = fresh.filter((event) => event.waybill === '');
    if (checkIns.length > 0) await this.settle(tx, countyCode, checkIns, facts, results);
    return { results, claims };
  }

  /** Locks the parcels and reads their events; a waybill without a parcel gets an empty history. */
  private async load(
    tx: Tx,
    countyCode: string,
    waybills: readonly string[],
    kept: Map<string, KeptParcel>,
    ledger: Ledger,
  ): Promise<void> {
    if (waybills.length === 0) return;
    const parcels = await lockParcels(tx, countyCode, waybills);
    for (const waybill of waybills) ledger.set(waybill, []);
    if (parcels.length === 0) return;
    let fromMs = Infinity;
    for (const parcel of parcels) {
      kept.set(parcel.waybill, parcel);
      fromMs = Math.min(fromMs, parcel.firstClaimedAt);
    }
    const rows = await readEvents(tx, countyCode, [...parcels.map(({ waybill }) => waybill)], fromMs);
    for (const row of rows) ledger.get(row.waybill)?.push(row);
  }

  private async contextOf(
    tx: Tx,
    countyCode: string,
    before: Ledger,
    fresh: readonly StoredEvent[],
    facts: SnapshotFacts,
  ): Promise<FoldContext> {
    const unknown = fresh.filter((event) => event.kind === 'unknown' && event.providerCode !== null);
    if (unknown.length > 0) await recordUnknownCodes(tx, countyCode, unknown);
    const asks = unknown.length > 0 || [...before.values()].some((own) => own.some((event) => event.kind === 'unknown'));
    return { facts, levelOf: facts.levelOf, ...(asks ? { meanings: await readMeanings(tx, countyCode) } : {}) };
  }

  private async store(
    tx: Tx,
    { countyCode, careful }: Setting,
    events: readonly StoredEvent[],
    after: GroupState,
    change: RowChange,
    kept: ReadonlyMap<string, KeptParcel>,
  ): Promise<void> {
    const parcels = waybillsOf(events).flatMap((waybill) => {
      const fold = after.folds.get(waybill);
      return fold ? [parcelRow(fold, (kept.get(waybill)?.revision ?? 0) + 1)] : [];
    });
    await removeRows(tx, countyCode, change.removed);
    const way = careful ? 'careful' : kept.size > 0 ? 'kept' : 'new';
    const counts = await writeLedger(tx, { countyCode, way, events, parcels, rows: change.written });
    if (counts.known > 0 || counts.events !== events.length) throw new KnownIds();
    if (counts.parcels !== parcels.length) throw new Contended();
    await this.touched.publish(tx, countyCode, change.touched);
    await this.moves.publish(tx, countyCode, after.folds, parcels, events);
    if (counts.told) await this.notices.publish(tx, countyCode, counts.told);
  }

  private async settle(
    tx: Tx,
    countyCode: string,
    checkIns: readonly StoredEvent[],
    facts: SnapshotFacts,
    results: Map<string, WriteResult>,
  ): Promise<void> {
    const { touched, flags } = await settleCheckIns(tx, countyCode, checkIns, facts);
    for (const [id, own] of flags) results.set(id, { outcome: 'written', flags: own });
    await this.touched.publish(tx, countyCode, [], touched);
  }
}

function waybillsOf(events: readonly StoredEvent[]): string[] {
  const waybills = new Set<string>();
  for (const event of events) if (event.waybill !== '') waybills.add(event.waybill);
  return [...waybills];
}

/** Leaves out events that the parcel has; what their ids hold is compared. */
function withoutRepeats(events: readonly StoredEvent[], before: Ledger, results: Map<string, WriteResult>): StoredEvent[] {
  return events.filter((event) => {
    const stored = before.get(event.waybill)?.find((row) => row.id === event.id);
    if (!stored) return true;
    results.set(event.id, isRepeat(stored, event) ? DUPLICATE : ID_REUSED);
    return false;
  });
}

function merged(before: Ledger, fresh: readonly StoredEvent[]): Ledger {
  const all: Ledger = new Map();
  for (const [waybill, own] of before) all.set(waybill, [...own]);
  for (const event of fresh) if (event.waybill !== '') all.get(event.waybill)?.push(event);
  return all;
}

/** Notes the flags of what was written; returns the places on shelves that were taken. */
function noteFlags(
  events: readonly StoredEvent[],
  { folds }: GroupState,
  facts: SnapshotFacts,
  results: Map<string, WriteResult>,
): ShelfClaim[] {
  const fresh = new Set<string>();
  for (const event of events) {
    fresh.add(event.id);
    if (event.flags.length > 0) results.set(event.id, { outcome: 'written', flags: event.flags });
  }
  const claims: ShelfClaim[] = [];
  for (const waybill of waybillsOf(events)) {
    const parcel = folds.get(waybill);
    for (const entry of parcel?.timeline ?? []) {
      if (!parcel || !fresh.has(entry.event.id)) continue;
      const told = toldFlags(entry, parcel, facts);
      if (entry.flags.length + told.length > 0)
        results.set(entry.event.id, { outcome: 'written', flags: told.length === 0 ? entry.flags : [...entry.flags, ...told] });
      const claim = shelfClaimOf(entry, parcel);
      if (claim) claims.push(claim);
    }
  }
  return claims;
}
