/** What a picture of a proof may be, told by its first bytes and never by what it is called. */

const starts = (content: Buffer, at: number, magic: string): boolean =>
  content.subarray(at, at + magic.length).equals(Buffer.from(magic, 'latin1'));

/** Media type of a picture by its first bytes; `undefined` for anything else. */
export function pictureType(content: Buffer): 'image/jpeg' | 'image/png' | 'image/webp' | undefined {
  if (starts(content, 0, '\xff\xd8\xff')) return 'image/jpeg';
  if (starts(content, 0, '\x89PNG\r\n\x1a\n')) return 'image/png';
  return starts(content, 0, 'RIFF') && starts(content, 8, 'WEBP') ? 'image/webp' : undefined;
}
