/** Code 128 symbols as widths of bars (ISO/IEC 15417): GS1-128 of digits for boxes, plain ones for waybills. Here, because a phone draws them without a network. Pure. */

/** Modules of white on each side of the bars. */
export const QUIET_BARS = 10;

/** Widths of bar and space by turns of the symbol characters 0 to 105, each eleven modules wide, and of the stop character. */
const PATTERNS = (
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 223211 221132 ' +
  '221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 ' +
  '231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 ' +
  '314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 ' +
  '111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 ' +
  '114131 311141 411131 211412 211214 211232 2331112'
).split(' ');
const FNC1 = 102;
const START_B = 104;
const START_C = 105;
const TO_B = 100;
const TO_C = 99;
const STOP = 106;
const MODULUS = 103;
/** In the set B a symbol character's value is the code of its sign less this. */
const SET_B_OFFSET = 32;
/** The fewest digits in the middle of a text for which changing to the set C and back makes it shorter; at an end four do. */
const DIGITS_WITHIN = 6;
const DIGITS_AT_END = 4;

/** A symbol without its quiet zones: how many modules wide it is, and where its bars stand. */
export interface BarDrawing {
  readonly modules: number;
  readonly bars: readonly (readonly [x: number, width: number])[];
}

/** A GS1-128 symbol in set C with FNC1 in front (GS1 General Specifications 5.4): an even number of digits, an application identifier and its value. @throws RangeError for anything else */
export function drawGs1Bars(digits: string): BarDrawing {
  if (!/^(\d\d)+$/.test(digits)) throw new RangeError('An even number of digits is needed');
  return draw([START_C, FNC1, ...pairsOf(digits)]);
}

/** A plain symbol of printable ASCII, as short as sets B and C make it. @throws RangeError for anything else */
export function drawCode128(text: string): BarDrawing {
  if (!/^[ -~]+$/.test(text)) throw new RangeError('Printable ASCII is needed');
  const parts = text.match(/\d+|\D+/g) ?? [];
  const values: number[] = [];
  let set: 'B' | 'C' | undefined;
  const inSet = (wanted: 'B' | 'C') => {
    if (set === wanted) return;
    const [start, change] = wanted === 'B' ? [START_B, TO_B] : [START_C, TO_C];
    values.push(set === undefined ? start : change);
    set = wanted;
  };
  for (const [index, part] of parts.entries()) {
    const atEnd = index === 0 || index === parts.length - 1;
    const worth = /^\d/.test(part) && part.length >= (atEnd ? DIGITS_AT_END : DIGITS_WITHIN);
    // Digits go by twos: an odd one is written before them, in the set B.
    const alone = worth ? part.slice(0, part.length % 2) : part;
    if (alone) inSet('B');
    values.push(...[...alone].map((sign) => sign.charCodeAt(0) - SET_B_OFFSET));
    if (!worth) continue;
    inSet('C');
    values.push(...pairsOf(part.slice(alone.length)));
  }
  return draw(values);
}

const pairsOf = (digits: string): number[] => (digits.match(/\d\d/g) ?? []).map(Number);

/** Start and data characters with the check and stop characters after them, as bars. */
function draw(values: readonly number[]): BarDrawing {
  // The start character counts once, each other by its place.
  const check = values.reduce((sum, value, place) => sum + value * Math.max(1, place), 0) % MODULUS;
  const bars: [number, number][] = [];
  let modules = 0;
  for (const value of [...values, check, STOP])
    for (const [index, width] of [...(PATTERNS[value] ?? '')].map(Number).entries()) {
      if (index % 2 === 0) bars.push([modules, width]);
      modules += width;
    }
  return { modules, bars };
}
