import fc from 'fast-check';
import { gramsOf, shownWeight, typedWeight, WEIGHT_UNITS } from '../../apps/web/src/shared/produce/weight.js';

describe('weights', () => {
  it('become whole grams, whatever unit they were typed in', () => {
    expect(gramsOf('1', 'jin')).toBe(500);
    expect(gramsOf('120', 'jin')).toBe(60_000);
    expect(gramsOf('35.5', 'kg')).toBe(35_500);
    expect(gramsOf('0.29', 'kg')).toBe(290);
    expect(gramsOf('1,200', 'jin')).toBe(600_000);
    expect(gramsOf('1.25', 'tonne')).toBe(1_250_000);
    expect(gramsOf('0.001', 'jin')).toBe(1);
  });

  it('are refused when no lot can have them', () => {
    for (const text of ['', '0', '-1', 'ten', '1.2.3', '1e3', '0.0001', '.5'])
      expect([text, gramsOf(text, 'jin')]).toEqual([text, undefined]);
    expect(gramsOf('100000', 'tonne')).toBe(100_000_000_000);
    expect(gramsOf('100001', 'tonne')).toBeUndefined();
  });

  it('come back as they were put into a field', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000_000_000 }), fc.constantFrom(...WEIGHT_UNITS), (grams, unit) => {
        expect(gramsOf(typedWeight(grams, unit), unit)).toBe(grams);
      }),
    );
  });

  it('are shown in the unit in which they are read best', () => {
    expect(shownWeight(60_000, 'zh-CN')).toEqual({ value: '120', unit: 'jin' });
    expect(shownWeight(60_000, 'en')).toEqual({ value: '60', unit: 'kg' });
    expect(shownWeight(1_234_567, 'zh-CN')).toEqual({ value: '1.235', unit: 'tonne' });
    expect(shownWeight(1_995_000, 'zh-CN')).toEqual({ value: '1.995', unit: 'tonne' });
    expect(shownWeight(250, 'zh-CN')).toEqual({ value: '250', unit: 'gram' });
    expect(shownWeight(750, 'en')).toEqual({ value: '750', unit: 'gram' });
    expect(shownWeight(0, 'zh-CN')).toEqual({ value: '0', unit: 'jin' });
    expect(shownWeight(0, 'en')).toEqual({ value: '0', unit: 'kg' });
    expect(shownWeight(-1000, 'zh-CN')).toEqual({ value: '−2', unit: 'jin' });
  });
});
