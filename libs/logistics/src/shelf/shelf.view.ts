import { createHash } from 'node:crypto';
import type { ExpectedParcel, ShelfParcel } from '#contracts';
import { maskName, maskPhoneTail } from '#directory';
import type { SecretBox } from '#platform';
import type { ExpectedRow, ShelfRow, StoredException } from './shelf.repository.js';

const openOnes = (exceptions: readonly StoredException[]) => exceptions.filter(({ closedAt }) => closedAt === undefined);
const isIntercepted = ({ exceptions }: ExpectedRow): boolean => openOnes(exceptions).some(({ kind }) => kind === 'intercepted');

/** A parcel on the shelf as the caller may see it. @param ownPeople whether the caller is of the station: nobody else learns shelf codes */
export function shelfParcel(row: ShelfRow, secrets: SecretBox, ownPeople: boolean): ShelfParcel {
  return {
    waybill: row.waybill,
    carrierCode: row.carrierCode,
    shelfCode: ownPeople ? row.shelfCode : null,
    since: row.since.toISOString(),
    exceptions: openOnes(row.exceptions).map(({ kind }) => kind),
    ...(row.name ? { name: maskName(secrets.decrypt(row.name)) } : {}),
    ...(row.phone ? { phone: maskPhoneTail(secrets.decrypt(row.phone)) } : {}),
    ...(row.consent ? { consent: row.consent } : {}),
    ...(row.notice ? { notice: row.notice } : {}),
  };
}

/** What a station may meet: its own parcels under way, and those that are to be held back, each once. */
export function expectedParcels(
  underWay: readonly ExpectedRow[],
  intercepted: readonly ExpectedRow[],
  own: ReadonlySet<string>,
): ExpectedParcel[] {
  const seen = new Map<string, ExpectedParcel>();
  for (const row of [...underWay, ...intercepted.filter(isIntercepted)]) {
    const { waybill, carrierCode, unitId } = row;
    if (!seen.has(waybill))
      seen.set(waybill, { waybill, carrierCode, ours: unitId !== null && own.has(unitId), intercepted: isIntercepted(row) });
  }
  return [...seen.values()];
}

/**
 * Weak ETag of a shelf (RFC 9110, 8.8.1): made of the rows as they are stored, so that an unchanged shelf costs no decryption. The moment of the answer is
 * no part of it.
 */
export function shelfTag(rows: readonly ShelfRow[], ...rest: readonly unknown[]): string {
  const known = rows.map(({ name, phone, ...row }) => [name !== null, phone !== null, row]);
  return `W/"${createHash('sha256')
    .update(JSON.stringify([known, rest]))
    .digest('base64url')
    .slice(0, 22)}"`;
}

/** Whether a request's If-None-Match names the tag; weak comparison. */
export function namesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  const opaque = (text: string) => text.trim().replace(/^W\//, '');
  return ifNoneMatch?.split(',').some((entry) => entry.trim() === '*' || opaque(entry) === opaque(tag)) ?? false;
}
