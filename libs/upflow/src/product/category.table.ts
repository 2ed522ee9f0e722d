/**
 * The tree of produce categories (NY/T 3177-2018, two digits a level): crops to the third level; livestock and fishery products are one branch each.
 * Codes below a named one are taken as they are. Names are messages `upflow.category.<code>`.
 */
import { NAMED_CATEGORIES } from './category.messages.js';

/** Codes that are named here, in order. */
export const PRODUCE_CATEGORIES: readonly string[] = NAMED_CATEGORIES;

const known: ReadonlySet<string> = new Set(PRODUCE_CATEGORIES);
/** Digits of a code that name its group (果品), and its kind within the group (仁果类). */
const GROUP_DIGITS = 4;
const KIND_DIGITS = 6;

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

/** Whether two codes are of one group: fruit with fruit. */
export function sameGroup(left: string, right: string): boolean {
  return left.slice(0, GROUP_DIGITS) === right.slice(0, GROUP_DIGITS);
}

/** Whether two codes are of one kind: pome fruit with pome fruit. */
export function sameKind(left: string, right: string): boolean {
  return left.slice(0, KIND_DIGITS) === right.slice(0, KIND_DIGITS);
}
