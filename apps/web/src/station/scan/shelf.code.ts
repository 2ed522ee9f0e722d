/** Shelf codes such as `2-2-1521` (shelf–layer–number). Pure. */

/** The place after this one: the last run of digits grows by one and keeps its width. */
export function nextShelfCode(code: string): string {
  const match = /^(.*?)(\d+)(\D*)$/.exec(code.trim());
  if (!match) return code.trim();
  const [, head = '', digits = '', tail = ''] = match;
  return head + String(Number(digits) + 1).padStart(digits.length, '0') + tail;
}
