/**
 * Time in the county's terms. All reports use Asia/Shanghai (UTC+8, no daylight saving since 1991) and natural months;
 * the event's time decides the period. A `day` is `YYYY-MM-DD`, a `period` is `YYYY-MM`.
 */
import { z } from 'zod';

const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** RFC 3339 instant with an offset, as clients send it. */
export const instantSchema = z.iso
  .datetime({ offset: true })
  .refine((instant) => Date.parse(instant) >= 0, { message: 'Must not be before 1970', params: { code: 'before_1970' } })
  .meta({ description: 'RFC 3339 time with offset' });
/** Natural day in Asia/Shanghai. */
export const daySchema = z.iso
  .date()
  .refine((day) => day >= '1900-01-01', { message: 'Must not be before 1900', params: { code: 'too_early' } })
  .meta({ description: 'Day in Asia/Shanghai, YYYY-MM-DD' });
/** Natural month in Asia/Shanghai. */
export const periodSchema = z
  .string()
  .regex(/^20\d{2}-(0[1-9]|1[0-2])$/)
  .meta({ description: 'Month in Asia/Shanghai, YYYY-MM', example: '2026-10' });

export type Day = string;
export type Period = string;

/** The Shanghai day on which an instant falls. */
export function dayOf(instant: Date | number): Day {
  return new Date(Number(instant) + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);
}

/** The Shanghai month in which an instant falls. */
export function periodOf(instant: Date | number): Period {
  return dayOf(instant).slice(0, 7);
}

/** The first instant of a Shanghai day. */
export function startOfDay(day: Day): Date {
  return new Date(Date.parse(`${day}T00:00:00+08:00`));
}

/** The day `count` days after (before, when negative). */
export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

/** Whole days from one day to another; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** The month `count` months after (before, when negative). */
export function addMonths(period: Period, count: number): Period {
  const months = Number(period.slice(0, 4)) * 12 + Number(period.slice(5, 7)) - 1 + count;
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`;
}

/** First day of a month. */
export function firstDayOf(period: Period): Day {
  return `${period}-01`;
}

/** Last day of a month. */
export function lastDayOf(period: Period): Day {
  return addDays(firstDayOf(addMonths(period, 1)), -1);
}

/** Every day of a month, in order. */
export function daysOf(period: Period): Day[] {
  const first = firstDayOf(period);
  const length = daysBetween(first, firstDayOf(addMonths(period, 1)));
  return Array.from({ length }, (_, index) => addDays(first, index));
}
