import { Injectable } from '@nestjs/common';
import {
  addMonths,
  dayOf,
  firstDayOf,
  type Coverage,
  type CoverageQuery,
  type Day,
  type Period,
  type VillageDay,
} from '#contracts';
import type { UnitNode } from '#directory';
import { Database, type Principal } from '#platform';
import { sixBrandsOn } from './brand.mapping.js';
import { CoverageDirectory } from './coverage.directory.js';
import { addFacts, cutDayOf, FORMULA_VERSION, type UnitMonthFacts } from './coverage.facts.js';
import { metricCells, type Published } from './coverage.metrics.js';
import { CoverageScope, STORED_LEVELS, type CoverageQuestion } from './coverage.scope.js';
import { DayFactsRepository } from './day.facts.repository.js';
import { UnitMonthRepository, type StoredMonth } from './unit.month.repository.js';
import { villageDays } from './village.assessment.js';

const TREND_MONTHS = 12;

/** A unit's month as it is published: stored facts, or the sum of counties' for a unit above them. */
interface Figure extends Published {
  readonly facts: UnitMonthFacts;
  readonly stored: StoredMonth | undefined;
}

type Child = Coverage['children'][number];

/** The coverage report: facts only, never raw events. */
@Injectable()
export class CoverageService {
  constructor(
    private readonly database: Database,
    private readonly scope: CoverageScope,
    private readonly months: UnitMonthRepository,
    private readonly days: DayFactsRepository,
  ) {}

  /**
   * The coverage of a unit in a month with its children, its carriers and the twelve months up to it. A month with no facts,
   * past or to come, has figures with null values.
   * @throws DomainError `not_found` 404 for an unknown unit, `forbidden` 403 for one outside of the caller's
   */
  async coverage(principal: Principal, { unit, period }: CoverageQuery): Promise<Coverage> {
    const question = await this.scope.question(principal, unit, period);
    const series = await this.series(question);
    const figure = series.get(period);
    const published = publishedOf(figure, question.now);
    return {
      unit: summaryOf(question.unit),
      period,
      asOf: published.asOf.toISOString(),
      villages: this.villagesOf(question, question.unit, figure),
      metrics: metricCells(figure?.facts, published),
      carriers: carriersOf(question, figure),
      unassigned: { parcels: figure?.facts.unassigned ?? 0 },
      ...(figure?.stored?.assessment ? { assessment: figure.stored.assessment } : {}),
      ...(question.unit.level === 'village' ? { days: await this.daysOf(question, figure) } : {}),
      children: await this.children(question),
      trend: [...series].map(([month, entry]) => ({ period: month, metrics: metricCells(entry.facts, entry) })),
    };
  }

  /** The unit's months up to the one asked for, oldest first; months without facts are absent. */
  private async series({ unit, period, snapshot, cut, countyCodes }: CoverageQuestion): Promise<Map<Period, Figure>> {
    const ids = STORED_LEVELS.has(unit.level)
      ? [unit.id]
      : snapshot.descendants(unit.id, 'county', cut).map((county) => county.id);
    const rows = await this.months.read(this.database, countyCodes, addMonths(period, 1 - TREND_MONTHS), period, {
      unitIds: ids,
    });
    const periods = [...new Set(rows.map((row) => row.period))];
    return new Map(periods.map((month) => [month, figureOf(rows.filter((row) => row.period === month))]));
  }

  /** The units below, in code order; with them what has ended in the month but still has parcels in it. */
  private async children(question: CoverageQuestion): Promise<Child[]> {
    const { unit, snapshot, cut, period, countyCodes, now } = question;
    if (unit.level === 'village') return [];
    const existing = snapshot.children(unit.id, cut);
    const isAboveCounties = !STORED_LEVELS.has(unit.level);
    const counties = new Map(
      existing.map((child) => [
        child.id,
        isAboveCounties ? snapshot.descendants(child.id, 'county', cut).map(({ id }) => id) : [],
      ]),
    );
    const rows = await this.months.read(
      this.database,
      countyCodes,
      period,
      period,
      isAboveCounties ? { level: 'county' } : { parentIds: [unit.id] },
    );
    const ended = isAboveCounties
      ? []
      : rows.flatMap((row) => (counties.has(row.unitId) ? [] : (snapshot.unit(row.unitId) ?? [])));
    return [...existing, ...ended].sort(byCode).map((child) => {
      const own = rows.filter((row) =>
        isAboveCounties ? counties.get(child.id)?.includes(row.unitId) : row.unitId === child.id,
      );
      const figure = own.length > 0 ? figureOf(own) : undefined;
      const assessment = figure?.stored?.assessment;
      return {
        unit: summaryOf(child),
        villages: this.villagesOf(question, child, figure),
        metrics: metricCells(figure?.facts, publishedOf(figure, now)),
        ...(assessment ? { assessment } : {}),
      };
    });
  }

  /** |V|: as the figures have it, or as the directory has it while there are no figures. */
  private villagesOf({ snapshot, cut }: CoverageQuestion, unit: UnitNode, figure: Figure | undefined): number {
    return figure?.facts.villages ?? snapshot.descendants(unit.id, 'village', cut).length;
  }

  /** The days of a village's month up to the day of its figures. */
  private async daysOf(
    { unit, period, snapshot, countyCodes, now }: CoverageQuestion,
    figure: Figure | undefined,
  ): Promise<VillageDay[]> {
    const directory = new CoverageDirectory(snapshot, countyCodes[0] ?? '');
    const asOfDay: Day = dayOf(figure?.asOf ?? now);
    const cut = cutDayOf(period, asOfDay);
    const facts = await this.days.read(
      this.database,
      directory.countyCode,
      firstDayOf(period),
      cut,
      directory.membersOf(unit.id, cut),
    );
    const history = directory.historyOf(unit.id, cut, (id) => facts.get(id) ?? []);
    return history ? villageDays(history, period, asOfDay, directory.parameters) : [];
  }
}

/** One stored month, or the sum of several counties'. */
function figureOf(rows: readonly StoredMonth[]): Figure {
  const [first] = rows;
  return {
    facts: rows.length === 1 && first ? first.facts : addFacts(rows.map((row) => row.facts)),
    stored: rows.length === 1 ? first : undefined,
    formulaVersion: first?.formulaVersion ?? FORMULA_VERSION,
    asOf: new Date(Math.max(...rows.map((row) => row.asOf.getTime()))),
    version: rows.reduce((sum, row) => sum + row.version, 0),
  };
}

const publishedOf = (figure: Figure | undefined, now: Date): Published =>
  figure ?? { formulaVersion: FORMULA_VERSION, asOf: now, version: 0 };

/** In how many villages each brand is present; the six of the full-coverage rate are listed also when absent. */
function carriersOf({ snapshot, cut, countyCodes }: CoverageQuestion, figure: Figure | undefined): Coverage['carriers'] {
  if (!figure) return [];
  const six = sixBrandsOn(cut, snapshot.parameters(countyCodes[0] ?? ''));
  const counts = new Map([...six.map((code) => [code, 0] as const), ...Object.entries(figure.facts.carriers)]);
  return [...counts]
    .map(([carrierCode, villages]) => ({
      carrierCode,
      villages,
      rate: figure.facts.villages > 0 ? villages / figure.facts.villages : null,
    }))
    .sort((a, b) => b.villages - a.villages || (a.carrierCode < b.carrierCode ? -1 : 1));
}

/** A unit as answers name it. */
export function summaryOf({ id, code, name, level }: UnitNode): Coverage['unit'] {
  return { id, code, name, level };
}

const byCode = (a: UnitNode, b: UnitNode): number => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
