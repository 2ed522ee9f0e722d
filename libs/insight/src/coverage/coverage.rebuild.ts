import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { addMonths, dayOf, firstDayOf, lastDayOf, type Day, type Period } from '#contracts';
import { DirectoryReader } from '#directory';
import { Clock, Database, type Tx } from '#platform';
import { countyMonth, type UnitMonth } from './county.months.js';
import { CoverageDirectory } from './coverage.directory.js';
import { cutDayOf, FORMULA_VERSION } from './coverage.facts.js';
import { byUnit, DayFactsRepository, type UnitDayFacts } from './day.facts.repository.js';
import { earliestMonth } from './refresh.plan.js';
import { StaleDayRepository } from './stale.day.repository.js';
import { UnitMonthRepository } from './unit.month.repository.js';

export interface RebuildOptions {
  /** Only compare: list what differs and change nothing. */
  verify?: boolean;
  /** The moment at which figures are looked at. Default: now; when verifying, the moment of the latest stored figure. */
  asOf?: Date;
}

/** A row that is not what a computation from scratch gives; `stored` or `expected` is null when there is no such row. */
export interface RebuildDifference {
  table: 'unit_day' | 'unit_month';
  unitId: string;
  /** The day, or the month. */
  at: string;
  stored: unknown;
  expected: unknown;
}

export interface RebuildReport {
  countyCode: string;
  asOf: Date;
  /** Rows that a computation from scratch gives. */
  days: number;
  months: number;
  /** Keys that were noted as out of date: a difference there is not an error. */
  pending: number;
  /** How many rows differ (differed, when they were rebuilt). */
  differing: number;
  /** The first of them. */
  differences: RebuildDifference[];
}

const MAX_LISTED = 200;

/** Computes a county's facts from scratch: to repair them, or to prove that they are right. */
@Injectable()
export class CoverageRebuild {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly reader: DirectoryReader,
    private readonly stale: StaleDayRepository,
    private readonly days: DayFactsRepository,
    private readonly months: UnitMonthRepository,
  ) {}

  /** Rebuilds or verifies all facts of a county, six digits, in one transaction; refreshes of the county wait meanwhile. */
  async rebuildCoverage(countyCode: string, { verify = false, asOf }: RebuildOptions = {}): Promise<RebuildReport> {
    return await this.database.transaction(async (tx) => {
      await this.months.lock(tx, countyCode);
      const at = asOf ?? (verify ? await this.months.latest(tx, countyCode) : null) ?? this.clock.now();
      const directory = new CoverageDirectory(await this.reader.snapshot(), countyCode);
      const pending = await this.stale.count(tx, countyCode);
      const report: RebuildReport = { countyCode, asOf: at, days: 0, months: 0, pending, differing: 0, differences: [] };
      const facts = await this.rebuildDays(tx, directory, report, verify);
      await this.rebuildMonths(tx, directory, facts, report, verify);
      if (!verify) await this.stale.clear(tx, countyCode);
      return report;
    });
  }

  /** All days' facts, a month at a time. */
  private async rebuildDays(
    tx: Tx,
    directory: CoverageDirectory,
    report: RebuildReport,
    verify: boolean,
  ): Promise<UnitDayFacts[]> {
    const all: UnitDayFacts[] = [];
    const span = await this.days.span(tx, directory.countyCode);
    if (!span) return all;
    for (let period = span.from.slice(0, 7); period <= span.to.slice(0, 7); period = addMonths(period, 1)) {
      const [from, to] = [firstDayOf(period), lastDayOf(period)];
      const keys = await this.days.keysOf(tx, directory.countyCode, from, to);
      const expected = await this.days.compute(tx, directory.countyCode, keys);
      const stored = [...(await this.days.read(tx, directory.countyCode, from, to)).values()].flat();
      compare(report, 'unit_day', byKey(stored, dayKey), byKey(expected, dayKey));
      if (!verify) await this.days.recompute(tx, directory.countyCode, keys);
      all.push(...expected);
    }
    report.days = all.length;
    return all;
  }

  private async rebuildMonths(
    tx: Tx,
    directory: CoverageDirectory,
    facts: readonly UnitDayFacts[],
    report: RebuildReport,
    verify: boolean,
  ): Promise<void> {
    const today = dayOf(report.asOf);
    const { countyCode } = directory;
    const rows = await this.months.read(tx, [countyCode], '2000-01', '2099-12');
    const stored = byKey(
      rows.map(({ countyCode: _, version: __, asOf: ___, ...content }) => content),
      monthKey,
    );
    const earliest = earliestMonth(
      [...rows.map(({ period, asOf, formulaVersion }) => ({ period, asOf, formulaVersion }))],
      today,
    );
    const first = firstMonth(facts, earliest, today);
    if (!verify) await this.months.removeBefore(tx, countyCode, first ?? null);
    const expected = new Map<string, UnitMonth & { formulaVersion: string }>();
    const daysOfPeriod = groupByPeriod(facts);
    for (let period = first ?? '9999-12'; period <= today.slice(0, 7); period = addMonths(period, 1)) {
      const window = [addMonths(period, -1), period].flatMap((month) => daysOfPeriod.get(month) ?? []);
      const cut = cutDayOf(period, today);
      const made = countyMonth(directory, period, today, byUnit(window.filter((entry) => entry.day <= cut)));
      for (const month of made) expected.set(monthKey(month), { ...month, formulaVersion: FORMULA_VERSION });
      if (verify) continue;
      const kept = new Set(made.map((month) => month.unitId));
      const gone = rows.filter((row) => row.period === period && !kept.has(row.unitId)).map((row) => row.unitId);
      await this.months.remove(tx, countyCode, period, gone);
      await this.months.write(tx, countyCode, period, made, report.asOf);
    }
    report.months = expected.size;
    compare(report, 'unit_month', stored, expected);
  }
}

const dayKey = (row: UnitDayFacts): string => `${row.unitId} ${row.day}`;
const monthKey = (row: UnitMonth): string => `${row.unitId} ${row.period}`;
const byKey = <T>(rows: readonly T[], key: (row: T) => string): Map<string, T> => new Map(rows.map((row) => [key(row), row]));

/** The month of the first facts that may open a month. */
function firstMonth(facts: readonly UnitDayFacts[], earliest: Period, today: Day): Period | undefined {
  const days = facts.map((entry) => entry.day).filter((day) => day >= firstDayOf(earliest) && day <= today);
  return days.reduce<Day | undefined>((least, day) => (least === undefined || day < least ? day : least), undefined)?.slice(0, 7);
}

function groupByPeriod(facts: readonly UnitDayFacts[]): Map<Period, UnitDayFacts[]> {
  const periods = new Map<Period, UnitDayFacts[]>();
  for (const entry of facts) {
    const period = entry.day.slice(0, 7);
    const list = periods.get(period);
    if (list) list.push(entry);
    else periods.set(period, [entry]);
  }
  return periods;
}

function compare<T>(
  report: RebuildReport,
  table: RebuildDifference['table'],
  stored: ReadonlyMap<string, T>,
  expected: ReadonlyMap<string, T>,
): void {
  for (const key of new Set([...stored.keys(), ...expected.keys()])) {
    const [before, after] = [stored.get(key), expected.get(key)];
    if (isDeepStrictEqual(before, after)) continue;
    report.differing += 1;
    const [unitId = '', at = ''] = key.split(' ');
    if (report.differences.length < MAX_LISTED)
      report.differences.push({ table, unitId, at, stored: before ?? null, expected: after ?? null });
  }
}
