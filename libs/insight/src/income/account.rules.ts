/** What makes the lines of an account acceptable (metric M12, docs/domain/income.md); no I/O. */
import type { AccountingRegime, AccountLine } from '#contracts';
import { incomeLine } from './income.lines.js';

/** Why a line is refused; each is also the key of a message. */
export type LineProblemCode =
  'income_line_unknown' | 'income_mode_missing' | 'income_mode_not_allowed' | 'income_amount_negative' | 'income_line_repeated';

export interface LineProblem {
  /** Position in the list of lines. */
  readonly index: number;
  readonly field: 'line' | 'mode' | 'amountFen';
  readonly code: LineProblemCode;
}

/** Every problem of an account's lines under its regime, in line order; an empty list means that the account is acceptable. */
export function lineProblems(regime: AccountingRegime, lines: readonly AccountLine[]): LineProblem[] {
  const seen = new Set<string>();
  return lines.flatMap((entry, index) => {
    const problems = problemsOfLine(regime, entry).map((problem) => ({ index, ...problem }));
    const key = [entry.line, entry.mode ?? '', entry.oneOff, entry.note ?? ''].join('\u0000');
    if (seen.has(key)) problems.push({ index, field: 'line', code: 'income_line_repeated' });
    seen.add(key);
    return problems;
  });
}

function problemsOfLine(regime: AccountingRegime, entry: AccountLine): Omit<LineProblem, 'index'>[] {
  const known = incomeLine(regime, entry.line);
  if (!known) return [{ field: 'line', code: 'income_line_unknown' }];
  const problems: Omit<LineProblem, 'index'>[] = [];
  if (known.modes.length && !entry.mode) problems.push({ field: 'mode', code: 'income_mode_missing' });
  if (entry.mode && !known.modes.includes(entry.mode)) problems.push({ field: 'mode', code: 'income_mode_not_allowed' });
  if (known.sign === 'not_negative' && entry.amountFen < 0) problems.push({ field: 'amountFen', code: 'income_amount_negative' });
  return problems;
}

/** Whether two entries say the same: the same regime and the same lines, in any order. */
export function sameAccount(
  left: { regime: AccountingRegime; lines: readonly AccountLine[] },
  right: { regime: AccountingRegime; lines: readonly AccountLine[] },
): boolean {
  const canonical = (lines: readonly AccountLine[]) =>
    lines
      .map((entry) => JSON.stringify([entry.line, entry.mode ?? null, entry.amountFen, entry.oneOff, entry.note ?? null]))
      .sort();
  return left.regime === right.regime && JSON.stringify(canonical(left.lines)) === JSON.stringify(canonical(right.lines));
}
