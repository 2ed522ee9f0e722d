import type { Messages } from '#platform';

/** Problems and warnings of stock-takes and closings, by code. */
export const CLOSING_MESSAGES: Messages = {
  'zh-CN': {
    day_closed: '{day}已经日结过了',
    count_differs: '清点件数与系统在架件数不一致',
    stocktake_differs: '盘点有缺件或多件',
    field_after_end: '开始时间晚于结束时间',
    field_out_of_range: '日期超出范围',
  },
  en: {
    day_closed: '{day} has been closed already',
    count_differs: 'The count differs from what the records say lies on the shelf',
    stocktake_differs: 'The stock-take found parcels missing or surplus',
    field_after_end: 'The beginning is later than the end',
    field_out_of_range: 'The day is out of range',
  },
};
