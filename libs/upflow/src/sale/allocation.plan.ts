import { compare } from './fen.share.js';

/** A line that still needs goods. */
export interface OpenLine {
  readonly id: string;
  readonly productId: string;
  readonly needG: number;
}
/** A lot from which may be taken. */
export interface OpenLot {
  readonly id: string;
  readonly productId: string;
  readonly harvestedOn: string | null;
  readonly freeG: number;
}
/** Grams that a line takes from a lot. */
export interface PlannedAllocation {
  readonly lineId: string;
  readonly lotId: string;
  readonly quantityG: number;
}

/**
 * Gives each line what it needs from the oldest harvest of its product; lots without a day of harvest come last. Lines are served in the order given.
 * `short` are the grams that no lot had, by line.
 */
export function planAllocations(
  lines: readonly OpenLine[],
  lots: readonly OpenLot[],
): { planned: PlannedAllocation[]; short: Map<string, number> } {
  const free = new Map(lots.map(({ id, freeG }) => [id, freeG]));
  const oldest = [...lots].sort((a, b) => compare(a.harvestedOn ?? '9999', b.harvestedOn ?? '9999') || compare(a.id, b.id));
  const planned: PlannedAllocation[] = [];
  const short = new Map<string, number>();
  for (const line of lines) {
    let need = line.needG;
    for (const lot of oldest) {
      const quantityG = Math.min(need, free.get(lot.id) ?? 0);
      if (lot.productId !== line.productId || quantityG <= 0) continue;
      free.set(lot.id, (free.get(lot.id) ?? 0) - quantityG);
      need -= quantityG;
      planned.push({ lineId: line.id, lotId: lot.id, quantityG });
    }
    if (need > 0) short.set(line.id, need);
  }
  return { planned, short };
}
