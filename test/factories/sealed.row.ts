/** Which of these secrets a row shows, in a text or in the bytes of a column; those of a sealed row, none. */
export function shownIn(row: Readonly<Record<string, unknown>> | undefined, secrets: readonly string[]): string[] {
  if (!row) throw new Error('No row to look at');
  const columns = Object.values(row).map((value) => (Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))));
  return secrets.filter((secret) => columns.some((column) => column.includes(secret)));
}
