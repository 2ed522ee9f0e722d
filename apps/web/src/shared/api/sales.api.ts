/** Sales of produce over HTTP. Money in integer fen. */
import type { Page, Period, SaleEntryKind, SalesEvidenceRow, SalesReport } from '#contracts';
import { api } from './api.client.js';

export const SALES = '/api/sales';

/** `GET /api/sales`: money, orders, households and parcels of a unit in a month, with children and trend. */
export function salesOf(unit: string, period: Period): Promise<SalesReport> {
  return api<SalesReport>(SALES, { query: { unit, period } });
}

export const SALES_EVIDENCE = `${SALES}/evidence`;

/** `GET /api/sales/evidence`: the payments, refunds and payouts behind a figure. */
export function salesEvidence(query: {
  unit: string;
  period: Period;
  kind?: SaleEntryKind;
  cursor?: string;
}): Promise<Page<SalesEvidenceRow>> {
  return api(SALES_EVIDENCE, { query });
}
