/**
 * The data keys of the people who use this phone. A sign-in with the network makes or opens a person's key by the password; without the network the
 * password alone opens it. The open key is one that no script can read out, and lasts until sign-out or twelve hours.
 *
 * A password that was changed elsewhere does not open what the former one sealed: a new key is made, the former stays until nothing rests on it, and
 * `openFormer` opens it by the former password.
 */
import { v7 as uuidv7 } from 'uuid';
import type { Me } from '#contracts';
import {
  canEncrypt,
  dataKeyOf,
  decrypt,
  encrypt,
  measuredIterations,
  newRawKey,
  newSalt,
  openWith,
  passwordKey,
  sealWith,
} from '../vault/cipher.js';
import { phone, type KeyRecord, type WrappedKey } from '../vault/phone.database.js';
import { closeVault, openVault, vault } from '../vault/vault.js';
import { failedOnce, waitMs, type Tries } from './password.tries.js';

/** As long as a session of the server. */
const OPEN_MS = 12 * 3_600_000;
/** Who works here. In the database: what a browser keeps elsewhere may not be on disk yet when the power goes. */
const CURRENT = 'current user';

interface Opened {
  record: KeyRecord;
  key: CryptoKey;
}

/** How an unlocking without the network ended. `unknown`: this person has not signed in here with the network before. */
export type Unlocked = { kind: 'open'; me: Me } | { kind: 'unknown' } | { kind: 'wrong' } | { kind: 'wait'; ms: number };

const nameOf = (username: string): string => username.trim().toLowerCase();

async function recordsOf(userId: string): Promise<KeyRecord[]> {
  const records = await phone.keys.where('userId').equals(userId).toArray();
  return records.sort((a, b) => (a.madeAt < b.madeAt ? 1 : -1));
}

async function wrap(raw: Uint8Array<ArrayBuffer>, password: string): Promise<WrappedKey> {
  const salt = newSalt();
  const iterations = await measuredIterations();
  return { salt, iterations, ...(await encrypt(await passwordKey(password, salt, iterations), raw)) };
}

async function unwrap({ wrapped }: KeyRecord, password: string): Promise<CryptoKey | undefined> {
  if (!wrapped) return undefined;
  const key = await passwordKey(password, wrapped.salt, wrapped.iterations);
  const raw = await decrypt(key, wrapped).catch(() => undefined);
  return raw && (await dataKeyOf(raw));
}

/** A new key; without a password it lives on this phone alone, until a sign-in with one takes its place. */
async function make(me: Me, password?: string): Promise<Opened> {
  const raw = newRawKey();
  const record: KeyRecord = {
    id: uuidv7(),
    userId: me.id,
    username: nameOf(me.username),
    madeAt: new Date().toISOString(),
    ...(password !== undefined && { wrapped: await wrap(raw, password) }),
  };
  const key = await dataKeyOf(raw);
  raw.fill(0);
  return { record, key };
}

/** Puts the key in use: the page holds it, and the database until its time is over. */
async function use({ record, key }: Opened, older: readonly Opened[], me: Me): Promise<void> {
  const kept: KeyRecord = {
    ...record,
    open: key,
    openUntil: Date.now() + OPEN_MS,
    me: await sealWith(record.id, key, me),
  };
  await phone.transaction('rw', [phone.keys, phone.notes], async () => {
    await phone.keys.put(kept);
    await phone.notes.put({ key: CURRENT, value: me.id });
  });
  openVault(
    { id: record.id, key },
    older.map((one) => ({ id: one.record.id, key: one.key })),
  );
}

/** Seals under the key in use what older open keys sealed, and lets go of keys that nothing rests on any more. */
async function renewSeals(userId: string): Promise<void> {
  const current = vault.keyId;
  for (const id of await phone.bodies.where('userId').equals(userId).primaryKeys()) {
    const row = await phone.bodies.get(id);
    if (!row || row.sealed.keyId === current || !vault.holds(row.sealed.keyId)) continue;
    const sealed = await vault.seal(await vault.open(row.sealed));
    await phone.bodies.where('id').equals(id).modify({ sealed });
  }
  const used = new Set((await phone.bodies.where('userId').equals(userId).toArray()).map(({ sealed }) => sealed.keyId));
  const spent = (await recordsOf(userId)).filter(({ id }) => id !== current && !used.has(id));
  await phone.keys.bulkDelete(spent.map(({ id }) => id));
}

/** After the server took the password: this phone knows the person from now on. */
export async function knowBy(me: Me, password: string): Promise<void> {
  if (!canEncrypt()) return;
  const opened: Opened[] = [];
  const visiting: Opened[] = [];
  for (const record of await recordsOf(me.id)) {
    const key = await unwrap(record, password);
    if (key) opened.push({ record, key });
    else if (record.open) visiting.push({ record, key: record.open });
  }
  const [current = await make(me, password), ...rest] = opened;
  await phone.notes.delete(`tries|${nameOf(me.username)}`);
  await use(current, [...rest, ...visiting], me);
  await renewSeals(me.id);
}

/** A session without a password seen here (opened by another page): what is stored is sealed all the same. False when the password must be asked for. */
export async function knowBySession(me: Me): Promise<boolean> {
  if (!canEncrypt()) return true;
  const records = await recordsOf(me.id);
  const known = records.find(({ open }) => open !== undefined);
  if (records.length > 0 && !known) return false;
  await use(known?.open ? { record: known, key: known.open } : await make(me), [], me);
  return true;
}

/** Opens a person's key without the network, by the password alone. */
export async function unlock(username: string, password: string): Promise<Unlocked> {
  const name = nameOf(username);
  const records = (await phone.keys.where('username').equals(name).toArray()).filter(({ wrapped, me }) => wrapped && me);
  const [latest, ...older] = records.sort((a, b) => (a.madeAt < b.madeAt ? 1 : -1));
  if (!latest?.me) return { kind: 'unknown' };
  const tries = (await phone.notes.get(`tries|${name}`))?.value as Tries | undefined;
  const ms = waitMs(tries, Date.now());
  if (ms > 0) return { kind: 'wait', ms };
  const key = await unwrap(latest, password);
  if (!key) {
    await phone.notes.put({ key: `tries|${name}`, value: failedOnce(tries, Date.now()) });
    return { kind: 'wrong' };
  }
  await phone.notes.delete(`tries|${name}`);
  const me = await openWith<Me>(key, latest.me);
  const rest: Opened[] = [];
  for (const record of older) {
    const opened = await unwrap(record, password);
    if (opened) rest.push({ record, key: opened });
  }
  await use({ record: latest, key }, rest, me);
  return { kind: 'open', me };
}

/** Opens what a former password sealed; resolves to whether it opened anything. */
export async function openFormer(userId: string, formerPassword: string): Promise<boolean> {
  const records = await recordsOf(userId);
  const current = records.find(({ id }) => id === vault.keyId);
  const opened: Opened[] = [];
  for (const record of records.filter(({ id }) => id !== vault.keyId)) {
    const key = await unwrap(record, formerPassword);
    if (key) opened.push({ record, key });
  }
  if (!current?.open || opened.length === 0) return false;
  openVault(
    { id: current.id, key: current.open },
    opened.map(({ record, key }) => ({ id: record.id, key })),
  );
  await renewSeals(userId);
  return true;
}

/** After a reload: the person whose key is still open, or `undefined`. A key whose time is over is shut. */
export async function resume(): Promise<Me | undefined> {
  const now = Date.now();
  const userId = (await phone.notes.get(CURRENT))?.value as string | undefined;
  for (const record of await phone.keys.toArray()) {
    // A clock that was set back by more than the time itself does not keep a key open for ever.
    const inTime = record.openUntil !== undefined && record.openUntil > now && record.openUntil <= now + OPEN_MS;
    if (record.open && record.wrapped && !inTime) await shut(record);
  }
  if (!userId) return undefined;
  const records = await recordsOf(userId);
  const latest = records.find(({ open, me: sealed, openUntil = 0 }) => open && sealed && openUntil > now);
  if (!latest?.open || !latest.me) return undefined;
  const me = await openWith<Me>(latest.open, latest.me).catch(() => undefined);
  if (!me) return undefined;
  openVault(
    { id: latest.id, key: latest.open },
    records.flatMap(({ id, open }) => (open && id !== latest.id ? [{ id, key: open }] : [])),
  );
  return me;
}

async function shut(record: KeyRecord): Promise<void> {
  const { open: _, openUntil: __, ...kept } = record;
  await phone.keys.put(kept);
}

/** Keeps what the server says about the person now. */
export async function remember(me: Me): Promise<void> {
  const { keyId } = vault;
  if (keyId) await phone.keys.update(keyId, { me: await vault.seal(me) });
}

/**
 * Sign-out. What the phone knows of other people goes; with something unsent, its sealed part stays until the person signs in again. The shut key stays, so
 * that the person can sign in here without a network; one that no password wraps goes, unless something unsent rests on it.
 */
export async function leave(userId: string, unsent: boolean): Promise<void> {
  closeVault();
  await phone.notes.delete(CURRENT);
  await phone.cache.where('userId').equals(userId).delete();
  if (!unsent) await phone.bodies.where('userId').equals(userId).delete();
  for (const record of await recordsOf(userId)) {
    if (record.wrapped) await shut(record);
    else if (!unsent) await phone.keys.delete(record.id);
  }
}

/** How many unsent entries lie under a key that is not open: a password that was changed since. */
export async function lockedEntries(userId: string): Promise<number> {
  const bodies = await phone.bodies.where('userId').equals(userId).toArray();
  return bodies.filter(({ sealed }) => !vault.holds(sealed.keyId)).length;
}

/** Whether this phone can sign the person in without a network. */
export async function isKnownByPassword(userId: string): Promise<boolean> {
  return (await recordsOf(userId)).some(({ wrapped }) => wrapped !== undefined);
}
