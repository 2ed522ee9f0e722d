import { Injectable } from '@nestjs/common';
import { addMonths, firstDayOf, lastDayOf, periodOf, type Period } from '#contracts';
import { DirectoryReader, type DirectorySnapshot } from '#directory';
import { Clock, Database, type Tx } from '#platform';
import { AccountRepository, type CountedAccount } from './account.repository.js';
import { classify } from './income.formula.js';
import { Lineage } from './income.lineage.js';
import { IncomeRepository, type ComputedSummary } from './income.repository.js';
import { dependentPeriods, summarise, TRAILING_MONTHS, type AccountState, type WindowInput } from './income.window.js';

/** What changed in a county. */
export interface IncomeChange {
  /** Months of which accounts were entered, approved or returned. */
  readonly months: readonly Period[];
  /** Units, their lineage or parameters changed from this month on; `null` for all months, `undefined` for not at all. */
  readonly unitsSince: Period | null | undefined;
}

/** What a rebuild found or did. */
export interface IncomeRebuild {
  readonly periods: readonly Period[];
  /** Summaries that were recomputed. */
  readonly units: number;
  /** Summaries that differed from what was stored; they are corrected unless it was only verified. */
  readonly differences: readonly { unitId: string; period: Period }[];
}

/**
 * Computes income summaries of a county from its accounts and stores them (metric M12, docs/domain/income.md). Figures are
 * always recomputed from the accounts, never incremented: order, repetition and interruption of jobs change nothing.
 */
@Injectable()
export class IncomeAggregator {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly accounts: AccountRepository,
    private readonly summaries: IncomeRepository,
    private readonly clock: Clock,
  ) {}

  /** The periods whose summaries a change may have changed: from the county's first account up to the present month. */
  async periodsTouched(tx: Tx, countyCode: string, { months, unitsSince }: IncomeChange): Promise<Period[]> {
    const last = periodOf(this.clock.now());
    const touched = new Set(months.flatMap((month) => dependentPeriods(month, last)));
    if (unitsSince !== undefined) {
      const first = (await this.accounts.span(tx, countyCode))?.from;
      for (let period = first; period && period <= last; period = addMonths(period, 1))
        if (unitsSince === null || period >= unitsSince) touched.add(period);
    }
    return [...touched].sort();
  }

  /** Recomputes and stores these periods of a county in the caller's transaction. Returns how many rows changed. */
  async refresh(tx: Tx, countyCode: string, periods: readonly Period[]): Promise<number> {
    if (!periods.length) return 0;
    await this.summaries.lock(tx, countyCode);
    const computed = await this.compute(tx, countyCode, periods);
    return this.summaries.replace(tx, countyCode, periods, computed, this.clock.now());
  }

  /** The summaries of every unit of a county in these periods, from the accounts as they are now; stores nothing. */
  async compute(tx: Tx, countyCode: string, periods: readonly Period[]): Promise<ComputedSummary[]> {
    const [first, last] = [periods[0], periods.at(-1)];
    if (!first || !last) return [];
    const snapshot = await this.directory.snapshot();
    const counted = await this.accounts.counted(tx, countyCode, addMonths(first, 1 - TRAILING_MONTHS), last);
    const sources = windowSources(snapshot, countyCode, counted);
    return periods.flatMap((period) =>
      summarise({ ...sources, ...placesOf(snapshot, countyCode, period), period }).map((unit) => ({ ...unit, period })),
    );
  }

  /**
   * Recomputes everything of a county from scratch. With `verify` nothing is written: the answer names the stored summaries that differ
   * from the recomputed ones. A period of which nothing is stored yet is no difference, because it is computed when asked for.
   */
  async rebuildIncome(countyCode: string, { verify }: { verify: boolean }): Promise<IncomeRebuild> {
    return this.database.transaction(async (tx) => {
      await this.summaries.lock(tx, countyCode);
      const stored = new Map((await this.summaries.all(tx, countyCode)).map((row) => [`${row.unitId} ${row.period}`, row]));
      const storedPeriods = new Set([...stored.values()].map((row) => row.period));
      const periods = [
        ...new Set([...(await this.periodsTouched(tx, countyCode, { months: [], unitsSince: null })), ...storedPeriods]),
      ].sort();
      const computed = await this.compute(tx, countyCode, periods);
      const differing = computed.filter((row) => {
        const found = stored.get(`${row.unitId} ${row.period}`);
        stored.delete(`${row.unitId} ${row.period}`);
        return found ? canonical(found.content) !== canonical(row.content) : storedPeriods.has(row.period);
      });
      const differences = [...differing, ...stored.values()].map(({ unitId, period }) => ({ unitId, period }));
      if (!verify) await this.summaries.replace(tx, countyCode, periods, computed, this.clock.now());
      return { periods, units: computed.length, differences };
    });
  }
}

/** The parts of a window's input that hold for every period of one aggregation. */
function windowSources(
  snapshot: DirectorySnapshot,
  countyCode: string,
  counted: readonly CountedAccount[],
): Pick<WindowInput, 'accountsOf' | 'dueIn' | 'lineage' | 'shellThresholdFen'> {
  const byMonth = new Map<Period, AccountState[]>();
  for (const account of counted) {
    const ofMonth = byMonth.get(account.period);
    if (ofMonth) ofMonth.push(accountState(account));
    else byMonth.set(account.period, [accountState(account)]);
  }
  const due = new Map<Period, string[]>();
  return {
    accountsOf: (month) => byMonth.get(month) ?? [],
    dueIn: (month) => {
      const known = due.get(month) ?? villagesDueIn(snapshot, countyCode, month);
      due.set(month, known);
      return known;
    },
    lineage: lineageOf(snapshot),
    shellThresholdFen: snapshot.parameters(countyCode).shellThresholdFen,
  };
}

function accountState(account: CountedAccount): AccountState {
  const { villageId, period, regime, lines, pending } = account;
  return { villageId, period, pending, lines: regime && lines ? lines.map((entry) => classify(regime, entry)) : null };
}

/** The lineage of villages, ready to look up holders. */
export function lineageOf(snapshot: DirectorySnapshot): Lineage {
  return new Lineage(snapshot.lineage(), (villageId, day) => snapshot.unit(villageId, day) !== undefined);
}

/** The county's unit: units are asked for by id, accounts are kept under the county's code. */
function countyOf(snapshot: DirectorySnapshot, countyCode: string, period: Period) {
  return snapshot.unitsOfLevel('county', lastDayOf(period)).find((county) => snapshot.countyCodeOf(county.id) === countyCode);
}

/** Villages of a county that existed on at least one day of a month: an account of it is due from each (M14, zero must be entered). */
export function villagesDueIn(snapshot: DirectorySnapshot, countyCode: string, month: Period): string[] {
  const county = countyOf(snapshot, countyCode, month);
  if (!county) return [];
  const due = new Set(snapshot.descendants(county.id, 'village', lastDayOf(month)).map(({ id }) => id));
  for (const { id } of snapshot.descendants(county.id, 'village', firstDayOf(month))) due.add(id);
  return [...due];
}

function placesOf(
  snapshot: DirectorySnapshot,
  countyCode: string,
  period: Period,
): Pick<WindowInput, 'villages' | 'towns' | 'counties'> {
  const day = lastDayOf(period);
  const county = countyOf(snapshot, countyCode, period);
  if (!county) return { villages: [], towns: [], counties: [] };
  const villages = snapshot.descendants(county.id, 'village', day).map((village) => ({
    villageId: village.id,
    townId: snapshot.ancestor(village.id, 'town', day)?.id ?? '',
    countyId: county.id,
  }));
  const towns = snapshot.descendants(county.id, 'town', day).map((town) => ({ townId: town.id, countyId: county.id }));
  return { villages, towns, counties: [county.id] };
}

/** JSON with keys in order, so that equal content is equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    entry && typeof entry === 'object' && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entry,
  );
}
