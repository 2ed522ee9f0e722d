import { Injectable } from '@nestjs/common';
import {
  firstDayOf,
  lastDayOf,
  periodOf,
  type AccountInput,
  type AccountStatus,
  type FieldError,
  type Period,
  type Role,
} from '#contracts';
import { assertScope, DirectoryReader, type DirectorySnapshot } from '#directory';
import { Audit, Clock, Database, DomainError, forbidden, invalid, Outbox, type Tx } from '#platform';
import { accountKey, AccountRepository, type AccountKey, type AccountRow } from './account.repository.js';
import { lineProblems, sameAccount } from './account.rules.js';

/** Who enters or decides: a principal, or the seed acting for one of its users. */
export interface IncomeActor {
  readonly id: string;
  readonly unitId: string | null;
  readonly role?: Role;
  readonly stationIds?: readonly string[];
}

/** A village's month to enter; `version` is the one that it replaces, 0 for the first. */
export type AccountEntry = AccountKey & AccountInput;

/** A decision on the latest version of an account. */
export type AccountVerdict = AccountKey & {
  readonly version: number;
  readonly decision: 'approve' | 'return';
  readonly reason?: string | undefined;
};

/** What entering did: which version says it now, and whether that is a new one. */
export type EnteredAccount = AccountKey & { readonly version: number; readonly created: boolean };

const STATUS_OF: Readonly<Record<AccountVerdict['decision'], AccountStatus>> = { approve: 'approved', return: 'returned' };

/**
 * Enters and decides accounts of village collectives (metric M12, docs/domain/income.md). Every way in (form, API, import, demo county) goes through
 * `enterMany` and `decideMany`: all of a call is stored, or nothing.
 */
@Injectable()
export class IncomeService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly accounts: AccountRepository,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * Enters one account as a new version.
   * @throws DomainError as {@link enterMany}
   */
  async enter(actor: IncomeActor, entry: AccountEntry): Promise<EnteredAccount> {
    const [entered] = await this.enterMany(actor, [entry]);
    if (!entered) throw new Error('One entry has one outcome');
    return entered;
  }

  /**
   * Enters accounts, each as a new submitted version; in the order given. Entering the same content again from the same version, as a client does that lost
   * the answer, makes no second version.
   * @throws DomainError `forbidden` 403 outside the actor's unit, `invalid_input` 400 for lines, villages or months that cannot be, `income_version_conflict` 409
   */
  async enterMany(actor: IncomeActor, entries: readonly AccountEntry[]): Promise<EnteredAccount[]> {
    assertDistinct(entries);
    const snapshot = await this.directory.snapshot();
    for (const { villageId } of entries) assertMayEnter(snapshot, actor, villageId);
    this.assertAcceptable(snapshot, entries);
    const entered = new Map<string, EnteredAccount>();
    await this.database.transaction(async (tx) => {
      for (const [countyCode, ofCounty] of byCounty(snapshot, entries)) {
        for (const outcome of await this.enterInCounty(tx, countyCode, actor, ofCounty))
          entered.set(accountKey(outcome), outcome);
      }
    });
    return entries.map((entry) => entered.get(accountKey(entry)) as EnteredAccount);
  }

  /**
   * Decides one account.
   * @throws DomainError as {@link decideMany}
   */
  async decide(actor: IncomeActor, verdict: AccountVerdict): Promise<void> {
    await this.decideMany(actor, [verdict]);
  }

  /**
   * Approves or returns submitted accounts. The same decision by the same person again changes nothing.
   * @throws DomainError `forbidden` 403, `not_found` 404, `income_own_account` 403 for one that the actor entered, `income_version_conflict` 409 when a newer
   * version exists, `income_already_decided` 409
   */
  async decideMany(actor: IncomeActor, verdicts: readonly AccountVerdict[]): Promise<void> {
    assertDistinct(verdicts);
    const snapshot = await this.directory.snapshot();
    for (const { villageId } of verdicts) assertScope(snapshot, actor, villageId);
    await this.database.transaction(async (tx) => {
      for (const [countyCode, ofCounty] of byCounty(snapshot, verdicts))
        await this.decideInCounty(tx, countyCode, actor, ofCounty);
    });
  }

  private assertAcceptable(snapshot: DirectorySnapshot, entries: readonly AccountEntry[]): void {
    const present = periodOf(this.clock.now());
    const single = entries.length === 1;
    const errors = entries.flatMap((entry, index) => entryErrors(snapshot, present, entry, single ? '' : `${index}.`));
    if (errors.length) throw invalid(errors);
  }

  private async enterInCounty(
    tx: Tx,
    countyCode: string,
    actor: IncomeActor,
    entries: readonly AccountEntry[],
  ): Promise<EnteredAccount[]> {
    await this.accounts.lock(tx, countyCode);
    const latest = await this.accounts.latest(tx, countyCode, entries);
    const outcomes = entries.map((entry) => entryOutcome(actor, entry, latest.get(accountKey(entry))));
    const enteredAt = this.clock.now();
    const created = entries.flatMap((entry, index) => {
      const outcome = outcomes[index];
      if (!outcome?.created) return [];
      const { villageId, period, regime, lines } = entry;
      return [{ countyCode, villageId, period, version: outcome.version, regime, lines, enteredBy: actor.id, enteredAt }];
    });
    if (!created.length) return outcomes;
    await this.accounts.insert(tx, created);
    await this.tell(tx, countyCode, actor, 'account.entered', created);
    return outcomes;
  }

  private async decideInCounty(
    tx: Tx,
    countyCode: string,
    actor: IncomeActor,
    verdicts: readonly AccountVerdict[],
  ): Promise<void> {
    await this.accounts.lock(tx, countyCode);
    const latest = await this.accounts.latest(tx, countyCode, verdicts);
    const effective = verdicts.filter((verdict) => isEffective(actor, verdict, latest.get(accountKey(verdict))));
    if (!effective.length) return;
    const rows = effective.map(({ villageId, period, version, decision, reason }) => ({
      villageId,
      period,
      version,
      status: STATUS_OF[decision],
      reason: reason ?? null,
    }));
    await this.accounts.decide(tx, countyCode, { decidedBy: actor.id, decidedAt: this.clock.now() }, rows);
    for (const status of ['approved', 'returned'] as const) {
      const decided = rows.filter((row) => row.status === status);
      if (decided.length) await this.tell(tx, countyCode, actor, `account.${status}`, decided);
    }
  }

  /** Publishes what changed, and records who did it. */
  private async tell(
    tx: Tx,
    countyCode: string,
    actor: IncomeActor,
    action: string,
    changed: readonly (AccountKey & { version: number })[],
  ): Promise<void> {
    const [first] = changed;
    if (!first) return;
    await this.outbox.publish(
      tx,
      'insight',
      changed.map(({ villageId, period }) => ({ countyCode, topic: 'insight.account.changed', payload: { villageId, period } })),
    );
    const single = changed.length === 1;
    const subject = single ? `account ${accountKey(first)}` : 'accounts';
    await this.audit.record(tx, {
      countyCode,
      actorId: actor.id,
      action,
      subject,
      detail: single ? { version: first.version } : { accounts: changed.length },
    });
  }
}

/** One call says one thing of an account. */
function assertDistinct(keys: readonly AccountKey[]): void {
  if (new Set(keys.map(accountKey)).size < keys.length)
    throw invalid([{ path: '', code: 'income_account_repeated', message: '' }]);
}

/** A station's keeper enters for the own village only; everyone else for what lies below them. */
function assertMayEnter(snapshot: DirectorySnapshot, actor: IncomeActor, villageId: string): void {
  assertScope(snapshot, actor, villageId);
  if (actor.role !== 'station' || actor.unitId === villageId) return;
  const keeps = actor.stationIds?.some((id) => snapshot.station(id)?.unitId === villageId) ?? false;
  if (!keeps) throw forbidden();
}

/** Why an account of this village and month cannot be; `undefined` when it can. */
export function keyProblem(
  snapshot: DirectorySnapshot,
  present: Period,
  { villageId, period }: AccountKey,
): 'income_period_future' | 'income_village_not_active' | undefined {
  if (period > present) return 'income_period_future';
  const existed = snapshot.unit(villageId, lastDayOf(period)) ?? snapshot.unit(villageId, firstDayOf(period));
  return existed?.level === 'village' ? undefined : 'income_village_not_active';
}

function entryErrors(snapshot: DirectorySnapshot, present: Period, entry: AccountEntry, prefix: string): FieldError[] {
  const problem = keyProblem(snapshot, present, entry);
  if (problem) return [{ path: `${prefix}period`, code: problem, message: entry.period }];
  return lineProblems(entry.regime, entry.lines).map(({ index, field, code }) => ({
    path: `${prefix}lines.${index}.${field}`,
    code,
    message: entry.lines[index]?.line ?? '',
  }));
}

/** @throws DomainError `income_version_conflict` when the account moved on since the version that the entry replaces */
function entryOutcome(actor: IncomeActor, entry: AccountEntry, latest: AccountRow | undefined): EnteredAccount {
  const { villageId, period } = entry;
  const current = latest?.version ?? 0;
  if (current === entry.version) return { villageId, period, version: current + 1, created: true };
  const repeated = latest && current === entry.version + 1 && latest.enteredBy === actor.id && sameAccount(latest, entry);
  if (!repeated) throw new DomainError('income_version_conflict', 409, { current });
  return { villageId, period, version: current, created: false };
}

/** Whether the decision changes anything. @throws DomainError as {@link IncomeService.decideMany} */
function isEffective(actor: IncomeActor, verdict: AccountVerdict, latest: AccountRow | undefined): boolean {
  if (!latest || verdict.version > latest.version)
    throw new DomainError('not_found', 404, { what: `${verdict.period} v${verdict.version}` });
  if (verdict.version < latest.version) throw new DomainError('income_version_conflict', 409, { current: latest.version });
  if (latest.status === STATUS_OF[verdict.decision] && latest.decidedBy === actor.id) return false;
  if (latest.status !== 'submitted') throw new DomainError('income_already_decided', 409);
  if (latest.enteredBy === actor.id) throw new DomainError('income_own_account', 403);
  return true;
}

/** The keys of each county, counties in code order so that locks are always taken in one order. */
function byCounty<T extends AccountKey>(snapshot: DirectorySnapshot, keys: readonly T[]): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const key of keys) {
    const countyCode = snapshot.countyCodeOf(key.villageId);
    const group = groups.get(countyCode);
    if (group) group.push(key);
    else groups.set(countyCode, [key]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}
