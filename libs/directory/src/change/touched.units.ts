import { periodOf, startOfDay, type Day, type Period } from '#contracts';
import type { OutgoingEvent } from '#platform';

/** One event names at most this many units. */
const UNITS_PER_EVENT = 5000;
/** Units may be older than any figure; an event's month is not. */
const FIRST_PERIOD: Period = '2000-01';

/**
 * What a change of master data touches: the units whose facts may differ (a unit stands for everything below it) and the first month in which
 * they may; `null` is every month.
 */
export class TouchedUnits {
  private anything = false;
  private readonly counties = new Map<string, { unitIds: Set<string>; from: Period | null }>();

  /** The read model changed, though no figure does. */
  mark(): void {
    this.anything = true;
  }

  /** Facts of the unit may differ from the day on. Nothing is reported for a unit above the counties. */
  unit(countyCode: string, unitId: string, from: Day | null): void {
    this.mark();
    if (countyCode === '') return;
    const period = from === null ? null : later(periodOf(startOfDay(from)), FIRST_PERIOD);
    const county = this.counties.get(countyCode);
    if (!county) this.counties.set(countyCode, { unitIds: new Set([unitId]), from: period });
    else {
      county.unitIds.add(unitId);
      county.from = county.from === null || period === null ? null : county.from < period ? county.from : period;
    }
  }

  /** Whether anything changed at all. */
  get changed(): boolean {
    return this.anything;
  }

  /** The domain events that tell it. */
  events(): OutgoingEvent[] {
    return [...this.counties].flatMap(([countyCode, { unitIds, from }]) => {
      const ids = [...unitIds].sort();
      const events: OutgoingEvent[] = [];
      for (let start = 0; start < ids.length; start += UNITS_PER_EVENT)
        events.push({
          countyCode,
          topic: 'directory.changed',
          payload: { unitIds: ids.slice(start, start + UNITS_PER_EVENT), from },
        });
      return events;
    });
  }
}

const later = (a: Period, b: Period): Period => (a > b ? a : b);
