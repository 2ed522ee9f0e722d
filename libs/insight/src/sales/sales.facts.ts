/** What sales of produce (metric M10) are made of, and where an entry counts. Pure. */
import { type Day, type Period, type SalesFacts, type UnitLevel } from '#contracts';
import type { CoverageDirectory } from '../coverage/coverage.directory.js';

/** Changes with every change of a formula here or in the repository; every published figure carries it. */
export const SALES_FORMULA_VERSION = 'sales-1';

/** One unit's month, as `insight.unit_sales_month` keeps it. */
export interface SalesMonth {
  readonly unitId: string;
  readonly period: Period;
  readonly level: UnitLevel;
  readonly parentId: string | null;
  readonly facts: SalesFacts;
}

/** A month in which nothing was sold. */
export const NO_SALES: SalesFacts = { gmvFen: 0, refundFen: 0, netFen: 0, orders: 0, payoutFen: 0, households: 0 };

/** Sales of counties taken together: a household is of one county, so that even these add up. */
export function addSales(parts: readonly SalesFacts[]): SalesFacts {
  const sum = { ...NO_SALES };
  for (const part of parts) for (const key of Object.keys(sum) as (keyof SalesFacts)[]) sum[key] += part[key];
  return sum;
}

/** The units for which what was sold of a village counts. */
export interface SalesPlace {
  /** The village of the entries. */
  readonly villageId: string;
  /** The village itself, or what it was merged into. */
  readonly holderId: string;
  /** Null where the directory knows no town of it: then it counts in its county alone. */
  readonly townId: string | null;
}

/** Where a village's entries of a month count, seen on `cut`; mergers of villages and of towns followed. */
export function placeOf(directory: CoverageDirectory, villageId: string, cut: Day): SalesPlace {
  const holderId = directory.descent.currentOf(villageId, cut);
  const parentId = directory.parentIn(holderId, cut);
  const isTown = parentId !== null && directory.snapshot.unit(parentId)?.level === 'town';
  return { villageId, holderId, townId: isTown ? parentId : null };
}
