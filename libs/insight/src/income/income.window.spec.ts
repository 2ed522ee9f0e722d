import { addMonths, firstDayOf, lastDayOf, type Period } from '#contracts';
import fc from 'fast-check';
import type { ClassifiedLine } from './income.formula.js';
import { Lineage, sliceFen, type LineageEdge } from './income.lineage.js';
import { dependentPeriods, summarise, trailingMonths, type AccountState, type VillagePlace } from './income.window.js';

interface Life {
  from: string;
  to: string | null;
}
const ALWAYS: Life = { from: '2000-01-01', to: null };
const income = (amountFen: number): ClassifiedLine => ({
  lineClass: 'operating_income',
  mode: 'planting',
  amountFen,
  oneOff: false,
});
const account = (villageId: string, period: Period, amountFen: number | null, pending = false): AccountState => ({
  villageId,
  period,
  lines: amountFen === null ? null : [income(amountFen)],
  pending,
});

/** A county `c` of two towns; villages named by their town's letter live as told. */
function county(lives: Record<string, Life>, accounts: AccountState[], edges: LineageEdge[] = [], shellThresholdFen = 0) {
  const alive = (id: string, day: string) => {
    const life = lives[id];
    return !!life && life.from <= day && (life.to === null || day < life.to);
  };
  const lineage = new Lineage(edges, alive);
  return (period: Period) => {
    const villages: VillagePlace[] = Object.keys(lives)
      .filter((id) => alive(id, lastDayOf(period)))
      .map((villageId) => ({ villageId, townId: villageId.charAt(0), countyId: 'c' }));
    const units = summarise({
      period,
      villages,
      towns: ['a', 'b'].map((townId) => ({ townId, countyId: 'c' })),
      counties: ['c'],
      dueIn: (month) =>
        Object.entries(lives)
          .filter(([, life]) => life.from <= lastDayOf(month) && (life.to === null || life.to > firstDayOf(month)))
          .map(([id]) => id),
      accountsOf: (month) => accounts.filter((entry) => entry.period === month),
      lineage,
      shellThresholdFen,
    });
    return Object.fromEntries(units.map((unit) => [unit.unitId, unit.content]));
  };
}

describe('the trailing year', () => {
  it('is the twelve months that end with the period', () => {
    expect(trailingMonths('2026-03')).toEqual([
      '2025-04',
      '2025-05',
      '2025-06',
      '2025-07',
      '2025-08',
      '2025-09',
      '2025-10',
      '2025-11',
      '2025-12',
      '2026-01',
      '2026-02',
      '2026-03',
    ]);
  });

  it('touches a month and the eleven after it, never the future', () => {
    expect(dependentPeriods('2025-10', '2027-01')).toHaveLength(12);
    expect(dependentPeriods('2026-09', '2026-10')).toEqual(['2026-09', '2026-10']);
  });

  it('sums the approved months and says how many of the twelve they are', () => {
    const period = '2026-10';
    const accounts = [0, 1, 2, 12]
      .map((ago) => account('a1', addMonths(period, -ago), 100))
      .concat(account('a1', addMonths(period, -3), null, true));
    const village = county({ a1: ALWAYS }, accounts)(period)['a1'];
    expect(village?.trailingYear).toMatchObject({ operatingResultFen: 300, expected: 12, approved: 3, pending: 1 });
    expect(village?.month).toMatchObject({ operatingResultFen: 100, expected: 1, approved: 1, pending: 0 });
  });

  it('calls a village without an approved month not reported: neither shell nor in a band', () => {
    const at = county({ a1: ALWAYS, a2: ALWAYS, b1: ALWAYS }, [
      account('a1', '2026-10', 0),
      account('a2', '2026-10', null, true),
    ])('2026-10');
    expect(at['a1']).toMatchObject({ band: 'le_0', shell: true, notReported: 0 });
    expect(at['a2']).toMatchObject({ band: null, shell: null, notReported: 1 });
    expect(at['c']).toMatchObject({ villages: 3, shellVillages: 1, notReported: 2, bands: { le_0: 1, '0_5': 0 } });
    expect(at['b']).toMatchObject({ villages: 1, shellVillages: 0, notReported: 1 });
  });

  it('keeps an approved account while a newer version waits', () => {
    const village = county({ a1: ALWAYS }, [account('a1', '2026-10', 500, true)])('2026-10')['a1'];
    expect(village?.month).toMatchObject({ operatingResultFen: 500, approved: 1, pending: 1 });
  });

  it('expects a new village only from the month in which it began', () => {
    const village = county({ a1: { from: '2026-09-15', to: null } }, [])('2026-10')['a1'];
    expect(village?.trailingYear.expected).toBe(2);
  });

  it('follows the county threshold for shells', () => {
    const at = county({ a1: ALWAYS }, [account('a1', '2026-10', 500)], [], 500)('2026-10');
    expect(at['a1']).toMatchObject({ shell: true, band: '0_5' });
  });
});

describe('lineage', () => {
  const merged = { from: '2000-01-01', to: '2026-07-01' };
  const edges = (on: string, ...list: [string, string, number][]): LineageEdge[] =>
    list.map(([predecessorId, successorId, share]) => ({ predecessorId, successorId, on, share }));

  it('gives a merged village the sums of its predecessors', () => {
    const accounts = [account('a1', '2026-05', 100), account('a2', '2026-06', 30), account('a3', '2026-07', 7)];
    const at = county(
      { a1: merged, a2: merged, a3: { from: '2026-07-01', to: null } },
      accounts,
      edges('2026-07-01', ['a1', 'a3', 1], ['a2', 'a3', 1]),
    );
    expect(at('2026-07')['a3']?.trailingYear).toMatchObject({ operatingResultFen: 137, approved: 3, expected: 23 });
    expect(at('2026-07')['a3']?.month.operatingResultFen).toBe(7);
    expect(at('2026-06')['a1']?.trailingYear.operatingResultFen).toBe(100);
    expect(at('2026-06')['a3']).toBeUndefined();
    expect(at('2026-06')['a']?.trailingYear.operatingResultFen).toBe(130);
  });

  it('counts what a village entered in the month of its end for its successor', () => {
    const lives = { a1: { from: '2000-01-01', to: '2026-07-16' }, b1: { from: '2026-07-16', to: null } };
    const at = county(lives, [account('a1', '2026-07', 100)], edges('2026-07-16', ['a1', 'b1', 1]))('2026-07');
    expect(at['b1']?.month).toMatchObject({ operatingResultFen: 100, approved: 1, expected: 2 });
    expect(at['a']?.month).toMatchObject({ operatingResultFen: 0, expected: 0 });
  });

  it('shares a split village out to the fen and counts its account once above', () => {
    const born = { from: '2026-07-01', to: null };
    const at = county(
      { a1: merged, a2: born, a3: born, a4: born },
      [account('a1', '2026-06', 100)],
      edges('2026-07-01', ['a1', 'a2', 0.33333333], ['a1', 'a3', 0.33333333], ['a1', 'a4', 0.33333334]),
    )('2026-07');
    expect(['a2', 'a3', 'a4'].map((id) => at[id]?.trailingYear.operatingResultFen)).toEqual([33, 34, 33]);
    expect(at['a']?.trailingYear).toMatchObject({ operatingResultFen: 100, approved: 1 });
  });

  it('keeps for a village that goes on after a split what it entered from then on', () => {
    const at = county(
      { a1: ALWAYS, a2: { from: '2026-07-01', to: null } },
      [account('a1', '2026-06', 100), account('a1', '2026-07', 10)],
      edges('2026-07-01', ['a1', 'a1', 0.6], ['a1', 'a2', 0.4]),
    )('2026-08');
    expect(at['a1']?.trailingYear.operatingResultFen).toBe(70);
    expect(at['a2']?.trailingYear.operatingResultFen).toBe(40);
  });

  it('follows a chain of changes', () => {
    const lives = { a1: merged, a2: { from: '2026-07-01', to: '2026-09-01' }, b1: { from: '2026-09-01', to: null } };
    const chain = [...edges('2026-07-01', ['a1', 'a2', 1]), ...edges('2026-09-01', ['a2', 'b1', 1])];
    const at = county(lives, [account('a1', '2026-05', 8), account('a2', '2026-08', 2)], chain);
    expect(at('2026-08')['a2']?.trailingYear.operatingResultFen).toBe(10);
    expect(at('2026-10')['b1']?.trailingYear.operatingResultFen).toBe(10);
  });

  it('shares any amount by any shares without losing or making a fen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e11, max: 1e11 }),
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 6 }),
        (amountFen, weights) => {
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          let reached = 0;
          const parts = weights.map((weight, index) => {
            const from = reached;
            reached = index === weights.length - 1 ? 1 : reached + weight / total;
            return sliceFen(amountFen, [{ from, to: reached }]);
          });
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(amountFen);
        },
      ),
    );
  });

  it('keeps the county sum the same whatever merges and splits there were', () => {
    const amounts = fc.record({
      a1: fc.integer({ min: -1e9, max: 1e9 }),
      a2: fc.integer({ min: -1e9, max: 1e9 }),
      share: fc.integer({ min: 1, max: 99 }),
    });
    fc.assert(
      fc.property(amounts, ({ a1, a2, share }) => {
        const born = { from: '2026-07-01', to: null };
        const at = county(
          { a1: merged, a2: merged, a3: born, b1: born },
          [account('a1', '2026-06', a1), account('a2', '2026-06', a2)],
          edges('2026-07-01', ['a1', 'a3', share / 100], ['a1', 'b1', 1 - share / 100], ['a2', 'b1', 1]),
        );
        expect(at('2026-09')['c']?.trailingYear.operatingResultFen).toBe(a1 + a2);
        expect(at('2026-06')['c']?.trailingYear.operatingResultFen).toBe(a1 + a2);
      }),
    );
  });
});

describe('every unit', () => {
  it('is the sum of the villages below it', () => {
    const entries = fc.array(
      fc.record({
        village: fc.constantFrom('a1', 'a2', 'b1', 'b2', 'b3'),
        ago: fc.integer({ min: 0, max: 14 }),
        fen: fc.integer({ min: -1e8, max: 1e8 }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(entries, (list) => {
        const unique = new Map(list.map((entry) => [`${entry.village} ${entry.ago}`, entry]));
        const accounts = [...unique.values()].map(({ village, ago, fen }) => account(village, addMonths('2026-10', -ago), fen));
        const lives = Object.fromEntries(['a1', 'a2', 'b1', 'b2', 'b3'].map((id) => [id, ALWAYS]));
        const at = county(lives, accounts)('2026-10');
        const sum = (ids: string[], of: (content: NonNullable<(typeof at)[string]>) => number) =>
          ids.reduce((total, id) => total + of(at[id] as NonNullable<(typeof at)[string]>), 0);
        for (const [unit, below] of [
          ['a', ['a1', 'a2']],
          ['b', ['b1', 'b2', 'b3']],
          ['c', ['a', 'b']],
        ] as const) {
          const content = at[unit];
          expect(content?.trailingYear.operatingResultFen).toBe(
            sum([...below], ({ trailingYear }) => trailingYear.operatingResultFen),
          );
          expect(content?.trailingYear.approved).toBe(sum([...below], ({ trailingYear }) => trailingYear.approved));
          expect(content?.shellVillages).toBe(sum([...below], ({ shellVillages }) => shellVillages));
          expect((content?.notReported ?? 0) + Object.values(content?.bands ?? {}).reduce((a, b) => a + b, 0)).toBe(
            content?.villages,
          );
        }
      }),
    );
  });
});
