/** Check digits of waybill numbers that have one. */

const S10 = /^([A-Z]{2})(\d{8})(\d)([A-Z]{2})$/;
const S10_WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7];
const SSCC = /^00(\d{17})(\d)$/;

export type CheckResult = 'valid' | 'invalid';

/** UPU S10: two letters, nine digits, two letters; 11 − (weighted sum mod 11), 10 → 0, 11 → 5. `undefined` for another format. */
export function checkS10(text: string): CheckResult | undefined {
  const [, , serial, digit] = S10.exec(text) ?? [];
  if (serial === undefined) return undefined;
  const sum = S10_WEIGHTS.reduce((total, weight, index) => total + weight * Number(serial[index]), 0);
  const rest = 11 - (sum % 11);
  const expected = rest === 10 ? 0 : rest === 11 ? 5 : rest;
  return Number(digit) === expected ? 'valid' : 'invalid';
}

/** The service indicator of an S10 number, such as `EE` or `RB`. */
export const s10Service = (text: string): string => text.slice(0, 2);

/** SSCC with its application identifier: 00 and 18 digits, the last one the GS1 check digit. `undefined` for another format. */
export function checkSscc(text: string): CheckResult | undefined {
  const [, body, digit] = SSCC.exec(text) ?? [];
  if (body === undefined) return undefined;
  const sum = [...body].reduce((total, value, index) => total + Number(value) * (index % 2 === 0 ? 3 : 1), 0);
  return Number(digit) === (10 - (sum % 10)) % 10 ? 'valid' : 'invalid';
}
