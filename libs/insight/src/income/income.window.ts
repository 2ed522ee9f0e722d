/**
 * The income summaries of one period for every village, town and county, from the accounts of the twelve months that end with
 * it (metric M12, docs/domain/income.md). Pure: a rebuild from scratch and a recomputation after one change are this function.
 */
import { addMonths, type IncomeFigures, type IncomeSummary, type Period, type UnitLevel } from '#contracts';
import { addMoney, bandOf, isShell, moneyOf, noBands, noMoney, type ClassifiedLine, type IncomeMoney } from './income.formula.js';
import { sliceFen, type Holding, type Lineage } from './income.lineage.js';

/** Months of a trailing year. */
export const TRAILING_MONTHS = 12;

/** A village's month as far as the figures need it. */
export interface AccountState {
  readonly villageId: string;
  readonly period: Period;
  /** Lines of the latest approved version; `null` while no version was approved. */
  readonly lines: readonly ClassifiedLine[] | null;
  /** The latest version waits for a decision. */
  readonly pending: boolean;
}

/** A village that exists on the period's last day, and what it is part of on that day. */
export interface VillagePlace {
  readonly villageId: string;
  readonly townId: string;
  readonly countyId: string;
}

/** What a window is computed from. */
export interface WindowInput {
  readonly period: Period;
  readonly villages: readonly VillagePlace[];
  /** Towns that exist on the period's last day: one without villages has a summary too. */
  readonly towns: readonly { townId: string; countyId: string }[];
  readonly counties: readonly string[];
  /** Villages that existed on at least one day of a month: their accounts of it are due. */
  readonly dueIn: (period: Period) => readonly string[];
  readonly accountsOf: (period: Period) => readonly AccountState[];
  readonly lineage: Lineage;
  readonly shellThresholdFen: number;
}

/** A summary without what only storing it adds. */
export type SummaryContent = Omit<IncomeSummary, 'formulaVersion' | 'asOf' | 'version'>;

/** The summary of one unit. */
export interface UnitSummaryContent {
  readonly unitId: string;
  readonly level: UnitLevel;
  readonly parentId: string | null;
  readonly content: SummaryContent;
}

/** The months of the trailing year that ends with `period`, oldest first. */
export function trailingMonths(period: Period): Period[] {
  return Array.from({ length: TRAILING_MONTHS }, (_, index) => addMonths(period, index + 1 - TRAILING_MONTHS));
}

/** The periods whose summaries depend on the accounts of a month, up to `last`: its own and the eleven after it. */
export function dependentPeriods(month: Period, last: Period): Period[] {
  return Array.from({ length: TRAILING_MONTHS }, (_, index) => addMonths(month, index)).filter((period) => period <= last);
}

/** The part of an account's lines that a holding gives its village. */
export function heldLines<T extends { readonly amountFen: number }>(lines: readonly T[], holding: Holding): T[] {
  if (!holding.slices.length) return [...lines];
  return lines.map((entry) => ({ ...entry, amountFen: sliceFen(entry.amountFen, holding.slices) }));
}

function noFigures(): IncomeFigures {
  return { ...noMoney(), expected: 0, approved: 0, pending: 0 };
}

function noContent(): SummaryContent {
  return {
    month: noFigures(),
    trailingYear: noFigures(),
    villages: 0,
    shellVillages: 0,
    notReported: 0,
    bands: noBands(),
    band: null,
    shell: null,
  };
}

/** Sums of whole accounts, kept between the windows of one aggregation: each account is in twelve of them. */
const wholeMoney = new WeakMap<AccountState, IncomeMoney>();

function moneyHeld(account: AccountState, holding: Holding): IncomeMoney {
  const lines = account.lines ?? [];
  if (holding.slices.length) return moneyOf(heldLines(lines, holding));
  const known = wholeMoney.get(account) ?? moneyOf(lines);
  wholeMoney.set(account, known);
  return known;
}

/** The summaries of one period: every county, town and village that exists on its last day. */
export function summarise(input: WindowInput): UnitSummaryContent[] {
  const units = new Map<string, UnitSummaryContent>();
  for (const countyId of input.counties)
    units.set(countyId, { unitId: countyId, level: 'county', parentId: null, content: noContent() });
  for (const { townId, countyId } of input.towns)
    units.set(townId, { unitId: townId, level: 'town', parentId: countyId, content: noContent() });
  const places = new Map(input.villages.map((place) => [place.villageId, place]));
  for (const { villageId, townId } of input.villages)
    units.set(villageId, { unitId: villageId, level: 'village', parentId: townId, content: noContent() });

  for (const month of trailingMonths(input.period)) addMonth(month, input, places, units);
  for (const place of places.values()) assess(place, input.shellThresholdFen, units);
  return [...units.values()];
}

/** Adds the accounts of one month: their money to the villages for which they count, and themselves to every unit above. */
function addMonth(
  month: Period,
  input: WindowInput,
  places: ReadonlyMap<string, VillagePlace>,
  units: ReadonlyMap<string, UnitSummaryContent>,
): void {
  const accounts = new Map(input.accountsOf(month).map((account) => [account.villageId, account]));
  const present = month === input.period;
  for (const villageId of new Set([...input.dueIn(month), ...accounts.keys()])) {
    const account = accounts.get(villageId);
    const above = new Set<string>();
    for (const holding of input.lineage.holders(villageId, month, input.period)) {
      const place = places.get(holding.villageId);
      if (!place) continue;
      above.add(place.villageId).add(place.townId).add(place.countyId);
      const content = units.get(place.villageId)?.content;
      if (account?.lines && content) addFigures(content, present, moneyHeld(account, holding));
    }
    // A split account is still one account of the town above its parts.
    for (const unitId of above) {
      const content = units.get(unitId)?.content;
      if (content) count(content, present, account);
    }
  }
}

function addFigures(content: SummaryContent, present: boolean, money: IncomeMoney): void {
  addMoney(content.trailingYear, money);
  if (present) addMoney(content.month, money);
}

function count(content: SummaryContent, present: boolean, account: AccountState | undefined): void {
  for (const figures of present ? [content.trailingYear, content.month] : [content.trailingYear]) {
    figures.expected += 1;
    if (account?.lines) figures.approved += 1;
    if (account?.pending) figures.pending += 1;
  }
}

/** Bands a village, or finds that it has not reported; counts it, and adds its money, in the units above. */
function assess(place: VillagePlace, thresholdFen: number, units: ReadonlyMap<string, UnitSummaryContent>): void {
  const own = units.get(place.villageId)?.content;
  if (!own) return;
  const { approved, operatingResultFen } = own.trailingYear;
  if (approved) {
    own.band = bandOf(operatingResultFen);
    own.shell = isShell(operatingResultFen, thresholdFen);
  }
  for (const unitId of [place.villageId, place.townId, place.countyId]) {
    const content = units.get(unitId)?.content;
    if (!content) continue;
    content.villages += 1;
    if (own.band) content.bands[own.band] += 1;
    else content.notReported += 1;
    if (own.shell) content.shellVillages += 1;
    if (content === own) continue;
    addMoney(content.month, own.month);
    addMoney(content.trailingYear, own.trailingYear);
  }
}
