import { Injectable } from '@nestjs/common';
import { maskName, maskPhone, type Page, type PersonView, type Role, type UserView } from '#contracts';
import { Audit, Clock, Database, DomainError, notFound, Notifier, SecretBox, uuidv7, type Tx } from '#platform';
import { ACCESS_CHANNEL, DirectoryAuthenticator } from '../auth/directory.authenticator.js';
import { PasswordHasher } from '../auth/password.hasher.js';
import { pageFrom } from '../http/list.answer.js';
import type { DirectorySnapshot } from '../model/directory.snapshot.js';
import { assertScope, scopeAllows, type Actor } from '../model/scope.js';
import { DirectoryReader } from '../reader/directory.reader.js';
import { unitWithin } from '../unit/unit.queries.js';
import { unitRefOf } from '../unit/unit.view.js';
import * as repository from './user.repository.js';
import type { NewUserRow, PersonRow, UserRow } from './user.repository.js';

/** A person as entered. */
export interface PersonInput {
  name: string;
  phone?: string | null | undefined;
}

/** A user to be made, with one role inside one unit. */
export interface UserInput {
  id: string;
  username: string;
  password: string;
  role: Role;
  unitCode: string;
  stationCodes?: readonly string[];
  person?: PersonInput | null;
}

/** What changes of a user; what is absent stays. */
export interface UserChange {
  password?: string | undefined;
  role?: Role | undefined;
  unitCode?: string | undefined;
  stationCodes?: readonly string[] | undefined;
  person?: PersonInput | null | undefined;
  disabled?: boolean | undefined;
}

/** People who sign in. Names and phones are stored encrypted and answered masked. */
@Injectable()
export class UserService {
  constructor(
    private readonly database: Database,
    private readonly reader: DirectoryReader,
    private readonly authenticator: DirectoryAuthenticator,
    private readonly passwords: PasswordHasher,
    private readonly box: SecretBox,
    private readonly notifier: Notifier,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /**
   * Makes users in one transaction. A repeat of the same id and name changes nothing.
   * @throws DomainError `not_found` 404 (unit, station), `forbidden` 403, `username_taken`, `station_outside_unit`, `id_taken` 409
   */
  async createMany(actor: Actor, inputs: readonly UserInput[]): Promise<UserView[]> {
    const snapshot = await this.reader.snapshot();
    const rows = await Promise.all(inputs.map((input) => this.rowOf(snapshot, actor, input)));
    const stored = await this.database.transaction((tx) => this.store(tx, snapshot, actor, rows));
    const byId = new Map(stored.map((row) => [row.id, row]));
    return rows.flatMap((row) => {
      const user = byId.get(row.id);
      return user ? [this.view(snapshot, user)] : [];
    });
  }

  /**
   * Changes a user. A new password, role or unit, and disabling, end the user's sessions in every process.
   * @throws DomainError `not_found` 404, `forbidden` 403, `own_account` 409 (role, unit or disabling of oneself), `station_outside_unit` 409
   */
  async change(actor: Actor, id: string, input: UserChange): Promise<UserView> {
    const snapshot = await this.reader.snapshot();
    const passwordHash = input.password === undefined ? undefined : await this.passwords.hash(input.password);
    const unit = input.unitCode === undefined ? undefined : unitWithin(snapshot, actor, input.unitCode);
    const view = await this.database.transaction(async (tx) => {
      const user = await this.locked(tx, snapshot, actor, id);
      const disabling = input.disabled === true && user.disabledAt === null;
      const moving = (input.role !== undefined && input.role !== user.role) || (unit !== undefined && unit.id !== user.unitId);
      if (id === actor.id && (disabling || moving)) throw new DomainError('own_account', 409);
      const now = this.clock.now();
      await tx.query(
        `update directory.user_account set password_hash = coalesce($2, password_hash), role = coalesce($3, role), unit_id = coalesce($4::uuid, unit_id),
           disabled_at = case when $5::boolean is null then disabled_at when $5 then coalesce(disabled_at, $6::timestamptz) end where id = $1::uuid`,
        [id, passwordHash ?? null, input.role ?? null, unit?.id ?? null, input.disabled ?? null, now],
      );
      await this.changeDetails(tx, snapshot, { ...user, unitId: unit?.id ?? user.unitId }, input);
      if (disabling || moving || passwordHash !== undefined) await repository.endSessions(tx, id, now);
      await this.record(tx, snapshot, actor, 'user.changed', user);
      await this.notifier.notify(tx, ACCESS_CHANNEL, `user:${id}`);
      const [changed] = await repository.readUsers(tx, [id]);
      return this.view(snapshot, changed ?? user);
    });
    this.authenticator.forget(`user:${id}`);
    return view;
  }

  /** Users within a unit, persons masked, in the order of their ids. */
  async list(
    unitId: string,
    filter: { role?: Role | undefined; phoneTail?: string | undefined },
    after: string | undefined,
    limit: number,
  ): Promise<Page<UserView>> {
    const snapshot = await this.reader.snapshot();
    const phoneTail = filter.phoneTail === undefined ? undefined : this.box.tail(filter.phoneTail);
    const unitIds = snapshot.idsWithin(unitId);
    const rows = await repository.listUsers(this.database, { unitIds, role: filter.role, phoneTail }, after, limit + 1);
    const page = pageFrom(rows, (row) => row.id, limit);
    return { ...page, items: page.items.map((row) => this.view(snapshot, row)) };
  }

  /**
   * The person behind a user, unmasked. Who looked at whom is recorded before it is answered.
   * @throws DomainError `not_found` 404, `forbidden` 403
   */
  async unmask(actor: Actor, id: string): Promise<PersonView> {
    const snapshot = await this.reader.snapshot();
    return await this.database.transaction(async (tx) => {
      const user = await this.locked(tx, snapshot, actor, id);
      if (!user.name) throw notFound(id);
      await this.record(tx, snapshot, actor, 'person.unmasked', user);
      return { name: this.box.decrypt(user.name), phone: user.phone && this.box.decrypt(user.phone) };
    });
  }

  private async store(tx: Tx, snapshot: DirectorySnapshot, actor: Actor, rows: readonly NewUserRow[]): Promise<UserRow[]> {
    // One after the other: who asks for the same name or id at the same time must see what the one before has stored.
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('directory.user_account', 0))`);
    const ids = rows.map((row) => row.id);
    const known = new Map((await repository.readUsers(tx, ids)).map((user) => [user.id, user]));
    const other = rows.find((row) => known.has(row.id) && known.get(row.id)?.username !== row.username);
    if (other) throw new DomainError('id_taken', 409, { id: other.id });
    const fresh = rows.filter((row) => !known.has(row.id));
    if (fresh.length === 0) return [...known.values()];
    await assertNamesFree(tx, fresh);
    await repository.insertUsers(tx, fresh, this.clock.now());
    for (const row of fresh) await this.record(tx, snapshot, actor, 'user.created', row);
    return await repository.readUsers(tx, ids);
  }

  private async changeDetails(tx: Tx, snapshot: DirectorySnapshot, user: UserRow, input: UserChange): Promise<void> {
    if (input.stationCodes) await repository.replaceStations(tx, user.id, stationIds(snapshot, user.unitId, input.stationCodes));
    else if (user.stationIds.some((stationId) => !keeps(snapshot, user.unitId, stationId)))
      await repository.replaceStations(
        tx,
        user.id,
        user.stationIds.filter((stationId) => keeps(snapshot, user.unitId, stationId)),
      );
    if (input.person !== undefined) await repository.replacePerson(tx, user.id, user.personId, this.personRow(input.person));
  }

  private async locked(tx: Tx, snapshot: DirectorySnapshot, actor: Actor, id: string): Promise<UserRow> {
    const user = await repository.lockUser(tx, id);
    if (!user) throw notFound(id);
    assertScope(snapshot, actor, user.unitId);
    return user;
  }

  private async rowOf(snapshot: DirectorySnapshot, actor: Actor, input: UserInput): Promise<NewUserRow> {
    const unit = unitWithin(snapshot, actor, input.unitCode);
    return {
      id: input.id,
      username: input.username,
      passwordHash: await this.passwords.hash(input.password),
      role: input.role,
      unitId: unit.id,
      person: this.personRow(input.person ?? null),
      stationIds: stationIds(snapshot, unit.id, input.stationCodes ?? []),
    };
  }

  private personRow(person: PersonInput | null): PersonRow | null {
    if (!person) return null;
    const phone = person.phone ?? null;
    const sealed = { name: this.box.encrypt(person.name), phone: phone === null ? null : this.box.encrypt(phone) };
    return { id: uuidv7(), ...sealed, phoneTail: phone === null ? null : this.box.tail(phone) };
  }

  private view(snapshot: DirectorySnapshot, row: UserRow): UserView {
    const stations = row.stationIds.flatMap((id) => snapshot.station(id) ?? []);
    return {
      id: row.id,
      username: row.username,
      role: row.role,
      unit: unitRefOf(snapshot, row.unitId),
      stations: stations.map(({ code, name }) => ({ code, name })),
      person: row.name && {
        name: maskName(this.box.decrypt(row.name)),
        phone: row.phone && maskPhone(this.box.decrypt(row.phone)),
      },
      disabledAt: row.disabledAt?.toISOString() ?? null,
      createdAt: row.createdAt.toISOString(),
    };
  }

  private async record(
    tx: Tx,
    snapshot: DirectorySnapshot,
    actor: Actor,
    action: string,
    user: { id: string; unitId: string },
  ): Promise<void> {
    const countyCode = snapshot.countyCodeOf(user.unitId);
    await this.audit.record(tx, { countyCode, actorId: actor.id, action, subject: `user:${user.id}` });
  }
}

async function assertNamesFree(tx: Tx, rows: readonly NewUserRow[]): Promise<void> {
  const names = rows.map((row) => row.username);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  const username = twice ?? (await repository.takenNames(tx, names))[0];
  if (username !== undefined) throw new DomainError('username_taken', 409, { username });
}

/** A person keeps stations of the own unit or below it. */
function stationIds(snapshot: DirectorySnapshot, unitId: string, codes: readonly string[]): string[] {
  return [...new Set(codes)].map((code) => {
    const station = snapshot.stationByCode(code);
    if (!station) throw notFound(code);
    if (!keeps(snapshot, unitId, station.id)) throw new DomainError('station_outside_unit', 409, { code });
    return station.id;
  });
}

function keeps(snapshot: DirectorySnapshot, unitId: string, stationId: string): boolean {
  const station = snapshot.station(stationId);
  return station !== undefined && scopeAllows(snapshot, { unitId }, station.unitId);
}
