import fc from 'fast-check';
import { maskName, maskPhone, maskPhoneTail } from './person.mask.js';

describe('a masked person', () => {
  it('shows the first character of the name', () => {
    expect(maskName('张三')).toBe('张*');
    expect(maskName('欧阳娜娜')).toBe('欧***');
    expect(maskName('李')).toBe('*');
    expect(maskName('𠮷田')).toBe('𠮷*');
  });

  it('shows three and two digits of a phone number', () => {
    expect(maskPhone('13812345678')).toBe('138******78');
    expect(maskPhone('+8613812345678')).toBe('861********78');
    expect(maskPhone('0531-81234567')).toBe('053*******67');
    expect(maskPhone('12306')).toBe('******');
  });

  it('shows the last four digits where a keeper looks a phone up', () => {
    expect(maskPhoneTail('13812345678')).toBe('*******5678');
    expect(maskPhoneTail('0531-81234567')).toBe('********4567');
    expect(maskPhoneTail('8123456')).toBe('******6');
    expect(maskPhoneTail('12306')).toBe('******');
  });

  it('always hides one character of the name and six digits of the phone', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.stringMatching(/^\d{5,15}$/), (name, phone) => {
        expect(maskName(name)).toContain('*');
        for (const masked of [maskPhone(phone), maskPhoneTail(phone)]) {
          expect(masked.split('*').length - 1).toBeGreaterThanOrEqual(6);
          expect(masked.replace(/\*/g, '').length).toBeLessThanOrEqual(Math.max(0, phone.length - 6));
        }
      }),
    );
  });
});
