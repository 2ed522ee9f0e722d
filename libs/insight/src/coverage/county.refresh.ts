import { Injectable } from '@nestjs/common';
import { addMonths, firstDayOf, type Period, type UnitLevel } from '#contracts';
import type { Tx } from '#platform';
import type { CoverageDirectory } from './coverage.directory.js';
import { cutDayOf, type DayFacts } from './coverage.facts.js';
import { groupMonth, villageMonth, type DaySource, type UnitMonth } from './county.months.js';
import { DayFactsRepository } from './day.facts.repository.js';
import { factsOf, UnitMonthRepository } from './unit.month.repository.js';

/** A month being looked at again. */
interface MonthRefresh {
  readonly tx: Tx;
  readonly directory: CoverageDirectory;
  readonly period: Period;
  readonly asOf: Date;
  readonly today: string;
  readonly facts: DaySource;
}

/** Brings stored months of a county up to date: villages first, then the towns they are or were in, then the county. */
@Injectable()
export class CountyRefresh {
  constructor(
    private readonly days: DayFactsRepository,
    private readonly months: UnitMonthRepository,
  ) {}

  /**
   * Looks at a month again: at the given units and what they are part of, or at every unit there is. Returns the units whose
   * figures changed.
   */
  async refresh(
    tx: Tx,
    directory: CoverageDirectory,
    period: Period,
    units: ReadonlySet<string> | 'all',
    { asOf, today }: { asOf: Date; today: string },
  ): Promise<Set<string>> {
    const { countyCode } = directory;
    const cut = cutDayOf(period, today);
    const from = firstDayOf(addMonths(period, -1));
    const wanted = units === 'all' ? undefined : new Set([...units].flatMap((id) => directory.membersOf(id, cut)));
    const stored = await this.days.read(tx, countyCode, from, cut, wanted);
    const month: MonthRefresh = { tx, directory, period, asOf, today, facts: (unitId) => stored.get(unitId) ?? [] };
    const candidates = units === 'all' ? await this.everyUnit(month, stored) : units;

    const byLevel = new Map<UnitLevel, Set<string>>();
    const add = (id: string | null): void => {
      const level = id === null ? undefined : directory.snapshot.unit(id)?.level;
      if (id === null || !level) return;
      byLevel.set(level, (byLevel.get(level) ?? new Set()).add(id));
    };
    for (const id of candidates) add(id);
    const changed = new Set<string>();
    for (const level of ['village', 'town', 'county'] as const) {
      const ids = [...(byLevel.get(level) ?? [])];
      if (ids.length === 0) continue;
      const made = level === 'village' ? this.villages(month, ids) : await this.groups(month, ids);
      const { parents, units: differing } = await this.store(month, ids, made);
      for (const parent of parents) add(parent);
      for (const id of differing) changed.add(id);
    }
    return changed;
  }

  /** Units that exist in the month, that have facts in it, or of which a month is stored. */
  private async everyUnit(month: MonthRefresh, stored: ReadonlyMap<string, readonly DayFacts[]>): Promise<Set<string>> {
    const { tx, directory, period, today } = month;
    const cut = cutDayOf(period, today);
    const rows = await this.months.read(tx, [directory.countyCode], period, period);
    const ids = [...directory.villagesIn(period, today), ...stored.keys()].map((id) => directory.descent.currentOf(id, cut));
    return new Set([...ids, ...rows.map((row) => row.unitId)]);
  }

  private villages({ directory, period, today, facts }: MonthRefresh, ids: readonly string[]): UnitMonth[] {
    return ids.flatMap((id) => villageMonth(directory, id, period, today, facts) ?? []);
  }

  private async groups(month: MonthRefresh, ids: readonly string[]): Promise<UnitMonth[]> {
    const { tx, directory, period, today } = month;
    const children = await this.months.read(tx, [directory.countyCode], period, period, { parentIds: ids });
    const members = new Map(ids.map((id) => [id, directory.membersOf(id, cutDayOf(period, today))]));
    const own = await this.days.read(
      tx,
      directory.countyCode,
      firstDayOf(period),
      cutDayOf(period, today),
      [...members.values()].flat(),
    );
    return ids.flatMap((id) => {
      const below = factsOf(children.filter((child) => child.parentId === id));
      return groupMonth(directory, id, period, today, below, (unitId) => own.get(unitId) ?? []) ?? [];
    });
  }

  /** Stores what was made, removes what is no more, and tells whose sums are concerned: parents now and before. */
  private async store(
    month: MonthRefresh,
    ids: readonly string[],
    made: readonly UnitMonth[],
  ): Promise<{ parents: (string | null)[]; units: string[] }> {
    const { tx, directory, period, asOf } = month;
    const { countyCode } = directory;
    const before = await this.months.read(tx, [countyCode], period, period, { unitIds: ids });
    const kept = new Set(made.map((row) => row.unitId));
    const gone = before.map((row) => row.unitId).filter((id) => !kept.has(id));
    await this.months.remove(tx, countyCode, period, gone);
    const changed = await this.months.write(tx, countyCode, period, made, asOf);
    return { parents: [...before, ...made].map((row) => row.parentId), units: [...changed, ...gone] };
  }
}
