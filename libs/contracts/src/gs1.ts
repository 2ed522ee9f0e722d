/** GS1 identification keys as the API takes them: check digits (GS1 General Specifications, 7.9) and GTINs. */
import { z } from 'zod';

/** The check digit of the digits before it: weights 3 and 1 from the right, up to the next ten. */
export function gs1CheckDigit(body: string): number {
  let sum = 0;
  for (let index = 0; index < body.length; index += 1) sum += Number(body[body.length - 1 - index]) * (index % 2 === 0 ? 3 : 1);
  return (10 - (sum % 10)) % 10;
}

/** Whether the last of some digits is the check digit of those before. */
export function hasGs1CheckDigit(digits: string): boolean {
  return /^\d{2,}$/.test(digits) && gs1CheckDigit(digits.slice(0, -1)) === Number(digits.at(-1));
}

/** Lengths that a GTIN may be written in. */
export const GTIN_LENGTHS: readonly number[] = [8, 12, 13, 14];

/** The fourteen digits under which a GTIN of any length is one and the same; `undefined` when it is none or its check digit is wrong. */
export function gtin14(text: string): string | undefined {
  return GTIN_LENGTHS.includes(text.length) && hasGs1CheckDigit(text) && Number(text) > 0 ? text.padStart(14, '0') : undefined;
}

/** A GTIN-8, -12, -13 or -14 with a right check digit. */
export const gtinSchema = z
  .string()
  .refine((text) => gtin14(text) !== undefined, { message: 'Not a GTIN with a right check digit', params: { code: 'bad_gtin' } })
  .meta({ description: 'GTIN of 8, 12, 13 or 14 digits', example: '6901234567892' });

const GLN_LENGTH = 13;
/** A global location number: thirteen digits with a right check digit. */
export const glnSchema = z
  .string()
  .refine((text) => text.length === GLN_LENGTH && hasGs1CheckDigit(text) && Number(text) > 0, {
    message: 'Not a GLN with a right check digit',
    params: { code: 'bad_gln' },
  })
  .meta({ description: 'Global location number of a producer (AI 417) or a plot (AI 414)', example: '6901234567892' });
