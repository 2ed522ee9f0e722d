/**
 * A county's months out of its days: villages are assessed, towns and the county are sums. Pure; the refresh feeds it the keys
 * that were touched, a rebuild feeds it everything, and both get the same rows.
 */
import { addMonths, firstDayOf, type Day, type Period, type UnitLevel, type VillageAssessment } from '#contracts';
import type { CoverageDirectory } from './coverage.directory.js';
import { addFacts, cutDayOf, parcelCounts, uniteDays, zeroFacts, type DayFacts, type UnitMonthFacts } from './coverage.facts.js';
import { assessVillage } from './village.assessment.js';

/** One unit's month, as `insight.unit_month` keeps it. */
export interface UnitMonth {
  readonly unitId: string;
  readonly period: Period;
  readonly level: UnitLevel;
  readonly parentId: string | null;
  readonly facts: UnitMonthFacts;
  readonly assessment: VillageAssessment | null;
}

/** Facts of a unit's days, any order; at least those of the month asked for and of the month before. */
export type DaySource = (unitId: string) => Iterable<DayFacts>;

/**
 * The months that a village's day bears on: its own and the next one, which compares itself with it (M5); not beyond the running
 * month. A day that is yet to come bears on none.
 */
export function periodsTouchedBy(day: Day, asOfDay: Day): Period[] {
  if (day > asOfDay) return [];
  const period = day.slice(0, 7);
  return [period, addMonths(period, 1)].filter((candidate) => candidate <= asOfDay.slice(0, 7));
}

/**
 * A village's month; `undefined` when there is nothing to say of it: it has been merged into another by then, or neither
 * existed nor had any facts in the month.
 */
export function villageMonth(
  directory: CoverageDirectory,
  id: string,
  period: Period,
  asOfDay: Day,
  factsOf: DaySource,
): UnitMonth | undefined {
  const [first, cut] = [firstDayOf(period), cutDayOf(period, asOfDay)];
  if (first > cut || directory.descent.currentOf(id, cut) !== id) return undefined;
  const history = directory.historyOf(id, cut, factsOf);
  if (!history) return undefined;
  const hasFacts = [...history.days.keys()].some((day) => first <= day && day <= cut);
  if (!hasFacts && !directory.existsWithin(id, first, cut)) return undefined;
  const { facts, assessment } = assessVillage(history, period, asOfDay, directory.parameters);
  return { unitId: id, period, level: 'village', parentId: directory.parentIn(id, cut), facts, assessment };
}

/**
 * A town's or county's month: the sum of what is below it and of its own parcels, those whose village nobody knows.
 * `undefined` when there is neither.
 */
export function groupMonth(
  directory: CoverageDirectory,
  id: string,
  period: Period,
  asOfDay: Day,
  children: readonly UnitMonthFacts[],
  factsOf: DaySource,
): UnitMonth | undefined {
  const [first, cut] = [firstDayOf(period), cutDayOf(period, asOfDay)];
  const level = directory.snapshot.unit(id)?.level;
  if (first > cut || !level || directory.descent.currentOf(id, cut) !== id) return undefined;
  const days = [...uniteDays(directory.membersOf(id, cut).flatMap((member) => [...factsOf(member)])).values()];
  const own = days.filter((facts) => first <= facts.day && facts.day <= cut);
  if (children.length === 0 && own.length === 0) return undefined;
  const { inbound, outbound, unassigned, extraCharges } = parcelCounts(own, period, asOfDay, directory.parameters);
  // M6 asks what became of parcels addressed to a village: a parcel without a village is in no cohort.
  const facts = addFacts([...children, { ...zeroFacts(), inbound, outbound, unassigned, extraCharges }]);
  return { unitId: id, period, level, parentId: directory.parentIn(id, cut), facts, assessment: null };
}

/** Everything of a county's month from scratch: villages first, then towns, then the county. */
export function countyMonth(
  directory: CoverageDirectory,
  period: Period,
  asOfDay: Day,
  facts: ReadonlyMap<string, readonly DayFacts[]>,
): UnitMonth[] {
  const cut = cutDayOf(period, asOfDay);
  const factsOf: DaySource = (unitId) => facts.get(unitId) ?? [];
  const levelOf = (id: string) => directory.snapshot.unit(id)?.level;
  const candidates = new Set(
    [...directory.villagesIn(period, asOfDay), ...facts.keys()].map((id) => directory.descent.currentOf(id, cut)),
  );
  const months: UnitMonth[] = [];
  const add = (month: UnitMonth | undefined): void => void (month && months.push(month));

  for (const id of candidates) if (levelOf(id) === 'village') add(villageMonth(directory, id, period, asOfDay, factsOf));
  for (const level of ['town', 'county'] as const) {
    const groups = new Set([...months.map((month) => month.parentId), ...candidates]);
    for (const id of groups) {
      if (id === null || levelOf(id) !== level) continue;
      const children = months.filter((month) => month.parentId === id).map((month) => month.facts);
      add(groupMonth(directory, id, period, asOfDay, children, factsOf));
    }
  }
  return months;
}
