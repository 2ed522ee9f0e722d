import { failedItems } from './test.verdict.js';

const test = (id: string, item: string, result: 'pass' | 'fail', testedOn: string, createdAt = `${testedOn}T08:00:00.000Z`) => ({
  id,
  item,
  result,
  testedOn,
  createdAt,
});

describe('the tests of a lot', () => {
  it('fail by the latest test of an item, in whatever order they came', () => {
    const tests = [
      test('a', '农残', 'fail', '2026-11-01'),
      test('b', '农残', 'pass', '2026-11-03'),
      test('c', '重金属', 'fail', '2026-11-02'),
    ];
    expect(failedItems(tests)).toEqual(['重金属']);
    expect(failedItems(tests.toReversed())).toEqual(['重金属']);
    expect(failedItems([])).toEqual([]);
  });

  it('of one day count by when they were entered', () => {
    const first = test('b', '农残', 'pass', '2026-11-01', '2026-11-01T08:00:00.000Z');
    const second = test('a', '农残', 'fail', '2026-11-01', '2026-11-01T09:00:00.000Z');
    expect(failedItems([second, first])).toEqual(['农残']);
  });
});
