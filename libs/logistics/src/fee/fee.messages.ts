import type { Messages } from '#platform';

/** Problems of fees and titles of their table, by code. */
export const FEE_MESSAGES: Messages = {
  'zh-CN': {
    field_rate_twice: '同一品牌、同一方向、同一天只能有一个单价',
    table_fee_sheet: '计件收入',
    table_fee_carrier: '快递品牌',
    table_fee_kind: '项目',
    table_fee_handed_out: '派件',
    table_fee_accepted_out: '揽收',
    table_fee_pieces: '件数',
    table_fee_without_rate: '未定价件数',
    table_fee_amount: '金额（元）',
  },
  en: {
    field_rate_twice: 'One rate a carrier, direction and day',
    table_fee_sheet: 'Earnings by the piece',
    table_fee_carrier: 'Carrier',
    table_fee_kind: 'For',
    table_fee_handed_out: 'Handed out',
    table_fee_accepted_out: 'Taken in',
    table_fee_pieces: 'Pieces',
    table_fee_without_rate: 'Without a rate',
    table_fee_amount: 'Amount (yuan)',
  },
};
