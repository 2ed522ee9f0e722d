import { decodeCursor } from '#contracts';
import { DomainError } from '#platform';

const LAST_INSTANT_MS = 8.64e15;

/**
 * Place in a list that is ordered by an instant and a text.
 * @throws DomainError `bad_cursor` 400
 */
export function timeCursor(cursor: string | undefined): readonly [Date, string] | undefined {
  if (cursor === undefined) return undefined;
  const [instant, key] = decodeCursor(cursor, 2) ?? [];
  if (typeof instant !== 'number' || typeof key !== 'string' || !(Math.abs(instant) <= LAST_INSTANT_MS))
    throw new DomainError('bad_cursor', 400);
  return [new Date(instant), key.replaceAll('\0', '')];
}
