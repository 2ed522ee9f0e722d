import type { Messages } from '#platform';
import { COVERAGE_MESSAGES } from './coverage/coverage.messages.js';
import { INCOME_MESSAGES } from './income/income.messages.js';
import { SALES_MESSAGES } from './sales/sales.messages.js';

/** Everything that insight says to people, keyed by problem code or by the name of a table's column. */
export const INSIGHT_MESSAGES: Messages = {
  'zh-CN': { ...COVERAGE_MESSAGES['zh-CN'], ...INCOME_MESSAGES['zh-CN'], ...SALES_MESSAGES['zh-CN'] },
  en: { ...COVERAGE_MESSAGES.en, ...INCOME_MESSAGES.en, ...SALES_MESSAGES.en },
};
