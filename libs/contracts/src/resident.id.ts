/** Resident identity numbers (GB 11643): region, birth date, sequence, and a check character by ISO 7064 MOD 11-2. */
import type { Day } from './time.js';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECKS = '10X98765432';
const FORM = /^([1-9]\d{5})(\d{4})(\d{2})(\d{2})(\d{3})([\dX])$/;
/** Nobody alive was born before. */
const OLDEST_BIRTH = '1900-01-01';

/** The check character of the first 17 digits. */
export function residentIdCheck(first17: string): string {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(first17[index]), 0);
  return CHECKS[sum % 11] ?? '';
}

/**
 * Whether a text can be a resident identity number: 18 characters, a birth date that exists and is not after `today`, the right check character.
 * Numbers of 15 digits went out of use in 2013.
 */
export function isResidentId(text: string, today: Day): boolean {
  const [, , year, month, day, , check] = FORM.exec(text) ?? [];
  if (year === undefined) return false;
  const birth = `${year}-${month}-${day}`;
  const instant = Date.parse(`${birth}T00:00:00Z`);
  // A day such as 30 February is either no instant at all or read as a day in March.
  if (Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== birth) return false;
  return birth >= OLDEST_BIRTH && birth <= today && residentIdCheck(text.slice(0, 17)) === check;
}
