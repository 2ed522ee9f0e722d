/** Certificates of produce by what was scanned or typed, and what the county says of them. */
import { hasGs1CheckDigit, type CertificateCollectionInput, type CertificateView } from '#contracts';
import { api, NetworkFailure } from '../../shared/api/api.client.js';
import { readLabel } from '../scan/label.reading.js';

/** The public answer about a certificate. */
export interface PublicCertificate extends Pick<CertificateView, 'number' | 'content' | 'contact' | 'issuedAt' | 'keepUntil'> {
  /** Number of the newer one. */
  readonly supersededBy: string | null;
  readonly recalled: boolean;
}

/** The number in a link or a line, or `undefined` when it cannot be one: its last digit checks the others. */
export function certificateNumberIn(text: string): string | undefined {
  const reading = readLabel(text);
  const number = reading.kind === 'certificate' ? reading.number : text.replaceAll(/[\s-]/g, '');
  return /^\d{18,20}$/.test(number) && hasGs1CheckDigit(number) ? number : undefined;
}

/** Looks a certificate up; `undefined` when there is none. Throws as `api`. */
export async function certificateByNumber(number: string): Promise<PublicCertificate | undefined> {
  try {
    return await api<PublicCertificate>(`/c/${number}`);
  } catch (error) {
    // The public page says it in HTML.
    if (error instanceof NetworkFailure && error.message === 'HTTP 404') return undefined;
    throw error;
  }
}

/** `POST /api/certificates/collect`: the same again is answered the same. Throws as `api`. */
export function collectCertificate(input: CertificateCollectionInput): Promise<CertificateView> {
  return api('/api/certificates/collect', { method: 'POST', body: input });
}
