import { Injectable } from '@nestjs/common';
import type { ImportResult, RowProblem } from '#contracts';
import { DirectoryReader } from '#directory';
import {
  Audit,
  Clock,
  Database,
  DomainError,
  message,
  readTable,
  SecretBox,
  type Language,
  type Principal,
  type Upload,
} from '#platform';
import { storedClaim } from '../carrier/stored.claim.js';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { LedgerWriter, WRITTEN } from '../ledger/ledger.writer.js';
import { storeRecipients } from '../recipient/recipient.repository.js';
import { readImport, type CellProblem, type ImportKnowledge } from './import.rows.js';
import { countyKeyOf, listedUnit } from './parcel.scope.js';

const MAX_ROWS = 20_000;
/** A file with thousands of faults is not made clearer by all of them. */
const MAX_PROBLEMS = 500;

/** Takes a carrier's file of parcel events: all of it or nothing; the same file again changes nothing. */
@Injectable()
export class ParcelImport {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly writer: LedgerWriter,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly secrets: SecretBox,
  ) {}

  /** @throws DomainError `import_refused` 422 with the problems row by row, `table_unreadable` 400, `county_required` 400 */
  async import(principal: Principal, upload: Upload, language: Language): Promise<ImportResult> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const now = this.clock.now();
    const countyCode = countyKeyOf(facts, principal, listedUnit(facts.snapshot, principal, undefined), now);
    const table = await readTable(upload);
    if (table.rows.length > MAX_ROWS) throw new DomainError('table_unreadable', 400, { reason: `> ${MAX_ROWS}` });
    const { events, recipients, rows, problems } = readImport(table, knowledgeOf(facts, principal, countyCode));
    if (problems.length > 0) throw refusal(problems, language);
    const claims = events.map((event) => storedClaim(event, now.getTime(), principal.id));
    const results = await this.writer.write(countyCode, claims, facts);
    // A file that was cut off here is sent again: its events are repeats then, and its recipients are stored.
    const words = recipients.map((word) => (word.at > now ? { ...word, at: now } : word));
    await this.database.transaction((tx) => storeRecipients(tx, this.secrets, countyCode, words, now));
    const own = claims.filter(({ kind }) => kind !== 'continued');
    const imported = own.filter((event) => (results.get(event) ?? WRITTEN).outcome === 'written').length;
    await this.audit.record(this.database, {
      countyCode,
      actorId: principal.kind === 'user' ? principal.id : null,
      action: 'parcels.imported',
      subject: `carrier:${principal.carrierCode ?? ''}`,
      detail: { rows, imported },
    });
    return { rows, imported, unchanged: own.length - imported, problems: [] };
  }
}

function knowledgeOf({ snapshot }: SnapshotFacts, principal: Principal, countyCode: string): ImportKnowledge {
  return {
    carrier: (code) => snapshot.carrier(code)?.code ?? snapshot.carriers().find((carrier) => carrier.nameZh === code)?.code,
    ownCarrier: principal.carrierCode ?? null,
    village: (code) => {
      const unit = snapshot.unitByCode(code);
      return unit?.level === 'village' && snapshot.countyCodeOf(unit.id) === countyCode ? unit.id : undefined;
    },
  };
}

function refusal(problems: readonly CellProblem[], language: Language): DomainError {
  const errors = problems.slice(0, MAX_PROBLEMS).map(({ row, column, code, params }): RowProblem => ({
    row,
    path: `${row}:${column}`,
    code,
    message: message(language, `parcel_row_${code}`, params),
    severity: 'error',
  }));
  return new DomainError('import_refused', 422, { count: problems.length }, errors);
}
