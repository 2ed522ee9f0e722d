/** Pages over several kinds of rows, one kind after another. */
import { decodeCursor, encodeCursor, type Page } from '#contracts';
import { DomainError } from '#platform';
import { z } from 'zod';

/** A row with its key: unique and ascending within its section. */
export interface Keyed<T> {
  readonly row: T;
  readonly key: RowKey;
}
export type RowKey = readonly string[];

/** One kind of rows, read from after a key on. */
export interface Section<T> {
  /** What a key looks like: a cursor comes from outside and goes into a query. */
  readonly keys: z.ZodType<RowKey>;
  read(after: RowKey | undefined, limit: number): Promise<readonly Keyed<T>[]>;
}

/** Parts of the longest key. */
const KEY_LENGTH = 3;

/** A section of rows that are in memory, in any order. */
export function listSection<T>(rows: readonly Keyed<T>[]): Section<T> {
  const sorted = [...rows].sort((a, b) => compareKeys(a.key, b.key));
  return {
    keys: z.array(z.string()),
    read: (after, limit) => Promise.resolve(sorted.filter(({ key }) => !after || compareKeys(key, after) > 0).slice(0, limit)),
  };
}

/**
 * Reads section after section until the page is full.
 * @throws DomainError `bad_cursor` 400
 */
export async function pageOf<T>(sections: readonly Section<T>[], cursor: string | undefined, limit: number): Promise<Page<T>> {
  const start = startOf(sections, cursor);
  const rows: (Keyed<T> & { index: number })[] = [];
  for (const [index, section] of sections.entries()) {
    if (index < start.index || rows.length > limit) continue;
    const found = await section.read(index === start.index ? start.after : undefined, limit + 1 - rows.length);
    rows.push(...found.map((keyed) => ({ ...keyed, index })));
  }
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (!last || rows.length <= limit) return { items: items.map(({ row }) => row) };
  const key = [...last.key, '', ''].slice(0, KEY_LENGTH);
  return { items: items.map(({ row }) => row), nextCursor: encodeCursor([last.index, ...key]) };
}

function startOf<T>(sections: readonly Section<T>[], cursor: string | undefined): { index: number; after?: RowKey } {
  if (cursor === undefined) return { index: 0 };
  const [index, ...parts] = decodeCursor(cursor, KEY_LENGTH + 1) ?? [];
  const section = typeof index === 'number' ? sections[index] : undefined;
  const after = section?.keys.safeParse(parts.filter((part) => part !== ''));
  if (typeof index !== 'number' || !after?.success) throw new DomainError('bad_cursor', 400);
  return { index, after: after.data };
}

function compareKeys(a: RowKey, b: RowKey): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? '';
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}
