import fc from 'fast-check';
import { categoryMessage, namedCategory, PRODUCE_CATEGORIES } from './category.table.js';
import { maskName, maskPhone } from './personal.mask.js';
import { UPFLOW_MESSAGES } from './upflow.messages.js';

describe('produce categories', () => {
  it('are known through the nearest named level above', () => {
    expect(namedCategory('010301')).toBe('0103');
    expect(namedCategory('0199')).toBe('01');
    expect(namedCategory('03')).toBe('03');
    expect(namedCategory('99')).toBeUndefined();
  });

  it('are all named in both languages', () => {
    for (const messages of Object.values(UPFLOW_MESSAGES))
      for (const code of PRODUCE_CATEGORIES) expect(messages).toHaveProperty([categoryMessage(code)]);
  });
});

describe('masking', () => {
  it('shows the surname and hides the rest', () => {
    expect(maskName('张三')).toBe('张*');
    expect(maskName('欧阳修文')).toBe('欧***');
    expect(maskName('王')).toBe('*');
  });

  it('hides at least six digits of any phone', () => {
    expect(maskPhone('13812345678')).toBe('138******78');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 7, maxLength: 15 }), (digits) => {
        const masked = maskPhone(digits.join(''));
        expect(masked).toHaveLength(digits.length);
        expect([...masked].filter((character) => character === '*').length).toBeGreaterThanOrEqual(6);
      }),
    );
  });
});
