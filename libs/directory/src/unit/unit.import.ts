/** Pure reading of a county's village list: rows, what is wrong with them, and the plan of what they change. */
import { CODE_LENGTH, type Day, type UnitLevel } from '#contracts';
import { DomainError, type Table } from '#platform';
import type { DirectorySnapshot } from '../model/directory.snapshot.js';
import { codeInRange, fullCode, nameDisagreement } from '../model/unit.code.js';
import { assertCodeFree, bearerFrom, emptyPlan, planCreate, type UnitPlan } from './unit.plan.js';
import { planVersion } from './unit.version.plan.js';

/** Columns of the list with the header texts that are understood, lower-case and without spaces. */
const COLUMNS = {
  county_code: ['county_code', '县代码', '县级代码', '区县代码', '县区代码', '县编码', '县级区划代码', '县区划代码'],
  county_name: ['county_name', '县', '县名', '县名称', '县级名称', '区县', '区县名称', '县区名称', '县(区)'],
  town_code: ['town_code', '乡镇代码', '乡级代码', '镇代码', '乡镇编码', '乡级区划代码', '乡镇街道代码', '乡镇区划代码'],
  town_name: ['town_name', '乡镇', '乡镇名', '乡镇名称', '乡级名称', '镇名称', '乡镇街道', '乡镇街道名称'],
  village_code: ['village_code', '村代码', '村级代码', '行政村代码', '村编码', '村级区划代码', '村社区代码', '村区划代码'],
  village_name: ['village_name', '村', '村名', '村名称', '村级名称', '行政村', '行政村名称', '村社区', '村社区名称'],
} as const satisfies Record<string, readonly string[]>;
type Column = keyof typeof COLUMNS;

const LEVELS = ['county', 'town', 'village'] as const satisfies readonly UnitLevel[];
type ListLevel = (typeof LEVELS)[number];
const MAX_NAME = 80;

/** One problem of a row; its text is made by `row_<code>` of the message files. */
export interface ImportProblem {
  /** Line in the file, the header being 1; 0 concerns the whole file. */
  row: number;
  column: Column | '';
  code: string;
  params: Record<string, string | number>;
  severity: 'error' | 'warning';
}

interface ListedUnit {
  level: ListLevel;
  code: string;
  name: string;
  row: number;
}

/** What a list says, and what is wrong with it. */
export interface DivisionList {
  rows: number;
  units: ListedUnit[];
  problems: ImportProblem[];
}

/** What an import would change. `plan` is empty while there is any error. */
export interface ImportPlan {
  plan: UnitPlan;
  rows: number;
  imported: number;
  unchanged: number;
  problems: ImportProblem[];
}

/**
 * Reads the rows of a list, each on its own and against the rows before.
 * @throws DomainError `import_columns_missing` 422
 */
export function readDivisionList(table: Table): DivisionList {
  const at = columnsOf(table.header);
  const list = new ListReader();
  for (const { number, cells } of table.rows) {
    const cell = (column: Column): string => (cells[at[column]] ?? '').trim();
    list.read(number, cell);
  }
  return { rows: table.rows.length, units: [...list.units.values()], problems: list.problems };
}

/** Plans what a list changes as of its first day: units it names anew, and names that differ. It never ends a unit. */
export function planImport(snapshot: DirectorySnapshot, list: DivisionList, validFrom: Day, newId: () => string): ImportPlan {
  const plan = emptyPlan();
  const problems = [...list.problems];
  const changedRows = new Set<number>();
  const fresh: ListedUnit[] = [];
  for (const unit of list.units) {
    try {
      const known = bearerFrom(snapshot, unit.code, validFrom);
      if (!known) {
        assertCodeFree(snapshot, unit.code, validFrom, []);
        fresh.push(unit);
      } else if (known.name !== unit.name) planVersion(snapshot, known.id, { validFrom, name: unit.name }, plan);
      else continue;
      changedRows.add(unit.row);
    } catch (error) {
      problems.push(refusalOf(error, unit));
    }
  }
  problems.push(...missingUnits(snapshot, list, validFrom));
  problems.sort((a, b) => a.row - b.row);
  if (problems.some((problem) => problem.severity === 'error'))
    return { plan: emptyPlan(), rows: list.rows, imported: 0, unchanged: 0, problems };
  planCreate(
    snapshot,
    fresh.map(({ code, name }) => ({ id: newId(), code, name, validFrom })),
    plan,
  );
  return { plan, rows: list.rows, imported: changedRows.size, unchanged: list.rows - changedRows.size, problems };
}

/** Collects the units of a list row by row. */
class ListReader {
  readonly units = new Map<string, ListedUnit>();
  readonly problems: ImportProblem[] = [];

  read(row: number, cell: (column: Column) => string): void {
    let parentCode = '';
    for (const level of LEVELS) {
      const written = cell(`${level}_code`);
      const code = ownDigits(written, level);
      if (code === undefined) return this.error(row, `${level}_code`, 'code_malformed', { code: written });
      if (!code.startsWith(parentCode))
        return this.error(row, `${level}_code`, 'code_parent_mismatch', { code, parent: parentCode });
      const name = cell(`${level}_name`);
      if (name === '') return this.error(row, `${level}_name`, 'name_missing', {});
      if (/\p{Cc}/u.test(name)) return this.error(row, `${level}_name`, 'name_malformed', {});
      if (name.length > MAX_NAME) return this.error(row, `${level}_name`, 'name_too_long', { max: MAX_NAME });
      this.add({ level, code, name, row });
      parentCode = code;
    }
  }

  private add(unit: ListedUnit): void {
    const before = this.units.get(unit.code);
    const { row, level, code, name } = unit;
    if (before && before.name !== name)
      this.error(row, `${level}_name`, 'name_conflict', { code, name: before.name, row: before.row });
    else if (before && level === 'village') this.warn(row, 'village_code', 'duplicate_row', { code, row: before.row });
    if (before) return;
    this.units.set(code, unit);
    const disagreement = nameDisagreement(code, name);
    if (disagreement) this.warn(row, `${level}_name`, 'name_disagrees', { code, name });
    else if (!codeInRange(code)) this.warn(row, `${level}_code`, 'code_out_of_range', { code });
  }

  private error(row: number, column: Column, code: string, params: ImportProblem['params']): void {
    this.problems.push({ row, column, code, params, severity: 'error' });
  }

  private warn(row: number, column: Column, code: string, params: ImportProblem['params']): void {
    this.problems.push({ row, column, code, params, severity: 'warning' });
  }
}

function columnsOf(header: readonly string[]): Record<Column, number> {
  const titles = header.map((title) => title.replace(/\s/g, '').replace('（', '(').replace('）', ')').toLowerCase());
  const entries = (Object.keys(COLUMNS) as Column[]).map((column): [Column, number] => {
    const aliases: readonly string[] = COLUMNS[column];
    return [column, titles.findIndex((title) => aliases.includes(title))];
  });
  const missing = entries.filter(([, index]) => index < 0).map(([column]) => column);
  if (missing.length > 0) throw new DomainError('import_columns_missing', 422, { columns: missing.join(', ') });
  return Object.fromEntries(entries) as Record<Column, number>;
}

/** A code in its level's own digits, also when it was written in full; `undefined` when it is no code of that level. */
function ownDigits(written: string, level: ListLevel): string | undefined {
  const length = CODE_LENGTH[level];
  const code = written.length === 12 && fullCode(written.slice(0, length)) === written ? written.slice(0, length) : written;
  const numbered = level === 'county' || !code.endsWith('000');
  return /^\d+$/.test(code) && code.length === length && numbered ? code : undefined;
}

/** A refusal of the plan, at the row that named the unit first. */
function refusalOf(error: unknown, unit: ListedUnit): ImportProblem {
  if (!(error instanceof DomainError)) throw error;
  return { row: unit.row, column: `${unit.level}_code`, code: error.code, params: { ...error.params }, severity: 'error' };
}

/** One warning a county for units that the list does not name: it may be old, so they stay. */
function missingUnits(snapshot: DirectorySnapshot, list: DivisionList, day: Day): ImportProblem[] {
  const listed = new Set(list.units.map((unit) => unit.code));
  const counties = list.units
    .filter((unit) => unit.level === 'county')
    .flatMap((unit) => bearerFrom(snapshot, unit.code, day) ?? []);
  return counties.flatMap((county): ImportProblem[] => {
    const below = LEVELS.slice(1).flatMap((level) => snapshot.descendants(county.id, level, day));
    const missing = below.filter((unit) => !listed.has(unit.code));
    const [first] = missing;
    if (!first) return [];
    return [
      { row: 0, column: '', code: 'units_missing', params: { count: missing.length, example: first.name }, severity: 'warning' },
    ];
  });
}
