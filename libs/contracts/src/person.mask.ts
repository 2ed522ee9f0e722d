/** Masks of personal data (GB/T 41833-2022): at least one character of a name and six digits of a phone number are hidden. */

const HIDDEN = '*';
/** Digits of a phone that must be hidden at least. */
const HIDDEN_DIGITS = 6;
const SHOWN_FIRST = 3;
const SHOWN_LAST = 2;
const TAIL_DIGITS = 4;

/** A name with its first character only: 张**. A name of one character is hidden whole. */
export function maskName(name: string): string {
  const characters = [...name.trim()];
  if (characters.length <= 1) return HIDDEN;
  return characters[0] + HIDDEN.repeat(characters.length - 1);
}

/** A phone number with at most its first three and last two digits: 138******78. A short number shows less, or nothing. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  const spare = Math.max(0, digits.length - HIDDEN_DIGITS);
  const last = Math.min(SHOWN_LAST, spare);
  const first = Math.min(SHOWN_FIRST, spare - last);
  return (
    digits.slice(0, first) +
    HIDDEN.repeat(Math.max(HIDDEN_DIGITS, digits.length - first - last)) +
    digits.slice(digits.length - last)
  );
}

/** A phone number with its last four digits, by which a keeper knows it: *******5678. A short number shows less, or nothing. */
export function maskPhoneTail(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  const shown = Math.min(TAIL_DIGITS, Math.max(0, digits.length - HIDDEN_DIGITS));
  return HIDDEN.repeat(Math.max(HIDDEN_DIGITS, digits.length - shown)) + digits.slice(digits.length - shown);
}
