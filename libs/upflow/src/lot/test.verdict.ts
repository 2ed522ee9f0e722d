/** What the tests of a lot say together: the latest of each item counts (docs/domain/produce.md). */
import type { LotTestView } from '#contracts';

type Test = Pick<LotTestView, 'id' | 'item' | 'result' | 'testedOn' | 'createdAt'>;

/** Items whose latest test failed, in order. Of two tests of one day the one that was entered later is the latest. */
export function failedItems(tests: readonly Test[]): string[] {
  const latest = new Map<string, Test>();
  for (const test of tests) {
    const other = latest.get(test.item);
    if (!other || rank(test) > rank(other)) latest.set(test.item, test);
  }
  return [...latest.values()].flatMap(({ item, result }) => (result === 'fail' ? [item] : [])).sort();
}

const rank = ({ testedOn, createdAt, id }: Test) => `${testedOn} ${createdAt} ${id}`;
