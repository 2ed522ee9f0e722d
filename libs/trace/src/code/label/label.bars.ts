/** A GS1-128 symbol of digits as widths of bars: Code 128 in its set C with the function character FNC1 in front (ISO/IEC 15417, GS1 General Specifications 5.4). Pure. */

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
const START_C = 105;
const STOP = 106;
const MODULUS = 103;

/** A symbol without its quiet zones: how many modules wide it is, and where its bars stand. */
export interface BarDrawing {
  readonly modules: number;
  readonly bars: readonly (readonly [x: number, width: number])[];
}

/** The symbol of an even number of digits, an application identifier and its value. @throws RangeError for anything else */
export function drawGs1Bars(digits: string): BarDrawing {
  if (!/^(\d\d)+$/.test(digits)) throw new RangeError('An even number of digits is needed');
  const values = [START_C, FNC1, ...(digits.match(/\d\d/g) ?? []).map(Number)];
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
