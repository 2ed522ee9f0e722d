/** A station's day as a sum that anybody can follow, and its close. Pure. */
import type { ClosingRecord, StationDay } from '#contracts';
import type { OutboxItem } from '../outbox/outbox.state.js';

export interface SumLine {
  readonly name: 'before' | 'shelved' | 'handedOut' | 'returned' | 'otherwise';
  /** As it is added; the first line is what the sum begins with. */
  readonly change: number;
}

/** The lines of the sum, which add up to `shelfAfter`; what went another way is told only when there is some. */
export function daySum(day: StationDay): { lines: SumLine[]; total: number } {
  const lines: SumLine[] = [
    { name: 'before', change: day.shelfBefore },
    { name: 'shelved', change: day.shelved },
    { name: 'handedOut', change: -day.handedOut },
    { name: 'returned', change: -day.returned },
  ];
  if (day.otherwise !== 0) lines.push({ name: 'otherwise', change: -day.otherwise });
  return { lines, total: lines.reduce((sum, { change }) => sum + change, 0) };
}

/** The keeper's count as a number, or `undefined` when it is none. */
export function countOf(text: string): number | undefined {
  const plain = text.trim();
  return /^\d{1,5}$/.test(plain) ? Number(plain) : undefined;
}

/** Whether a close may still be written for a day: today, or yesterday when it was forgotten in the evening. */
export function mayClose(day: string, today: string, yesterday: string): boolean {
  return day === today || day === yesterday;
}

/** Among what a phone holds, newest first: the close of this day that stands as far as the phone knows, and the latest that the county refused. */
export function closingIn(
  items: readonly (OutboxItem | undefined)[],
  place: { day: string; stationCode: string | undefined },
): { standing?: OutboxItem<'closings'> | undefined; refused?: OutboxItem<'closings'> | undefined } {
  const these = items.filter(
    (item): item is OutboxItem<'closings'> =>
      item?.path === 'closings' && item.body?.day === place.day && item.body.stationCode === place.stationCode,
  );
  return {
    standing: these.find(({ stage }) => stage !== 'rejected'),
    refused: these.find(({ stage }) => stage === 'rejected'),
  };
}

/** The record of a close. */
export function closingRecord(
  day: string,
  counted: number,
  stamp: { id: string; occurredAt: string; stationCode: string },
): ClosingRecord {
  return { ...stamp, day, counted };
}
