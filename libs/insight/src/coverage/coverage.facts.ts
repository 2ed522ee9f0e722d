/**
 * What coverage is made of: facts of a unit's day and facts of a unit's month. Month facts are plain counts, so a town is the sum
 * of its villages and a county the sum of its towns; ratios are made only when a figure is shown.
 */
import { z } from 'zod';
import { daysBetween, firstDayOf, lastDayOf, type Day, type Parameters, type Period } from '#contracts';

/** Changes with every change of a formula below; every published figure carries it. */
export const FORMULA_VERSION = 'coverage-1';

/** Facts of one unit on one day. A village's, or a town's for the parcels whose village nobody knows. */
export interface DayFacts {
  readonly day: Day;
  /** Parcels with a station event credited to the village: with one of them the day is a service day. */
  readonly serviceParcels: number;
  /** An open-day check-in inside the geofence: makes a service day too, and credits no carrier. */
  readonly openDay: boolean;
  /** Carriers with a parcel event in the village, as reported (successors are mapped when the month is assessed). */
  readonly brands: readonly string[];
  /** Parcels addressed to the village that reached the town on this day. */
  readonly townArrivals: number;
  /** Those of them that reached the village, whenever that was. */
  readonly reached: number;
  readonly inbound: number;
  readonly outbound: number;
  readonly unassigned: number;
  /** Confirmed cases of an extra charge. */
  readonly extraCharges: number;
}

/** Whether anything at all is known of the day; a day without content has no row. */
export function hasContent(facts: DayFacts): boolean {
  const counts = [facts.serviceParcels, facts.townArrivals, facts.reached, facts.inbound, facts.outbound, facts.unassigned];
  return facts.openDay || facts.brands.length > 0 || facts.extraCharges > 0 || counts.some((count) => count > 0);
}

/** A service day (docs/domain/metrics.md): a credited station event, or a check-in. */
export function isServiceDay(facts: DayFacts): boolean {
  return facts.serviceParcels > 0 || facts.openDay;
}

const count = z.number().int();

/** Facts of a unit's month, as `insight.unit_month.facts` keeps them: counts only. */
export const unitMonthFactsSchema = z.object({
  /** V: villages that exist on the last day (on the as-of day while the month runs). */
  villages: count,
  nominal: count,
  effective: count,
  notAssessed: count,
  resident: count,
  brands1: count,
  brands4: count,
  brands7: count,
  brandsSix: count,
  relapsed: count,
  /** Matured cohort of M6: denominators and numerators by the day of the town arrival. */
  townArrivals: count,
  reached: count,
  inbound: count,
  outbound: count,
  unassigned: count,
  extraCharges: count,
  /** Villages in which each carrier is present, successors mapped. */
  carriers: z.record(z.string(), count),
});
export type UnitMonthFacts = z.infer<typeof unitMonthFactsSchema>;

/** A month in which nothing happened to nobody: the neutral element of `addFacts`. */
export function zeroFacts(): UnitMonthFacts {
  return {
    villages: 0,
    nominal: 0,
    effective: 0,
    notAssessed: 0,
    resident: 0,
    brands1: 0,
    brands4: 0,
    brands7: 0,
    brandsSix: 0,
    relapsed: 0,
    townArrivals: 0,
    reached: 0,
    inbound: 0,
    outbound: 0,
    unassigned: 0,
    extraCharges: 0,
    carriers: {},
  };
}

const COUNT_NAMES = Object.keys(zeroFacts()).filter((name) => name !== 'carriers') as Exclude<keyof UnitMonthFacts, 'carriers'>[];

/** Roll-up: Σ of every count, so that any ratio made of the sum is Σ numerators / Σ denominators. */
export function addFacts(parts: Iterable<UnitMonthFacts>): UnitMonthFacts {
  const sum = zeroFacts();
  for (const part of parts) {
    for (const name of COUNT_NAMES) sum[name] += part[name];
    for (const [carrier, villages] of Object.entries(part.carriers))
      sum.carriers[carrier] = (sum.carriers[carrier] ?? 0) + villages;
  }
  return sum;
}

type ParcelCount = 'townArrivals' | 'reached' | 'inbound' | 'outbound' | 'unassigned' | 'extraCharges';

/**
 * The parcel counts of a month (M6, M9, M10) from its days up to `cutDay`. M6's cohort is by the day of the town arrival and counts
 * only days that had `toVillageMaturityDays` to mature by `asOfDay`.
 */
export function parcelCounts(
  days: Iterable<DayFacts>,
  period: Period,
  asOfDay: Day,
  parameters: Parameters,
): Pick<UnitMonthFacts, ParcelCount> {
  const counts = { townArrivals: 0, reached: 0, inbound: 0, outbound: 0, unassigned: 0, extraCharges: 0 };
  const cut = cutDayOf(period, asOfDay);
  for (const facts of days) {
    if (facts.day < firstDayOf(period) || facts.day > cut) continue;
    if (isMature(facts.day, asOfDay, parameters)) {
      counts.townArrivals += facts.townArrivals;
      counts.reached += facts.reached;
    }
    counts.inbound += facts.inbound;
    counts.outbound += facts.outbound;
    counts.unassigned += facts.unassigned;
    counts.extraCharges += facts.extraCharges;
  }
  return counts;
}

/** Whether parcels that reached the town on `day` have had time to be brought to the village by `asOfDay` (M6). */
export function isMature(day: Day, asOfDay: Day, parameters: Parameters): boolean {
  return daysBetween(day, asOfDay) >= parameters.toVillageMaturityDays;
}

/** The last day that a month's figures look at: the as-of day while the month runs, else the month's last day. */
export function cutDayOf(period: Period, asOfDay: Day): Day {
  const last = lastDayOf(period);
  return asOfDay < last ? asOfDay : last;
}

/** Several units' facts of the same day taken together: predecessors of a merger, or parts of a unit. */
export function uniteDays(parts: Iterable<DayFacts>): Map<Day, DayFacts> {
  const united = new Map<Day, DayFacts>();
  for (const part of parts) {
    const other = united.get(part.day);
    united.set(part.day, other ? unite(other, part) : part);
  }
  return united;
}

function unite(a: DayFacts, b: DayFacts): DayFacts {
  return {
    day: a.day,
    serviceParcels: a.serviceParcels + b.serviceParcels,
    openDay: a.openDay || b.openDay,
    brands: [...new Set([...a.brands, ...b.brands])].sort(),
    townArrivals: a.townArrivals + b.townArrivals,
    reached: a.reached + b.reached,
    inbound: a.inbound + b.inbound,
    outbound: a.outbound + b.outbound,
    unassigned: a.unassigned + b.unassigned,
    extraCharges: a.extraCharges + b.extraCharges,
  };
}
