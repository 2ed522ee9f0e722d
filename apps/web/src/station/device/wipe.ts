/** Erases everything that the app keeps on this phone: after the county signed the phone out, or when the keeper gives it away. */
import { closeVault } from '../vault/vault.js';
import { LEFT_KEY } from '../session/left.note.js';
import { phone } from '../vault/phone.database.js';

const OWN = 'xiangyi.';
/** How the page reads, which says nothing about anybody. */
const KEPT = new Set(['xiangyi.locale', 'xiangyi.appearance']);

/** Wipes and starts anew: the phone has another device id afterwards. Nothing can be brought back. */
export async function wipePhone(): Promise<void> {
  closeVault();
  await phone.delete();
  indexedDB.deleteDatabase('xiangyi.station');
  for (const name of Object.keys(localStorage)) if (name.startsWith(OWN) && !KEPT.has(name)) localStorage.removeItem(name);
  // The browser still holds the cookie of the session: the next start ends it before anything else.
  localStorage.setItem(LEFT_KEY, '1');
  location.replace('/station/');
}
