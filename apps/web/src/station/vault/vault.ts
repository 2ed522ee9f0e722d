/**
 * Personal data on the phone: sealed under the data key of the person signed in, which is open from the sign-in until sign-out or twelve hours.
 * `seal` before storing, `open` after reading; whoever holds the phone's storage without the password reads nothing.
 */
import { shallowReactive } from 'vue';
import { canEncrypt, openWith, sealWith, type Sealed } from './cipher.js';

export type { Sealed } from './cipher.js';

/** Nothing can be sealed or opened now: nobody has given the password, or the page is not served over https. */
export class VaultClosed extends Error {
  constructor() {
    super('The vault is closed');
  }
}

interface OpenKey {
  readonly id: string;
  readonly key: CryptoKey;
}

/** The keys that are open: the current one seals, every one opens what it sealed. */
const state = shallowReactive({ current: undefined as OpenKey | undefined, older: new Map<string, CryptoKey>() });

function keyOf(id: string): CryptoKey | undefined {
  return state.current?.id === id ? state.current.key : state.older.get(id);
}

export const vault = {
  /** Whether personal data can be kept and read now. Reactive. */
  get isOpen(): boolean {
    return state.current !== undefined;
  },
  /** Whether this page may encrypt at all (https, or this machine). */
  get isPossible(): boolean {
    return canEncrypt();
  },
  /** Id of the key that seals now. */
  get keyId(): string | undefined {
    return state.current?.id;
  },
  /** Whether what this key sealed can be opened now. */
  holds(keyId: string): boolean {
    return keyOf(keyId) !== undefined;
  },
  /** Seals a JSON value. Throws `VaultClosed`. */
  async seal(value: unknown): Promise<Sealed> {
    const { current } = state;
    if (!current) throw new VaultClosed();
    return await sealWith(current.id, current.key, value);
  },
  /** Opens what was sealed on this phone. Throws `VaultClosed` when its key is not open. */
  async open<T>(sealed: Sealed): Promise<T> {
    const key = keyOf(sealed.keyId);
    if (!key) throw new VaultClosed();
    return await openWith<T>(key, sealed);
  },
};

/** Opens the vault with the keys of the person who signed in; the first is the one that seals. For the sign-in alone. */
export function openVault(current: OpenKey, older: readonly OpenKey[] = []): void {
  state.older = new Map(older.map(({ id, key }) => [id, key]));
  state.current = current;
}

/** Forgets the keys. */
export function closeVault(): void {
  state.current = undefined;
  state.older = new Map();
}
