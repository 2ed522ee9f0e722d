import { decodeCursor, type Page } from '#contracts';
import { DomainError } from '#platform';

/** Rows in one page of a walk. */
const WALK_LIMIT = 200;

/** Every row of a list, page after page, for an export. */
export async function* walk<T>(page: (at: { cursor?: string; limit: number }) => Promise<Page<T>>): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await page({ limit: WALK_LIMIT, ...(cursor === undefined ? {} : { cursor }) });
    yield* items;
    cursor = nextCursor;
  } while (cursor !== undefined);
}

/** The id after which a page goes on. @throws DomainError `bad_cursor` 400 */
export function afterId(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const id = decodeCursor(cursor, 1)?.[0];
  if (typeof id !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
    throw new DomainError('bad_cursor', 400);
  return id;
}
