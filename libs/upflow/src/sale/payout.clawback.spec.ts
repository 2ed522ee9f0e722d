import fc from 'fast-check';
import { clawbacks, type PaidShare } from './payout.clawback.js';

const share = (
  producerId: string,
  paidFen: number,
  rest: Partial<PaidShare['line']> & { clawedFen?: number; orderLineId?: string } = {},
) => {
  const { clawedFen = 0, orderLineId = 'o1', ...line } = rest;
  const defaults = { amountFen: 1000, refundedFen: 0, cancelled: false, keptBp: 0 };
  return { orderLineId, producerId, lotId: `lot of ${producerId}`, paidFen, clawedFen, line: { ...defaults, ...line } };
};
const taken = (paid: readonly PaidShare[], earned: Record<string, number>) =>
  clawbacks(paid, new Map(Object.entries(earned))).map(({ producerId, amountFen }) => [producerId, amountFen]);
const RICH = { a: 100_000, b: 100_000 };

describe('A refund after the payout', () => {
  it('is taken back of each share as it was paid, less what the seller kept, whole fen', () => {
    const line = { refundedFen: 100, keptBp: 1000 };
    expect(taken([share('a', 600, line), share('b', 300, line)], RICH)).toEqual([
      ['a', 60],
      ['b', 30],
    ]);
  });

  it('is taken back once, and the rest after another refund', () => {
    expect(taken([share('a', 1000, { refundedFen: 100, clawedFen: 100 })], RICH)).toEqual([]);
    expect(taken([share('a', 1000, { refundedFen: 250, clawedFen: 100 })], RICH)).toEqual([['a', 150]]);
  });

  it('never takes more than the sheet brings, nor of somebody whom it does not pay', () => {
    const line = { refundedFen: 1000 };
    expect(taken([share('a', 600, line), share('b', 400, line)], { a: 250 })).toEqual([['a', 250]]);
    expect(taken([share('a', 1000, line), share('a', 1000, { ...line, orderLineId: 'o2' })], { a: 1500 })).toEqual([
      ['a', 1000],
      ['a', 500],
    ]);
  });

  it('of an order that the channel closed is all of it', () => {
    expect(taken([share('a', 1000, { cancelled: true })], RICH)).toEqual([['a', 1000]]);
  });

  it('in any steps comes to what the refunds come to, fen by fen', () => {
    const steps = fc.record({
      paid: fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 5 }),
      refunds: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 }),
    });
    fc.assert(
      fc.property(steps, ({ paid, refunds }) => {
        const amountFen = paid.reduce((sum, fen) => sum + fen, 0);
        const clawed = paid.map(() => 0);
        let refundedFen = 0;
        for (const refund of refunds) {
          refundedFen = Math.min(amountFen, refundedFen + refund);
          const shares = paid.map((fen, n) => share(String(n), fen, { amountFen, refundedFen, clawedFen: clawed[n] ?? 0 }));
          const earned = new Map(paid.map((_, n) => [String(n), 1_000_000]));
          for (const back of clawbacks(shares, earned)) clawed[Number(back.producerId)]! += back.amountFen;
          expect(clawed.reduce((sum, fen) => sum + fen, 0)).toBe(refundedFen);
          for (const [n, fen] of paid.entries()) expect(clawed[n]).toBeLessThanOrEqual(fen);
        }
      }),
    );
  });
});
