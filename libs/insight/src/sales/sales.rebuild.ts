import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import type { Period } from '#contracts';
import { Clock, Database } from '#platform';
import { SALES_FORMULA_VERSION, type SalesMonth } from './sales.facts.js';
import { SalesMonths } from './sales.months.js';
import { SalesRepository } from './sales.repository.js';
import { StaleSaleRepository } from './stale.sale.repository.js';

/** A row that is not what a computation from scratch gives; `stored` or `expected` is null when there is no such row. */
export interface SalesDifference {
  readonly unitId: string;
  readonly period: Period;
  readonly stored: unknown;
  readonly expected: unknown;
}

export interface SalesRebuildReport {
  readonly countyCode: string;
  /** Rows that a computation from scratch gives. */
  readonly months: number;
  /** Keys that were noted as out of date: a difference there is not an error. */
  readonly pending: number;
  /** How many rows differ (differed, when they were rebuilt). */
  readonly differing: number;
  /** The first of them. */
  readonly differences: SalesDifference[];
}

type Content = SalesMonth & { readonly formulaVersion: string };
const MAX_LISTED = 200;

/** Computes a county's sales from scratch: to repair them, or to prove that they are right. */
@Injectable()
export class SalesRebuild {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly months: SalesMonths,
    private readonly sales: SalesRepository,
    private readonly stale: StaleSaleRepository,
  ) {}

  /**
   * Rebuilds all sales of a county, six digits, in one transaction; with `verify` it only compares, with units seen as at the latest
   * stored figure.
   */
  async rebuildSales(countyCode: string, { verify }: { verify: boolean }): Promise<SalesRebuildReport> {
    return await this.database.transaction(async (tx) => {
      await this.sales.lock(tx, countyCode);
      const asOf = (verify ? await this.sales.latest(tx, countyCode) : null) ?? this.clock.now();
      const pending = await this.stale.count(tx, countyCode);
      const rows = await this.sales.read(tx, [countyCode], '2000-01', '2099-12');
      const stored = new Map(
        rows.map(({ countyCode: _, version: __, asOf: ___, ...content }): [string, Content] => [keyOf(content), content]),
      );
      const expected = new Map<string, Content>();
      const periods = [...(await this.sales.periodsOf(tx, countyCode)), ...rows.map((row) => row.period)];
      for (const period of [...new Set(periods)].sort()) {
        const made = await this.months.compute(tx, countyCode, period, asOf);
        for (const month of made) expected.set(keyOf(month), { ...month, formulaVersion: SALES_FORMULA_VERSION });
        if (!verify) await this.sales.replace(tx, countyCode, period, made, asOf);
      }
      if (!verify) await this.stale.clear(tx, countyCode);
      return { countyCode, months: expected.size, pending, ...differencesOf(stored, expected) };
    });
  }
}

const keyOf = ({ unitId, period }: SalesMonth): string => `${unitId} ${period}`;

function differencesOf(
  stored: ReadonlyMap<string, Content>,
  expected: ReadonlyMap<string, Content>,
): { differing: number; differences: SalesDifference[] } {
  const differences = [...new Set([...stored.keys(), ...expected.keys()])].flatMap((key): SalesDifference[] => {
    const [before, after] = [stored.get(key), expected.get(key)];
    const [unitId = '', period = ''] = key.split(' ');
    return isDeepStrictEqual(before, after) ? [] : [{ unitId, period, stored: before ?? null, expected: after ?? null }];
  });
  return { differing: differences.length, differences: differences.slice(0, MAX_LISTED) };
}
