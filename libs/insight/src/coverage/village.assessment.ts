/**
 * One village's month: metrics M1–M5 of docs/domain/metrics.md. Pure: everything it looks at is in its arguments, so the same
 * arguments always give the same figures.
 */
import {
  addDays,
  addMonths,
  firstDayOf,
  type Day,
  type Parameters,
  type Period,
  type ServiceMode,
  type VillageAssessment,
  type VillageDay,
} from '#contracts';
import { coversDay, type SuspensionSpan } from '#directory';
import { brandsOf, sixBrandsOn } from './brand.mapping.js';
import { cutDayOf, isServiceDay, parcelCounts, zeroFacts, type DayFacts, type UnitMonthFacts } from './coverage.facts.js';

/** When the village (or a village that was merged into it) existed, and when its service was suspended with approval. */
export interface Life {
  readonly from: Day;
  readonly to: Day | null;
  readonly suspensions: readonly SuspensionSpan[];
}

/** A registered service of the village; `ownStation` tells the village's own station from a neighbour's or the town's. */
export interface Service {
  readonly mode: ServiceMode;
  readonly ownStation: boolean;
  readonly validFrom: Day;
  readonly validTo: Day | null;
}

/** All that bears on a village's month. `days` holds the village's own facts united with those of its merged predecessors. */
export interface VillageHistory {
  /** The village's own life; it alone decides whether the village is one of V. */
  readonly life: Life;
  readonly predecessors: readonly Life[];
  readonly services: readonly Service[];
  readonly days: ReadonlyMap<Day, DayFacts>;
}

/** A village's month: whether it is one of V, how it was assessed, and what it adds to its town. */
export interface VillageMonth {
  readonly inV: boolean;
  readonly assessment: VillageAssessment;
  readonly facts: UnitMonthFacts;
}

type ServiceRecord = Pick<
  VillageAssessment,
  'status' | 'effectiveDays' | 'suspendedDays' | 'eligibleDays' | 'requiredDays' | 'serviceDays' | 'longestGapDays' | 'manualOnly'
> & { suspended: boolean };

/**
 * Assesses a village's month as of a day. A running month is looked at up to and including the as-of day.
 * @param asOfDay the day on which the figures are made; later days are not looked at
 */
export function assessVillage(history: VillageHistory, period: Period, asOfDay: Day, parameters: Parameters): VillageMonth {
  const cut = cutDayOf(period, asOfDay);
  const { suspended, ...record } = serviceRecord(history, period, cut, parameters);
  const inV = coversDay(history.life.from, history.life.to, cut);
  const active = history.services.filter((service) => coversDay(service.validFrom, service.validTo, cut));
  const effective = record.status === 'effective';
  const monthDays = daysIn(history.days, firstDayOf(period), cut);
  const assessment: VillageAssessment = {
    ...record,
    nominal: inV && active.length > 0,
    resident: effective && active.some((service) => service.mode === 'resident_station' && service.ownStation),
    brands: brandsOf(new Set(monthDays.flatMap((facts) => facts.brands)), cut, parameters),
    relapsed: record.status === 'ineffective' && !suspended && wasEffective(history, addMonths(period, -1), parameters),
  };
  const parcels = parcelCounts(monthDays, period, asOfDay, parameters);
  return { inV, assessment, facts: { ...(inV ? villageCounts(assessment, cut, parameters) : zeroFacts()), ...parcels } };
}

/** The days of a village's month up to the cut, as the assessment looked at them. */
export function villageDays(history: VillageHistory, period: Period, asOfDay: Day, parameters: Parameters): VillageDay[] {
  const cut = cutDayOf(period, asOfDay);
  const effective = effectiveDays(history, period, cut);
  const excused = excusedDays(history, effective, parameters);
  const existing = new Set(effective);
  const days: VillageDay[] = [];
  for (let day = firstDayOf(period); day <= cut; day = addDays(day, 1)) {
    const exists = existing.has(day);
    const facts = exists ? history.days.get(day) : undefined;
    days.push({
      day,
      eligible: exists && !excused.has(day),
      service: facts !== undefined && isServiceDay(facts),
      checkIn: facts?.openDay ?? false,
      parcels: facts?.serviceParcels ?? 0,
    });
  }
  return days;
}

/** M5 looks at last month with this month's eyes: a merged village's predecessors are taken together there too. */
function wasEffective(history: VillageHistory, period: Period, parameters: Parameters): boolean {
  return serviceRecord(history, period, cutDayOf(period, '9999-12-31'), parameters).status === 'effective';
}

/** M2: service days asked for against service days given, and the longest run of eligible days without. */
function serviceRecord(history: VillageHistory, period: Period, cut: Day, parameters: Parameters): ServiceRecord {
  const days = effectiveDays(history, period, cut);
  const excused = excusedDays(history, days, parameters);
  const eligibleDays = days.length - excused.size;
  const requiredDays = Math.ceil((parameters.coverageDaysPerWeek * eligibleDays) / 7);
  const served = days.filter((day) => isServed(history, day));
  const longestGapDays = longestGap(history, days, excused);
  const enough = served.length >= requiredDays && longestGapDays <= parameters.coverageMaxGapDays;
  return {
    status: eligibleDays < parameters.coverageMinEligibleDays ? 'not_assessed' : enough ? 'effective' : 'ineffective',
    effectiveDays: days.length,
    suspendedDays: excused.size,
    eligibleDays,
    requiredDays,
    serviceDays: served.length,
    longestGapDays,
    manualOnly: served.length > 0 && served.every((day) => history.days.get(day)?.serviceParcels === 0),
    suspended: days.some((day) => isSuspended(history, day)),
  };
}

/** Days of the month, up to the cut, on which the village or one of its predecessors existed. */
function effectiveDays(history: VillageHistory, period: Period, cut: Day): Day[] {
  const days: Day[] = [];
  for (let day = firstDayOf(period); day <= cut; day = addDays(day, 1)) if (livesOn(history, day).length > 0) days.push(day);
  return days;
}

function livesOn(history: VillageHistory, day: Day): Life[] {
  return [history.life, ...history.predecessors].filter((life) => coversDay(life.from, life.to, day));
}

/** Suspended days that are taken off: the first ones of the month, up to the county's limit. */
function excusedDays(history: VillageHistory, days: readonly Day[], parameters: Parameters): Set<Day> {
  return new Set(days.filter((day) => isSuspended(history, day)).slice(0, parameters.suspensionMaxDaysPerMonth));
}

/** Of a village that was still several, service is suspended when it was suspended in each of them. */
function isSuspended(history: VillageHistory, day: Day): boolean {
  return livesOn(history, day).every((life) => life.suspensions.some((span) => span.from <= day && day <= span.to));
}

function isServed(history: VillageHistory, day: Day): boolean {
  const facts = history.days.get(day);
  return facts !== undefined && isServiceDay(facts);
}

/** Days taken off for a suspension neither lengthen nor end a gap; service given on one of them ends it. */
function longestGap(history: VillageHistory, days: readonly Day[], excused: ReadonlySet<Day>): number {
  let longest = 0;
  let run = 0;
  for (const day of days) {
    if (isServed(history, day)) run = 0;
    else if (!excused.has(day)) run += 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

function daysIn(days: ReadonlyMap<Day, DayFacts>, from: Day, to: Day): DayFacts[] {
  return [...days.values()].filter((facts) => from <= facts.day && facts.day <= to);
}

/** What one village of V adds to the counts of M1–M5. */
function villageCounts(assessment: VillageAssessment, cut: Day, parameters: Parameters): UnitMonthFacts {
  const one = (holds: boolean): number => (holds ? 1 : 0);
  const { brands } = assessment;
  return {
    ...zeroFacts(),
    villages: 1,
    nominal: one(assessment.nominal),
    effective: one(assessment.status === 'effective'),
    notAssessed: one(assessment.status === 'not_assessed'),
    resident: one(assessment.resident),
    brands1: one(brands.length >= 1),
    brands4: one(brands.length >= 4),
    brands7: one(brands.length >= 7),
    brandsSix: one(sixBrandsOn(cut, parameters).every((brand) => brands.includes(brand))),
    relapsed: one(assessment.relapsed),
    carriers: Object.fromEntries(brands.map((brand) => [brand, 1])),
  };
}
