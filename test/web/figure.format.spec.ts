import fc from 'fast-check';
import {
  compact,
  fenOf,
  grouped,
  percent,
  percentOf,
  points,
  signed,
  yuan,
  yuanExact,
} from '../../apps/web/src/shared/format/figure.format.js';

describe('figures', () => {
  it('are written out below ten thousand and shortened above', () => {
    expect(compact(9876, 'zh-CN')).toBe('9,876');
    expect(compact(12_000, 'zh-CN')).toBe('1.2万');
    expect(compact(12_000, 'en')).toBe('12k');
    expect(compact(12_345, 'en')).toBe('12.3k');
    expect(compact(1_234_000, 'zh-CN')).toBe('123.4万');
    expect(compact(1_234_000, 'en')).toBe('1.2m');
    expect(compact(123_456_789, 'zh-CN')).toBe('1.2亿');
    expect(compact(-25_000, 'zh-CN')).toBe('−2.5万');
    expect(compact(0, 'en')).toBe('0');
  });

  it('step up to the larger unit where rounding reaches it', () => {
    expect(compact(99_999_999, 'zh-CN')).toBe('1亿');
    expect(compact(999_960, 'en')).toBe('1m');
  });

  it('have one decimal as percentages', () => {
    expect(percent(0.8333)).toBe('83.3%');
    expect(percentOf(128, 160)).toBe('80.0%');
    expect(percentOf(0, 160)).toBe('0.0%');
    expect(percentOf(160, 160)).toBe('100.0%');
  });

  it('say 100% and 0% only when that is true', () => {
    expect(percentOf(1999, 2000)).toBe('99.9%');
    expect(percentOf(1, 5000)).toBe('0.1%');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 0, max: 100_000 }), (denominator, part) => {
        const numerator = part % (denominator + 1);
        const text = percentOf(numerator, denominator);
        expect(text === '100.0%').toBe(numerator === denominator);
        expect(text === '0.0%').toBe(numerator === 0);
      }),
    );
  });

  it('carry their sign as differences, and none when nothing changed', () => {
    expect(points(0.012)).toBe('+1.2');
    expect(points(-0.004)).toBe('−0.4');
    expect(points(0.0001)).toBe('0.0');
    expect(signed(-3)).toBe('−3');
    expect(signed(0)).toBe('0');
    expect(grouped(-0.04, 1)).toBe('0.0');
  });
});

describe('money', () => {
  it('is shown in yuan from integer fen', () => {
    expect(yuan(123_450, 'zh-CN')).toBe('1,234.50');
    expect(yuan(123_400, 'zh-CN')).toBe('1,234');
    expect(yuan(12_345_600, 'zh-CN')).toBe('12.3万');
    expect(yuan(12_345_600, 'en')).toBe('123.5k');
    expect(yuanExact(12_345_600)).toBe('123,456.00');
  });

  it('is read from what people type', () => {
    expect(fenOf('1,234.5')).toBe(123_450);
    expect(fenOf(' 12 ')).toBe(1200);
    expect(fenOf('-3')).toBe(-300);
    expect(fenOf('0')).toBe(0);
    for (const text of ['', 'abc', '1.234', '1e5', '--3', '.']) expect(fenOf(text)).toBeUndefined();
  });

  it('comes back unchanged after it was shown in full', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999_999, max: 99_999_999_999 }), (fen) => expect(fenOf(yuanExact(fen))).toBe(fen)),
    );
  });
});
