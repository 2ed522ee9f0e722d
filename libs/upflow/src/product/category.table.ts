/**
 * Top of the tree of produce categories (NY/T 3177-2018, two digits a level); codes below a named one are taken as they are. Names are messages
 * `upflow.category.<code>`.
 */

/** Codes that are named here: the three branches, and the groups of crops. */
export const PRODUCE_CATEGORIES = [
  '01',
  '0101',
  '0102',
  '0103',
  '0104',
  '0105',
  '0106',
  '0107',
  '0108',
  '0109',
  '02',
  '03',
] as const;

const known: ReadonlySet<string> = new Set(PRODUCE_CATEGORIES);

/** The nearest named category at or above a code; `undefined` when not even its branch is known. */
export function namedCategory(code: string): string | undefined {
  for (let length = code.length; length > 0; length -= 2) {
    const prefix = code.slice(0, length);
    if (known.has(prefix)) return prefix;
  }
  return undefined;
}

/** Key of the message that names a category. */
export function categoryMessage(code: string): string {
  return `upflow.category.${namedCategory(code) ?? code}`;
}
