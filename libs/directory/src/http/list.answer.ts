import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { idSchema, decodeCursor, encodeCursor, type Page, type PageQuery } from '#contracts';
import { DomainError, sendTable, tableForm, type TableAnswer } from '#platform';

/** Keyset of a list in the order of ids. */
export const isIdKey = (key: string): boolean => idSchema.safeParse(key).success;
/** Keyset of a list in the order of time: an instant and an id. */
export const isTimeKey = (key: string): boolean => {
  const [instant, id, ...rest] = key.split(' ');
  return rest.length === 0 && z.iso.datetime().safeParse(instant).success && isIdKey(id ?? '');
};

/**
 * The key after which a page starts; `isKey` keeps made-up ones from the database.
 * @throws DomainError `bad_cursor` 400
 */
export function cursorKey(query: PageQuery, isKey: (key: string) => boolean): string | undefined {
  if (query.cursor === undefined) return undefined;
  const [key] = decodeCursor(query.cursor, 1) ?? [];
  if (typeof key !== 'string' || !isKey(key)) throw new DomainError('bad_cursor', 400);
  return key;
}

/** One page of rows that are in memory, in the order of a unique text key. */
export function pageOf<T>(rows: readonly T[], keyOf: (row: T) => string, query: PageQuery): Page<T> {
  const after = cursorKey(query, () => true);
  const rest = [...rows]
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .filter((row) => after === undefined || keyOf(row) > after);
  return pageFrom(rest.slice(0, query.limit + 1), keyOf, query.limit);
}

/** A page from up to `limit + 1` rows, as a query reads them. */
export function pageFrom<T>(rows: readonly T[], keyOf: (row: T) => string, limit: number): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(rows.length > limit && last ? { nextCursor: encodeCursor([keyOf(last)]) } : {}) };
}

/** Answers a list in the form that the Accept header asks for: one page as JSON, or every row as CSV or XLSX. */
export async function answerList<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  list: { page: () => Page<T> | Promise<Page<T>>; table: () => TableAnswer<T> | Promise<TableAnswer<T>> },
): Promise<void> {
  const form = tableForm(request);
  if (form) await sendTable(reply, form, await list.table());
  else await reply.send(await list.page());
}
