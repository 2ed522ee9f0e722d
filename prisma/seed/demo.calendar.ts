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
    firstDay: firstDayOfHistory(today),
    lastMonth,
    thisMonthFrom: firstDayOf(period),
    flood: { from: addDays(lastMonth.from, 12), to: addDays(lastMonth.from, 20) },
    mergedOn: addDays(lastMonth.from, 10),
  };
}

/** Whole months, so that every month of a report can be assessed: the two before this one, or three while this one is young. */
function firstDayOfHistory(today: Day): Day {
  const isYoung = Number(today.slice(8)) <= 10;
  return firstDayOf(addMonths(today.slice(0, 7), isYoung ? -3 : -2));
}
