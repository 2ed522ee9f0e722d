/** How days, months and times are written. All of them are the county's: Asia/Shanghai. Pure, no DOM. */
import type { Locale } from './figure.format.js';

const ZONE = 'Asia/Shanghai';
const MONTHS_EN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-10` → 2026年10月, Oct 2026. */
export function periodText(period: string, locale: Locale): string {
  const [year = '', month = ''] = period.split('-');
  return locale === 'en' ? `${MONTHS_EN[Number(month) - 1] ?? month} ${year}` : `${year}年${Number(month)}月`;
}

/** `2026-10` as short as an axis needs it: 10月 (2027年1月 in January), Oct (Jan 2027). */
export function periodShort(period: string, locale: Locale): string {
  const [year = '', month = ''] = period.split('-');
  const name = locale === 'en' ? (MONTHS_EN[Number(month) - 1] ?? month) : `${Number(month)}月`;
  if (Number(month) !== 1) return name;
  return locale === 'en' ? `${name} ${year}` : `${year}年${name}`;
}

/** `2026-10-03` → 10月3日, 3 Oct. */
export function dayText(day: string, locale: Locale): string {
  const [, month = '', date = ''] = day.split('-');
  return locale === 'en' ? `${Number(date)} ${MONTHS_EN[Number(month) - 1] ?? month}` : `${Number(month)}月${Number(date)}日`;
}

/** `2026-10-03` with its year, where it has to be certain: 2026年10月3日, 3 Oct 2026. */
export function dateText(day: string, locale: Locale): string {
  const year = day.slice(0, 4);
  return locale === 'en' ? `${dayText(day, locale)} ${year}` : `${year}年${dayText(day, locale)}`;
}

/** An instant as date and minute: 10月3日 14:05, 3 Oct 14:05. The year is added when it is not this one. */
export function timeText(instant: string | number | Date, locale: Locale, now: Date = new Date()): string {
  const day = shanghaiDay(new Date(instant));
  const year = day.slice(0, 4);
  const text = `${dayText(day, locale)} ${clockText(instant)}`;
  if (year === shanghaiDay(now).slice(0, 4)) return text;
  return locale === 'en' ? text.replace(/(\d\d:\d\d)$/, `${year} $1`) : `${year}年${text}`;
}

/** The time of day: 14:05. */
export function clockText(instant: string | number | Date): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' }).format(new Date(instant));
}

function shanghaiDay(instant: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short' }).format(instant);
}
