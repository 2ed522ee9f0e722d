/** Which months a refresh has to look at. Pure. */
import { addDays, addMonths, dayOf, lastDayOf, type Day, type Parameters, type Period } from '#contracts';
import { cutDayOf, FORMULA_VERSION } from './coverage.facts.js';
import { periodsTouchedBy } from './county.months.js';
import type { UnitDescent } from './unit.descent.js';

/** Facts older than this open no new months: a clock that is years wrong must not make years of reports. */
export const MAX_MONTHS = 36;

/** A month that the county has already, and how it was made. */
export interface ExistingMonth {
  readonly period: Period;
  readonly asOf: Date;
  readonly formulaVersion: string;
}

/** The county's months: from which on there are any, and those in which every unit has to be looked at. */
export interface MonthPlan {
  /** Undefined while the county has neither months nor facts. */
  readonly first: Period | undefined;
  readonly whole: ReadonlySet<Period>;
}

/**
 * Every unit is looked at in months that the county lacks, from its first to the running month, and in months that were last
 * looked at on an earlier day or by other formulas.
 * @param first the first month with facts or, when that was not asked for, the first month there is
 */
export function planMonths(
  existing: readonly ExistingMonth[],
  first: Period | undefined,
  today: Day,
  parameters: Parameters,
): MonthPlan {
  const known = new Map(existing.map((month) => [month.period, month]));
  const whole = new Set<Period>();
  for (let period = first ?? '9999-12'; period <= today.slice(0, 7); period = addMonths(period, 1)) {
    const month = known.get(period);
    if (!month || isOutdated(month, today, parameters)) whole.add(period);
  }
  return { first, whole };
}

/** A month goes on changing with the days until its last cohort has matured. */
function isOutdated(month: ExistingMonth, today: Day, parameters: Parameters): boolean {
  const lookedAt = dayOf(month.asOf);
  const settled = addDays(lastDayOf(month.period), parameters.toVillageMaturityDays);
  return month.formulaVersion !== FORMULA_VERSION || (lookedAt < today && lookedAt < settled);
}

/** The first month that facts may open; months that exist already may be older. */
export function earliestMonth(existing: readonly ExistingMonth[], today: Day): Period {
  const bound = addMonths(today.slice(0, 7), 1 - MAX_MONTHS);
  const start = existing[0]?.period;
  return start !== undefined && start < bound ? start : bound;
}

/** For each month, the units whose days in it (or in the month before) were touched, and those that they count for by then. */
export function touchedMonths(
  keys: Iterable<readonly [unitId: string, day: Day]>,
  today: Day,
  descent: UnitDescent,
): Map<Period, Set<string>> {
  const touched = new Map<Period, Set<string>>();
  const seen = new Set<string>();
  for (const [unitId, day] of keys) {
    const key = `${unitId} ${day.slice(0, 7)} ${day <= today ? '' : 'later'}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const period of periodsTouchedBy(day, today)) {
      const units = touched.get(period) ?? new Set();
      units.add(unitId).add(descent.currentOf(unitId, cutDayOf(period, today)));
      touched.set(period, units);
    }
  }
  return touched;
}
