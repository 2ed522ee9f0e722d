import fc from 'fast-check';
import { lotNoSchema } from '#contracts';
import { nextLotNo } from './lot.number.js';

describe('the number of a lot', () => {
  it.each([
    [[], '261123-01'],
    [['261123-01', '261123-02'], '261123-03'],
    [['261122-07', 'A-1', '261123-x', '261123-'], '261123-01'],
    [['261123-99'], '261123-100'],
  ])('after %j is %s', (taken, next) => {
    expect(nextLotNo('2026-11-23', taken)).toBe(next);
  });

  it('is never one that is taken, and always one that a label can carry', () => {
    const own = fc.nat(999_999_999).map((running) => `261123-${String(running).padStart(2, '0')}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(own, fc.string())), (taken) => {
        const next = nextLotNo('2026-11-23', taken);
        expect(taken).not.toContain(next);
        expect(lotNoSchema.safeParse(next).success).toBe(true);
      }),
    );
  });
});
