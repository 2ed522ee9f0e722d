import type { Page } from '#contracts';

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
