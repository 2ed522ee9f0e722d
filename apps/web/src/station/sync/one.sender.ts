/** One page at a time sends: Web Locks where the browser has them, a lease in the database elsewhere. */
import { phone } from '../vault/phone.database.js';

const NAME = 'xiangyi.outbox';
/** A lease outlives the longest request; a page that dies with it holds the others up no longer than this. */
const LEASE_MS = 150_000;
const RENEW_MS = 30_000;
const ASK_MS = 2_000;
const me = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16)).join('');

interface Lease {
  holder: string;
  until: number;
}

/** Takes or renews the lease; false while another page has it. */
async function lease(): Promise<boolean> {
  return await phone.transaction('rw', phone.notes, async () => {
    const held = (await phone.notes.get(NAME))?.value as Lease | undefined;
    const now = Date.now();
    // A lease further ahead than any lease reaches comes from before the clock was set back.
    if (held && held.holder !== me && held.until > now && held.until <= now + LEASE_MS) return false;
    await phone.notes.put({ key: NAME, value: { holder: me, until: now + LEASE_MS } satisfies Lease });
    return true;
  });
}

/** The lease in place of a lock. */
export async function withLease<T>(work: () => Promise<T>): Promise<T> {
  while (!(await lease())) await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  const renewing = setInterval(() => void lease(), RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(renewing);
    await phone.notes.delete(NAME);
  }
}

/** Runs `work` while no other page of this app runs its own; waits for its turn. */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  const locks = (navigator as Partial<Pick<Navigator, 'locks'>>).locks;
  return locks ? await locks.request(NAME, work) : await withLease(work);
}
