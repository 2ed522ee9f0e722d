/** Thirteen months of the villages' collective accounts (metric M12): every band, shell villages, and months that are missing. */
import { addMonths, lastDayOf, type AccountingRegime, type AccountLine, type IncomeMode, type Period } from '#contracts';
import { DEMO_SEED } from './county.generator.js';
import type { DemoCounty, DemoVillage } from './county.model.js';
import { ACCOUNT_MONTHS } from './demo.calendar.js';
import { RandomSource } from './random.source.js';

/** What a town's official did with an account. */
export type AccountOutcome = 'approved' | 'returned' | 'waiting';

export interface DemoAccount {
  readonly villageCode: string;
  readonly period: Period;
  readonly regime: AccountingRegime;
  readonly lines: AccountLine[];
  readonly outcome: AccountOutcome;
}

/** How a collective does over a year; `risen` was a shell village until it leased its land, `fallen` the other way round. */
export const FORTUNES = ['shell', 'poor', 'modest', 'solid', 'strong', 'rich', 'risen', 'fallen', 'silent'] as const;
export type Fortune = (typeof FORTUNES)[number];

/** Villages in a hundred with each fortune. */
const SHARE: Readonly<Record<Exclude<Fortune, 'silent'>, number>> = {
  shell: 5,
  poor: 22,
  modest: 28,
  solid: 31,
  strong: 5,
  rich: 3,
  risen: 4,
  fallen: 2,
};
/** Yearly operating result, 万元. */
const RESULT_WAN: Readonly<Record<Fortune, readonly [number, number]>> = {
  shell: [-2.5, 0],
  poor: [0.8, 4.8],
  modest: [5.2, 9.8],
  solid: [11, 46],
  strong: [55, 95],
  rich: [105, 240],
  risen: [-1.8, -0.4],
  fallen: [3, 7],
  silent: [0, 0],
};
const WAN_FEN = 1_000_000;
/** The town that kept its books by the 2004 regime until half a year ago. */
const LATE_TOWN = '990101200';
const LATE_TOWN_SWITCHED_MONTHS_AGO = 6;

/** What each mode earns in each month of the year, in twelfths of its year: harvests are in autumn, rents at New Year. */
const SEASON: Readonly<Record<IncomeMode, readonly number[]>> = {
  planting: [0, 0, 0, 0.2, 0.5, 0.8, 1, 1.5, 3, 3.5, 1.3, 0.2],
  processing: [1.2, 0.8, 0.9, 0.9, 0.9, 0.9, 0.9, 1, 1.1, 1.2, 1.1, 1.1],
  service: [0.8, 0.7, 1, 1.1, 1.1, 1, 1, 1, 1.1, 1.1, 1.1, 1],
  leasing: [4, 0.5, 0.5, 1, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1],
};

/** A collective's year before it is spread over the months. */
interface Collective {
  readonly fortune: Fortune;
  readonly resultFen: number;
  readonly modes: readonly IncomeMode[];
  readonly subsidyFen: number;
  readonly random: RandomSource;
}

/** All accounts of the thirteen months before today's, village by village, oldest first. */
export function generateAccounts(county: DemoCounty, seed: string = DEMO_SEED): DemoAccount[] {
  const random = new RandomSource(`${seed}/accounts`);
  const last = addMonths(county.calendar.today.slice(0, 7), -1);
  const periods = Array.from({ length: ACCOUNT_MONTHS }, (_, index) => addMonths(last, index + 1 - ACCOUNT_MONTHS));
  return county.villages.flatMap((village) => {
    const collective = collectiveOf(village, random.fork(village.code));
    return periods
      .filter((period) => keepsBooks(village, period) && collective.fortune !== 'silent')
      .flatMap((period, index) => {
        const outcome = outcomeOf(village, period === last, collective);
        if (!outcome) return [];
        const regime = regimeOf(village, period, last);
        return [
          {
            villageCode: village.code,
            period,
            regime,
            lines: linesOf(collective, period, regime, index / ACCOUNT_MONTHS),
            outcome,
          },
        ];
      });
  });
}

/** A merged village's month belongs to whoever exists at its end. */
function keepsBooks(village: DemoVillage, period: Period): boolean {
  const day = lastDayOf(period);
  return village.validFrom <= day && (village.validTo === null || day < village.validTo);
}

function regimeOf(village: DemoVillage, period: Period, last: Period): AccountingRegime {
  return village.parentCode === LATE_TOWN && period <= addMonths(last, -LATE_TOWN_SWITCHED_MONTHS_AGO) ? '2004' : '2023';
}

function collectiveOf(village: DemoVillage, random: RandomSource): Collective {
  const fortune = fortuneOf(village, random);
  const [low, high] = RESULT_WAN[fortune];
  const size = fortune === 'poor' || fortune === 'shell' ? 1 : random.int(1, 3);
  const modes = random.shuffle<IncomeMode>(['planting', 'leasing', 'service', 'processing']).slice(0, size);
  return {
    fortune,
    resultFen: Math.round(random.between(low, high) * WAN_FEN),
    modes,
    subsidyFen: random.chance(0.75) ? random.int(2, 12) * WAN_FEN : 0,
    random,
  };
}

/** Remote villages are poorer; one has never handed in an account. */
function fortuneOf(village: DemoVillage, random: RandomSource): Fortune {
  if (village.case === 'showcase') return 'solid';
  if (village.case === 'uncovered' && village.code.endsWith('1')) return 'silent';
  const drawn = random.weighted<Exclude<Fortune, 'silent'>>(SHARE);
  if (village.case === 'uncovered') return random.chance(0.5) ? 'shell' : 'poor';
  return drawn;
}

/** Last month's accounts are not all in yet, some wait for the town, one in forty was sent back. */
function outcomeOf(village: DemoVillage, isLast: boolean, { random }: Collective): AccountOutcome | undefined {
  if (!isLast || village.case === 'showcase') return 'approved';
  const draw = random.fork('last').next();
  if (draw < 0.06) return undefined;
  if (draw < 0.12) return 'waiting';
  return draw < 0.15 ? 'returned' : 'approved';
}

/** One month of a collective. @param progress how far through the thirteen months it lies, 0 to 1 */
function linesOf(collective: Collective, period: Period, regime: AccountingRegime, progress: number): AccountLine[] {
  const { fortune, modes, subsidyFen } = collective;
  const random = collective.random.fork(period);
  const month = Number(period.slice(5)) - 1;
  const resultFen = yearlyResult(collective, progress);
  const expensesFen = Math.round((12_000 + Math.abs(resultFen) * 0.006) / 100) * 100;
  const yearlyIncomeFen = Math.max(0, resultFen + 12 * expensesFen * 1.9);
  if (fortune === 'shell' && random.chance(0.3)) return [];
  const lines: AccountLine[] = modes.flatMap((mode) => {
    const share = yearlyIncomeFen / modes.length / 12;
    const amountFen = wholeYuan(share * (SEASON[mode][month] ?? 1) * random.between(0.93, 1.07));
    return amountFen > 0 ? [{ ...incomeLine(mode), amountFen, oneOff: false }] : [];
  });
  lines.push({ line: 'administration', amountFen: wholeYuan(expensesFen * random.between(0.9, 1.1)), oneOff: false });
  lines.push({ line: 'operating_expense', amountFen: wholeYuan(expensesFen * 0.9 * random.between(0.9, 1.1)), oneOff: false });
  if (month === 5 && subsidyFen > 0)
    lines.push({ line: 'subsidy', amountFen: subsidyFen, oneOff: false, note: '扶持壮大村级集体经济补助' });
  if (month === 11 && resultFen > 8 * WAN_FEN)
    lines.push({ line: 'investment', amountFen: wholeYuan(resultFen * 0.08), oneOff: false });
  if (random.chance(0.02))
    lines.push({ line: 'other_income', amountFen: random.int(1, 30) * 10_000, oneOff: false, note: '捐赠收入' });
  if (random.chance(0.004))
    lines.push({ line: 'rent', mode: 'leasing', amountFen: random.int(5, 40) * WAN_FEN, oneOff: true, note: '征地一次性补偿' });
  return regime === '2004' ? lines.map(inTheOldRegime) : lines;
}

/** What the year would come to at the pace of this month. */
function yearlyResult({ fortune, resultFen }: Collective, progress: number): number {
  if (fortune === 'risen') return progress < 0.4 ? resultFen : 9 * WAN_FEN;
  if (fortune === 'fallen') return progress < 0.25 ? resultFen : -6 * WAN_FEN;
  return resultFen;
}

function incomeLine(mode: IncomeMode): Pick<AccountLine, 'line' | 'mode'> {
  switch (mode) {
    case 'planting':
    case 'processing':
      return { line: 'sales', mode };
    case 'service':
      return { line: 'labour', mode };
    case 'leasing':
      return { line: 'rent', mode };
  }
}

/** The 2004 regime books land contracted out as its own income (发包及上交收入). */
function inTheOldRegime(line: AccountLine): AccountLine {
  return line.line === 'rent' && !line.oneOff ? { ...line, line: 'contracting' } : line;
}

function wholeYuan(fen: number): number {
  return Math.max(0, Math.round(fen / 100) * 100);
}
