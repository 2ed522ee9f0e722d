/**
 * How far a recall reaches over the graph of lots: pure. A lot is made of lots (splitting, mixing, repacking); boxes and orders hold shares of lots.
 * Whatever holds some of a recalled lot is reached, nothing else is. Cycles cannot arise from steps of business; were one there, the walk still ends.
 */
import type { RecallScope } from '#contracts';

/** Some of `parent` went into `child`. */
export interface LotPart {
  readonly parent: string;
  readonly child: string;
}
/** A box or an order, and a lot that some of it is of. */
export interface Holding {
  readonly holder: string;
  readonly lot: string;
}
/** What a recall of a lot reaches. */
export interface Reach {
  /** Lots that the lot was made of, directly or over others. */
  readonly up: ReadonlySet<string>;
  /** Lots that consumers are warned of: the lot itself is one. */
  readonly recalled: ReadonlySet<string>;
}

/** Everything reached from some lots along `next`, the lots themselves included. */
function closure(from: Iterable<string>, next: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set(from);
  // A set yields what is added while it is walked.
  for (const lot of reached) for (const other of next.get(lot) ?? []) reached.add(other);
  return reached;
}

function adjacency(parts: readonly LotPart[], from: 'parent' | 'child', to: 'parent' | 'child'): Map<string, string[]> {
  const next = new Map<string, string[]>();
  for (const part of parts) {
    const list = next.get(part[from]);
    if (list) list.push(part[to]);
    else next.set(part[from], [part[to]]);
  }
  return next;
}

/** The lots that a recall of a lot reaches. `source` recalls also the lots above it and everything made of those. */
export function reachOf(lot: string, scope: RecallScope, parts: readonly LotPart[]): Reach {
  const above = closure([lot], adjacency(parts, 'child', 'parent'));
  const recalled = closure(scope === 'source' ? above : [lot], adjacency(parts, 'parent', 'child'));
  above.delete(lot);
  return { up: above, recalled };
}

/** The boxes, orders or shipments that hold some of the recalled lots. */
export function holdersOf(recalled: ReadonlySet<string>, holdings: readonly Holding[]): Set<string> {
  return new Set(holdings.filter(({ lot }) => recalled.has(lot)).map(({ holder }) => holder));
}
