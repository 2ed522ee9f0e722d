/** What a code in front of the camera, or a line from a scanner, is about. Pure. */
import { waybillSchema } from '#contracts';

export type LabelReading =
  | { readonly kind: 'waybill'; readonly waybill: string }
  /** A bag's seal or a manifest's sheet. */
  | { readonly kind: 'transport'; readonly code: string }
  /** A certificate of produce, by its number. */
  | { readonly kind: 'certificate'; readonly number: string }
  /** One frame of a queue that another phone shows. */
  | { readonly kind: 'handoff'; readonly frame: string }
  | { readonly kind: 'unknown'; readonly text: string };

/** What the QR codes that we print on bags and manifests begin with. */
export const TRANSPORT_PREFIX = 'XYB:';
/** What a frame of a handed-over queue begins with. */
export const HANDOFF_PREFIX = 'XYQ:';

/** Names under which carriers write the waybill into the QR of a label. */
const WAYBILL_PARAMETERS = [
  'mailNo',
  'mailno',
  'waybill',
  'waybillNo',
  'billCode',
  'billcode',
  'no',
  'nu',
  'expressNo',
  'txm',
  'code',
];
const CERTIFICATE = /\/c\/(\d{18,20})(?:$|[/?#])/;

/** Reads a text: our own codes by their prefixes, a link by its parameters, anything else as a waybill when it can be one. */
export function readLabel(text: string): LabelReading {
  const line = text.trim();
  if (line.startsWith(TRANSPORT_PREFIX)) return { kind: 'transport', code: line.slice(TRANSPORT_PREFIX.length).toUpperCase() };
  if (line.startsWith(HANDOFF_PREFIX)) return { kind: 'handoff', frame: line };
  const number = CERTIFICATE.exec(line)?.[1];
  if (number) return { kind: 'certificate', number };
  const waybill = /^https?:\/\//i.test(line) ? waybillOfLink(line) : waybillOf(line);
  return waybill === undefined ? { kind: 'unknown', text: line } : { kind: 'waybill', waybill };
}

function waybillOf(text: string): string | undefined {
  const parsed = waybillSchema.safeParse(text.replaceAll(/\s+/g, ''));
  return parsed.success ? parsed.data : undefined;
}

function waybillOfLink(link: string): string | undefined {
  let url: URL;
  try {
    url = new URL(link);
  } catch {
    return undefined;
  }
  for (const name of WAYBILL_PARAMETERS) {
    const value = url.searchParams.get(name);
    const waybill = value === null ? undefined : waybillOf(value);
    // A parameter without a digit is a word, not a number.
    if (waybill !== undefined && /\d{6}/.test(waybill)) return waybill;
  }
  const last = url.pathname.split('/').findLast((part) => /\d{8}/.test(part));
  return last === undefined ? undefined : waybillOf(last);
}
