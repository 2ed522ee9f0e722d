/** The kinds of scan that each place of work offers: the everyday ones first, the rest behind "more". */
import type { Role, ScanKind } from '#contracts';

/** Kinds that the scan page sends; a check-in has its own page, and a mistake is undone where it shows. */
export type PageKind = Exclude<ScanKind, 'check_in' | 'undone'>;
export interface KindChoice {
  everyday: readonly PageKind[];
  more: readonly PageKind[];
}

/** Handing out, sending, taking stock and problems have pages of their own: they ask for more than a number. */
const STATION: KindChoice = { everyday: ['arrived_village', 'shelved'], more: ['returned', 'exception_close'] };
const HALL_MORE = ['accepted', 'returned', 'stocktake', 'exception_open', 'exception_close'] as const;
/** A hall's own arrival comes first; the other level's stays within reach, since some counties sort both in one hall. */
const TOWN: KindChoice = { everyday: ['arrived_town', 'dispatched'], more: ['arrived_county', ...HALL_MORE] };
const COUNTY: KindChoice = { everyday: ['arrived_county', 'dispatched'], more: ['arrived_town', ...HALL_MORE] };

/** What a person of this role scans. */
export function kindsOf(role: Role): KindChoice {
  return role === 'station' ? STATION : role === 'town' ? TOWN : COUNTY;
}

/** Kinds at which a parcel is new to the place, so that its carrier may have to be asked for. */
export function asksCarrier(kind: PageKind): boolean {
  return kind === 'arrived_village' || kind === 'accepted' || kind === 'arrived_town' || kind === 'arrived_county';
}

/** Kinds that carry an exception. */
export function asksException(kind: PageKind): boolean {
  return kind === 'exception_open' || kind === 'exception_close';
}
