/** Small things that a phone remembers about people, sealed for the keeper who wrote them, and gone with the keeper's other reads at sign-out. */
import { session } from '../../shared/session/session.js';
import { remembered } from '../vault/cached.js';
import { phone } from '../vault/phone.database.js';
import { vault } from '../vault/vault.js';

/** What was written under this key, or `undefined`, also while the vault is closed. */
export async function readNote<T>(key: string): Promise<T | undefined> {
  return (await remembered<T>(key))?.value;
}

/** Writes it, or takes it away. A phone that is full or closed goes on without. */
export async function writeNote(key: string, value: unknown): Promise<void> {
  const userId = session.me?.id ?? '';
  const row = `${userId}|${key}`;
  try {
    if (value === undefined) return await phone.cache.delete(row);
    const sealed = await vault.seal(value);
    await phone.cache.put({ key: row, userId, asOf: new Date().toISOString(), sealed });
  } catch {
    // It is a convenience: what must not be lost is in the outbox.
  }
}
