import fc from 'fast-check';
import { guessColumns } from './order.columns.js';
import { readOrders } from './order.rows.js';
import { linesOf, type RowLine } from './order.total.js';

const DAY = '2026-11-01 10:00:00';
/** Reads the rows of one order, as a channel's export has them. */
function read(header: readonly string[], ...rows: readonly (readonly string[])[]) {
  const numbered = rows.map((cells, index) => ({ number: index + 2, cells }));
  const { orders, problems } = readOrders(header, numbered, guessColumns(header));
  expect(problems).toEqual([]);
  const [order] = orders;
  return { divided: order?.divided, amounts: order?.lines.map(({ amountFen }) => amountFen), order };
}
const line = (rest: Partial<RowLine>): RowLine => ({
  ...{ row: 2, sku: '苹果', quantity: 1, amountFen: 1000, priceFen: null, weightG: null },
  ...{ refundFen: null, refundedInWords: false, refundedAt: null },
  ...rest,
});

describe("An order's total on each of its rows", () => {
  it.each([
    ['Taobao', ['订单编号', '订单付款时间', '宝贝标题', '宝贝总数量', '买家实际支付金额']],
    ['JD', ['订单号', '付款确认时间', '商品名称', '订购数量', '应付金额']],
    ['Pinduoduo', ['订单号', '支付时间', '商品', '商品数量(件)', '商家实收金额(元)']],
    ['Douyin', ['主订单编号', '支付完成时间', '选购商品', '商品数量', '订单实付金额']],
    ['832', ['订单号', '付款时间', '商品名称', '数量', '订单金额']],
    ['any other table', ['订单号', '付款时间', '商品', '数量', '实付款']],
  ])('of %s is divided by pieces, to the last fen', (_channel, header) => {
    const { divided, amounts } = read(header, ['A1', DAY, '苹果', '1', '100.00'], ['A1', DAY, '梨', '2', '100.00']);
    expect(divided).toBe(true);
    expect(amounts).toEqual([3333, 6667]);
  });

  it('is divided by price where a column tells it', () => {
    const header = ['订单号', '付款确认时间', '商品名称', '订购数量', '京东价', '应付金额'];
    const { divided, amounts } = read(
      header,
      ['J1', DAY, '苹果', '1', '30.00', '90.00'],
      ['J1', DAY, '小米', '2', '35.00', '90.00'],
    );
    expect([divided, amounts]).toEqual([true, [2700, 6300]]);
  });

  it('shows in the prices whatever the title says, and so do lines that happen to cost the same', () => {
    const header = ['订单号', '付款时间', '商品', '数量', '单价', '实付金额'];
    expect(
      read(header, ['G1', DAY, '苹果', '1', '30.00', '100.00'], ['G1', DAY, '小米', '2', '35.00', '100.00']).amounts,
    ).toEqual([3000, 7000]);
    const taobao = ['订单编号', '订单付款时间', '标题', '购买数量', '价格', '买家实际支付金额'];
    const same = read(taobao, ['T1', DAY, '苹果', '1', '39.90', '39.90'], ['T1', DAY, '梨', '3', '13.30', '39.90']);
    expect([same.divided, same.amounts]).toEqual([false, [3990, 3990]]);
  });

  it.each([
    ['differ', ['订单号', '付款确认时间', '商品名称', '订购数量', '应付金额'], ['39.90', '50.00'], [3990, 5000]],
    [
      'are equal in a column of lines',
      ['主订单编号', '支付完成时间', '选购商品', '商品数量', '实付金额'],
      ['20', '20'],
      [2000, 2000],
    ],
  ])('is not seen where amounts %s', (_what, header, [first = '', second = ''], amounts) => {
    const of = read(header, ['A1', DAY, '苹果', '1', first], ['A1', DAY, '梨', '1', second]);
    expect([of.divided, of.amounts]).toEqual([false, amounts]);
  });

  it('takes its refund with it: in words in full, repeated once, beyond a line over all', () => {
    const header = ['订单号', '付款时间', '商品', '数量', '订单金额', '状态', '退款金额'];
    const refunds = (...rows: [state: string, refund: string][]) =>
      read(header, ...rows.map(([state, refund], n) => ['A1', DAY, `苹果${n}`, '1', '100.00', state, refund])).order?.lines.map(
        ({ refundFen }) => refundFen,
      );
    expect(refunds(['退款成功', ''], ['退款成功', ''])).toEqual([5000, 5000]);
    expect(refunds(['', '30.01'], ['', '30.01'])).toEqual([1501, 1500]);
    expect(refunds(['', '70.00'], ['', ''])).toEqual([3500, 3500]);
    expect(refunds(['', '20.00'], ['', ''])).toEqual([2000, 0]);
  });

  const rows = fc.integer({ min: 1, max: 10_000_000 }).chain((amountFen) =>
    fc
      .array(
        fc.record({
          sku: fc.constantFrom('a', 'b', 'c'),
          quantity: fc.integer({ min: 1, max: 100_000 }),
          priceFen: fc.option(fc.integer({ min: 0, max: 10_000_000 })),
          refundFen: fc.option(fc.nat(amountFen)),
        }),
        { minLength: 2, maxLength: 12 },
      )
      .map((some) => some.map((one, index) => line({ ...one, amountFen, row: index + 2 }))),
  );
  const content = (of: readonly RowLine[]) =>
    linesOf(of, true)
      .lines.map(({ sku, quantity, amountFen }) => JSON.stringify([sku, quantity, amountFen]))
      .sort();

  it('never loses or makes a fen, refunds no line beyond its amount, and does not depend on the order of rows', () => {
    fc.assert(
      fc.property(rows, (of) => {
        const { lines, divided } = linesOf(of, true);
        const sum = lines.reduce((so, { amountFen }) => so + amountFen, 0);
        expect(sum).toBe(divided ? of[0]?.amountFen : (of[0]?.amountFen ?? 0) * of.length);
        if (divided) for (const { amountFen, refundFen } of lines) expect(refundFen).toBeLessThanOrEqual(amountFen);
        expect(content([...of].reverse())).toEqual(content(of));
      }),
    );
  });
});
