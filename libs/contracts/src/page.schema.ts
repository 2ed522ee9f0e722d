/** Keyset pagination: `cursor` is opaque, `limit` at most 200; a page without `nextCursor` is the last. */
import { z } from 'zod';

export const pageQuerySchema = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

/** The envelope of every list: `{items, nextCursor?}`. */
export function pageSchema<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().optional() });
}
export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

/** The opaque cursor of a keyset: the last row's key values, base64url of JSON. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return btoa(encodeURIComponent(JSON.stringify(key)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** The key values of a cursor, or `undefined` when the text is not one of ours with `length` values. */
export function decodeCursor(cursor: string, length: number): (string | number)[] | undefined {
  try {
    const value: unknown = JSON.parse(decodeURIComponent(atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))));
    const parsed = z
      .array(z.union([z.string(), z.number()]))
      .length(length)
      .safeParse(value);
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
