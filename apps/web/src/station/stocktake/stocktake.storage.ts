/** A stock-take on the phone's disk as it goes: a row for its beginning and one for every find, so that a scan writes little whatever was found before. */
import { phone } from '../vault/phone.database.js';
import type { FoundParcel, OpenStocktake, StocktakeDifference } from './stocktake.count.js';

/** A finished stock-take whose differences the keeper has not dealt with yet. */
export interface StocktakeResult {
  readonly id: string;
  readonly finishedAt: string;
  readonly found: number;
  readonly difference: StocktakeDifference | null;
  /** Waybills that something was done about. */
  readonly handled: readonly string[];
}

/** Whose stock-take, and where. */
export type StocktakePlace = `${string}|${string}`;
const openKey = (place: StocktakePlace) => `stocktake|${place}`;
const foundPrefix = (id: string) => `stocktake-found|${id}|`;
const resultKey = (place: StocktakePlace) => `stocktake-result|${place}`;

/** What an earlier visit left: an open stock-take with its finds, a result, or nothing. */
export async function readStocktake(
  place: StocktakePlace,
): Promise<{ open?: OpenStocktake; found: Map<string, FoundParcel>; result?: StocktakeResult }> {
  const open = (await phone.notes.get(openKey(place)))?.value as OpenStocktake | undefined;
  const result = (await phone.notes.get(resultKey(place)))?.value as StocktakeResult | undefined;
  const rows = open ? await phone.notes.where('key').startsWith(foundPrefix(open.id)).toArray() : [];
  const finds = rows.map(({ value }) => value as FoundParcel).sort((a, b) => (a.at < b.at ? -1 : 1));
  const found = new Map(finds.map((entry) => [entry.waybill, entry]));
  return { found, ...(open && { open }), ...(result && { result }) };
}

/** Writes the beginning down. */
export async function writeOpen(place: StocktakePlace, open: OpenStocktake): Promise<void> {
  await phone.notes.put({ key: openKey(place), value: open });
}

/** Writes a find down; the same parcel again replaces it. */
export async function writeFound(id: string, found: FoundParcel): Promise<void> {
  await phone.notes.put({ key: foundPrefix(id) + found.waybill, value: found });
}

/** Takes a find back. */
export async function removeFound(id: string, waybill: string): Promise<void> {
  await phone.notes.delete(foundPrefix(id) + waybill);
}

/** Ends a stock-take on the disk; `result` is what is left to deal with, none when it was given up. */
export async function writeEnd(place: StocktakePlace, id: string, result: StocktakeResult | undefined): Promise<void> {
  await phone.transaction('rw', phone.notes, async () => {
    if (result) await phone.notes.put({ key: resultKey(place), value: result });
    await phone.notes.where('key').startsWith(foundPrefix(id)).delete();
    await phone.notes.delete(openKey(place));
  });
}

/** Keeps what was dealt with; `undefined` puts the result away. */
export async function writeResult(place: StocktakePlace, result: StocktakeResult | undefined): Promise<void> {
  if (result) await phone.notes.put({ key: resultKey(place), value: result });
  else await phone.notes.delete(resultKey(place));
}
