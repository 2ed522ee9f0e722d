/** On which days someone brings parcels into a village, or opens its station. */
import { addDays, daysBetween, startOfDay, type Day } from '#contracts';
import type { DemoCalendar, DemoVillage } from './county.model.js';
import type { RandomSource } from './random.source.js';

/** 0 = Sunday. */
export function weekdayOf(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

/** Decides service day by day; the same village and day always give the same answer. */
export class ServicePattern {
  constructor(
    private readonly calendar: DemoCalendar,
    private readonly random: RandomSource,
  ) {}

  /**
   * Whether parcels come into the village on the day.
   * @param opened first day of the village's station
   */
  serves(village: DemoVillage, day: Day, opened: Day): boolean {
    const { calendar } = this;
    switch (village.case) {
      case 'uncovered':
      case 'check_in_only':
        return false;
      case 'mobile':
        return [1, 3, 5, 6].includes(weekdayOf(day)) && this.happens(village, day, 0.95);
      case 'post_only':
        return weekdayOf(day) !== 0 && this.happens(village, day, 0.9);
      case 'nominal_only':
        return daysBetween(calendar.firstDay, day) % 12 === Number(village.code.slice(-1));
      case 'long_gap':
        return (
          !(day >= addDays(calendar.thisMonthFrom, -16) && day < addDays(calendar.thisMonthFrom, -4)) &&
          this.happens(village, day, 0.96)
        );
      case 'relapsed_last_month':
        return day < addDays(calendar.lastMonth.from, 3) && this.happens(village, day, 0.95);
      case 'relapsed_this_month':
        return day < addDays(calendar.thisMonthFrom, 2) && this.happens(village, day, 0.95);
      case 'flooded':
        return !(day >= calendar.flood.from && day <= calendar.flood.to) && this.happens(village, day, 0.96);
      case 'opened_lately':
        return day >= opened && this.happens(village, day, 0.94);
      case 'steady':
      case 'showcase':
      case 'neighbour':
      case 'far_neighbour':
      case 'merged_away':
      case 'merged_into':
        return this.happens(village, day, 0.97);
    }
  }

  /** Whether the keeper only opens the station and checks in. */
  checksIn(village: DemoVillage, day: Day): boolean {
    if (village.case === 'check_in_only') return [1, 2, 4, 5].includes(weekdayOf(day));
    return village.case === 'steady' && this.happens(village, day, 0.04, 'check-in');
  }

  private happens(village: DemoVillage, day: Day, probability: number, what = 'service'): boolean {
    return this.random.fork(`${what}/${village.code}/${day}`).chance(probability);
  }
}

/** Days with much more than usual: 6·18 and 11·11 and the days after them. */
const PEAKS: readonly (readonly [string, number])[] = [
  ['06-18', 1.44],
  ['06-19', 1.3],
  ['11-11', 1.44],
  ['11-12', 1.4],
  ['11-13', 1.25],
];

/** How much the day has of an ordinary day's parcels. */
export function volumeFactor(day: Day): number {
  const peak = PEAKS.find(([date]) => day.endsWith(date));
  if (peak) return peak[1];
  const weekday = weekdayOf(day);
  return weekday === 0 ? 0.8 : weekday === 1 ? 1.12 : 1;
}

/** An instant of the day, in milliseconds: hours may exceed 24. */
export function at(day: Day, hours: number): number {
  return Number(startOfDay(day)) + Math.round(hours * 3_600_000);
}

/** The instant itself when the station is open then, else a time soon after the next opening (08:00–20:00). */
export function whenOpen(instantMs: number, random: RandomSource): number {
  const hours = (((instantMs / 3_600_000 + 8) % 24) + 24) % 24;
  if (hours >= 8 && hours < 20) return instantMs;
  return instantMs + ((hours < 8 ? 8 : 32) - hours + random.between(0, 5)) * 3_600_000;
}
