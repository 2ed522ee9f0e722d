/**
 * Reads accounts from the rows of a table: pure, row by row, every problem named by its row. One row is one line of an account; a row
 * with neither line nor amount says that the village's month is zero.
 */
import {
  ACCOUNTING_REGIMES,
  INCOME_MODES,
  periodSchema,
  type AccountingRegime,
  type AccountLine,
  type IncomeMode,
  type Period,
} from '#contracts';
import { wordsOf } from './account.words.js';
import { lineProblems } from './account.rules.js';
import { INCOME_LINES, lineMessage } from './income.lines.js';

/** The columns of an import, in the order of the template. */
export const IMPORT_COLUMNS = ['village', 'period', 'regime', 'line', 'mode', 'amountYuan', 'oneOff', 'note'] as const;
export type ImportColumn = (typeof IMPORT_COLUMNS)[number];
const REQUIRED: readonly ImportColumn[] = ['village', 'period', 'line', 'amountYuan'];

/** What is wrong with a cell: row and column in the file, and the code of its message. */
export interface CellProblem {
  readonly row: number;
  readonly column: ImportColumn;
  readonly code: string;
}

/** One account as the file says it, with the row of each line. */
export interface ImportedAccount {
  readonly villageCode: string;
  readonly period: Period;
  readonly regime: AccountingRegime;
  readonly lines: AccountLine[];
  readonly row: number;
}

/** Rows with their number in the file. */
export interface NumberedRow {
  readonly number: number;
  readonly cells: readonly string[];
}

const MAX_LINES = 200;
const MAX_NOTE = 200;
const MAX_FEN = 100_000_000_000;

/** Where each column stands; what is absent is left out. Titles may be in either language, or the column's own name. */
export function columnsOf(header: readonly string[]): Partial<Record<ImportColumn, number>> {
  const places: Partial<Record<ImportColumn, number>> = {};
  for (const column of IMPORT_COLUMNS) {
    const titles = new Set([column.toLowerCase(), ...wordsOf(`income.column.${column}`)]);
    const place = header.findIndex((title) => titles.has(title.trim().toLowerCase()));
    if (place >= 0) places[column] = place;
  }
  return places;
}

/** Required columns that a header lacks. */
export function missingColumns(places: Partial<Record<ImportColumn, number>>): ImportColumn[] {
  return REQUIRED.filter((column) => places[column] === undefined);
}

interface ReadRow {
  number: number;
  villageCode: string;
  period: Period;
  regime: AccountingRegime;
  /** `null`: the month is said to be zero. */
  line: AccountLine | null;
}

/**
 * The accounts of a table, in the order of their first rows, and every problem of every row. Whether villages exist and may be entered is for the
 * caller to say.
 */
export function readAccounts(
  places: Partial<Record<ImportColumn, number>>,
  rows: readonly NumberedRow[],
  defaultRegime: AccountingRegime,
): { accounts: ImportedAccount[]; problems: CellProblem[] } {
  const problems: CellProblem[] = [];
  const groups = new Map<string, ReadRow[]>();
  for (const { number, cells } of rows) {
    const cell = (column: ImportColumn) => cells[places[column] ?? -1]?.trim() ?? '';
    const read = readRow(number, cell, defaultRegime, problems);
    if (!read) continue;
    const key = `${read.villageCode} ${read.period}`;
    groups.set(key, [...(groups.get(key) ?? []), read]);
  }
  const accounts = [...groups.values()].flatMap((group) => accountOf(group, problems));
  return { accounts, problems: problems.sort((a, b) => a.row - b.row) };
}

function readRow(
  number: number,
  cell: (column: ImportColumn) => string,
  defaultRegime: AccountingRegime,
  problems: CellProblem[],
): ReadRow | undefined {
  const before = problems.length;
  const refuse = (column: ImportColumn, code: string) => problems.push({ row: number, column, code });
  const villageCode = cell('village');
  if (!/^\d{12}$/.test(villageCode)) refuse('village', 'income_import_village');
  const period = readPeriod(cell('period'));
  if (!period) refuse('period', 'income_import_period');
  const regime = cell('regime') ? ACCOUNTING_REGIMES.find((known) => cell('regime').includes(known)) : defaultRegime;
  if (!regime) refuse('regime', 'income_import_regime');
  const line = regime ? readLine(cell, regime, refuse) : null;
  return problems.length > before || !period || !regime ? undefined : { number, villageCode, period, regime, line };
}

/** The line of a row; `null` for a row that says zero, or one with a problem. */
function readLine(
  cell: (column: ImportColumn) => string,
  regime: AccountingRegime,
  refuse: (column: ImportColumn, code: string) => void,
): AccountLine | null {
  const amountFen = readYuan(cell('amountYuan') || '0');
  if (amountFen === undefined) refuse('amountYuan', 'income_import_amount');
  if (!cell('line') && !amountFen) return null;
  const line = INCOME_LINES[regime].find(({ code }) => code === cell('line') || namesLine(regime, code, cell('line')))?.code;
  if (!line) refuse('line', 'income_line_unknown');
  const mode = cell('mode') ? readMode(cell('mode')) : undefined;
  if (cell('mode') && !mode) refuse('mode', 'income_import_mode');
  const oneOff = readYesNo(cell('oneOff'));
  if (oneOff === undefined) refuse('oneOff', 'income_import_one_off');
  const note = cell('note');
  if (note.length > MAX_NOTE) refuse('note', 'income_import_note');
  if (!line || amountFen === undefined) return null;
  return { line, amountFen, oneOff: oneOff ?? false, ...(mode ? { mode } : {}), ...(note ? { note } : {}) };
}

function namesLine(regime: AccountingRegime, code: string, word: string): boolean {
  return wordsOf(lineMessage(regime, code)).includes(word.toLowerCase());
}

function accountOf(group: readonly ReadRow[], problems: CellProblem[]): ImportedAccount[] {
  const [first] = group;
  if (!first) return [];
  const before = problems.length;
  const withLines = group.filter((row) => row.line !== null);
  if (withLines.length && withLines.length < group.length) {
    for (const row of group) if (!row.line) problems.push({ row: row.number, column: 'line', code: 'income_import_zero' });
  }
  for (const row of group)
    if (row.regime !== first.regime) problems.push({ row: row.number, column: 'regime', code: 'income_import_regime_mixed' });
  const over = withLines[MAX_LINES];
  if (over) problems.push({ row: over.number, column: 'line', code: 'income_import_lines' });
  const lines = withLines.flatMap(({ line }) => (line ? [line] : []));
  for (const { index, field, code } of lineProblems(first.regime, lines)) {
    const column = field === 'amountFen' ? 'amountYuan' : field;
    problems.push({ row: withLines[index]?.number ?? first.number, column, code });
  }
  if (problems.length > before) return [];
  return [{ villageCode: first.villageCode, period: first.period, regime: first.regime, lines, row: first.number }];
}

/** A month written `2026-10`, `2026/10`, `2026.10`, `202610`, `2026年10月`, as a day, or as a spreadsheet shows a date cell. */
export function readPeriod(text: string): Period | undefined {
  const spreadsheetDate = /^[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{4}/.test(text) ? new Date(text).toISOString() : text;
  const match = /^(20\d{2})[-/.年]?(\d{1,2})(月|[-/.].*)?$/.exec(spreadsheetDate);
  const period = match ? `${match[1]}-${match[2]?.padStart(2, '0')}` : '';
  return periodSchema.safeParse(period).success ? period : undefined;
}

/** An amount in yuan with at most two decimals, as fen; thousands may be set apart by commas. */
export function readYuan(text: string): number | undefined {
  const plain = text.replace(/[,，\s¥￥元]/g, '');
  if (!/^-?\d+(\.\d+)?$/.test(plain)) return undefined;
  const exact = Number(plain) * 100;
  const fen = Math.round(exact);
  // A spreadsheet's own arithmetic leaves a trace far below a fen; a third decimal that someone wrote does not.
  if (Math.abs(exact - fen) > 1e-4 * Math.max(1, Math.abs(fen) * 1e-8) || Math.abs(fen) > MAX_FEN) return undefined;
  return fen || 0;
}

function readMode(text: string): IncomeMode | undefined {
  return INCOME_MODES.find((mode) => mode === text.toLowerCase() || wordsOf(`income.mode.${mode}`).includes(text.toLowerCase()));
}

function readYesNo(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (['', '0', 'false', 'n', ...wordsOf('income.no')].includes(word)) return false;
  return ['1', 'true', 'y', '√', ...wordsOf('income.yes')].includes(word) ? true : undefined;
}
