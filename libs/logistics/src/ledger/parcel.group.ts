import { contributions, type DirectoryFacts, type ParcelDayRow } from '../parcel/parcel.contributions.js';
import { withMeaning, type CodeMeanings, type LedgerEvent } from '../parcel/parcel.event.js';
import { foldParcel, type LevelOf, type ParcelFold } from '../parcel/parcel.fold.js';

/** Everything that folding needs besides the events. */
export interface FoldContext {
  readonly facts: DirectoryFacts;
  readonly levelOf: LevelOf;
  /** What staff said unknown codes mean; absent when there is none to ask. */
  readonly meanings?: CodeMeanings | undefined;
}

/** A set of parcels folded together, with the rows that they count for. */
export interface GroupState {
  readonly folds: ReadonlyMap<string, ParcelFold>;
  readonly rows: ParcelDayRow[];
}

/** Folds parcels by waybill and counts them; parcels that continue one another are counted as one. */
export function foldGroup(events: ReadonlyMap<string, readonly LedgerEvent[]>, context: FoldContext): GroupState {
  const folds = new Map<string, ParcelFold>();
  let linked = false;
  for (const [waybill, own] of events) {
    const { meanings } = context;
    const known = meanings ? own.map((event) => withMeaning(event, meanings)) : own;
    const fold = foldParcel(known, context.levelOf);
    if (!fold) continue;
    folds.set(waybill, fold);
    linked ||= fold.supersedes !== null || fold.supersededBy !== null;
  }
  const chains = linked ? chainsOf(folds) : undefined;
  const rows: ParcelDayRow[] = [];
  if (chains) for (const chain of chains) rows.push(...contributions(chain, context.facts));
  else for (const fold of folds.values()) rows.push(...contributions([fold], context.facts));
  return { folds, rows };
}

/** Parcels joined by transfers, each chain oldest first. A link that either end knows of counts. */
function chainsOf(folds: ReadonlyMap<string, ParcelFold>): ParcelFold[][] {
  const next = new Map<string, string>();
  for (const { waybill, supersedes, supersededBy } of folds.values()) {
    if (supersededBy !== null && folds.has(supersededBy)) next.set(waybill, supersededBy);
    if (supersedes !== null && folds.has(supersedes) && !next.has(supersedes)) next.set(supersedes, waybill);
  }
  const continued = new Set(next.values());
  const taken = new Set<string>();
  const chains: ParcelFold[][] = [];
  const waybills = [...folds.keys()].sort();
  // Beginnings first; what is left over are rings, which are entered at their first waybill.
  for (const waybill of [...waybills.filter((start) => !continued.has(start)), ...waybills]) {
    const chain: ParcelFold[] = [];
    for (let at = folds.get(waybill); at && !taken.has(at.waybill); at = folds.get(next.get(at.waybill) ?? '')) {
      taken.add(at.waybill);
      chain.push(at);
    }
    if (chain.length > 0) chains.push(chain);
  }
  return chains;
}

/** Waybills that these events link to and that are not among them. */
export function linkedElsewhere(events: ReadonlyMap<string, readonly LedgerEvent[]>): string[] {
  const found = new Set<string>();
  for (const own of events.values())
    for (const { linkedWaybill } of own) if (linkedWaybill !== null && !events.has(linkedWaybill)) found.add(linkedWaybill);
  return [...found];
}
