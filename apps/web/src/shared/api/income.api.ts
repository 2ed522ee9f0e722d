/** Collective income over HTTP. Money in integer fen. */
import type {
  AccountingRegime,
  AccountInput,
  AccountListRow,
  AccountView,
  Income,
  IncomeEvidenceRow,
  IncomeLineView,
  IncomeSpan,
  Page,
  Period,
} from '#contracts';
import { api, ApiProblem } from './api.client.js';

/** `GET /api/income`: result, bands, shell villages, children and trend of a unit in a month. */
export function incomeOf(unit: string, period: Period): Promise<Income> {
  return api<Income>('/api/income', { query: { unit, period } });
}

export const INCOME_EVIDENCE = '/api/income/evidence';

/** `GET /api/income/evidence`: the approved account lines behind a figure. */
export function incomeEvidence(query: {
  unit: string;
  period: Period;
  span: IncomeSpan;
  cursor?: string;
}): Promise<Page<IncomeEvidenceRow>> {
  return api(INCOME_EVIDENCE, { query });
}

/** `GET /api/income/lines`: what may be entered under an accounting regime. */
export async function incomeLines(regime: AccountingRegime): Promise<IncomeLineView[]> {
  return (await api<{ items: IncomeLineView[] }>('/api/income/lines', { query: { regime } })).items;
}

/** `GET /api/income/accounts`: every village that owes an account of the month, with the state of its latest version. */
export function accountList(query: {
  unit: string;
  period: Period;
  status?: string;
  cursor?: string;
}): Promise<Page<AccountListRow>> {
  return api('/api/income/accounts', { query });
}

const accountPath = (village: string, period: Period) => `/api/income/accounts/${village}/${period}`;

/** The latest version of a village's month; `undefined` when none was entered. */
export async function accountOf(village: string, period: Period): Promise<AccountView | undefined> {
  try {
    return await api<AccountView>(accountPath(village, period));
  } catch (error) {
    if (error instanceof ApiProblem && error.problem.status === 404) return undefined;
    throw error;
  }
}

/** Enters a village's month, or replaces the version that was read. */
export function enterAccount(village: string, period: Period, input: AccountInput): Promise<AccountView> {
  return api<AccountView>(accountPath(village, period), { method: 'PUT', body: input });
}

/** Approves a version, or returns it with a reason. */
export function decideAccount(village: string, period: Period, version: number, reason?: string): Promise<AccountView> {
  const body = reason === undefined ? { decision: 'approve', version } : { decision: 'return', version, reason };
  return api<AccountView>(`${accountPath(village, period)}/decision`, { method: 'POST', body });
}
