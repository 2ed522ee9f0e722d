import { ACCOUNTING_REGIMES, type AccountLine } from '#contracts';
import { lineProblems, sameAccount } from './account.rules.js';
import { INCOME_LINES, incomeLine } from './income.lines.js';

const entry = (line: string, amountFen: number, rest: Partial<AccountLine> = {}): AccountLine => ({
  line,
  amountFen,
  oneOff: false,
  ...rest,
});

describe('the line tables', () => {
  it.each(ACCOUNTING_REGIMES)('name every line of %s once', (regime) => {
    const codes = INCOME_LINES[regime].map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it.each(ACCOUNTING_REGIMES)('give modes to operating income of %s and to nothing else', (regime) => {
    for (const { lineClass, modes } of INCOME_LINES[regime]) expect(modes.length > 0).toBe(lineClass === 'operating_income');
  });

  it('count contracting as operating income from leasing under both regimes', () => {
    for (const regime of ACCOUNTING_REGIMES)
      expect(incomeLine(regime, 'contracting')).toMatchObject({ lineClass: 'operating_income', modes: ['leasing'] });
  });

  it('know taxes, welfare and income tax only under the regime of 2023, and the tax refund only under that of 2004', () => {
    for (const code of ['taxes', 'public_welfare', 'income_tax']) {
      expect(incomeLine('2004', code)).toBeUndefined();
      expect(incomeLine('2023', code)).toBeDefined();
    }
    expect(incomeLine('2004', 'agricultural_tax_refund')?.lineClass).toBe('subsidy_income');
    expect(incomeLine('2023', 'agricultural_tax_refund')).toBeUndefined();
  });
});

describe('the rules of an entry', () => {
  it('accept an empty month: zero is said, not assumed', () => {
    expect(lineProblems('2023', [])).toEqual([]);
  });

  it('accept a plain month', () => {
    const lines = [
      entry('sales', 120_000, { mode: 'planting' }),
      entry('rent', 50_000, { mode: 'leasing' }),
      entry('administration', 30_000),
    ];
    expect(lineProblems('2023', lines)).toEqual([]);
  });

  it('report every problem of every line with its place', () => {
    const lines = [
      entry('nonsense', 1),
      entry('sales', 1),
      entry('rent', 1, { mode: 'planting' }),
      entry('subsidy', 1, { mode: 'service' }),
      entry('taxes', -1),
      entry('investment', -1),
      entry('investment', 5),
    ];
    expect(lineProblems('2023', lines)).toEqual([
      { index: 0, field: 'line', code: 'income_line_unknown' },
      { index: 1, field: 'mode', code: 'income_mode_missing' },
      { index: 2, field: 'mode', code: 'income_mode_not_allowed' },
      { index: 3, field: 'mode', code: 'income_mode_not_allowed' },
      { index: 4, field: 'amountFen', code: 'income_amount_negative' },
      { index: 6, field: 'line', code: 'income_line_repeated' },
    ]);
  });

  it('take the same line twice when a note or the one-off mark tells them apart', () => {
    const lines = [
      entry('rent', 1, { mode: 'leasing', note: 'warehouse' }),
      entry('rent', 1, { mode: 'leasing', note: 'shop' }),
      entry('rent', 1, { mode: 'leasing', note: 'shop', oneOff: true }),
    ];
    expect(lineProblems('2004', lines)).toEqual([]);
  });

  it('see the same account whatever the order of its lines', () => {
    const lines = [entry('subsidy', 5), entry('taxes', 7)];
    expect(sameAccount({ regime: '2023', lines }, { regime: '2023', lines: [...lines].reverse() })).toBe(true);
    expect(sameAccount({ regime: '2023', lines }, { regime: '2023', lines: [entry('subsidy', 5), entry('taxes', 8)] })).toBe(
      false,
    );
    expect(sameAccount({ regime: '2023', lines: [] }, { regime: '2004', lines: [] })).toBe(false);
  });
});
