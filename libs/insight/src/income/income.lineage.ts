/**
 * Which village an account counts for, seen from a later month: a merged village's money goes to its successor, a split one's
 * is shared out (DOMAIN "Merger"; docs/domain/income.md). Pure. Amounts are shared by cumulative rounding, so the parts
 * of any amount add up to it to the fen.
 */
import { addDays, lastDayOf, type Day, type Period } from '#contracts';

/** One step of lineage, as the directory keeps it; shares of one predecessor on one day sum to 1. */
export interface LineageEdge {
  readonly predecessorId: string;
  readonly successorId: string;
  readonly on: Day;
  readonly share: number;
}

/** The part of an amount that one step passes on: what lies between two points of the predecessor's shares laid end to end. */
export interface Slice {
  readonly from: number;
  readonly to: number;
}

/** Where (a part of) an account counts. No slices: the whole of it. */
export interface Holding {
  readonly villageId: string;
  readonly slices: readonly Slice[];
}

/** The part of an integer amount that comes through the slices, in order. */
export function sliceFen(amountFen: number, slices: readonly Slice[]): number {
  return slices.reduce((rest, { from, to }) => Math.round(to * rest) - Math.round(from * rest), amountFen);
}

/** Shares sum to 1 within the precision that the directory stores them with (8 decimals). */
const SHARE_TOLERANCE = 1e-6;

/** Looks up holders; made once for an aggregation, because it lays out every predecessor's shares. */
export class Lineage {
  /** Steps out of each village with their slices, earliest first, successors in id order. */
  private readonly steps = new Map<string, { successorId: string; on: Day; slice: Slice }[]>();

  private readonly lastDays = new Map<Period, Day>();

  constructor(
    edges: readonly LineageEdge[],
    private readonly existsOn: (villageId: string, day: Day) => boolean,
  ) {
    const groups = new Map<string, LineageEdge[]>();
    for (const edge of edges) {
      const key = `${edge.predecessorId} ${edge.on}`;
      groups.set(key, [...(groups.get(key) ?? []), edge]);
    }
    for (const group of groups.values()) this.layOut(group);
    for (const steps of this.steps.values())
      steps.sort((a, b) => a.on.localeCompare(b.on) || a.successorId.localeCompare(b.successorId));
  }

  private layOut(group: LineageEdge[]): void {
    let reached = 0;
    for (const edge of group.sort((a, b) => a.successorId.localeCompare(b.successorId))) {
      const from = reached;
      reached = Math.abs(reached + edge.share - 1) < SHARE_TOLERANCE ? 1 : reached + edge.share;
      const steps = this.steps.get(edge.predecessorId) ?? [];
      steps.push({ successorId: edge.successorId, on: edge.on, slice: { from, to: reached } });
      this.steps.set(edge.predecessorId, steps);
    }
  }

  /**
   * The villages for which `villageId`'s account of month `entered` counts in the figures of month `period`: the village itself
   * while it exists, else its successors that exist on the month's last day. Empty when it was dissolved without a successor.
   */
  holders(villageId: string, entered: Period, period: Period): Holding[] {
    const enteredDay = this.lastDay(entered);
    const until = this.lastDay(period);
    if (this.existsOn(villageId, enteredDay)) return this.walk(villageId, enteredDay, until, []);
    // It ended in that month (or, told later, before it): what it entered goes where its last step leads.
    const end = this.steps.get(villageId)?.findLast((step) => step.on <= enteredDay)?.on ?? enteredDay;
    return this.walk(villageId, addDays(end, -1), until, []);
  }

  private walk(villageId: string, after: Day, until: Day, slices: readonly Slice[]): Holding[] {
    const next = (this.steps.get(villageId) ?? []).filter((step) => step.on > after && step.on <= until);
    const first = next[0]?.on;
    if (first === undefined) return this.existsOn(villageId, until) ? [{ villageId, slices }] : [];
    return next
      .filter((step) => step.on === first)
      .flatMap((step) => {
        const whole = step.slice.from === 0 && step.slice.to === 1;
        return this.walk(step.successorId, step.on, until, whole ? slices : [...slices, step.slice]);
      });
  }

  /** Every account asks for the same few days. */
  private lastDay(period: Period): Day {
    const known = this.lastDays.get(period) ?? lastDayOf(period);
    this.lastDays.set(period, known);
    return known;
  }
}
