/**
 * PostgreSQL array literals. The driver builds them element by element with escapes; the hot path knows which values need none, and that
 * halves the time that the process spends on a batch.
 */

/** Array of values that need no escape: UUIDs, numbers, days, codes. `null` stays null. */
export function plainArray(values: readonly (string | number | null)[]): string {
  let text = '{';
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ',';
    text += values[index] ?? 'NULL';
  }
  return `${text}}`;
}

const NEEDS_ESCAPE = /["\\]/;

/** Array of any text. */
export function textArray(values: readonly (string | null)[]): string {
  let text = '{';
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ',';
    const value = values[index];
    if (value === null || value === undefined) text += 'NULL';
    else text += NEEDS_ESCAPE.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`;
  }
  return `${text}}`;
}
