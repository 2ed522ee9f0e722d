/** The account form's rows between what a person types and what the API takes. Money in yuan as text, fen as integers. Pure. */
import type { AccountLine, IncomeLineView, IncomeMode } from '#contracts';
import { fenOf } from '../format/figure.format.js';

export interface DraftLine {
  line: string;
  mode: IncomeMode | '';
  yuan: string;
  oneOff: boolean;
  note: string;
}
/** Names of messages under `account.invalid`. */
export type LineProblem = 'line' | 'mode' | 'amount' | 'negative';

/** An empty row. */
export function emptyLine(): DraftLine {
  return { line: '', mode: '', yuan: '', oneOff: false, note: '' };
}

/** A stored line as the form shows it. */
export function draftOf(line: AccountLine): DraftLine {
  return {
    line: line.line,
    mode: line.mode ?? '',
    yuan: (line.amountFen / 100).toFixed(2),
    oneOff: line.oneOff,
    note: line.note ?? '',
  };
}

/** Whether nothing was typed into the row: such rows are left out. */
export function isBlank(draft: DraftLine): boolean {
  return !draft.line && !draft.yuan.trim() && !draft.note.trim();
}

/** What is wrong with a row, first thing first; `undefined` when it can be sent. */
export function problemOf(draft: DraftLine, lines: readonly IncomeLineView[]): LineProblem | undefined {
  const view = lines.find((line) => line.code === draft.line);
  if (!view) return 'line';
  if (view.modes.length && !draft.mode) return 'mode';
  const fen = fenOf(draft.yuan);
  if (fen === undefined) return 'amount';
  return fen < 0 && !view.negativeAllowed ? 'negative' : undefined;
}

/** The row as the API takes it; call it only when `problemOf` finds nothing. */
export function lineOf(draft: DraftLine, lines: readonly IncomeLineView[]): AccountLine {
  const view = lines.find((line) => line.code === draft.line);
  return {
    line: draft.line,
    ...(view?.modes.length && draft.mode && { mode: draft.mode }),
    amountFen: fenOf(draft.yuan) ?? 0,
    oneOff: draft.oneOff,
    ...(draft.note.trim() && { note: draft.note.trim() }),
  };
}

/** The operating result that these rows make, in fen: income and investment less expenses, without subsidies and one-off items. */
export function operatingResultOf(drafts: readonly DraftLine[], lines: readonly IncomeLineView[]): number {
  return drafts.reduce((sum, draft) => {
    const fen = fenOf(draft.yuan);
    const view = lines.find((line) => line.code === draft.line);
    if (!view || fen === undefined || draft.oneOff) return sum;
    switch (view.lineClass) {
      case 'operating_income':
      case 'investment_income':
        return sum + fen;
      case 'expense':
        return sum - fen;
      case 'subsidy_income':
      case 'other_income':
      case 'excluded_expense':
        return sum;
    }
  }, 0);
}
