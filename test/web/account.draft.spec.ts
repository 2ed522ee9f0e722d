import { accountLineSchema, type IncomeLineView } from '#contracts';
import {
  draftOf,
  emptyLine,
  isBlank,
  lineOf,
  operatingResultOf,
  problemOf,
} from '../../apps/web/src/shared/account/account.draft.js';

const view = (code: string, lineClass: IncomeLineView['lineClass'], modes: IncomeLineView['modes'] = []): IncomeLineView => ({
  code,
  name: code,
  account: null,
  lineClass,
  negativeAllowed: lineClass === 'investment_income',
  modes,
});
const lines = [
  view('sales', 'operating_income', ['planting', 'leasing']),
  view('invest', 'investment_income'),
  view('grant', 'subsidy_income'),
  view('costs', 'expense'),
];
const row = (line: string, yuan: string, over = {}) => ({ ...emptyLine(), line, yuan, ...over });

describe('rows of the account form', () => {
  it('are left out while nothing was typed', () => {
    expect(isBlank(emptyLine())).toBe(true);
    expect(isBlank(row('sales', ''))).toBe(false);
  });

  it('say what is wrong, first thing first', () => {
    expect(problemOf(row('', '1'), lines)).toBe('line');
    expect(problemOf(row('sales', '1'), lines)).toBe('mode');
    expect(problemOf(row('grant', 'many'), lines)).toBe('amount');
    expect(problemOf(row('grant', '-1'), lines)).toBe('negative');
    expect(problemOf(row('invest', '-1'), lines)).toBeUndefined();
    expect(problemOf(row('sales', '1', { mode: 'planting' }), lines)).toBeUndefined();
  });

  it('become lines that the API takes, and come back the same', () => {
    const line = lineOf(row('sales', '1,234.5', { mode: 'planting', note: ' sold ' }), lines);
    expect(line).toEqual({ line: 'sales', mode: 'planting', amountFen: 123_450, oneOff: false, note: 'sold' });
    expect(accountLineSchema.parse(line)).toEqual(line);
    expect(lineOf(draftOf(line), lines)).toEqual(line);
  });

  it('add up to income and investment less expenses, without subsidies and one-off items', () => {
    const drafts = [
      row('sales', '1000', { mode: 'planting' }),
      row('sales', '500', { mode: 'leasing', oneOff: true }),
      row('invest', '-20'),
      row('grant', '9000'),
      row('costs', '300.5'),
    ];
    expect(operatingResultOf(drafts, lines)).toBe(67_950);
  });
});
