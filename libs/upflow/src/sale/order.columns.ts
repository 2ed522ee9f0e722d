import { createHash } from 'node:crypto';
import type { ImportColumns, ImportField } from '#contracts';

/** Titles that the channels use, the best first. Widths, spaces and cases do not matter, nor does what stands in brackets at the end. */
const TITLES: Readonly<Record<ImportField, readonly string[]>> = {
  channelOrderNo: ['订单编号', '主订单编号', '订单号', '平台订单号', '交易编号', '订单ID', 'orderno'],
  paidAt: [
    '订单付款时间',
    '付款时间',
    '支付时间',
    '支付完成时间',
    '付款确认时间',
    '支付确认时间',
    '支付日期',
    '付款日期',
    'paidat',
  ],
  sku: ['宝贝标题', '商品名称', '选购商品', '商品标题', '商品', '标题', '产品名称', '货品名称', 'sku'],
  quantity: ['宝贝总数量', '宝贝数量', '商品数量(件)', '商品数量', '订购数量', '购买数量', '数量', 'quantity'],
  amount: [
    '买家实际支付金额',
    '订单实付金额',
    '实付款',
    '商家实收金额(元)',
    '实付金额',
    '买家实付金额',
    '实收金额',
    '支付金额',
    '应付金额',
    '订单应付金额',
    '订单金额',
    '商品总价(元)',
    '金额',
    'amount',
  ],
  price: ['商品单价', '单价', '商品价格', '销售单价', '成交单价', '京东价', '价格', 'price'],
  weight: ['商品总重量', '总重量', '商品重量', '重量', 'weight'],
  buyerName: ['收货人姓名', '收件人姓名', '收货人', '收件人', '客户姓名', '联系人', 'buyer'],
  buyerPhone: ['联系手机', '收件人手机号', '收货人手机', '收货人电话', '手机', '手机号', '联系电话', '电话', 'phone'],
  province: ['省', '省份', '收货省份', 'province'],
  city: ['市', '城市', '收货城市', 'city'],
  address: ['收货地址', '详细地址', '客户地址', '收件地址', '收货详细地址', '街道', '地址', 'address'],
  freight: ['买家应付邮费', '邮费(元)', '邮费', '运费', '快递费', 'freight'],
  refund: ['退款金额(元)', '退款金额', '售后退款金额', 'refund'],
  refundedAt: ['退款成功时间', '退款完成时间', '退款时间', 'refundedat'],
  status: ['订单状态', '交易状态', '售后状态', '状态', 'status'],
  waybill: ['物流单号', '快递单号', '运单号', 'waybill'],
  carrier: ['物流公司', '快递公司', '承运商', 'carrier'],
};
/** Columns in which the channels write what was paid for a whole order, on each of its rows where it has several. */
const ORDER_TOTALS = [
  '买家实际支付金额',
  '买家实付金额',
  '订单实付金额',
  '订单实付款',
  '实付款',
  '商家实收金额',
  '应付金额',
  '订单金额',
  '订单总金额',
];
/** Without these an order cannot be read. */
export const REQUIRED_FIELDS = [
  'channelOrderNo',
  'paidAt',
  'sku',
  'quantity',
  'amount',
] as const satisfies readonly ImportField[];

const plain = (title: string) =>
  title
    .normalize('NFKC')
    .replace(/[\s\uFEFF]/g, '')
    .toLowerCase();
const bare = (title: string) => plain(title).replace(/\([^()]*\)$/, '');

/** The columns of a header that we know by their titles; each column serves one field. */
export function guessColumns(header: readonly string[]): ImportColumns {
  const columns: ImportColumns = {};
  const taken = new Set<string>();
  for (const form of [plain, bare])
    for (const field of Object.keys(TITLES) as ImportField[]) {
      if (columns[field] !== undefined) continue;
      const found = TITLES[field]
        .map((title) => header.find((name) => name !== '' && !taken.has(name) && form(name) === form(title)))
        .find((name) => name !== undefined);
      if (found === undefined) continue;
      columns[field] = found;
      taken.add(found);
    }
  return columns;
}

/** Whether a column is known to hold the total of an order, by its title. */
export function isOrderTotal(title: string | undefined): boolean {
  return title !== undefined && ORDER_TOTALS.includes(bare(title));
}

/** Required fields that no column holds. */
export function missingFields(columns: ImportColumns, header: readonly string[]): ImportField[] {
  return REQUIRED_FIELDS.filter((field) => {
    const title = columns[field];
    return title === undefined || !header.includes(title);
  });
}

/** What a mapping is remembered by: the titles in their order. */
export function headerHash(header: readonly string[]): string {
  return createHash('sha256').update(header.map(plain).join('\n')).digest('hex');
}
