/**
 * The shelf as this phone knows it: what the county said last, and what was scanned here since and may not be sent yet. So that a keeper without a
 * network still sees where a parcel lies, is warned, and never gives one shelf code to two parcels. Pure.
 */
import type { ExceptionKind, Scan, Shelf, ShelfParcel } from '#contracts';

/** A parcel that lies on this station's shelf. */
export interface BookedParcel extends Omit<ShelfParcel, 'exceptions'> {
  readonly exceptions: readonly ExceptionKind[];
  /** Only this phone knows it yet. */
  readonly local: boolean;
}

/** What a keeper must know at once when a parcel is scanned in; the gravest first. */
export type IntakeAlarm = 'intercepted' | 'wrong_village' | 'problem' | 'on_shelf' | 'scanned_just_now';

export interface ShelfBook {
  readonly parcels: ReadonlyMap<string, BookedParcel>;
  /** Shelf code → waybill, of what lies there now. */
  readonly codes: ReadonlyMap<string, string>;
  /** What the county expects for this station, or warned of. */
  readonly expected: ReadonlyMap<string, Shelf['expected'][number]>;
  /** When this phone last made each kind of scan of each waybill, by `scanKey`. */
  readonly scanned: ReadonlyMap<string, string>;
}

/** Scans of one parcel within this time are one scan made twice. */
export const JUST_NOW_MS = 10 * 60_000;
const LEAVES: ReadonlySet<Scan['kind']> = new Set(['picked_up', 'returned', 'dispatched']);
const ARRIVES: ReadonlySet<Scan['kind']> = new Set(['arrived_village', 'shelved', 'stocktake']);

/** A book that is being written. */
interface Draft {
  readonly parcels: Map<string, BookedParcel>;
  readonly expected: ShelfBook['expected'];
  readonly scanned: Map<string, string>;
}

/**
 * The book: the county's shelf with this phone's scans upon it, in the order of their times.
 * @param scans made on this phone at this station, which the county's shelf may not have yet; those that it has do no harm
 * @param counted made here and in the county's shelf already: they only tell what was scanned a moment ago
 */
export function shelfBook(shelf: Shelf | undefined, scans: readonly Scan[], counted: readonly Scan[] = []): ShelfBook {
  const draft: Draft = {
    parcels: new Map((shelf?.parcels ?? []).map((parcel) => [parcel.waybill, { ...parcel, local: false }])),
    expected: new Map((shelf?.expected ?? []).map((entry) => [entry.waybill, entry])),
    scanned: new Map(),
  };
  const undone = new Set([...scans, ...counted].flatMap(({ undoes }) => undoes ?? []));
  const standing = (all: readonly Scan[]) =>
    all
      .filter(({ id, kind }) => !undone.has(id) && kind !== 'undone' && kind !== 'check_in')
      .sort((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt));
  for (const scan of standing(counted)) note(draft, scan);
  for (const scan of standing(scans)) take(draft, scan);
  return { ...draft, codes: codesOf(draft.parcels) };
}

/** The book after one more scan of this phone; an undone scan needs the whole book anew. */
export function withScan(book: ShelfBook, scan: Scan): ShelfBook {
  const draft = { parcels: new Map(book.parcels), expected: book.expected, scanned: new Map(book.scanned) };
  take(draft, scan);
  return { ...draft, codes: codesOf(draft.parcels) };
}

function codesOf(parcels: ReadonlyMap<string, BookedParcel>): Map<string, string> {
  const codes = new Map<string, string>();
  for (const { waybill, shelfCode } of parcels.values()) if (shelfCode !== null) codes.set(shelfCode, waybill);
  return codes;
}

/** What makes two scans the same one. */
type ScanKind = Pick<Scan, 'kind' | 'waybill' | 'exception'>;
const scanKey = ({ kind, waybill, exception }: ScanKind): string => [kind, exception, waybill].join('|');

function note({ scanned }: Draft, scan: Scan): void {
  const last = scanned.get(scanKey(scan));
  if (last === undefined || Date.parse(last) < Date.parse(scan.occurredAt)) scanned.set(scanKey(scan), scan.occurredAt);
}

function take(draft: Draft, scan: Scan): void {
  const { waybill, kind, occurredAt } = scan;
  const { parcels, expected } = draft;
  if (waybill === undefined) return;
  note(draft, scan);
  const known = parcels.get(waybill);
  // The county's word is newer than this scan.
  if (known && !known.local && Date.parse(known.since) > Date.parse(occurredAt) && LEAVES.has(kind)) return;
  if (LEAVES.has(kind)) parcels.delete(waybill);
  else if (ARRIVES.has(kind)) {
    // What is to be held back stays so when it comes in without a network.
    const exceptions: ExceptionKind[] = expected.get(waybill)?.intercepted ? ['intercepted'] : [];
    parcels.set(waybill, {
      ...(known ?? { waybill, carrierCode: null, shelfCode: null, since: occurredAt, exceptions, local: true }),
      ...(scan.carrierCode && { carrierCode: scan.carrierCode }),
      ...(scan.shelfCode && { shelfCode: scan.shelfCode }),
    });
  } else if (known && scan.exception) parcels.set(waybill, { ...known, exceptions: withException(known.exceptions, scan) });
}

function withException(open: readonly ExceptionKind[], { kind, exception }: Scan): readonly ExceptionKind[] {
  if (exception === undefined) return open;
  const others = open.filter((entry) => entry !== exception);
  return kind === 'exception_open' ? [...others, exception] : others;
}

/** Whether a parcel is to be held back: nobody may have it. */
export const isHeld = ({ exceptions }: Pick<BookedParcel, 'exceptions'>): boolean => exceptions.includes('intercepted');

/** What is to be said of a parcel that is scanned in now, by this scan. */
export function intakeAlarms(book: ShelfBook, scan: ScanKind, nowMs: number): IntakeAlarm[] {
  const { waybill = '' } = scan;
  const expected = book.expected.get(waybill);
  const onShelf = book.parcels.get(waybill);
  const found: (IntakeAlarm | false)[] = [
    (expected?.intercepted === true || (onShelf !== undefined && isHeld(onShelf))) && 'intercepted',
    expected?.ours === false && 'wrong_village',
    (onShelf?.exceptions.some((kind) => kind !== 'intercepted' && kind !== 'overdue_at_station') ?? false) && 'problem',
    isRepeat(book, scan, nowMs) ? 'scanned_just_now' : onShelf !== undefined && onShelf.shelfCode !== null && 'on_shelf',
  ];
  return found.filter((alarm) => alarm !== false);
}

/** Whether this phone made the same scan of this parcel a moment ago, whatever shelf code it bears. */
export function isRepeat(book: ShelfBook, scan: ScanKind, nowMs: number): boolean {
  const last = book.scanned.get(scanKey(scan));
  return last !== undefined && nowMs - Date.parse(last) < JUST_NOW_MS;
}

/**
 * The next free shelf code of an area such as `2-2`: the day of the month and a running number, `2-2-1521` being the 21st parcel of the 15th, so that a
 * keeper sees the oldest first. Codes in use are left out.
 */
export function proposeShelfCode(book: ShelfBook, area: string, dayOfMonth: number): string {
  const head = `${area.trim().replace(/-+$/, '')}-${String(dayOfMonth).padStart(2, '0')}`;
  for (let number = 1; ; number += 1) {
    const code = head + String(number).padStart(2, '0');
    if (!book.codes.has(code)) return code;
  }
}

/** Parcels that a person at the counter may mean: by shelf code, the phone's last four digits, or the waybill or its last digits. */
export function findOnShelf(book: ShelfBook, text: string): BookedParcel[] {
  const line = text.trim().toUpperCase();
  const byCode = book.codes.get(line) ?? book.codes.get(text.trim());
  const exact = (byCode === undefined ? undefined : book.parcels.get(byCode)) ?? book.parcels.get(line);
  if (exact) return [exact];
  if (!/^\d{4,}$/.test(line)) return [];
  const all = [...book.parcels.values()];
  const byPhone = line.length === 4 ? all.filter(({ phone }) => phone?.endsWith(line)) : [];
  return byPhone.length > 0 ? byPhone : all.filter(({ waybill }) => waybill.endsWith(line));
}

/** Other parcels on the shelf for the same person: the same masked name and the same end of the phone number. */
export function sameRecipient(book: ShelfBook, parcel: BookedParcel): BookedParcel[] {
  if (parcel.phone === undefined) return [];
  return [...book.parcels.values()].filter(
    (other) => other.waybill !== parcel.waybill && other.phone === parcel.phone && (other.name ?? '') === (parcel.name ?? ''),
  );
}

/** Hours that a parcel has lain there, and the tier of overdue hours that it has passed; 0 when none. */
export function overdueTier(parcel: BookedParcel, tiers: readonly number[], nowMs: number): number {
  const hours = (nowMs - Date.parse(parcel.since)) / 3_600_000;
  return tiers.reduce((passed, tier) => (hours >= tier ? tier : passed), 0);
}
