/**
 * Metric M12, the operating result of a village collective (docs/domain/income.md): pure, all money in integer fen.
 * operating result = operating income (leasing included) + investment income − expenses; subsidies, other income and one-off
 * items stay out. Every figure is a sum over lines, so figures of parts always add up to the figure of the whole.
 */
import {
  INCOME_BANDS,
  INCOME_MODES,
  type AccountingRegime,
  type AccountLine,
  type IncomeBand,
  type IncomeFigures,
  type IncomeMode,
  type LineClass,
} from '#contracts';
import { incomeLine } from './income.lines.js';

/** Version of the formulas below; it changes whenever the same accounts would give other figures. */
export const INCOME_FORMULA_VERSION = 'M12-1';

/** The money of a set of lines: {@link IncomeFigures} without the counts of accounts. */
export type IncomeMoney = Omit<IncomeFigures, 'expected' | 'approved' | 'pending'>;

/** A line as the formulas see it: classified, its amount already shared out where a split gave only a part of it. */
export interface ClassifiedLine {
  readonly lineClass: LineClass;
  readonly mode: IncomeMode | null;
  readonly amountFen: number;
  readonly oneOff: boolean;
}

/**
 * The class of a line under its regime. Lines are validated when they are entered; a code that the table no longer knows is a
 * programming error, so it throws rather than counting for nothing.
 */
export function classify(regime: AccountingRegime, entry: AccountLine): ClassifiedLine {
  const known = incomeLine(regime, entry.line);
  if (!known) throw new Error(`No line ${entry.line} in regime ${regime}`);
  return { lineClass: known.lineClass, mode: entry.mode ?? null, amountFen: entry.amountFen, oneOff: entry.oneOff };
}

/** Whether the amount of a line is in the operating result. */
export function inOperatingResult(entry: Pick<ClassifiedLine, 'lineClass' | 'oneOff'>): boolean {
  if (entry.oneOff) return false;
  switch (entry.lineClass) {
    case 'operating_income':
    case 'investment_income':
    case 'expense':
      return true;
    case 'subsidy_income':
    case 'other_income':
    case 'excluded_expense':
      return false;
  }
}

/** Money of nothing: every figure 0. */
export function noMoney(): IncomeMoney {
  return {
    operatingResultFen: 0,
    withSubsidiesFen: 0,
    operatingIncomeFen: 0,
    investmentIncomeFen: 0,
    subsidyIncomeFen: 0,
    otherIncomeFen: 0,
    oneOffFen: 0,
    expensesFen: 0,
    byModeFen: { planting: 0, processing: 0, service: 0, leasing: 0 },
  };
}

/** Adds one line to `money`, in place: the accumulators of an aggregation are its own. */
export function addLine(money: IncomeMoney, entry: ClassifiedLine): void {
  const outgoing = entry.lineClass === 'expense' || entry.lineClass === 'excluded_expense';
  const signedFen = outgoing ? -entry.amountFen : entry.amountFen;
  if (entry.oneOff) {
    money.oneOffFen += signedFen;
    return;
  }
  addRegular(money, entry);
  if (inOperatingResult(entry)) {
    money.operatingResultFen += signedFen;
    money.withSubsidiesFen += signedFen;
  } else if (entry.lineClass === 'subsidy_income') money.withSubsidiesFen += signedFen;
}

function addRegular(money: IncomeMoney, entry: ClassifiedLine): void {
  switch (entry.lineClass) {
    case 'operating_income':
      money.operatingIncomeFen += entry.amountFen;
      if (entry.mode) money.byModeFen[entry.mode] += entry.amountFen;
      return;
    case 'investment_income':
      money.investmentIncomeFen += entry.amountFen;
      return;
    case 'subsidy_income':
      money.subsidyIncomeFen += entry.amountFen;
      return;
    case 'other_income':
      money.otherIncomeFen += entry.amountFen;
      return;
    case 'expense':
      money.expensesFen += entry.amountFen;
      return;
    case 'excluded_expense':
      return;
  }
}

/** The money of a list of lines. */
export function moneyOf(lines: Iterable<ClassifiedLine>): IncomeMoney {
  const money = noMoney();
  for (const entry of lines) addLine(money, entry);
  return money;
}

/** Adds `part` to `total`, in place. */
export function addMoney(total: IncomeMoney, part: IncomeMoney): void {
  total.operatingResultFen += part.operatingResultFen;
  total.withSubsidiesFen += part.withSubsidiesFen;
  total.operatingIncomeFen += part.operatingIncomeFen;
  total.investmentIncomeFen += part.investmentIncomeFen;
  total.subsidyIncomeFen += part.subsidyIncomeFen;
  total.otherIncomeFen += part.otherIncomeFen;
  total.oneOffFen += part.oneOffFen;
  total.expensesFen += part.expensesFen;
  for (const mode of INCOME_MODES) total.byModeFen[mode] += part.byModeFen[mode];
}

/** One 万元 in fen. */
const WAN_FEN = 10_000 * 100;
/** Lower bounds of the bands above zero, in fen; a bound belongs to the band that it opens. */
const BAND_FLOORS: readonly (readonly [IncomeBand, number])[] = [
  ['ge_100', 100 * WAN_FEN],
  ['50_100', 50 * WAN_FEN],
  ['10_50', 10 * WAN_FEN],
  ['5_10', 5 * WAN_FEN],
];

/** The band of a trailing-twelve-month operating result. */
export function bandOf(resultFen: number): IncomeBand {
  if (resultFen <= 0) return 'le_0';
  return BAND_FLOORS.find(([, floorFen]) => resultFen >= floorFen)?.[0] ?? '0_5';
}

/** Shell village (空壳村): the trailing result is at or below the county's threshold. */
export function isShell(resultFen: number, thresholdFen: number): boolean {
  return resultFen <= thresholdFen;
}

/** A count of zero in every band. */
export function noBands(): Record<IncomeBand, number> {
  return Object.fromEntries(INCOME_BANDS.map((band) => [band, 0])) as Record<IncomeBand, number>;
}
