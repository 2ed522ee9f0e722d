/**
 * Who counts for whom after mergers. A merged unit's facts count for its successor; a split unit's stay its own, because nobody
 * can say which part a day or a parcel belonged to (docs/domain/metrics.md, "Mergers and splits").
 */
import type { Day } from '#contracts';
import type { LineageLink } from '#directory';

/** The least share of a predecessor that makes a link a merger of the whole unit; the directory keeps eight decimals. */
const WHOLE = 0.999999;
const ALWAYS: Day = '0001-01-01';

/** Mergers of a county's history, both ways. */
export class UnitDescent {
  private readonly successors = new Map<string, { id: string; on: Day }>();
  private readonly predecessors = new Map<string, { id: string; on: Day }[]>();

  constructor(links: readonly LineageLink[]) {
    for (const link of links) {
      if (link.kind !== 'merge' || link.share < WHOLE || link.predecessorId === link.successorId) continue;
      this.successors.set(link.predecessorId, { id: link.successorId, on: link.on });
      const list = this.predecessors.get(link.successorId) ?? [];
      this.predecessors.set(link.successorId, [...list, { id: link.predecessorId, on: link.on }]);
    }
  }

  /** The unit for which this one counts on a day: itself, until it is merged. */
  currentOf(id: string, day: Day): string {
    return [...this.chainOf(id)].filter(([, from]) => from <= day).at(-1)?.[0] ?? id;
  }

  /** Units merged into this one by a day, directly or through others. */
  mergedInto(id: string, day: Day): string[] {
    const found = new Set<string>();
    const visit = (unit: string): void => {
      for (const { id: predecessor, on } of this.predecessors.get(unit) ?? []) {
        if (on > day || predecessor === id || found.has(predecessor)) continue;
        found.add(predecessor);
        visit(predecessor);
      }
    };
    visit(id);
    return [...found].sort();
  }

  /** All units that are one with this one sooner or later, itself among them. */
  familyOf(id: string): Set<string> {
    const last = [...this.chainOf(id).keys()].at(-1) ?? id;
    return new Set([last, ...this.mergedInto(last, '9999-12-31')]);
  }

  /** The unit and, in turn, everything it was merged into, each with the day from which it counts there. */
  private chainOf(id: string): Map<string, Day> {
    const chain = new Map<string, Day>([[id, ALWAYS]]);
    let from = ALWAYS;
    for (let step = this.successors.get(id); step && !chain.has(step.id); step = this.successors.get(step.id)) {
      if (step.on > from) from = step.on;
      chain.set(step.id, from);
    }
    return chain;
  }
}
