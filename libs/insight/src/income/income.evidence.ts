import { Injectable } from '@nestjs/common';
import { addMonths, lastDayOf, type IncomeEvidenceQuery, type IncomeEvidenceRow, type Period } from '#contracts';
import { DirectoryReader, type Actor, type DirectorySnapshot } from '#directory';
import { Clock, Database } from '#platform';
import { AccountRepository, type CountedAccount } from './account.repository.js';
import { classify, inOperatingResult } from './income.formula.js';
import { lineageOf } from './income.aggregator.js';
import { incomeUnit } from './income.reader.js';
import type { Holding, Lineage } from './income.lineage.js';
import { labelOf } from './income.units.js';
import { heldLines, TRAILING_MONTHS } from './income.window.js';

/** An evidence row with the key by which pages go on: village code, month, position in the account. */
export interface KeyedEvidence {
  readonly key: readonly [string, Period, number];
  readonly row: IncomeEvidenceRow;
}

/** The account lines behind a figure: the same accounts, shared out by the same lineage, so that they sum to it. */
@Injectable()
export class IncomeEvidence {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly accounts: AccountRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Every line behind the figures of a unit and period, ordered by village code, month and position.
   * @throws DomainError `not_found` 404, `forbidden` 403, `income_level_unsupported` 400, `income_period_future` 400
   */
  async rows(actor: Actor, query: Pick<IncomeEvidenceQuery, 'unit' | 'period' | 'span'>): Promise<KeyedEvidence[]> {
    const snapshot = await this.directory.snapshot();
    const unit = incomeUnit(snapshot, actor, query.unit, query.period, this.clock.now());
    const from = query.span === 'month' ? query.period : addMonths(query.period, 1 - TRAILING_MONTHS);
    const counted = await this.accounts.counted(this.database, snapshot.countyCodeOf(unit.id), from, query.period);
    const below = new Set(snapshot.descendants(unit.id, 'village', lastDayOf(query.period)).map(({ id }) => id));
    const lineage = lineageOf(snapshot);
    return counted.flatMap((account) => evidenceOf(snapshot, lineage, below, query.period, account)).sort(compareKeys);
  }
}

function evidenceOf(
  snapshot: DirectorySnapshot,
  lineage: Lineage,
  below: ReadonlySet<string>,
  period: Period,
  account: CountedAccount,
): KeyedEvidence[] {
  const holdings = lineage.holders(account.villageId, account.period, period).filter(({ villageId }) => below.has(villageId));
  return holdings.flatMap((holding, index) => heldEvidence(snapshot, account, holding, index));
}

/** Lines of one account as one holder has them; several holders of a split account follow one another. */
function heldEvidence(snapshot: DirectorySnapshot, account: CountedAccount, holding: Holding, holder: number): KeyedEvidence[] {
  const { regime, lines, version } = account;
  if (!regime || !lines || version === null) return [];
  const village = labelOf(snapshot, account.villageId, account.period);
  return heldLines(lines, holding).map((entry, index) => {
    const { lineClass, mode, oneOff } = classify(regime, entry);
    return {
      key: [village.code, account.period, holder * lines.length + index],
      row: {
        village,
        period: account.period,
        line: entry.line,
        lineClass,
        mode,
        amountFen: entry.amountFen,
        oneOff,
        inOperatingResult: inOperatingResult({ lineClass, oneOff }),
        accountVersion: version,
        approvedBy: account.decidedBy ?? '',
      },
    };
  });
}

/** Order of two keys, value by value. */
export function compareKeys(a: Pick<KeyedEvidence, 'key'>, b: Pick<KeyedEvidence, 'key'>): number {
  for (const index of [0, 1] as const) if (a.key[index] !== b.key[index]) return a.key[index] < b.key[index] ? -1 : 1;
  return a.key[2] - b.key[2];
}
