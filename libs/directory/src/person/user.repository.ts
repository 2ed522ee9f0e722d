import type { Role } from '#contracts';
import type { Tx } from '#platform';

/** A user as stored, with the person behind it still encrypted. */
export interface UserRow {
  id: string;
  username: string;
  role: Role;
  unitId: string;
  personId: string | null;
  name: Uint8Array | null;
  phone: Uint8Array | null;
  disabledAt: Date | null;
  createdAt: Date;
  stationIds: string[];
}

/** A person with name and phone encrypted. */
export interface PersonRow {
  id: string;
  name: Uint8Array;
  phone: Uint8Array | null;
  phoneTail: string | null;
}

/** A user to be stored. */
export interface NewUserRow {
  id: string;
  username: string;
  passwordHash: string;
  role: Role;
  unitId: string;
  person: PersonRow | null;
  stationIds: readonly string[];
}

const SELECT = `
  select u.id, u.username, u.role, u.unit_id as "unitId", u.person_id as "personId", p.name, p.phone, u.disabled_at as "disabledAt",
         u.created_at as "createdAt", array(select k.station_id from directory.user_station k where k.user_id = u.id order by 1) as "stationIds"
  from directory.user_account u left join directory.person p on p.id = u.person_id`;

/** The users of these ids that exist. */
export async function readUsers(tx: Tx, ids: readonly string[]): Promise<UserRow[]> {
  return await tx.query<UserRow>(`${SELECT} where u.id = any($1::uuid[]) order by u.id`, [ids]);
}

/** One user, locked until the transaction ends. */
export async function lockUser(tx: Tx, id: string): Promise<UserRow | undefined> {
  const [row] = await tx.query<UserRow>(`${SELECT} where u.id = $1::uuid for update of u`, [id]);
  return row;
}

/** Users of these units, in the order of their ids. */
export async function listUsers(
  tx: Tx,
  filter: { unitIds: readonly string[]; role: Role | undefined; phoneTail: string | undefined },
  after: string | undefined,
  limit: number,
): Promise<UserRow[]> {
  return await tx.query<UserRow>(
    `${SELECT} where u.unit_id = any($1::uuid[]) and ($2::text is null or u.role = $2) and ($3::text is null or p.phone_tail = $3)
       and ($4::uuid is null or u.id > $4::uuid) order by u.id limit $5`,
    [filter.unitIds, filter.role ?? null, filter.phoneTail ?? null, after ?? null, limit],
  );
}

/** Of these names, those that are taken. */
export async function takenNames(tx: Tx, usernames: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ username: string }>(
    'select username from directory.user_account where username = any($1::text[])',
    [usernames],
  );
  return rows.map((row) => row.username);
}

/** Stores new users with their persons and stations. */
export async function insertUsers(tx: Tx, users: readonly NewUserRow[], now: Date): Promise<void> {
  await insertPersons(
    tx,
    users.flatMap((user) => user.person ?? []),
  );
  await tx.query(
    `insert into directory.user_account (id, username, password_hash, role, unit_id, person_id, created_at)
     select u.*, $7::timestamptz from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::uuid[]) as u`,
    [
      users.map((user) => user.id),
      users.map((user) => user.username),
      users.map((user) => user.passwordHash),
      users.map((user) => user.role),
      users.map((user) => user.unitId),
      users.map((user) => user.person?.id ?? null),
      now,
    ],
  );
  const keepers = users.flatMap((user) => user.stationIds.map((stationId) => [user.id, stationId] as const));
  await insertKeepers(tx, keepers);
}

/** Stores persons. */
export async function insertPersons(tx: Tx, persons: readonly PersonRow[]): Promise<void> {
  if (persons.length === 0) return;
  await tx.query(
    `insert into directory.person (id, name, phone, phone_tail) select * from unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::text[])`,
    [
      persons.map((person) => person.id),
      persons.map((person) => Buffer.from(person.name)),
      persons.map((person) => person.phone && Buffer.from(person.phone)),
      persons.map((person) => person.phoneTail),
    ],
  );
}

/** Replaces the stations that a user keeps. */
export async function replaceStations(tx: Tx, userId: string, stationIds: readonly string[]): Promise<void> {
  await tx.query('delete from directory.user_station where user_id = $1::uuid', [userId]);
  await insertKeepers(
    tx,
    stationIds.map((stationId) => [userId, stationId] as const),
  );
}

/** Replaces the person behind a user; the one before is deleted, for nothing else refers to it. */
export async function replacePerson(tx: Tx, userId: string, before: string | null, person: PersonRow | null): Promise<void> {
  await insertPersons(tx, person ? [person] : []);
  await tx.query('update directory.user_account set person_id = $2::uuid where id = $1::uuid', [userId, person?.id ?? null]);
  if (before !== null) await tx.query('delete from directory.person where id = $1::uuid', [before]);
}

/** Ends every session of a user. */
export async function endSessions(tx: Tx, userId: string, now: Date): Promise<void> {
  await tx.query('update directory.session set revoked_at = $2::timestamptz where user_id = $1::uuid and revoked_at is null', [
    userId,
    now,
  ]);
}

async function insertKeepers(tx: Tx, keepers: readonly (readonly [string, string])[]): Promise<void> {
  if (keepers.length === 0) return;
  await tx.query('insert into directory.user_station (user_id, station_id) select * from unnest($1::uuid[], $2::uuid[])', [
    keepers.map(([userId]) => userId),
    keepers.map(([, stationId]) => stationId),
  ]);
}
