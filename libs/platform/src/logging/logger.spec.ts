import { redactPhones } from './logger.js';

describe('text that may be kept or shown', () => {
  it('holds no mobile number', () => {
    expect(redactPhones('派件员张三13812345678，备用19900001111')).toBe('派件员张三138********，备用199********');
  });
  it('keeps waybills and other long numbers', () => {
    expect(redactPhones('运单 773138123456789012')).toBe('运单 773138123456789012');
  });
});
