import fc from 'fast-check';
import { creditCheckCharacter, isCreditCode } from './credit.code.js';

const ALPHABET = [...'0123456789ABCDEFGHJKLMNPQRTUWXY'];
const body = fc.array(fc.constantFrom(...ALPHABET), { minLength: 17, maxLength: 17 }).map((letters) => letters.join(''));

describe('the unified social credit code', () => {
  it.each(['91350100M000100Y43', '914403001922038216', '91110000802100433B'])('%s is right', (code) => {
    expect(isCreditCode(code)).toBe(true);
  });

  it.each(['91350100M000100Y44', '91350100M000100Y4', '91350100M000100I43', ''])('"%s" is not', (code) => {
    expect(isCreditCode(code)).toBe(false);
  });

  it('shows every single wrong character and every swap of neighbours', () => {
    fc.assert(
      fc.property(body, fc.nat(16), fc.constantFrom(...ALPHABET), (letters, at, other) => {
        const code = letters + (creditCheckCharacter(letters) ?? '');
        expect(isCreditCode(code)).toBe(true);
        const changed = code.slice(0, at) + other + code.slice(at + 1);
        expect(isCreditCode(changed)).toBe(changed === code);
        const swapped = code.slice(0, at) + (code[at + 1] ?? '') + (code[at] ?? '') + code.slice(at + 2);
        expect(isCreditCode(swapped)).toBe(swapped === code);
      }),
    );
  });
});
