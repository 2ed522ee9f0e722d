import { Injectable } from '@nestjs/common';
import { firstDayOf, lastDayOf, type AccountListQuery, type AccountListRow, type AccountView, type Period } from '#contracts';
import { DirectoryReader, type Actor, type DirectorySnapshot, type UnitNode } from '#directory';
import { Database, notFound } from '#platform';
import { AccountRepository, accountKey, type AccountKey, type AccountRow, type CountedAccount } from './account.repository.js';
import { classify, moneyOf } from './income.formula.js';
import { labelOf, unitOf } from './income.units.js';

/** Reads accounts for people and programs, inside the reader's unit. */
@Injectable()
export class AccountReader {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly accounts: AccountRepository,
  ) {}

  /**
   * The village that a code named in a month, for entering or deciding its account.
   * @throws DomainError `not_found` 404 for an unknown code or one of another level, `forbidden` 403
   */
  async villageKey(actor: Actor, villageCode: string, period: Period): Promise<AccountKey> {
    const village = unitOf(await this.directory.snapshot(), actor, villageCode, period);
    if (village.level !== 'village') throw notFound(villageCode);
    return { villageId: village.id, period };
  }

  /**
   * The latest version of a village's account.
   * @throws DomainError `not_found` 404 while none was entered, `forbidden` 403
   */
  async view(actor: Actor, villageCode: string, period: Period): Promise<AccountView> {
    const [latest] = await this.versions(actor, villageCode, period);
    if (!latest) throw notFound(`${villageCode} ${period}`);
    return latest;
  }

  /** Every version of a village's account, latest first. @throws DomainError `not_found` 404 for an unknown village, `forbidden` 403 */
  async versions(actor: Actor, villageCode: string, period: Period): Promise<AccountView[]> {
    const snapshot = await this.directory.snapshot();
    const key = await this.villageKey(actor, villageCode, period);
    const rows = await this.accounts.versions(this.database, snapshot.countyCodeOf(key.villageId), key);
    return rows.map((row) => accountView(snapshot, row));
  }

  /**
   * One row for each village below the unit that owes an account of the month, in code order.
   * @throws DomainError `not_found` 404, `forbidden` 403
   */
  async list(actor: Actor, query: Pick<AccountListQuery, 'unit' | 'period' | 'status'>): Promise<AccountListRow[]> {
    const snapshot = await this.directory.snapshot();
    const unit = unitOf(snapshot, actor, query.unit, query.period);
    const villages = dueBelow(snapshot, unit, query.period);
    const states = await this.states(snapshot, villages, query.period);
    const rows = villages.map((village) => listRow(snapshot, village.id, query.period, states.get(village.id)));
    return query.status ? rows.filter((row) => row.status === query.status) : rows;
  }

  private async states(
    snapshot: DirectorySnapshot,
    villages: readonly UnitNode[],
    period: Period,
  ): Promise<Map<string, { row: AccountRow; counted: CountedAccount }>> {
    const states = new Map<string, { row: AccountRow; counted: CountedAccount }>();
    for (const countyCode of new Set(villages.map(({ id }) => snapshot.countyCodeOf(id)))) {
      const keys = villages
        .filter(({ id }) => snapshot.countyCodeOf(id) === countyCode)
        .map(({ id }) => ({ villageId: id, period }));
      const latest = await this.accounts.latest(this.database, countyCode, keys);
      for (const counted of await this.accounts.counted(this.database, countyCode, period, period)) {
        const row = latest.get(accountKey(counted));
        if (row) states.set(counted.villageId, { row, counted });
      }
    }
    return states;
  }
}

/** Villages below a unit that existed on at least one day of a month, in code order. */
export function dueBelow(snapshot: DirectorySnapshot, unit: Pick<UnitNode, 'id'>, period: Period): UnitNode[] {
  const found = new Map<string, UnitNode>();
  for (const day of [firstDayOf(period), lastDayOf(period)])
    for (const village of snapshot.descendants(unit.id, 'village', day)) found.set(village.id, village);
  return [...found.values()].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : a.id < b.id ? -1 : 1));
}

function resultFen(row: Pick<AccountRow, 'regime' | 'lines'>): number {
  return moneyOf(row.lines.map((entry) => classify(row.regime, entry))).operatingResultFen;
}

function accountView(snapshot: DirectorySnapshot, row: AccountRow): AccountView {
  return {
    village: labelOf(snapshot, row.villageId, row.period),
    period: row.period,
    regime: row.regime,
    status: row.status,
    version: row.version,
    lines: [...row.lines],
    operatingResultFen: resultFen(row),
    enteredBy: row.enteredBy,
    enteredAt: row.enteredAt.toISOString(),
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    reason: row.reason,
  };
}

function listRow(
  snapshot: DirectorySnapshot,
  villageId: string,
  period: Period,
  state: { row: AccountRow; counted: CountedAccount } | undefined,
): AccountListRow {
  const row = state?.row;
  return {
    village: labelOf(snapshot, villageId, period),
    period,
    status: row?.status ?? 'missing',
    version: row?.version ?? 0,
    approvedVersion: state?.counted.version ?? null,
    regime: row?.regime ?? null,
    operatingResultFen: row ? resultFen(row) : null,
    enteredBy: row?.enteredBy ?? null,
    enteredAt: row?.enteredAt.toISOString() ?? null,
    reason: row?.reason ?? null,
  };
}
