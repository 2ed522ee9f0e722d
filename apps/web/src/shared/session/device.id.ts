/** This device's own id: made once, sent with every sign-in and every batch, revoked by the county when the phone is lost. */

const KEY = 'xiangyi.device';

/** The id of this device; the same for everyone who uses it. */
export function deviceId(): string {
  const known = localStorage.getItem(KEY);
  if (known) return known;
  const made = `web-${Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  localStorage.setItem(KEY, made);
  return made;
}
