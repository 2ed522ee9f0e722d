import fc from 'fast-check';
import { isOwnCode, mod3736, nextOwnCode, OWN_CODES_PER_PRODUCER, ownCodePrefix } from './own.code.js';

const CHARACTERS = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const producer = { id: '0195f3a0-0000-7000-8000-000000000001', countyCode: '990101', kind: 'coop', creditCode: null } as const;

describe('a product code of our own', () => {
  it('has the check character of the published example (Global Release Identifier A1-2425G-ABC1234002-M)', () => {
    expect(mod3736('A12425GABC1234002')).toBe('M');
  });

  it('starts with the credit code, or with the county and who it is', () => {
    expect(nextOwnCode(ownCodePrefix({ ...producer, creditCode: '91350100M000100Y43' }), [])).toMatch(
      /^91350100M000100Y400[0-9A-Z]$/,
    );
    expect(nextOwnCode(ownCodePrefix(producer), [])).toMatch(/^990101P[0-9A-Z]{10}00[0-9A-Z]$/);
    expect(nextOwnCode(ownCodePrefix({ ...producer, kind: 'household' }), [])).toMatch(/^990101H[0-9A-Z]{10}00[0-9A-Z]$/);
  });

  it('is another one for every product, until the numbers are spent', () => {
    const prefix = ownCodePrefix(producer);
    const codes: string[] = [];
    for (let code = nextOwnCode(prefix, codes); code !== undefined; code = nextOwnCode(prefix, codes)) codes.push(code);
    expect(new Set(codes).size).toBe(OWN_CODES_PER_PRODUCER);
    expect(codes.every(isOwnCode)).toBe(true);
  });

  it('shows every single wrong character', () => {
    const body = fc.array(fc.constantFrom(...CHARACTERS), { minLength: 19, maxLength: 19 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(body, fc.nat(19), fc.constantFrom(...CHARACTERS), (letters, at, other) => {
        const code = letters + mod3736(letters);
        const changed = code.slice(0, at) + other + code.slice(at + 1);
        expect(isOwnCode(changed)).toBe(changed === code);
      }),
    );
  });
});
