import { cleanCell, fenOf, instantOf, lostDigits, quantityOf } from './cell.reading.js';
import { channelState } from './channel.status.js';
import { guessColumns, missingFields } from './order.columns.js';
import { readOrders } from './order.rows.js';
import { placeOf } from './province.table.js';
import { unitWeightG } from './weight.text.js';

describe('A cell of an export', () => {
  it.each([
    ['12.30', 1230],
    ['¥1,234.5', 123_450],
    ['￥ 0.07', 7],
    ['29元', 2900],
    ['１２．００', 1200],
    ['19.9000', 1990],
    ['12.345', undefined],
    ['1,23', undefined],
    ['-5', undefined],
    ['1e3', undefined],
    ['abc', undefined],
    ['100000000.01', undefined],
  ])('%s is an amount of %s fen', (text, fen) => expect(fenOf(text)).toBe(fen));

  it.each([
    ['2026-11-01 00:30:00', '2026-10-31T16:30:00.000Z'],
    ['2026/11/1 9:05', '2026-11-01T01:05:00.000Z'],
    ['2026年11月1日 10时20分', '2026-11-01T02:20:00.000Z'],
    ['20261101102030', '2026-11-01T02:20:30.000Z'],
    ['2026-11-01T10:20:30+08:00', '2026-11-01T02:20:30.000Z'],
    ['2026-11-01 10:20:30.0', '2026-11-01T02:20:30.000Z'],
    ['46327.5', '2026-11-01T04:00:00.000Z'],
    ['2026-02-30 10:00:00', undefined],
    ['11/1/26', undefined],
    ['2026-11-01 25:00', undefined],
  ])('%s is the instant %s', (text, instant) => expect(instantOf(text)?.toISOString()).toBe(instant));

  it('is read as it was meant: guards against spreadsheets fall away', () => {
    expect(['\t123', '="0123"', "'456", ' 7\uFEFF', '=8'].map(cleanCell)).toEqual(['123', '0123', '456', '7', '8']);
    expect(['1.23E+18', '2e+18', '123', 'E12'].map(lostDigits)).toEqual([true, true, false, false]);
    expect(['3', '3件', '2.00', '0', '1.5', '-1'].map(quantityOf)).toEqual([3, 3, 2, undefined, undefined, undefined]);
  });

  it('tells what one unit weighs', () => {
    expect(['5斤装', '净重2.5kg', '苹果500g', '10公斤', '一箱', 'iPhone 8gb'].map(unitWeightG)).toEqual([
      2500,
      2500,
      500,
      10_000,
      undefined,
      undefined,
    ]);
  });

  it('tells the state of an order in the words of the channels', () => {
    expect(
      ['交易关闭', '无售后或售后取消', '已发货，退款成功', '等待买家付款', '交易成功', '部分退款成功', '已取消'].map(
        channelState,
      ),
    ).toEqual(['cancelled', 'open', 'refunded', 'unpaid', 'open', 'open', 'cancelled']);
  });

  it('tells province and city, in full, from an address too', () => {
    expect(placeOf({ address: '浙江省 杭州市 西湖区 文三路1号' })).toEqual({ province: '浙江省', city: '杭州市' });
    expect(placeOf({ province: '内蒙古', city: '呼和浩特市', address: 'x' })).toEqual({
      province: '内蒙古自治区',
      city: '呼和浩特市',
    });
    expect(placeOf({ address: '某地' })).toEqual({ province: null, city: null });
  });
});

describe('Columns', () => {
  it.each([
    [
      'taobao',
      [
        '订单编号',
        '买家应付货款',
        '买家实际支付金额',
        '订单状态',
        '收货人姓名',
        '收货地址',
        '联系手机',
        '订单付款时间',
        '宝贝标题',
        '宝贝总数量',
      ],
      '买家实际支付金额',
    ],
    [
      'pinduoduo',
      [
        '商品',
        '订单号',
        '商品总价(元)',
        '商家实收金额(元)',
        '商品数量(件)',
        '省',
        '市',
        '收货人',
        '手机',
        '支付时间',
        '售后状态',
        '快递单号',
        '快递公司',
      ],
      '商家实收金额(元)',
    ],
    ['douyin', ['主订单编号', '子订单编号', '选购商品', '商品数量', '支付完成时间', '实付金额'], '实付金额'],
    ['jd', ['订单号', '商品名称', '订购数量', '应付金额', '付款确认时间', '客户姓名', '客户地址', '联系电话'], '应付金额'],
  ])('of %s are known by their titles', (_channel, header, amount) => {
    const columns = guessColumns(header);
    expect(missingFields(columns, header)).toEqual([]);
    expect(columns.amount).toBe(amount);
    expect(columns.channelOrderNo).toMatch(/^(主?订单编号|订单号)$/);
  });
});

describe('Rows', () => {
  const header = ['订单号', '支付时间', '商品', '数量', '金额', '状态', '退款金额', '重量(kg)'];
  const columns = { ...guessColumns(header) };
  const read = (...rows: string[][]) =>
    readOrders(
      header,
      rows.map((cells, index) => ({ number: index + 2, cells })),
      columns,
    );
  const good = ['A1', '2026-11-01 10:00:00', '苹果5斤', '1', '39.90', '', '', '2.5'];

  it('of one number are lines of one order', () => {
    const { orders, problems } = read(good, ['A1', '2026-11-01 10:00:00', '梨', '2', '20', '', '', '']);
    expect(problems).toEqual([]);
    expect(orders).toHaveLength(1);
    expect(orders[0]?.lines.map(({ sku, amountFen, weightG }) => [sku, amountFen, weightG])).toEqual([
      ['苹果5斤', 3990, 2500],
      ['梨', 2000, null],
    ]);
  });

  it('with a problem take their whole order out, named by row and column', () => {
    const { orders, problems, refused } = read(
      good,
      ['A1', 'gestern', '梨', '0', '20', '', '', ''],
      ['1.23E+18', ...good.slice(1)],
    );
    expect(orders).toEqual([]);
    expect(refused).toBe(2);
    expect(problems.map(({ path, code }) => `${path} ${code}`)).toEqual([
      '3:支付时间 bad_time',
      '3:数量 bad_quantity',
      '4:订单号 digits_lost',
    ]);
  });

  it('refunded in words and not in figures are refunded in full; unpaid ones wait', () => {
    expect(read([...good.slice(0, 5), '退款成功', '', '']).orders[0]?.lines[0]?.refundFen).toBe(3990);
    expect(read([...good.slice(0, 5), '待付款', '', '']).problems[0]?.code).toBe('order_unpaid');
  });
});
