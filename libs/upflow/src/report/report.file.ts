/** What a test report may be: PDF, JPEG or PNG, told by its first bytes and never by its name. */

/** Bytes that a report may have: 5 MB. */
export const REPORT_MAX_BYTES = 5 * 1024 * 1024;

const KINDS = [
  { mediaType: 'application/pdf', ending: 'pdf', magic: Buffer.from('%PDF-', 'latin1') },
  { mediaType: 'image/jpeg', ending: 'jpg', magic: Buffer.from([0xff, 0xd8, 0xff]) },
  { mediaType: 'image/png', ending: 'png', magic: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
] as const;
export type ReportKind = (typeof KINDS)[number];

const MAX_NAME = 120;

/** The kind of a file by its first bytes; `undefined` for anything else. */
export function reportKind(content: Buffer): ReportKind | undefined {
  return KINDS.find(({ magic }) => content.subarray(0, magic.length).equals(magic));
}

/** A name that is safe to store and to send back: no folders, no control characters, the ending of what the file is. */
export function reportName(told: string, { ending }: ReportKind): string {
  const bare = told
    .slice(Math.max(told.lastIndexOf('/'), told.lastIndexOf('\\')) + 1)
    .replace(/\p{Control}|\p{Surrogate}|\p{Format}/gu, '')
    .replace(/\.[^.]*$/, '')
    .trim();
  return `${[...bare].slice(0, MAX_NAME).join('') || 'report'}.${ending}`;
}
