/** 统一社会信用代码 (GB 32100-2015): 17 characters of a 31-letter alphabet without I, O, S, V and Z, and a check character. */

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const BODY_LENGTH = 17;
const WEIGHT_BASE = 3;

/** The check character of the 17 before it (GB 32100-2015, annex A: weights 3^i mod 31); `undefined` for characters outside of the alphabet. */
export function creditCheckCharacter(body: string): string | undefined {
  let sum = 0;
  let weight = 1;
  for (const character of body) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return undefined;
    sum += value * weight;
    weight = (weight * WEIGHT_BASE) % ALPHABET.length;
  }
  return ALPHABET[(ALPHABET.length - (sum % ALPHABET.length)) % ALPHABET.length];
}

/** Whether a code has its 18 characters and the last of them is right. */
export function isCreditCode(code: string): boolean {
  return code.length === BODY_LENGTH + 1 && creditCheckCharacter(code.slice(0, BODY_LENGTH)) === code[BODY_LENGTH];
}
