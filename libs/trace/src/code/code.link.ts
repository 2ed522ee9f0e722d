import { digitalLink, shortLink } from './code.text.js';

/** What a code's link is made of. */
export interface LinkParts {
  readonly form: 'short' | 'gs1';
  readonly gtin: string | null;
  readonly lotNo: string;
}

/** The link that a label's QR holds. A batch in GS1 form whose product lost its GTIN falls back to the short link, which always works. */
export function codeLink(baseUrl: string, { form, gtin, lotNo }: LinkParts, code: string): string {
  return form === 'gs1' && gtin !== null ? digitalLink(baseUrl, gtin, lotNo, code) : shortLink(baseUrl, code);
}
