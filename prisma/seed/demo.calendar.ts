/** The days of the demo's history, all counted back from today. */
import { addDays, addMonths, firstDayOf, lastDayOf, type Day } from '#contracts';
import type { DemoCalendar } from './county.model.js';

/** Months of collective accounts: the thirteen that ended before today, so that one trailing year has a month before it. */
export const ACCOUNT_MONTHS = 13;

/** Derives every special day from today. */
export function demoCalendar(today: Day): DemoCalendar {
  const period = today.slice(0, 7);
  const lastMonth = { from: firstDayOf(addMonths(period, -1)), to: lastDayOf(addMonths(period, -1)) };
  return {
    today,
    firstDay: threeMonthsBefore(today),
    lastMonth,
    thisMonthFrom: firstDayOf(period),
    flood: { from: addDays(lastMonth.from, 12), to: addDays(lastMonth.from, 20) },
    mergedOn: addDays(lastMonth.from, 10),
  };
}

/** The same day of the month three months earlier, or that month's last day when it has none. */
function threeMonthsBefore(today: Day): Day {
  const period = addMonths(today.slice(0, 7), -3);
  const last = lastDayOf(period);
  const same = `${period}-${today.slice(8)}`;
  return same < last ? same : last;
}
