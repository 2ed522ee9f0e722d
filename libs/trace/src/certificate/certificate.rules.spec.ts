import fc from 'fast-check';
import { certificateLink, certificateNumber, certificateNumberOf, readableNumber } from './certificate.number.js';
import {
  certifiable,
  failedItems,
  isCovered,
  isTested,
  keptUntil,
  type CertifiableLot,
  type ForebearLot,
  type LotTestFact,
} from './certificate.rules.js';

const test = (result: 'pass' | 'fail', testedOn = '2026-11-02', item = '农药残留快检'): LotTestFact => ({
  item,
  result,
  testedOn,
  createdAt: new Date(`${testedOn}T04:00:00Z`),
});
const kin = (id: string, parentIds: string[] = [], tests: LotTestFact[] = []): ForebearLot => ({ id, parentIds, tests });
const lot = (rest: Partial<CertifiableLot> = {}): CertifiableLot => ({
  id: 'a',
  lotNo: '20261101-1',
  productName: '红富士苹果',
  categoryCode: '010301',
  producerName: '东山果业合作社',
  producerKind: 'coop',
  producerPhone: '13812345678',
  place: '示范县东镇东一村',
  plotName: '东坡',
  stockG: 5000,
  recalled: false,
  family: [kin('a', [], [test('pass')])],
  ...rest,
});
const faults = (rest: Partial<CertifiableLot>, input: Parameters<typeof certifiable>[1] = {}) => {
  const found = certifiable(lot(rest), input);
  return found.ok ? [] : found.errors.map(({ path, code }) => `${path} ${code}`);
};

describe('the number of a certificate', () => {
  it('is found in what was typed, spaced out or scanned', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999 }), (sequence) => {
        const number = certificateNumber('990101', '2026-11-23', sequence);
        expect(number.startsWith('990101261123')).toBe(true);
        for (const text of [number, ` ${readableNumber(number)} `, certificateLink('https://x.example', number)])
          expect(certificateNumberOf(text)).toBe(number);
      }),
    );
  });

  it('is refused with one digit changed', () => {
    fc.assert(
      fc.property(fc.nat({ max: 99_998 }), fc.nat({ max: 17 }), fc.integer({ min: 1, max: 9 }), (sequence, place, shift) => {
        const digits = [...certificateNumber('990101', '2026-11-23', sequence + 1)];
        digits[place] = String((Number(digits[place]) + shift) % 10);
        expect(certificateNumberOf(digits.join(''))).toBeUndefined();
      }),
    );
  });

  it.each(['', '990101', 'https://x.example/t/abc', '９９０１０１２６１１２３０００００１'])('is not found in %p', (text) => {
    expect(certificateNumberOf(text)).toBeUndefined();
  });
});

describe('a certificate', () => {
  it('is issued for all that is in stock, on the strength of a passed test or else of the word given', () => {
    expect(certifiable(lot(), {})).toEqual({ ok: true, quantityG: 5000, basis: ['self_inspection'], phone: '13812345678' });
    expect(certifiable(lot({ family: [kin('a')] }), { quantityG: 10 })).toMatchObject({
      quantityG: 10,
      basis: ['self_commitment'],
    });
  });

  it.each<[string, Partial<CertifiableLot>, string]>([
    ['a plot', { plotName: null }, 'plot certificate_field_missing'],
    ['a place', { place: '' }, 'origin certificate_field_missing'],
    ['a telephone', { producerPhone: null }, 'contactPhone certificate_field_missing'],
    ['a producer', { producerName: ' ' }, 'producer certificate_field_missing'],
    ['stock', { stockG: 0 }, 'quantityG nothing_in_stock'],
    ['a good latest test', { family: [kin('a', [], [test('pass'), test('fail', '2026-11-03')])] }, 'tests test_not_passed'],
    ['a lot that is not recalled', { recalled: true }, 'lotId lot_recalled'],
  ])('is not issued without %s', (_, rest, fault) => {
    expect(faults(rest)).toContain(fault);
  });

  it('covers no more than the stock', () => {
    expect(faults({}, { quantityG: 5001 })).toEqual(['quantityG beyond_stock']);
    expect(faults({}, { quantityG: 5000 })).toEqual([]);
  });

  it('claims no inspection that nobody recorded', () => {
    for (const basis of ['self_inspection', 'inspection_entrusted'] as const)
      expect(faults({ family: [kin('a')] }, { basis: [basis] })).toEqual(['basis test_missing']);
    expect(faults({ family: [kin('a')] }, { basis: ['internal_control'] })).toEqual([]);
  });

  it('of a mixed lot needs no plot of its own, but good parts', () => {
    const parts = [kin('b', [], [test('pass')]), kin('c', [], [test('fail')])];
    expect(faults({ plotName: null, family: [kin('a', ['b', 'c']), ...parts] })).toEqual(['tests test_not_passed']);
  });
});

describe('tests of a lot', () => {
  it('count as passed when the latest of each item is', () => {
    const tests = [test('fail', '2026-11-01'), test('pass', '2026-11-02'), test('fail', '2026-11-01', '重金属')];
    expect(failedItems(tests)).toEqual(['重金属']);
    expect(failedItems([...tests].reverse())).toEqual(['重金属']);
  });

  it('are inherited only when every part was tested, also through several mixings', () => {
    const family = [kin('a', ['b', 'c']), kin('b', ['d']), kin('c', [], [test('pass')]), kin('d', [], [test('pass')])];
    expect(isTested('a', family)).toBe(true);
    expect(isTested('a', [...family.slice(0, 3), kin('d')])).toBe(false);
    expect(isTested('a', [kin('a', ['a'])])).toBe(false);
  });
});

describe('what a certificate is for', () => {
  it.each([
    ['010301', '苹果', true],
    ['0104', '白菜', true],
    ['0106', '香菇', true],
    ['02', '鸡蛋', true],
    ['030101', '鲤鱼', true],
    ['0107', '绿茶鲜叶', true],
    ['0107', '咖啡豆', false],
    ['0101', '小米', false],
    ['0105', '花椒', false],
  ])('%s %s: %p', (category, name, covered) => {
    expect(isCovered(category, name)).toBe(covered);
  });

  it('is kept for six months', () => {
    expect(keptUntil('2026-11-23')).toBe('2027-05-23');
    expect(keptUntil('2026-08-31')).toBe('2027-02-28');
  });
});
