/** Whether the value of an application identifier is right: length, characters, check digits, dates (GS1 General Specifications, sections 3 and 7). Pure. */
import { hasGs1CheckDigit } from '#contracts';
import { COUNTRY_LETTERS, COUNTRY_NUMBERS, CURRENCY_NUMBERS } from './code.lists.js';
import { partsOf, type ValuePart } from './application.identifier.js';

/** What is wrong with a value. */
export type ValueProblem = 'length' | 'characters' | 'check_digit' | 'date' | 'content';

const CHARACTERS: Readonly<Record<ValuePart['charset'], RegExp>> = {
  N: /^[0-9]*$/,
  X: /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*$/,
  Y: /^[#\-/0-9A-Z]*$/,
  Z: /^[A-Za-z0-9_-]*={0,2}$/,
};
const CSET82 = `!"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz`;
const CSET32 = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];

/** What is wrong with the value of an identifier; `undefined` when nothing is. The identifier must be one of the table. */
export function valueProblem(ai: string, value: string): ValueProblem | undefined {
  const parts = partsOf(ai) ?? [];
  let rest = value;
  for (const part of parts) {
    if (rest === '' && part.optional) break;
    const text = rest.slice(0, part.max);
    rest = rest.slice(part.max);
    if (text.length < part.min) return 'length';
    if (!CHARACTERS[part.charset].test(text)) return 'characters';
    for (const check of part.checks) {
      const problem = CHECKS[check]?.(text);
      if (problem) return problem;
    }
  }
  return rest === '' ? undefined : 'length';
}

type Check = (text: string) => ValueProblem | undefined;
const content =
  (right: (text: string) => boolean): Check =>
  (text) =>
    right(text) ? undefined : 'content';
const dated =
  (right: (text: string) => boolean): Check =>
  (text) =>
    right(text) ? undefined : 'date';
const within = (text: string, min: number, max: number): boolean => Number(text) >= min && Number(text) <= max;

const CHECKS: Readonly<Record<string, Check>> = {
  csum: (text) => (hasGs1CheckDigit(text) ? undefined : 'check_digit'),
  pair: (text) => (hasCheckPair(text) ? undefined : 'check_digit'),
  // A company prefix has four digits at least.
  company: content((text) => /^\d{4}/.test(text)),
  day: dated((text) => isDay(`20${text}`, false)),
  day0: dated((text) => isDay(`20${text}`, true)),
  fullday: dated((text) => isDay(text, false)),
  minute: dated((text) => within(text.slice(0, 2), 0, 23) && within(text.slice(2), 0, 59)),
  hour: dated((text) => within(text, 0, 23)),
  sixty: dated((text) => within(text, 0, 59)),
  zero: content((text) => text === '0'),
  positive: content((text) => Number(text) > 0),
  plain: content((text) => text === '0' || !text.startsWith('0')),
  pieces: content((text) => within(text.slice(0, 2), 1, Number(text.slice(2)))),
  importer: content((text) => /^[0-9A-Za-z_-]$/.test(text)),
  media: content((text) => within(text, 1, 10) || within(text, 80, 99)),
  escaped: content((text) => !/%(?![0-9A-Fa-f]{2})/.test(text)),
  letters: content((text) => COUNTRY_LETTERS.has(text)),
  country: content((text) => COUNTRY_NUMBERS.has(text)),
  // 999: in several countries.
  anywhere: content((text) => text === '999' || COUNTRY_NUMBERS.has(text)),
  currency: content((text) => CURRENCY_NUMBERS.has(text)),
  latitude: content((text) => within(text, 0, 1_800_000_000)),
  longitude: content((text) => within(text, 0, 3_600_000_000)),
  yesno: content((text) => /^[01]$/.test(text)),
  hyphen: content((text) => text === '-'),
  sex: content((text) => /^[0129]$/.test(text)),
  winding: content((text) => /^[019]$/.test(text)),
  sequence: content((text) => /^[1-9]\/[1-9]$/.test(text) && Number(text[0]) <= Number(text[2])),
  iban: (text) => (isIban(text) ? undefined : 'check_digit'),
};

/** `YYYYMMDD`; day 00 is a whole month, where that may be said. */
function isDay(text: string, monthAllowed: boolean): boolean {
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6))];
  if (month < 1 || month > 12) return false;
  return (monthAllowed && day === 0) || (day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate());
}

/** The check characters of a global model number: primes as weights from the right, modulo 1021 (General Specifications, 7.9.5). */
function hasCheckPair(text: string): boolean {
  if (text.length < 6) return false;
  const body = text.slice(0, -2);
  const sum = [...body]
    .reverse()
    .reduce((total, character, index) => total + CSET82.indexOf(character) * (PRIMES[index] ?? 0), 0);
  const rest = sum % 1021;
  return text.endsWith(`${CSET32[rest >> 5] ?? ''}${CSET32[rest & 31] ?? ''}`);
}

function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(text)) return false;
  const digits = [...`${text.slice(4)}${text.slice(0, 4)}`].map((character) => parseInt(character, 36)).join('');
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0) === 1;
}
