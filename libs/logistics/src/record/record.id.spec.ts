import fc from 'fast-check';
import { z } from 'zod';
import { derivedId } from './record.id.js';

describe('An id derived from a record', () => {
  it('is a UUID, the same for the same parts and another for others', () => {
    const part = fc.string({ maxLength: 40 }).filter((text) => !text.includes('\n'));
    fc.assert(
      fc.property(part, part, (a, b) => {
        const id = derivedId(a, b);
        expect(z.uuid().safeParse(id).success).toBe(true);
        expect(derivedId(a, b)).toBe(id);
        expect(derivedId(a, `${b}x`)).not.toBe(id);
      }),
    );
  });
});
