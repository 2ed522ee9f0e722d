import { Injectable } from '@nestjs/common';
import { addMonths, periodOf, type Period, type SalesFacts, type SalesQuery, type SalesReport } from '#contracts';
import type { UnitNode } from '#directory';
import { Clock, Database, type Principal } from '#platform';
import { CoverageScope, STORED_LEVELS, type CoverageQuestion } from '../coverage/coverage.scope.js';
import { UnitMonthRepository, type StoredMonth } from '../coverage/unit.month.repository.js';
import { addSales, NO_SALES, SALES_FORMULA_VERSION } from './sales.facts.js';
import { SalesRepository, type StoredSales } from './sales.repository.js';

const TREND_MONTHS = 12;

type Cell = SalesReport['children'][number];
/** Stored rows of the period that bear on the unit and its children. */
interface Stored {
  readonly sales: readonly StoredSales[];
  readonly parcels: readonly StoredMonth[];
}

/** The report of sales: stored facts only, never the entries. */
@Injectable()
export class SalesReader {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly scope: CoverageScope,
    private readonly sales: SalesRepository,
    private readonly parcels: UnitMonthRepository,
  ) {}

  /** What is asked for: without a unit the reader's own, without a month the running one. @throws DomainError `not_found` 404, `forbidden` 403 */
  async question(principal: Principal, { unit, period }: SalesQuery): Promise<CoverageQuestion> {
    return await this.scope.question(principal, unit ?? principal.unitCode, period ?? periodOf(this.clock.now()));
  }

  /**
   * Sales of a unit in a month with its children and the twelve months up to it. A unit above counties is the sum of its counties.
   * @throws DomainError `not_found` 404 for an unknown unit, `forbidden` 403 for one outside of the caller's
   */
  async report(principal: Principal, query: SalesQuery): Promise<SalesReport> {
    const question = await this.question(principal, query);
    const { unit, period } = question;
    const above = !STORED_LEVELS.has(unit.level);
    const stored = await this.stored(question, above);
    const own = stored.sales.filter((row) => partsOf(question, unit).includes(row.unitId));
    return {
      ...cellOf(question, unit, stored),
      period,
      formulaVersion: SALES_FORMULA_VERSION,
      version: Math.max(0, ...own.map((row) => row.version)),
      asOf: latestOf(own),
      children: childrenOf(question, stored, above).map((child) => cellOf(question, child, stored)),
      trend: await this.trend(question),
    };
  }

  private async stored({ countyCodes, period, unit }: CoverageQuestion, above: boolean): Promise<Stored> {
    const filters = above ? [{ level: 'county' as const }] : [{ unitIds: [unit.id] }, { parentIds: [unit.id] }];
    const sales: StoredSales[] = [];
    const parcels: StoredMonth[] = [];
    for (const filter of filters) {
      sales.push(...(await this.sales.read(this.database, countyCodes, period, period, filter)));
      parcels.push(...(await this.parcels.read(this.database, countyCodes, period, period, filter)));
    }
    return { sales, parcels };
  }

  /** The months since the counties' first sales, at most twelve; one without sales in between is zero, not unknown. */
  private async trend(question: CoverageQuestion): Promise<SalesReport['trend']> {
    const { countyCodes, period, unit } = question;
    const first = await this.sales.firstPeriod(this.database, countyCodes);
    if (first === undefined) return [];
    const oldest = addMonths(period, 1 - TREND_MONTHS);
    const rows = await this.sales.read(this.database, countyCodes, oldest, period, { unitIds: partsOf(question, unit) });
    const months: Period[] = [];
    for (let month = first > oldest ? first : oldest; month <= period; month = addMonths(month, 1)) months.push(month);
    return months.map((month) => ({ period: month, facts: sumOf(rows.filter((row) => row.period === month)) }));
  }
}

/** The units whose stored rows make up a unit's figure: itself, or the counties below it. */
function partsOf({ snapshot, cut }: CoverageQuestion, unit: UnitNode): string[] {
  return STORED_LEVELS.has(unit.level) ? [unit.id] : snapshot.descendants(unit.id, 'county', cut).map(({ id }) => id);
}

/** The units below, in code order; with them what has ended by now but sold something in the month. */
function childrenOf({ snapshot, unit, cut }: CoverageQuestion, { sales }: Stored, above: boolean): UnitNode[] {
  if (unit.level === 'village') return [];
  const existing = snapshot.children(unit.id, cut);
  const known = new Set(existing.map(({ id }) => id));
  const ended = above
    ? []
    : sales.flatMap((row) => (row.parentId === unit.id && !known.has(row.unitId) ? (snapshot.unit(row.unitId) ?? []) : []));
  return [...existing, ...ended].sort((a, b) => (a.code < b.code ? -1 : 1));
}

function cellOf(question: CoverageQuestion, unit: UnitNode, { sales, parcels }: Stored): Cell {
  const parts = partsOf(question, unit);
  const ofParcels = parcels.filter((row) => parts.includes(row.unitId)).map((row) => row.facts);
  return {
    unit: { id: unit.id, code: unit.code, name: unit.name, level: unit.level },
    facts: sumOf(sales.filter((row) => parts.includes(row.unitId))),
    outboundParcels: ofParcels.reduce((sum, { outbound }) => sum + outbound, 0),
    inboundParcels: ofParcels.reduce((sum, { inbound }) => sum + inbound, 0),
  };
}

const sumOf = (rows: readonly StoredSales[]): SalesFacts =>
  rows.length === 0 ? NO_SALES : addSales(rows.map((row) => row.facts));

const latestOf = (rows: readonly StoredSales[]): string | null =>
  rows.length === 0 ? null : new Date(Math.max(...rows.map((row) => row.asOf.getTime()))).toISOString();
