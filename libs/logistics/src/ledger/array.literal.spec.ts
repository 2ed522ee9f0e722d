import fc from 'fast-check';
import { plainArray, plainColumn, textColumn } from './array.literal.js';

/** Reads a literal the way PostgreSQL does. */
function parse(literal: string): (string | null)[] {
  const values: (string | null)[] = [];
  let index = 1;
  while (literal[index] !== '}') {
    if (literal[index] === ',') index += 1;
    if (literal.startsWith('NULL', index)) {
      values.push(null);
      index += 4;
      continue;
    }
    let value = '';
    for (index += 1; literal[index] !== '"'; index += 1) {
      if (literal[index] === '\\') index += 1;
      value += literal[index];
    }
    index += 1;
    values.push(value);
  }
  return values;
}

describe('An array literal', () => {
  it('gives back any text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.string({ unit: fc.constantFrom('a', '"', '\\', ',', '{', '}', ' ', '村', '\n') }))),
        (values) => {
          const literal = textColumn(values, (value) => value);
          expect(parse(literal)).toEqual(values.every((value) => value === null) ? [] : values);
        },
      ),
    );
  });

  it('of plain values is without quotes', () => {
    expect(plainColumn([1, null, 'a-b'], (value) => value)).toBe('{1,NULL,a-b}');
    expect(plainArray([])).toBe('{}');
  });

  it('of nothing but nulls is empty', () => {
    expect(plainColumn([null, null], (value) => value)).toBe('{}');
    expect(textColumn([null], (value) => value)).toBe('{}');
  });
});
