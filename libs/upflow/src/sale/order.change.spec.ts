import fc from 'fast-check';
import { newRefunds, type KnownLine } from './order.change.js';
import type { ToldOrder } from './order.rows.js';

const known = (id: string, refundedFen: number): KnownLine => ({ id, sku: '苹果', quantity: 1, amountFen: 1000, refundedFen });
const told = (...refunds: number[]): ToldOrder => ({
  ...{ channelOrderNo: 'A1', paidAt: new Date(0), freightFen: 0, buyer: {}, status: null, state: 'open' },
  ...{ waybill: null, carrier: null, divided: false },
  lines: refunds.map((refundFen, row) => ({
    ...{ row, sku: '苹果', quantity: 1, amountFen: 1000, weightG: null, refundFen, refundedAt: null },
  })),
});
const added = (lines: readonly KnownLine[], order: ToldOrder) =>
  newRefunds(lines, order).map(({ lineId, amountFen, total }) => [lineId, amountFen, total]);

describe('Refunds that an export tells', () => {
  it('are added to their lines, each once, and never taken back', () => {
    expect(added([known('a', 0), known('b', 0)], told(500, 200))).toEqual([
      ['a', 500, 500],
      ['b', 200, 700],
    ]);
    expect(added([known('a', 500), known('b', 200)], told(500, 300))).toEqual([['b', 100, 800]]);
    expect(added([known('a', 500), known('b', 200)], told(0, 0))).toEqual([]);
  });

  it('are known though lines that look alike come in another order', () => {
    expect(added([known('a', 500), known('b', 0)], told(0, 500))).toEqual([]);
    expect(added([known('a', 0), known('b', 500)], told(500, 0))).toEqual([]);
  });

  it('are known though staff recorded them of the order as a whole', () => {
    const lines = [
      { ...known('a', 500), sku: '梨' },
      { ...known('b', 500), sku: '桃' },
    ];
    const order = told(1000, 0);
    const named = { ...order, lines: order.lines.map((line, index) => ({ ...line, sku: lines[index]?.sku ?? '' })) };
    expect(added(lines, named)).toEqual([]);
    const more = { ...named, lines: named.lines.map((line, index) => (index === 1 ? { ...line, refundFen: 200 } : line)) };
    expect(added(lines, more)).toEqual([['a', 200, 1200]]);
  });

  it('bring an order to what is told or leave it at what is known, whatever the order of rows, and a second time add nothing', () => {
    const fen = fc.nat(1000);
    fc.assert(
      fc.property(fc.array(fc.tuple(fen, fen), { maxLength: 6 }), (pairs) => {
        const before = pairs.map(([, refundedFen], index) => known(String(index), refundedFen));
        const order = told(...pairs.map(([refundFen]) => refundFen));
        const news = newRefunds(before, order);
        const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
        const was = sum(before.map(({ refundedFen }) => refundedFen));
        const room = Math.max(0, sum(order.lines.map(({ refundFen }) => refundFen)) - was);
        expect(sum(news.map(({ amountFen }) => amountFen))).toBe(room);
        const after = before.map((line) => {
          const more = news.filter(({ lineId }) => lineId === line.id).map(({ amountFen }) => amountFen);
          return { ...line, refundedFen: line.refundedFen + sum(more) };
        });
        for (const { refundedFen, amountFen } of after) expect(refundedFen).toBeLessThanOrEqual(amountFen);
        expect(newRefunds(after, { ...order, lines: order.lines.toReversed() })).toEqual([]);
      }),
    );
  });
});
