/**
 * Line tables of the two accounting regimes of village collectives: what may be entered, and what each line does to metric
 * M12. Sources and doubtful lines: docs/domain/income.md. Names for people are messages (`income.line.<regime>.<code>`).
 */
import type { AccountingRegime, IncomeMode, LineClass } from '#contracts';

/** Sign that an amount of the line may have: only investment income (a loss) and income tax (a refund) go below zero. */
export type LineSign = 'not_negative' | 'any';

/** One line that may be entered. */
export interface IncomeLine {
  readonly code: string;
  /** Account number of the regime's chart of accounts, where the project could verify it. */
  readonly account: string | null;
  readonly lineClass: LineClass;
  readonly sign: LineSign;
  /** Modes that an entry of the line may carry; an empty list means that the line carries none. */
  readonly modes: readonly IncomeMode[];
}

const ANY_MODE: readonly IncomeMode[] = ['planting', 'processing', 'service', 'leasing'];
const line = (
  code: string,
  account: string | null,
  lineClass: LineClass,
  modes: readonly IncomeMode[] = [],
  sign: LineSign = 'not_negative',
): IncomeLine => ({ code, account, lineClass, sign, modes });

/** The lines of each regime in the order of its statement of income and its distribution (收益及收益分配表). */
export const INCOME_LINES: Readonly<Record<AccountingRegime, readonly IncomeLine[]>> = {
  '2004': [
    line('sales', '501', 'operating_income', ['planting', 'processing', 'service']),
    line('rent', '501', 'operating_income', ['leasing']),
    line('labour', '501', 'operating_income', ['service']),
    line('operating_other', '501', 'operating_income', ANY_MODE),
    line('contracting', '511', 'operating_income', ['leasing']),
    line('handed_up', '511', 'operating_income', ANY_MODE),
    line('investment', '561', 'investment_income', [], 'any'),
    line('operating_expense', '502', 'expense'),
    line('administration', '541', 'expense'),
    line('agricultural_tax_refund', '521', 'subsidy_income'),
    line('subsidy', '522', 'subsidy_income'),
    line('other_income', '531', 'other_income'),
    line('other_expense', '551', 'excluded_expense'),
  ],
  '2023': [
    line('sales', null, 'operating_income', ['planting', 'processing', 'service']),
    line('labour', null, 'operating_income', ['service']),
    line('rent', null, 'operating_income', ['leasing']),
    line('contracting', null, 'operating_income', ['leasing']),
    line('operating_other', null, 'operating_income', ANY_MODE),
    line('investment', null, 'investment_income', [], 'any'),
    line('subsidy', null, 'subsidy_income'),
    line('operating_expense', null, 'expense'),
    line('taxes', null, 'expense'),
    line('administration', null, 'expense'),
    line('public_welfare', null, 'excluded_expense'),
    line('other_income', null, 'other_income'),
    line('other_expense', null, 'excluded_expense'),
    line('income_tax', null, 'excluded_expense', [], 'any'),
  ],
};

const tableOf = (regime: AccountingRegime): ReadonlyMap<string, IncomeLine> =>
  new Map(INCOME_LINES[regime].map((entry) => [entry.code, entry]));
const byCode: Readonly<Record<AccountingRegime, ReadonlyMap<string, IncomeLine>>> = {
  '2004': tableOf('2004'),
  '2023': tableOf('2023'),
};

/** The line of a regime by its code, or `undefined` when the regime has no such line. */
export function incomeLine(regime: AccountingRegime, code: string): IncomeLine | undefined {
  return byCode[regime].get(code);
}

/** Key of the message that names a line. */
export function lineMessage(regime: AccountingRegime, code: string): string {
  return `income.line.${regime}.${code}`;
}
