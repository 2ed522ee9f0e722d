import { decodeCursor, encodeCursor, type Page, type PageQuery } from '#contracts';
import { DomainError } from '#platform';

/** Newest first: after which instant and key a page begins. */
export type TimeKey = readonly [at: Date, key: string];

/** The cursor's instant and key. @throws DomainError `bad_cursor` 400 */
export function timeCursor({ cursor }: PageQuery): TimeKey | undefined {
  if (cursor === undefined) return undefined;
  const [instant, key] = decodeCursor(cursor, 2) ?? [];
  if (typeof instant !== 'number' || typeof key !== 'string' || Math.abs(instant) > 8.64e15)
    throw new DomainError('bad_cursor', 400);
  return [new Date(instant), key.replaceAll('\0', '')];
}

/** A page of rows that were read one more than asked for. */
export function timePage<Row, Item>(
  rows: readonly Row[],
  { limit }: PageQuery,
  keyOf: (row: Row) => TimeKey,
  view: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  if (rows.length <= limit || !last) return { items: shown.map(view) };
  const [at, key] = keyOf(last);
  return { items: shown.map(view), nextCursor: encodeCursor([at.getTime(), key]) };
}
