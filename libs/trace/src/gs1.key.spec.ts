import fc from 'fast-check';
import {
  digitalLinkPath,
  GS1_KEY_LENGTH,
  indicatorDigit,
  isGs1Key,
  readGtin,
  withCheckDigit,
  type Gs1KeyKind,
} from './gs1.key.js';

const KINDS = Object.keys(GS1_KEY_LENGTH) as Gs1KeyKind[];
const anyKey = fc.constantFrom(...KINDS).chain((kind) => {
  const length = GS1_KEY_LENGTH[kind] - 1;
  const body = fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''));
  return body.map((digits) => ({ kind, key: withCheckDigit(kind, digits) }));
});

describe('GS1 keys', () => {
  it.each([
    ['gtin8', '96385074'],
    ['gtin12', '614141007349'],
    ['gtin13', '6901234567892'],
    ['gtin14', '10614141000415'],
    ['sscc', '106141412345678908'],
    ['gln', '9506000134376'],
  ] as const)('know a right %s', (kind, key) => {
    expect(isGs1Key(kind, key)).toBe(true);
  });

  it('refuse a wrong check digit, length or letter', () => {
    expect(isGs1Key('gtin13', '6901234567893')).toBe(false);
    expect(isGs1Key('sscc', '6901234567892')).toBe(false);
    expect(isGs1Key('gln', '950600013437X')).toBe(false);
  });

  it('never take a key with one digit changed', () => {
    fc.assert(
      fc.property(anyKey, fc.nat(), fc.integer({ min: 1, max: 9 }), ({ kind, key }, place, shift) => {
        const index = place % key.length;
        const changed = [...key];
        changed[index] = String((Number(key[index]) + shift) % 10);
        expect(isGs1Key(kind, key)).toBe(true);
        expect(isGs1Key(kind, changed.join(''))).toBe(false);
      }),
    );
  });

  it('get no check digit from too few digits', () => {
    expect(() => withCheckDigit('gtin13', '123')).toThrow(RangeError);
  });
});

describe('a GTIN', () => {
  it('is one and the same in every length', () => {
    for (const text of ['614141007349', '0614141007349', '00614141007349'])
      expect(readGtin(text)).toEqual({ ok: true, gtin: '00614141007349' });
  });

  it('is refused with a reason', () => {
    expect(readGtin('69012345678X2')).toEqual({ ok: false, reason: 'not_digits' });
    expect(readGtin('123')).toEqual({ ok: false, reason: 'length' });
    expect(readGtin('6901234567890')).toEqual({ ok: false, reason: 'check_digit' });
    expect(readGtin('00000000000000')).toEqual({ ok: false, reason: 'check_digit' });
  });

  it('carries its packaging level and has one canonical link', () => {
    expect(indicatorDigit('10614141000415')).toBe(1);
    expect(indicatorDigit('6901234567892')).toBe(0);
    expect(digitalLinkPath('6901234567892')).toBe('/01/06901234567892');
  });
});
