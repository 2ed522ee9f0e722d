/**
 * PostgreSQL array literals. The driver builds them element by element with escapes; the hot path knows which values need none, and that
 * halves the time that the process spends on a batch.
 */

/**
 * Array of a column whose values need no escape: UUIDs, numbers, days, names of ours. A column of nothing but nulls is the empty array, which
 * `unnest` fills up with nulls beside longer ones.
 */
export function plainColumn<Row>(rows: readonly Row[], value: (row: Row) => string | number | null): string {
  let text = '';
  let filled = false;
  for (const row of rows) {
    const item = value(row);
    if (item === null) text += ',NULL';
    else {
      text += `,${item}`;
      filled = true;
    }
  }
  return filled ? `{${text.slice(1)}}` : '{}';
}

const NEEDS_ESCAPE = /["\\]/;

/** Array of a column of any text; nothing but nulls as above. */
export function textColumn<Row>(rows: readonly Row[], value: (row: Row) => string | null): string {
  let text = '';
  let filled = false;
  for (const row of rows) {
    const item = value(row);
    if (item === null) text += ',NULL';
    else {
      text += NEEDS_ESCAPE.test(item) ? `,"${item.replace(/["\\]/g, '\\$&')}"` : `,"${item}"`;
      filled = true;
    }
  }
  return filled ? `{${text.slice(1)}}` : '{}';
}

const self = <T>(value: T): T => value;
/** Array of values that need no escape. */
export const plainArray = (values: readonly (string | number)[]): string => plainColumn<string | number>(values, self);
/** Array of any text. */
export const textArray = (values: readonly string[]): string => textColumn<string>(values, self);
