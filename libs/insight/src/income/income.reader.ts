import { Injectable } from '@nestjs/common';
import { addMonths, lastDayOf, periodOf, type Income, type IncomeSummary, type Period } from '#contracts';
import { DirectoryReader, type Actor, type DirectorySnapshot, type UnitNode } from '#directory';
import { Clock, Database, DomainError } from '#platform';
import { IncomeAggregator } from './income.aggregator.js';
import { INCOME_FORMULA_VERSION } from './income.formula.js';
import { IncomeRepository, type StoredSummary } from './income.repository.js';
import { labelOf, unitOf } from './income.units.js';
import { TRAILING_MONTHS, type SummaryContent } from './income.window.js';

/** Answers the collective income of a unit, inside the reader's own. */
@Injectable()
export class IncomeReader {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly summaries: IncomeRepository,
    private readonly aggregator: IncomeAggregator,
    private readonly clock: Clock,
  ) {}

  /**
   * The income of a county, town or village in a period, of the units directly below it, and the trend of the twelve months that end with it.
   * @throws DomainError `not_found` 404, `forbidden` 403, `income_level_unsupported` 400, `income_period_future` 400
   */
  async income(actor: Actor, unitCode: string, period: Period): Promise<Income> {
    const snapshot = await this.directory.snapshot();
    const unit = incomeUnit(snapshot, actor, unitCode, period, this.clock.now());
    const countyCode = snapshot.countyCodeOf(unit.id);
    const children = snapshot.children(unit.id, lastDayOf(period)).filter(({ level }) => level === 'town' || level === 'village');
    const found = await this.summariesOf(countyCode, period, [unit.id, ...children.map(({ id }) => id)]);
    const summary = found.get(unit.id);
    // It existed on no last day of this month, or not at all: it has no figures of its own.
    if (!summary) throw new DomainError('not_found', 404, { what: `${unitCode} ${period}` });
    return {
      unit: labelOf(snapshot, unit.id, period),
      period,
      summary,
      children: children.flatMap(({ id }) => {
        const ofChild = found.get(id);
        return ofChild ? [{ unit: labelOf(snapshot, id, period), summary: ofChild }] : [];
      }),
      trend: await this.trend(countyCode, unit.id, period, summary),
    };
  }

  /** What is stored; or, when any unit's summary is not stored yet, everything computed now, as version 0. */
  private async summariesOf(countyCode: string, period: Period, unitIds: readonly string[]): Promise<Map<string, IncomeSummary>> {
    const stored = await this.summaries.of(this.database, countyCode, period, unitIds);
    if (stored.size === unitIds.length) return new Map([...stored].map(([id, row]) => [id, storedSummary(row)]));
    const computed = await this.aggregator.compute(this.database, countyCode, [period]);
    const asOf = this.clock.now();
    return new Map(computed.map(({ unitId, content }) => [unitId, summaryOf(content, INCOME_FORMULA_VERSION, asOf, 0)]));
  }

  /** Months without any approved account are absent: nothing is known of them, which is not zero. */
  private async trend(countyCode: string, unitId: string, period: Period, present: IncomeSummary): Promise<Income['trend']> {
    const series = await this.summaries.series(
      this.database,
      countyCode,
      unitId,
      addMonths(period, 1 - TRAILING_MONTHS),
      addMonths(period, -1),
    );
    const months = [
      ...series.map((row) => ({ period: row.period, figures: row.content.month })),
      { period, figures: present.month },
    ];
    return months
      .filter(({ figures }) => figures.approved > 0)
      .map(({ period: month, figures }) => ({
        period: month,
        operatingResultFen: figures.operatingResultFen,
        withSubsidiesFen: figures.withSubsidiesFen,
      }));
  }
}

/**
 * The unit that an income query names.
 * @throws DomainError `not_found` 404, `forbidden` 403, `income_level_unsupported` 400 above the county, `income_period_future` 400
 */
export function incomeUnit(snapshot: DirectorySnapshot, actor: Actor, unitCode: string, period: Period, now: Date): UnitNode {
  const unit = unitOf(snapshot, actor, unitCode, period);
  if (unit.level === 'province' || unit.level === 'prefecture') throw new DomainError('income_level_unsupported', 400);
  if (period > periodOf(now)) throw new DomainError('income_period_future', 400, { period });
  return unit;
}

function storedSummary(row: StoredSummary): IncomeSummary {
  return summaryOf(row.content, row.formulaVersion, row.asOf, row.version);
}

function summaryOf(content: SummaryContent, formulaVersion: string, asOf: Date, version: number): IncomeSummary {
  return { ...content, formulaVersion, asOf: asOf.toISOString(), version };
}
