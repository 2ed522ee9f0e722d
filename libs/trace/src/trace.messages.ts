/** Text of tracing for people. */
export const TRACE_MESSAGES = {
  'zh-CN': {
    gtin_invalid: '不是有效的商品条码',
    field_gtin_not_digits: '商品条码只能是数字',
    field_gtin_length: '商品条码应为8、12、13或14位',
    field_gtin_check_digit: '校验位不正确',
    'trace.resolver.name': '乡驿农产品解析服务',
  },
  en: {
    gtin_invalid: 'Not a valid GTIN',
    field_gtin_not_digits: 'A GTIN has digits only',
    field_gtin_length: 'A GTIN has 8, 12, 13 or 14 digits',
    field_gtin_check_digit: 'The check digit is wrong',
    'trace.resolver.name': 'Xiangyi resolver of farm produce',
  },
} as const;
