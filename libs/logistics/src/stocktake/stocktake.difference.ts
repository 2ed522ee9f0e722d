import type { StocktakeView } from '#contracts';
import { shelfStays, stayAt } from '../closing/shelf.stay.js';
import type { ParcelFold } from '../parcel/parcel.fold.js';

/** What was found, and where. */
export type Found = readonly { readonly waybill: string; readonly shelfCode?: string | undefined }[];
/** A stock-take's result. */
export type Difference = Pick<StocktakeView, 'expected' | 'found' | 'missing' | 'surplus' | 'moved'>;

/**
 * What was found against what the ledger says without the stock-take's own scans. A parcel that came or went while the shelf was being counted is
 * neither missing nor surplus.
 */
export function stocktakeDifference(
  folds: ReadonlyMap<string, ParcelFold>,
  stationId: string,
  span: { readonly fromMs: number; readonly toMs: number },
  found: Found,
): Difference {
  const codes = new Map(found.map(({ waybill, shelfCode }) => [waybill, shelfCode]));
  const before = new Set<string>();
  const after = new Set<string>();
  for (const [waybill, fold] of folds) {
    const stays = shelfStays(fold);
    if (stayAt(stays, stationId, span.fromMs)) before.add(waybill);
    if (stayAt(stays, stationId, span.toMs)) after.add(waybill);
  }
  const moved = [...codes].flatMap(([waybill, to]) => {
    const from = shelfCodeAt(folds.get(waybill), span.toMs);
    return to !== undefined && after.has(waybill) && to !== from ? [{ waybill, from, to }] : [];
  });
  return {
    expected: after.size,
    found: codes.size,
    missing: [...after].filter((waybill) => before.has(waybill) && !codes.has(waybill)).sort(),
    surplus: [...codes.keys()].filter((waybill) => !before.has(waybill) && !after.has(waybill)).sort(),
    moved: moved.sort((a, b) => (a.waybill < b.waybill ? -1 : 1)),
  };
}

/** The shelf code under which it lay at an instant, as the station that had it told. */
function shelfCodeAt(fold: ParcelFold | undefined, atMs: number): string | null {
  let code: string | null = null;
  for (const { event, own, heldBefore, heldAfter } of fold?.timeline ?? []) {
    if (event.occurredAt > atMs) break;
    if (heldBefore !== heldAfter) code = event.shelfCode;
    else if (own && event.stationId === heldAfter) code = event.shelfCode ?? code;
  }
  return code;
}
