import fc from 'fast-check';
import { isGs1Key } from '../gs1.key.js';
import { ssccCapacity, ssccOf } from './sscc.block.js';

const prefixOf = fc.integer({ min: 4, max: 12 }).chain((length) => fc.stringMatching(new RegExp(`^\\d{${length}}$`)));

describe('an SSCC', () => {
  it('has eighteen digits, the prefix in it and a right check digit', () => {
    fc.assert(
      fc.property(prefixOf, fc.nat(9999), (prefix, reference) => {
        const sscc = ssccOf(prefix, reference);
        expect(isGs1Key('sscc', sscc)).toBe(true);
        expect(sscc.slice(1, 1 + prefix.length)).toBe(prefix);
        expect(Number(sscc.slice(1 + prefix.length, -1))).toBe(reference);
      }),
    );
  });

  it('is not made of a reference that does not fit', () => {
    expect(ssccCapacity('123456789012')).toBe(10_000);
    expect(ssccOf('123456789012', 9999)).toHaveLength(18);
    expect(() => ssccOf('123456789012', 10_000)).toThrow(RangeError);
  });
});
