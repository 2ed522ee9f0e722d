/** Masking of personal data as labels and screens show it: at least one character of a name, at least six digits of a phone (GB/T 41833-2022). */

const MASK = '*';
const MIN_HIDDEN_DIGITS = 6;

/** A name with all but its first character hidden; a single character is hidden whole. */
export function maskName(name: string): string {
  const characters = [...name.trim()];
  const shown = characters.length > 1 ? 1 : 0;
  return characters.map((character, index) => (index < shown ? character : MASK)).join('');
}

/** A phone number with at least six of its digits hidden: a mobile shows its first three and last two. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  const shown = Math.max(0, Math.min(5, digits.length - MIN_HIDDEN_DIGITS));
  const tail = Math.min(2, shown);
  const head = shown - tail;
  return digits.slice(0, head) + MASK.repeat(digits.length - shown) + digits.slice(digits.length - tail);
}
