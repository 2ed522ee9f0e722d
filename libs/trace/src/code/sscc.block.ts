/** Serial shipping container codes of boxes: extension digit 0, GS1 company prefix, serial reference, check digit (GS1 General Specifications, 2.2). */
import { DomainError, type Tx } from '#platform';
import { GS1_KEY_LENGTH, withCheckDigit } from '../gs1.key.js';

const EXTENSION_DIGIT = '0';

/** How many serial references a company prefix leaves room for. */
export const ssccCapacity = (prefix: string): number => 10 ** (GS1_KEY_LENGTH.sscc - EXTENSION_DIGIT.length - 1 - prefix.length);

/** The SSCC of a serial reference. @throws RangeError when the reference does not fit */
export function ssccOf(prefix: string, reference: number): string {
  if (reference < 0 || reference >= ssccCapacity(prefix)) throw new RangeError('No room for the serial reference');
  const digits = String(reference).padStart(GS1_KEY_LENGTH.sscc - EXTENSION_DIGIT.length - 1 - prefix.length, '0');
  return withCheckDigit('sscc', `${EXTENSION_DIGIT}${prefix}${digits}`);
}

/**
 * Takes the next SSCCs of a prefix: a block under the lock of the prefix's row, so that none is ever given twice.
 * @throws DomainError `sscc_used_up` 409 when the prefix has not as many left
 */
export async function takeSsccs(tx: Tx, prefix: string, count: number): Promise<string[]> {
  const [row] = await tx.query<{ first: number }>(
    `insert into trace.sscc_counter (prefix, next) values ($1, $2::bigint)
     on conflict (prefix) do update set next = sscc_counter.next + $2::bigint returning next - $2::bigint as first`,
    [prefix, count],
  );
  const first = row?.first ?? 0;
  if (first + count > ssccCapacity(prefix)) throw new DomainError('sscc_used_up', 409, { prefix });
  return Array.from({ length: count }, (_, index) => ssccOf(prefix, first + index));
}
