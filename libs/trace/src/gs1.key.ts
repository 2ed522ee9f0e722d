/**
 * GS1 identification keys: what kind a number is, and whether its check digit is right (GS1 General Specifications, sections 2 and 7.9).
 * Pure; check digits themselves are in the contracts, because producers type GTINs too.
 */
import { GTIN_LENGTHS, gs1CheckDigit, gtin14, hasGs1CheckDigit } from '#contracts';

/** Kinds of key that are digits with a check digit at the end. */
export type Gs1KeyKind = 'gtin8' | 'gtin12' | 'gtin13' | 'gtin14' | 'sscc' | 'gln';

/** Length of each kind. */
export const GS1_KEY_LENGTH: Readonly<Record<Gs1KeyKind, number>> = {
  gtin8: 8,
  gtin12: 12,
  gtin13: 13,
  gtin14: 14,
  sscc: 18,
  gln: 13,
};

/** What became of reading a GTIN. */
export type GtinReading =
  { readonly ok: true; readonly gtin: string } | { readonly ok: false; readonly reason: 'not_digits' | 'length' | 'check_digit' };

/** Whether some text is a key of this kind with a right check digit. */
export function isGs1Key(kind: Gs1KeyKind, text: string): boolean {
  return text.length === GS1_KEY_LENGTH[kind] && hasGs1CheckDigit(text);
}

/** A key with its check digit appended to the digits before it. @throws RangeError when these are not as many as the kind asks for */
export function withCheckDigit(kind: Gs1KeyKind, body: string): string {
  if (!/^\d+$/.test(body) || body.length !== GS1_KEY_LENGTH[kind] - 1)
    throw new RangeError(`A ${kind} has ${GS1_KEY_LENGTH[kind] - 1} digits before its check digit`);
  return `${body}${gs1CheckDigit(body)}`;
}

/** Reads a GTIN of any length into its fourteen digits, or says why it is none. */
export function readGtin(text: string): GtinReading {
  if (!/^\d+$/.test(text)) return { ok: false, reason: 'not_digits' };
  if (!GTIN_LENGTHS.includes(text.length)) return { ok: false, reason: 'length' };
  const gtin = gtin14(text);
  return gtin === undefined ? { ok: false, reason: 'check_digit' } : { ok: true, gtin };
}

/** Packaging level of a GTIN: 0 is the unit itself, 1–8 a grouping of it, 9 goods of variable measure. */
export function indicatorDigit(gtin: string): number {
  return Number(gtin.padStart(14, '0')[0]);
}

/** The canonical path of a trade item in a Digital Link: `/01/` and fourteen digits (GS1 Digital Link: URI Syntax, canonical form). */
export function digitalLinkPath(gtin: string): string {
  return `/01/${gtin.padStart(14, '0')}`;
}
