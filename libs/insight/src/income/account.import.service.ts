import { Injectable } from '@nestjs/common';
import { periodOf, type ImportResult, type RowProblem } from '#contracts';
import { DirectoryReader, scopeAllows, type DirectorySnapshot } from '#directory';
import { Clock, Database, DomainError, message, type Language, type Table } from '#platform';
import { accountKey, AccountRepository, type AccountKey } from './account.repository.js';
import {
  columnsOf,
  missingColumns,
  readAccounts,
  type CellProblem,
  type ImportColumn,
  type ImportedAccount,
} from './account.import.js';
import { sameAccount } from './account.rules.js';
import { IncomeService, keyProblem, type AccountEntry, type IncomeActor } from './income.service.js';
import { unitInMonth } from './income.units.js';

/** A file with thousands of faults is not made clearer by all of them. */
const MAX_PROBLEMS = 500;

/** An account of a file whose village was found. */
type PlacedAccount = AccountKey & ImportedAccount;

/** Imports accounts from a table: everything in it is entered as `enterMany` does, or nothing while any row has a problem. */
@Injectable()
export class AccountImportService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly accounts: AccountRepository,
    private readonly income: IncomeService,
    private readonly clock: Clock,
  ) {}

  /**
   * Enters the accounts of a table. An account that says what is already entered is left alone, so the same file may come twice.
   * @throws DomainError `import_refused` 422 with the problems row by row, `income_import_columns` 400, `income_import_empty` 400, else as
   * {@link IncomeService.enterMany}
   */
  async import(actor: IncomeActor, table: Table, language: Language): Promise<ImportResult> {
    const places = columnsOf(table.header);
    const missing = missingColumns(places).map((column) => message(language, `income.column.${column}`));
    if (missing.length) throw new DomainError('income_import_columns', 400, { columns: missing.join(', ') });
    if (!table.rows.length) throw new DomainError('income_import_empty', 400);
    const snapshot = await this.directory.snapshot();
    const read = readAccounts(places, table.rows, defaultRegime(snapshot, actor));
    const { placed, problems } = this.place(snapshot, actor, read.accounts);
    const all = [...read.problems, ...problems].sort((a, b) => a.row - b.row);
    if (all.length) {
      const shown = all.slice(0, MAX_PROBLEMS).map((problem) => rowProblem(problem, language));
      throw new DomainError('import_refused', 422, { count: all.length }, shown);
    }
    const entries = await this.changed(snapshot, placed);
    if (entries.length) await this.income.enterMany(actor, entries);
    return { rows: table.rows.length, imported: entries.length, unchanged: placed.length - entries.length, problems: [] };
  }

  /** Finds each account's village, and says which ones the actor cannot enter. */
  private place(
    snapshot: DirectorySnapshot,
    actor: IncomeActor,
    read: readonly ImportedAccount[],
  ): { placed: PlacedAccount[]; problems: CellProblem[] } {
    const present = periodOf(this.clock.now());
    const placed = new Map<string, PlacedAccount>();
    const problems: CellProblem[] = [];
    for (const account of read) {
      const refuse = (column: ImportColumn, code: string) => problems.push({ row: account.row, column, code });
      const villageId = unitInMonth(snapshot, account.villageCode, account.period)?.id;
      if (!villageId) refuse('village', 'income_import_village');
      else if (!scopeAllows(snapshot, actor, villageId)) refuse('village', 'income_import_scope');
      else {
        const problem = keyProblem(snapshot, present, { villageId, period: account.period });
        const key = accountKey({ villageId, period: account.period });
        if (problem) refuse('period', problem);
        // Two codes of one village, its old and its new one, in one file.
        else if (placed.has(key)) refuse('village', 'income_account_repeated');
        else placed.set(key, { ...account, villageId });
      }
    }
    return { placed: [...placed.values()], problems };
  }

  private async changed(snapshot: DirectorySnapshot, placed: readonly PlacedAccount[]): Promise<AccountEntry[]> {
    const entries: AccountEntry[] = [];
    for (const countyCode of new Set(placed.map(({ villageId }) => snapshot.countyCodeOf(villageId)))) {
      const ofCounty = placed.filter(({ villageId }) => snapshot.countyCodeOf(villageId) === countyCode);
      const latest = await this.accounts.latest(this.database, countyCode, ofCounty);
      for (const account of ofCounty) {
        const { villageId, period, regime, lines } = account;
        const known = latest.get(accountKey(account));
        // What was returned may be entered again as it was: its keeper stands by it.
        if (known && known.status !== 'returned' && sameAccount(known, account)) continue;
        entries.push({ villageId, period, regime, lines, version: known?.version ?? 0 });
      }
    }
    return entries;
  }
}

function defaultRegime(snapshot: DirectorySnapshot, actor: IncomeActor) {
  return snapshot.parameters(actor.unitId === null ? '' : snapshot.countyCodeOf(actor.unitId)).accountingRegime;
}

function rowProblem({ row, column, code }: CellProblem, language: Language): RowProblem {
  return { row, path: `${row}:${column}`, code, message: message(language, `field_${code}`), severity: 'error' };
}
