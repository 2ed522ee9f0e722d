import fc from 'fast-check';
import { isResidentId, residentIdCheck } from './resident.id.js';

const TODAY = '2026-11-23';
const numbered = (first17: string) => first17 + residentIdCheck(first17);
const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));
const birth = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2026-11-23'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10).replaceAll('-', ''));
const ids = fc.tuple(digits(5), birth, digits(3)).map(([region, day, order]) => numbered(`1${region}${day}${order}`));

describe('A resident identity number', () => {
  it('is known from the standard’s own examples', () => {
    expect(isResidentId('11010519491231002X', TODAY)).toBe(true);
    expect(isResidentId('440524198001010013', TODAY)).toBe(true);
  });

  it('with a right birth date and check character is taken, and with any one digit changed it is not', () => {
    fc.assert(
      fc.property(ids, fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (id, at, shift) => {
        expect(isResidentId(id, TODAY)).toBe(true);
        const changed = id.slice(0, at) + String((Number(id[at]) + shift) % 10) + id.slice(at + 1);
        expect(isResidentId(changed, TODAY)).toBe(false);
      }),
    );
  });

  it('with two neighbours exchanged is not taken', () => {
    fc.assert(
      fc.property(ids, fc.integer({ min: 0, max: 15 }), (id, at) => {
        fc.pre(id[at] !== id[at + 1]);
        const changed = id.slice(0, at) + (id[at + 1] ?? '') + (id[at] ?? '') + id.slice(at + 2);
        expect(isResidentId(changed, TODAY)).toBe(false);
      }),
    );
  });

  it.each([
    ['a day that does not exist', '11010519490230002'],
    ['a month that does not exist', '11010519491331002'],
    ['a birth after today', '11010520261124002'],
    ['a birth before 1900', '11010518991231002'],
    ['no region', '01010519491231002'],
  ])('with %s is not taken, though its check character is right', (_what, first17) => {
    expect(isResidentId(numbered(first17), TODAY)).toBe(false);
  });

  it('takes a birth of today, and no other text', () => {
    expect(isResidentId(numbered('11010520261123002'), TODAY)).toBe(true);
    for (const text of ['', '110105491231002', '11010519491231002x', ' 11010519491231002X', '１1010519491231002X'])
      expect(isResidentId(text, TODAY)).toBe(false);
  });
});
