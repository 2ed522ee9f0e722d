import fc from 'fast-check';
import { checkS10, checkSscc } from './waybill.check.js';
import { recognise } from './waybill.recognition.js';

const carriers = (text: string) => recognise(text).candidates.map(({ carrierCode }) => carrierCode);

describe('Check digits', () => {
  it('of UPU S10 numbers are verified', () => {
    expect(checkS10('RB123456785GB')).toBe('valid');
    expect(checkS10('RB123456786US')).toBe('invalid');
    expect(checkS10('EE123456785')).toBeUndefined();
  });

  it('of UPU S10 numbers are right for exactly one digit in ten', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (serial) => {
        const valid = Array.from({ length: 10 }, (_, digit) => checkS10(`RB${String(serial).padStart(8, '0')}${digit}CN`)).filter(
          (result) => result === 'valid',
        );
        expect(valid).toHaveLength(1);
      }),
    );
  });

  it('of SSCC numbers are verified', () => {
    expect(checkSscc('00106141412345678908')).toBe('valid');
    expect(checkSscc('00106141412345678909')).toBe('invalid');
    expect(checkSscc('106141412345678908')).toBeUndefined();
  });
});

describe('Recognition', () => {
  it('never decides by the shape of a number alone', () => {
    for (const number of ['4301234567890', '9812345678901', '75123456789012', '773012345678901', '123456789012']) {
      const { candidates, decided } = recognise(number);
      expect(decided).toBeNull();
      expect(candidates.length).toBeGreaterThan(1);
      expect(candidates.every(({ confidence }) => confidence <= 0.6)).toBe(true);
    }
  });

  it('lists everyone that 13, 14 and 15 digits may belong to', () => {
    expect(new Set(carriers('4301234567890'))).toEqual(new Set(['YUNDA', 'EMS', 'POSTAL', 'YTO', 'STO']));
    expect(new Set(carriers('75123456789012'))).toEqual(new Set(['ZTO', 'STO', 'BEST', 'YTO']));
    expect(carriers('773012345678901')).toEqual(expect.arrayContaining(['YUNDA', 'BEST', 'STO', 'YTO']));
  });

  it('decides by an unambiguous prefix, and knows who else uses its letters', () => {
    expect(recognise('YT1234567890123')).toMatchObject({
      decided: 'YTO',
      candidates: [{ carrierCode: 'YTO', reason: 'prefix' }],
    });
    expect(recognise('YT1234567890123456')).toMatchObject({ decided: null, candidates: [] });
    expect(recognise('jt 1234567890123').decided).toBe('JT');
    expect(recognise('SF1234567890123').decided).toBe('SF');
  });

  it('decides by a valid check digit and distrusts a wrong one', () => {
    expect(recognise('RB123456785GB')).toMatchObject({ format: 's10', checkDigit: 'valid', decided: 'POSTAL' });
    expect(recognise('EE123456785CN').decided).toBe('EMS');
    expect(recognise('RB123456786US')).toMatchObject({ checkDigit: 'invalid', decided: null, candidates: [] });
  });

  it('takes an SSCC for a box without a carrier', () => {
    expect(recognise('00106141412345678908')).toMatchObject({
      format: 'sscc',
      checkDigit: 'valid',
      decided: null,
      candidates: [],
    });
  });

  it('puts manifest before label before prefix before provider', () => {
    const { candidates, decided } = recognise('YT1234567890123', { manifest: 'ZTO', label: 'STO', provider: 'JD' });
    expect(decided).toBe('ZTO');
    expect(candidates.map(({ reason }) => reason)).toEqual(['manifest', 'label', 'prefix', 'provider']);
    expect(recognise('4301234567890', { provider: 'YUNDA' })).toMatchObject({
      decided: 'YUNDA',
      candidates: [{ reason: 'provider' }, {}, {}, {}, {}],
    });
  });

  it('is total: any text gives ranked candidates without repeats', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        const { candidates, decided } = recognise(text);
        expect(new Set(candidates.map(({ carrierCode }) => carrierCode)).size).toBe(candidates.length);
        if (candidates.length === 0) expect(decided).toBeNull();
      }),
    );
  });
});
