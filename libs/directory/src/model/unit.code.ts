/** Statistical division codes (docs/domain/directory.md): 2 province, 2 prefecture, 2 county, 3 town, 3 village digits. */
import { CODE_LENGTH, UNIT_LEVELS, type UnitLevel } from '#contracts';

/** The level below, or `undefined` for a village. */
export function levelBelow(level: UnitLevel): UnitLevel | undefined {
  return UNIT_LEVELS[UNIT_LEVELS.indexOf(level) + 1];
}

/** The level above, or `undefined` for a province. */
export function levelAbove(level: UnitLevel): UnitLevel | undefined {
  return UNIT_LEVELS[UNIT_LEVELS.indexOf(level) - 1];
}

/** The level that a code of this many digits belongs to, or `undefined`. */
export function levelOfCode(code: string): UnitLevel | undefined {
  return UNIT_LEVELS.find((level) => CODE_LENGTH[level] === code.length);
}

/** A code written in full: twelve digits. */
export function fullCode(code: string): string {
  return code.padEnd(12, '0');
}

/**
 * What a code may mean, most likely first: itself, except that twelve digits ending in zeros are first read as the code of a
 * higher unit written in full (`990101000000` is the county 990101). Village and town numbers start at 001.
 */
export function codeReadings(code: string): string[] {
  if (code.length !== 12) return [code];
  const readings = UNIT_LEVELS.map((level) => code.slice(0, CODE_LENGTH[level]));
  return readings.filter((short) => fullCode(short) === code);
}

/** Whether the code has the digits of its level and begins with its parent's code. */
export function codeFitsParent(code: string, level: UnitLevel, parentCode: string | null): boolean {
  if (!/^\d+$/.test(code) || code.length !== CODE_LENGTH[level]) return false;
  return parentCode === null || (code.startsWith(parentCode) && parentCode.length < code.length);
}

/** What a town or village number says the unit is. */
export type CodeRange = 'subdistrict' | 'town' | 'township' | 'town_like' | 'residents' | 'villagers' | 'village_like';

/** The range that the last three digits fall in (town 001–099, 100–199, 200–399, 400–599; village 001–199, 200–399, 400+); `undefined` outside. */
export function codeRange(code: string): CodeRange | undefined {
  const level = levelOfCode(code);
  const number = Number(code.slice(-3));
  if (level === 'town') return TOWN_RANGES.find((range) => number >= range.from && number <= range.to)?.range;
  if (level === 'village') return VILLAGE_RANGES.find((range) => number >= range.from && number <= range.to)?.range;
  return undefined;
}

const TOWN_RANGES: readonly { from: number; to: number; range: CodeRange }[] = [
  { from: 1, to: 99, range: 'subdistrict' },
  { from: 100, to: 199, range: 'town' },
  { from: 200, to: 399, range: 'township' },
  { from: 400, to: 599, range: 'town_like' },
];
const VILLAGE_RANGES: readonly { from: number; to: number; range: CodeRange }[] = [
  { from: 1, to: 199, range: 'residents' },
  { from: 200, to: 399, range: 'villagers' },
  { from: 400, to: 999, range: 'village_like' },
];

/** Name endings that belong to one range. A name that ends otherwise says nothing. */
const NAME_ENDINGS: readonly { level: UnitLevel; ending: RegExp; range: CodeRange }[] = [
  { level: 'town', ending: /街道(办事处)?$/, range: 'subdistrict' },
  { level: 'town', ending: /镇$/, range: 'town' },
  { level: 'town', ending: /乡$/, range: 'township' },
  { level: 'village', ending: /(?<!类似)(居民委员会|居委会)$/, range: 'residents' },
  { level: 'village', ending: /(?<!类似)(村民委员会|村委会)$/, range: 'villagers' },
];

/** How name and code disagree about what the unit is, or `undefined` when they agree or the name does not tell. A warning, never an error. */
export function nameDisagreement(
  code: string,
  name: string,
): { nameSays: CodeRange; codeSays: CodeRange | undefined } | undefined {
  const level = levelOfCode(code);
  const said = NAME_ENDINGS.find((entry) => entry.level === level && entry.ending.test(name));
  if (!said) return undefined;
  const codeSays = codeRange(code);
  return codeSays === said.range ? undefined : { nameSays: said.range, codeSays };
}

/** Whether the number of a town or village lies in any range: 000, and a town's 600–999, do not. */
export function codeInRange(code: string): boolean {
  const level = levelOfCode(code);
  return level === 'town' || level === 'village' ? codeRange(code) !== undefined : level !== undefined;
}

/** Codes of the units that a unit of this code may be part of, nearest first. Only a county or prefecture may skip a level. */
export function parentCodes(code: string, level: UnitLevel): string[] {
  switch (level) {
    case 'province':
      return [];
    case 'prefecture':
      return [code.slice(0, 2)];
    case 'county':
      return [code.slice(0, 4), code.slice(0, 2)];
    case 'town':
      return [code.slice(0, 6)];
    case 'village':
      return [code.slice(0, 9)];
  }
}
