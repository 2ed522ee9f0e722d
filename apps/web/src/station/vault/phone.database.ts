/** The phone's database: one IndexedDB, written with strict durability so that a flat battery loses nothing that was told to be saved. */
import { Dexie, type Table } from 'dexie';
import type { OutboxEntry } from '../outbox/outbox.state.js';
import type { Tally } from '../outbox/outbox.tally.js';
import type { Sealed } from './cipher.js';

/** A sealed body, apart from its entry: lists stay small whatever a photo weighs. */
export interface SealedBody {
  readonly id: string;
  readonly userId: string;
  readonly sealed: Sealed;
}

/** A read of the server, kept for when it is out of reach. */
export interface CachedRead {
  /** `userId|key`. */
  readonly key: string;
  readonly userId: string;
  readonly asOf: string;
  readonly sealed: Sealed;
}

/** A data key of a person on this phone. */
export interface KeyRecord {
  readonly id: string;
  readonly userId: string;
  readonly username: string;
  readonly madeAt: string;
  /** The data key under a key made from the password; absent while the password has not been seen on this phone. */
  readonly wrapped?: WrappedKey;
  /** The open data key, which no script can read out, until `openUntil`. */
  readonly open?: CryptoKey;
  readonly openUntil?: number;
  /** Who the person is, sealed under this key: what the phone knows without a network. */
  readonly me?: Sealed;
}

export interface WrappedKey {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iterations: number;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

/** A small thing that the phone remembers: a lease, tries of a password. */
export interface Note {
  readonly key: string;
  readonly value: unknown;
}

const NAME = 'xiangyi.phone';

class PhoneDatabase extends Dexie {
  declare readonly entries: Table<OutboxEntry, string>;
  declare readonly bodies: Table<SealedBody, string>;
  declare readonly tallies: Table<Tally, string>;
  declare readonly cache: Table<CachedRead, string>;
  declare readonly keys: Table<KeyRecord, string>;
  declare readonly notes: Table<Note, string>;

  constructor() {
    super(NAME, { chromeTransactionDurability: 'strict' });
    this.version(1).stores({
      entries: 'id, [userId+stage+path+storedAt], [userId+stage+storedAt], [userId+storedAt], [stage+settledAt]',
      bodies: 'id, userId',
      tallies: 'key',
      cache: 'key, userId',
      keys: 'id, userId, username',
      notes: 'key',
    });
  }
}

/** The one connection of this page. */
export const phone = new PhoneDatabase();
