import { INCOME_MODES, LINE_CLASSES, type AccountLine } from '#contracts';
import fc from 'fast-check';
import { addMoney, bandOf, classify, isShell, moneyOf, noMoney, type ClassifiedLine } from './income.formula.js';

const yuan = (amount: number) => Math.round(amount * 100);
const entry = (line: string, amount: number, rest: Partial<AccountLine> = {}): AccountLine => ({
  line,
  amountFen: yuan(amount),
  oneOff: false,
  ...rest,
});

const classified: fc.Arbitrary<ClassifiedLine> = fc.record({
  lineClass: fc.constantFrom(...LINE_CLASSES),
  mode: fc.option(fc.constantFrom(...INCOME_MODES)),
  amountFen: fc.integer({ min: -1_000_000, max: 100_000_000 }),
  oneOff: fc.boolean(),
});

describe('the operating result (M12)', () => {
  it('is a worked example under the regime of 2023', () => {
    const lines = [
      entry('sales', 52_000, { mode: 'planting' }),
      entry('sales', 8_000, { mode: 'processing' }),
      entry('labour', 5_000, { mode: 'service' }),
      entry('contracting', 12_000, { mode: 'leasing' }),
      entry('rent', 3_000, { mode: 'leasing' }),
      entry('investment', -1_500),
      entry('subsidy', 40_000),
      entry('other_income', 700),
      entry('operating_expense', 31_000),
      entry('taxes', 900),
      entry('administration', 14_600),
      entry('public_welfare', 6_000),
      entry('other_expense', 250),
      entry('operating_other', 90_000, { mode: 'service', oneOff: true }),
      entry('operating_expense', 20_000, { oneOff: true }),
    ];
    expect(moneyOf(lines.map((line) => classify('2023', line)))).toEqual({
      operatingIncomeFen: yuan(80_000),
      byModeFen: { planting: yuan(52_000), processing: yuan(8_000), service: yuan(5_000), leasing: yuan(15_000) },
      investmentIncomeFen: yuan(-1_500),
      subsidyIncomeFen: yuan(40_000),
      otherIncomeFen: yuan(700),
      expensesFen: yuan(46_500),
      oneOffFen: yuan(70_000),
      operatingResultFen: yuan(80_000 - 1_500 - 46_500),
      withSubsidiesFen: yuan(80_000 - 1_500 - 46_500 + 40_000),
    });
  });

  it('is the operating income and contracting less expenses and administration under the regime of 2004', () => {
    const lines = [
      entry('sales', 680, { mode: 'planting' }),
      entry('contracting', 350, { mode: 'leasing' }),
      entry('investment', 50),
      entry('subsidy', 300),
      entry('other_income', 420),
      entry('operating_expense', 450),
      entry('administration', 350),
      entry('other_expense', 450),
    ];
    const money = moneyOf(lines.map((line) => classify('2004', line)));
    expect(money.operatingResultFen).toBe(yuan(280));
    expect(money.withSubsidiesFen).toBe(yuan(580));
  });

  it('is nothing for an empty month', () => {
    expect(moneyOf([])).toEqual(noMoney());
  });

  it('always is operating plus investment income less expenses, and with subsidies that much more', () => {
    fc.assert(
      fc.property(fc.array(classified), (lines) => {
        const money = moneyOf(lines);
        expect(money.operatingResultFen).toBe(money.operatingIncomeFen + money.investmentIncomeFen - money.expensesFen);
        expect(money.withSubsidiesFen).toBe(money.operatingResultFen + money.subsidyIncomeFen);
      }),
    );
  });

  it('adds up: the parts of any division of the lines sum to the whole', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(classified, fc.integer({ min: 0, max: 3 }))), (assigned) => {
        const total = noMoney();
        for (const part of [0, 1, 2, 3]) addMoney(total, moneyOf(assigned.filter(([, to]) => to === part).map(([line]) => line)));
        expect(total).toEqual(moneyOf(assigned.map(([line]) => line)));
      }),
    );
  });

  it('leaves one-off items out of everything but their own figure', () => {
    fc.assert(
      fc.property(fc.array(classified), (lines) => {
        const { oneOffFen, ...rest } = moneyOf(lines);
        const regular = moneyOf(lines.filter((line) => !line.oneOff));
        expect({ ...rest, oneOffFen: 0 }).toEqual(regular);
        expect(oneOffFen).toBe(moneyOf(lines.filter((line) => line.oneOff)).oneOffFen);
      }),
    );
  });
});

describe('bands and shell villages', () => {
  it.each([
    [-1, 'le_0'],
    [0, 'le_0'],
    [0.01, '0_5'],
    [49_999.99, '0_5'],
    [50_000, '5_10'],
    [99_999.99, '5_10'],
    [100_000, '10_50'],
    [500_000, '50_100'],
    [999_999.99, '50_100'],
    [1_000_000, 'ge_100'],
  ])('put %d yuan in band %s', (amount, band) => {
    expect(bandOf(yuan(amount))).toBe(band);
  });

  it('call a village a shell at or below the threshold', () => {
    expect(isShell(0, 0)).toBe(true);
    expect(isShell(1, 0)).toBe(false);
    expect(isShell(yuan(50_000), yuan(50_000))).toBe(true);
  });

  it('never move a better result into a lower band', () => {
    const order = ['le_0', '0_5', '5_10', '10_50', '50_100', 'ge_100'];
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e10 }), fc.integer({ min: 0, max: 1e9 }), (low, more) => {
        expect(order.indexOf(bandOf(low + more))).toBeGreaterThanOrEqual(order.indexOf(bandOf(low)));
      }),
    );
  });
});
