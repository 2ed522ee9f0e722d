/** A stock-take as data: what was found, where it now stands, how that differs from what is known to lie on the shelf, what is written down. Pure. */
import type { Scan, StocktakeRecord } from '#contracts';
import { proposeShelfCode, type ShelfBook } from '../shelf/shelf.book.js';

/** A parcel that was seen during the stock-take. */
export interface FoundParcel {
  readonly waybill: string;
  /** Where it stands; absent when no area was named. */
  readonly shelfCode?: string;
  readonly at: string;
  /** Id of the scan that it becomes: made once, so that a stock-take that is finished twice is written down once. */
  readonly scanId: string;
}

/** A stock-take that was begun and is not finished. */
export interface OpenStocktake {
  readonly id: string;
  readonly stationCode: string;
  readonly startedAt: string;
  /** What lay on the shelf when it began, as this phone knew it; `null` when it had never heard of the shelf. */
  readonly before: readonly string[] | null;
}

export interface StocktakeDifference {
  readonly expected: number;
  readonly found: number;
  readonly missing: readonly string[];
  readonly surplus: readonly string[];
  readonly moved: readonly { readonly waybill: string; readonly from: string | null; readonly to: string }[];
}

/**
 * How what was found differs, by the county's own rule: what came or went while the shelf was being counted is neither missing nor surplus.
 * `undefined` when this phone never heard of the shelf: then the county tells.
 */
export function stocktakeDifference(
  { before }: Pick<OpenStocktake, 'before'>,
  { parcels }: Pick<ShelfBook, 'parcels'>,
  found: ReadonlyMap<string, Pick<FoundParcel, 'shelfCode'>>,
): StocktakeDifference | undefined {
  if (before === null) return undefined;
  const began = new Set(before);
  const moved = [...found].flatMap(([waybill, { shelfCode }]) => {
    const known = parcels.get(waybill);
    return known && shelfCode !== undefined && shelfCode !== known.shelfCode
      ? [{ waybill, from: known.shelfCode, to: shelfCode }]
      : [];
  });
  return {
    expected: parcels.size,
    found: found.size,
    missing: before.filter((waybill) => parcels.has(waybill) && !found.has(waybill)).sort(),
    surplus: [...found.keys()].filter((waybill) => !began.has(waybill) && !parcels.has(waybill)).sort(),
    moved: moved.sort((a, b) => (a.waybill < b.waybill ? -1 : 1)),
  };
}

/** The area of a shelf code: all but its last part. `2-2-1521` stands in `2-2`. */
export function areaOf(shelfCode: string): string {
  const end = shelfCode.lastIndexOf('-');
  return end > 0 ? shelfCode.slice(0, end) : '';
}

/**
 * The shelf code of a parcel that was found in an area. One that belongs there keeps its own; one from elsewhere keeps its last number, which is written on
 * it, where that is free; any other gets the next free code.
 */
export function codeInArea(
  book: ShelfBook,
  found: ReadonlyMap<string, FoundParcel>,
  waybill: string,
  area: string,
  dayOfMonth: number,
): string {
  const known = book.parcels.get(waybill)?.shelfCode ?? null;
  if (known !== null && areaOf(known) === area) return known;
  const taken = new Map(book.codes);
  for (const entry of found.values()) if (entry.shelfCode !== undefined) taken.set(entry.shelfCode, entry.waybill);
  if (known !== null) {
    const moved = `${area}-${known.slice(areaOf(known).length).replace(/^-/, '')}`;
    if (moved.length <= 20 && (taken.get(moved) ?? waybill) === waybill) return moved;
  }
  return proposeShelfCode({ ...book, codes: taken }, area, dayOfMonth);
}

/** What is written down at the end: a scan a parcel, and the record. The end is never before anything that was found, whatever the phone's clock did meanwhile. */
export function stocktakeRecords(
  open: OpenStocktake,
  found: ReadonlyMap<string, FoundParcel>,
  now: string,
): { scans: Scan[]; record: StocktakeRecord } {
  const { id, stationCode, startedAt } = open;
  const entries = [...found.values()];
  const end = Math.max(...[now, startedAt, ...entries.map(({ at }) => at)].map((instant) => Date.parse(instant)));
  const scans = entries.map(({ waybill, shelfCode, at, scanId }): Scan => ({
    id: scanId,
    kind: 'stocktake',
    waybill,
    stationCode,
    // A clock that was set back must not put a find before the beginning.
    occurredAt: Date.parse(at) < Date.parse(startedAt) ? startedAt : at,
    ...(shelfCode !== undefined && { shelfCode }),
  }));
  const places = entries.map(({ waybill, shelfCode }) => ({ waybill, ...(shelfCode !== undefined && { shelfCode }) }));
  return { scans, record: { id, stationCode, startedAt, occurredAt: new Date(end).toISOString(), found: places } };
}
