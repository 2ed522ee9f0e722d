/**
 * Numbers of certificates: six digits of the county, six of the day (YYMMDD), a running number of the day with five digits or more, and a check digit
 * (weights 3 and 1 from the right, as a GTIN's). Pure.
 */
import { gs1CheckDigit, hasGs1CheckDigit, type Day } from '#contracts';

const NUMBER = /^\d{18,20}$/;
const LINK = /^https?:\/\/[^/?#\s]+\/(?:[^?#\s]*\/)?c\/(\d{18,20})\/?(?:[?#].*)?$/i;
const SEQUENCE_DIGITS = 5;

/** What all numbers of a county's day begin with. */
export const numberPrefix = (countyCode: string, day: Day): string => countyCode + day.slice(2).replaceAll('-', '');

/** The number of the `sequence`th certificate (from 1) of a county's day. */
export function certificateNumber(countyCode: string, day: Day, sequence: number): string {
  const body = numberPrefix(countyCode, day) + String(sequence).padStart(SEQUENCE_DIGITS, '0');
  return body + gs1CheckDigit(body);
}

/** The number in what was typed or scanned: the number itself, spaces allowed, or the link of its QR; `undefined` when it cannot be one. */
export function certificateNumberOf(text: string): string | undefined {
  const trimmed = text.trim();
  const found = LINK.exec(trimmed)?.[1] ?? trimmed.replace(/[\s-]/g, '');
  return NUMBER.test(found) && hasGs1CheckDigit(found) ? found : undefined;
}

/** A number in groups for human eyes: county, day, running number and check digit. */
export const readableNumber = (number: string): string => `${number.slice(0, 6)} ${number.slice(6, 12)} ${number.slice(12)}`;

/** The public page of a certificate: what its QR holds. */
export const certificateLink = (baseUrl: string, number: string): string => `${baseUrl}/c/${number}`;
