import { registerMessages } from '#platform';
import { INSIGHT_MESSAGES } from './messages.js';

registerMessages(INSIGHT_MESSAGES);

export { CoverageRebuild, type RebuildOptions, type RebuildReport } from './coverage/coverage.rebuild.js';
export { CoverageService } from './coverage/coverage.service.js';
export { FORMULA_VERSION } from './coverage/coverage.facts.js';
export { IncomeAggregator, type IncomeRebuild } from './income/income.aggregator.js';
export { bandOf, classify, INCOME_FORMULA_VERSION, isShell, moneyOf, type IncomeMoney } from './income/income.formula.js';
export { INCOME_LINES, incomeLine, type IncomeLine } from './income/income.lines.js';
export {
  IncomeService,
  type AccountEntry,
  type AccountVerdict,
  type EnteredAccount,
  type IncomeActor,
} from './income/income.service.js';
export { lineProblems } from './income/account.rules.js';
export { SalesRebuild, type SalesRebuildReport } from './sales/sales.rebuild.js';
export { InsightModule } from './insight.module.js';
