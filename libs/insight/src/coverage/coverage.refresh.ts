import { Injectable } from '@nestjs/common';
import {
  addMonths,
  dayOf,
  DOMAIN_EVENTS,
  firstDayOf,
  lastDayOf,
  type CoverageChange,
  type Day,
  type DeliveredEvent,
  type Period,
} from '#contracts';
import { DirectoryReader, type DirectorySnapshot } from '#directory';
import { Clock, Database, Notifier, ProcessedEvents, type Tx } from '#platform';
import { CountyRefresh } from './county.refresh.js';
import { CoverageDirectory } from './coverage.directory.js';
import { cutDayOf } from './coverage.facts.js';
import { DayFactsRepository, type DayKey } from './day.facts.repository.js';
import { earliestMonth, planMonths, touchedMonths, type ExistingMonth, type MonthPlan } from './refresh.plan.js';
import { StaleDayRepository } from './stale.day.repository.js';
import { UnitMonthRepository } from './unit.month.repository.js';

/** Channel on which changed figures are told; the payload is a `CoverageChange`. */
export const COVERAGE_CHANNEL = 'coverage';
const CONSUMER = 'insight.coverage.refresh';
/** Keys of one transaction. Large enough for a county's quarter at once, small enough to be memory of one process. */
const KEYS_PER_STEP = 20_000;
/** Unit ids of one notice: a notice must stay below 8,000 bytes. */
const UNITS_PER_NOTICE = 150;

/** Keeps facts up to date: notes what is out of date, then recomputes it, never adding to what is there. */
@Injectable()
export class CoverageRefresh {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly reader: DirectoryReader,
    private readonly processed: ProcessedEvents,
    private readonly notifier: Notifier,
    private readonly stale: StaleDayRepository,
    private readonly days: DayFactsRepository,
    private readonly months: UnitMonthRepository,
    private readonly counties: CountyRefresh,
  ) {}

  /** Notes what the events touch, each event once. */
  async note(events: readonly DeliveredEvent[]): Promise<void> {
    // The change that an event tells of must be seen, also when the notice of it is still on its way to this process.
    if (events.some((event) => event.topic === 'directory.changed')) this.reader.expire();
    const snapshot = await this.reader.snapshot();
    await this.database.transaction(async (tx) => {
      const fresh = await this.processed.firstTime(tx, CONSUMER, events);
      const touched = fresh.flatMap((event) => {
        if (event.topic !== 'logistics.days.touched') return [];
        return DOMAIN_EVENTS[event.topic].parse(event.payload).keys.map((key) => ({ countyCode: event.countyCode, key }));
      });
      for (const countyCode of [...new Set(touched.map((entry) => entry.countyCode))].sort())
        await this.stale.mark(
          tx,
          countyCode,
          touched.filter((entry) => entry.countyCode === countyCode).map((entry) => entry.key),
        );
      for (const event of fresh) if (event.topic === 'directory.changed') await this.noteUnits(tx, snapshot, event);
    });
  }

  /** Recomputes everything of the county that is out of date; returns when nothing is. */
  async drain(countyCode: string): Promise<void> {
    if (!countyCode) return;
    while (await this.database.transaction((tx) => this.step(tx, countyCode)));
  }

  /** Counties of the directory. */
  async countyCodes(): Promise<string[]> {
    const snapshot = await this.reader.snapshot();
    const counties = snapshot.unitsOfLevel('county', dayOf(this.clock.now()));
    return [...new Set(counties.map((county) => snapshot.countyCodeOf(county.id)))].sort();
  }

  /**
   * A change of master data leaves the days as they are and puts the months in question: of the unit and everything below it,
   * and of what they were merged with.
   */
  private async noteUnits(tx: Tx, snapshot: DirectorySnapshot, event: DeliveredEvent): Promise<void> {
    const { unitIds, from } = DOMAIN_EVENTS['directory.changed'].parse(event.payload);
    const today = dayOf(this.clock.now());
    const directory = new CoverageDirectory(snapshot, event.countyCode);
    const start = (await this.existing(tx, directory, today))[0]?.period;
    if (start === undefined) return;
    const first = from !== null && from > start ? from : start;
    const concerned = new Set<string>();
    for (const id of unitIds)
      for (const member of withinMonths(snapshot, id, first, today))
        for (const one of directory.descent.familyOf(member)) concerned.add(one);
    await this.stale.markMonths(tx, event.countyCode, [...concerned].sort(), first, today);
  }

  /** One transaction of a drain; true when more is waiting. */
  private async step(tx: Tx, countyCode: string): Promise<boolean> {
    await this.months.lock(tx, countyCode);
    const [asOf, snapshot] = [this.clock.now(), await this.reader.snapshot()];
    const directory = new CoverageDirectory(snapshot, countyCode);
    const keys = await this.stale.take(tx, countyCode, KEYS_PER_STEP);
    await this.days.recompute(tx, countyCode, keys);
    await this.refreshMonths(tx, directory, keys, asOf);
    return keys.length === KEYS_PER_STEP;
  }

  private async refreshMonths(tx: Tx, directory: CoverageDirectory, keys: readonly DayKey[], asOf: Date): Promise<void> {
    const today = dayOf(asOf);
    const touched = touchedMonths(keys, today, directory.descent);
    const { first, whole } = await this.plan(tx, directory, keys, today);
    const changed = new Map<Period, Set<string>>();
    for (const period of [...new Set([...touched.keys(), ...whole])].sort()) {
      const units = whole.has(period) ? 'all' : touched.get(period);
      if (!units || first === undefined || period < first) continue;
      const differing = await this.counties.refresh(tx, directory, period, units, { asOf, today });
      if (differing.size > 0) changed.set(period, differing);
    }
    await this.tell(tx, directory, changed, today);
  }

  /** Which months there should be. Touching the first month, or a day before it, may move the first month either way. */
  private async plan(tx: Tx, directory: CoverageDirectory, keys: readonly DayKey[], today: Day): Promise<MonthPlan> {
    const { countyCode, parameters } = directory;
    const existing = await this.existing(tx, directory, today);
    const start = existing[0]?.period;
    if (!countyIdOf(directory, today) || (start !== undefined && !keys.some(([, day]) => day <= lastDayOf(start))))
      return planMonths(existing, start, today, parameters);
    const earliest = firstDayOf(earliestMonth(existing, today));
    const nearby = start && (await this.days.firstDay(tx, countyCode, earliest, cutDayOf(start, today)));
    const first = (nearby || (await this.days.firstDay(tx, countyCode, earliest, today)))?.slice(0, 7);
    if (start !== undefined && (first === undefined || first > start))
      await this.months.removeBefore(tx, countyCode, first ?? null);
    return planMonths(existing, first, today, parameters);
  }

  /** Months that the county has, oldest first. */
  private async existing(tx: Tx, directory: CoverageDirectory, today: Day): Promise<ExistingMonth[]> {
    const county = countyIdOf(directory, today);
    return county ? await this.months.periodsOf(tx, directory.countyCode, county) : [];
  }

  /** Tells everyone who looks at one of these units, or at one above them. */
  private async tell(
    tx: Tx,
    directory: CoverageDirectory,
    changed: ReadonlyMap<Period, ReadonlySet<string>>,
    today: Day,
  ): Promise<void> {
    const units = new Set([...changed.values()].flatMap((ids) => [...ids]));
    for (const id of [...units])
      for (let up = directory.parentIn(id, today); up; up = directory.parentIn(up, today)) units.add(up);
    const ids = [...units].sort();
    for (let start = 0; start < ids.length; start += UNITS_PER_NOTICE) {
      const change: CoverageChange = {
        countyCode: directory.countyCode,
        unitIds: ids.slice(start, start + UNITS_PER_NOTICE),
        periods: [...changed.keys()],
      };
      await this.notifier.notify(tx, COVERAGE_CHANNEL, JSON.stringify(change));
    }
  }
}

/** The county's unit; undefined when the directory does not know the code. */
export function countyIdOf(directory: CoverageDirectory, day: Day): string | undefined {
  const { snapshot, countyCode } = directory;
  return snapshot.unitsOfLevel('county', day).find((county) => snapshot.countyCodeOf(county.id) === countyCode)?.id;
}

/** The unit and all that was below it at the start or end of any of the months, or is today. */
function withinMonths(snapshot: DirectorySnapshot, id: string, first: Period, today: Day): Set<string> {
  const found = new Set([id]);
  if (snapshot.unit(id)?.level === 'village') return found;
  const days = [today];
  for (let period = first; period <= today.slice(0, 7); period = addMonths(period, 1))
    days.push(firstDayOf(period), lastDayOf(period));
  for (const day of days)
    for (const level of ['town', 'village'] as const) for (const unit of snapshot.descendants(id, level, day)) found.add(unit.id);
  return found;
}
