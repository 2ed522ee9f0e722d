/** The shelf as lists: by area, by age, by what somebody says. Pure. */
import { areaOf } from '../stocktake/stocktake.count.js';
import { overdueTier, type BookedParcel } from '../shelf/shelf.book.js';

export type ShelfOrder = 'place' | 'age';
export interface AreaCount {
  /** Empty: parcels without a shelf code. */
  readonly area: string;
  readonly count: number;
}

/** Shelf codes as people order them: `1-2` before `1-10`, what has none at the end. */
const inPlace = new Intl.Collator('en', { numeric: true });
const byAge = (a: BookedParcel, b: BookedParcel): number => Date.parse(a.since) - Date.parse(b.since);
const byPlace = (a: BookedParcel, b: BookedParcel): number => {
  if (a.shelfCode === null || b.shelfCode === null)
    return Number(a.shelfCode === null) - Number(b.shelfCode === null) || byAge(a, b);
  return inPlace.compare(a.shelfCode, b.shelfCode);
};
const areaOfParcel = ({ shelfCode }: BookedParcel): string => (shelfCode === null ? '' : areaOf(shelfCode) || shelfCode);

/** How many lie in each area. */
export function areaCounts(parcels: Iterable<BookedParcel>): AreaCount[] {
  const counts = new Map<string, number>();
  for (const parcel of parcels) counts.set(areaOfParcel(parcel), (counts.get(areaOfParcel(parcel)) ?? 0) + 1);
  return [...counts]
    .map(([area, count]) => ({ area, count }))
    .sort((a, b) => Number(a.area === '') - Number(b.area === '') || inPlace.compare(a.area, b.area));
}

/** What is to be shown: of one area or all, what bears the text in code, waybill, phone or name, in order. */
export function shelfList(
  parcels: Iterable<BookedParcel>,
  { area, text, order }: { readonly area: string | undefined; readonly text: string; readonly order: ShelfOrder },
): BookedParcel[] {
  const asked = text.trim().toUpperCase();
  const shown = [...parcels].filter(
    (parcel) =>
      (area === undefined || areaOfParcel(parcel) === area) &&
      (asked === '' ||
        parcel.waybill.includes(asked) ||
        (parcel.shelfCode ?? '').toUpperCase().includes(asked) ||
        (parcel.phone ?? '').endsWith(asked) ||
        (parcel.name ?? '').toUpperCase().startsWith(asked)),
  );
  return shown.sort(order === 'age' ? byAge : byPlace);
}

export interface OverdueGroup {
  /** Hours that all of them have lain there at least. */
  readonly hours: number;
  readonly parcels: readonly BookedParcel[];
}

/** What lies too long, by the county's tiers: the longest tier first, in it the oldest parcel first. */
export function overdueGroups(parcels: Iterable<BookedParcel>, tiers: readonly number[], nowMs: number): OverdueGroup[] {
  const groups = new Map<number, BookedParcel[]>();
  for (const parcel of parcels) {
    const tier = overdueTier(parcel, tiers, nowMs);
    if (tier > 0) groups.set(tier, [...(groups.get(tier) ?? []), parcel]);
  }
  return [...groups].sort(([a], [b]) => b - a).map(([hours, late]) => ({ hours, parcels: late.sort(byAge) }));
}

/** Whether a recipient can still be told: there is a phone, no notice yet, and no refusal. */
export function canNotify({ phone, notice, consent, local }: BookedParcel): boolean {
  return phone !== undefined && notice === undefined && consent !== 'refused' && !local;
}
