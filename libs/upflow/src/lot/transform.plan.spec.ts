import fc from 'fast-check';
import { isOverShipped, leftDeltaG, shippableG, suits, withFlag, type StockKind } from './mass.balance.js';
import { planTransform, sharesOf, type SourceLot } from './transform.plan.js';

const source = (id: string, rest: Partial<SourceLot> = {}): SourceLot => ({
  id,
  lotNo: id,
  productId: 'apple',
  categoryCode: '010301',
  villageId: `village of ${id}`,
  harvestedOn: '2026-11-01',
  freeG: 1000,
  failed: false,
  ...rest,
});
const output = (id: string, quantityG: number, productId = 'apple', categoryCode = '010301') => ({
  id,
  productId,
  categoryCode,
  quantityG,
});

describe('transforming lots', () => {
  it('splits a lot and loses what was trimmed', () => {
    expect(planTransform('split', [{ lot: source('a'), quantityG: 1000 }], [output('b', 400), output('c', 500)])).toEqual({
      sources: [{ lotId: 'a', movedG: 900, lostG: 100 }],
      parts: [
        { parentId: 'a', childId: 'b', quantityG: 400 },
        { parentId: 'a', childId: 'c', quantityG: 500 },
      ],
      villageId: 'village of a',
      harvestedOn: '2026-11-01',
    });
  });

  it('mixes lots into one, of the village and the harvest that it owes most and oldest to', () => {
    const inputs = [
      { lot: source('a', { harvestedOn: '2026-10-01' }), quantityG: 300 },
      { lot: source('b', { harvestedOn: null }), quantityG: 600 },
    ];
    expect(planTransform('mix', inputs, [output('c', 900)])).toMatchObject({
      villageId: 'village of b',
      harvestedOn: '2026-10-01',
      parts: [
        { parentId: 'a', childId: 'c', quantityG: 300 },
        { parentId: 'b', childId: 'c', quantityG: 600 },
      ],
    });
  });

  const one = [{ lot: source('a'), quantityG: 500 }];
  const two = [...one, { lot: source('b'), quantityG: 500 }];
  it.each([
    ['mixing a single lot', 'mix', one, [output('c', 500)], 'transform_shape'],
    ['mixing into two lots', 'mix', two, [output('c', 500), output('d', 500)], 'transform_shape'],
    ['splitting two lots at once', 'split', two, [output('c', 500)], 'transform_shape'],
    ['a lot twice', 'mix', [...one, ...one], [output('c', 500)], 'transform_repeats_lot'],
    ['a lot out of itself', 'split', one, [output('a', 500)], 'transform_repeats_lot'],
    ['more out than in', 'mix', two, [output('c', 1001)], 'transform_outweighs'],
    ['splitting into another product', 'split', one, [output('c', 500, 'pear')], 'transform_product_differs'],
    ['mixing with another kind', 'mix', two, [output('c', 500, 'peach', '010302')], 'transform_category_differs'],
    ['repacking fruit as vegetables', 'repack', one, [output('c', 500, 'leek', '010408')], 'transform_category_differs'],
    [
      'a lot whose test failed',
      'split',
      [{ lot: source('a', { failed: true }), quantityG: 1 }],
      [output('c', 1)],
      'lot_test_failed',
    ],
    ['more than is free', 'split', [{ lot: source('a', { freeG: 499 }), quantityG: 500 }], [output('c', 1)], 'lot_stock_short'],
  ] as const)('refuses %s', (_, mode, inputs, outputs, code) => {
    expect(planTransform(mode, inputs, outputs)).toMatchObject({ code });
  });

  it('repacks into another product of the same group', () => {
    expect(planTransform('repack', one, [output('c', 500, 'fruit box', '010302')])).toMatchObject({
      parts: [{ quantityG: 500 }],
    });
  });

  it('shares a quantity out to the gram, never above a weight', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 100_000_000_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), (shares, part) => {
        const whole = shares.reduce((sum, weight) => sum + weight, 0);
        const total = Math.floor(whole * part);
        const result = sharesOf(total, shares);
        expect(result.reduce((sum, grams) => sum + grams, 0)).toBe(total);
        result.forEach((grams, index) => expect(grams <= (shares[index] ?? 0) && grams >= 0).toBe(true));
      }),
    );
  });
});

/** A lot as the ledger keeps it, for the walk below. */
interface Kept {
  quantityG: number;
  stockG: number;
  leftG: number;
}
type Step = { mode: 'split' | 'mix' | 'repack' | 'ship' | 'lose' | 'return'; picks: number[]; share: number; loss: number };

describe('mass balance', () => {
  const step: fc.Arbitrary<Step> = fc.record({
    mode: fc.constantFrom('split', 'mix', 'repack', 'ship', 'lose', 'return'),
    picks: fc.array(fc.nat(), { minLength: 2, maxLength: 4 }),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    loss: fc.double({ min: 0, max: 0.3, noNaN: true }),
  });

  it('holds through any sequence: what was harvested is in stock, shipped or lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 5 }),
        fc.array(step, { maxLength: 40 }),
        (harvests, steps) => {
          const lots = new Map<string, Kept>();
          const total = { shipped: 0, lost: 0 };
          const enter = (id: string, kind: StockKind, deltaG: number) => {
            const lot = lots.get(id);
            if (!lot || deltaG === 0) return;
            expect(suits(kind, deltaG)).toBe(true);
            lot.stockG += deltaG;
            lot.leftG += leftDeltaG(kind, deltaG);
            if (kind === 'lost') total.lost -= deltaG;
            if (kind === 'shipped' || kind === 'returned') total.shipped -= deltaG;
          };
          harvests.forEach((quantityG, index) => lots.set(`h${index}`, { quantityG, stockG: quantityG, leftG: 0 }));
          steps.forEach((told, index) => walk(lots, told, index, enter));
          const stock = [...lots.values()].reduce((sum, { stockG }) => sum + stockG, 0);
          expect(stock + total.shipped + total.lost).toBe(harvests.reduce((sum, grams) => sum + grams, 0));
          for (const lot of lots.values()) {
            expect(lot.stockG).toBeGreaterThanOrEqual(0);
            expect(isOverShipped(lot, 0)).toBe(false);
          }
        },
      ),
    );
  });

  it('flags a lot beyond the tolerance and not at it', () => {
    expect(shippableG(1000, 200)).toBe(1020);
    expect(isOverShipped({ quantityG: 1000, leftG: 1020 }, 200)).toBe(false);
    expect(isOverShipped({ quantityG: 1000, leftG: 1021 }, 200)).toBe(true);
  });

  it('a count never makes room for more to leave', () => {
    expect(leftDeltaG('counted', 500)).toBe(0);
    expect(leftDeltaG('shipped', -500) + leftDeltaG('returned', 200)).toBe(300);
  });

  it('sets and clears one flag without touching the others', () => {
    expect(withFlag(['test_failed'], 'over_shipped', true)).toEqual(['test_failed', 'over_shipped']);
    expect(withFlag(['over_shipped', 'test_failed'], 'over_shipped', false)).toEqual(['test_failed']);
    expect(withFlag([], 'over_shipped', false)).toEqual([]);
  });
});

/** One step of the walk, through the plan where lots become others. */
function walk(
  lots: Map<string, Kept>,
  { mode, picks, share, loss }: Step,
  index: number,
  enter: (id: string, kind: StockKind, deltaG: number) => void,
): void {
  const ids = [...lots.keys()];
  const picked = [...new Set(picks.map((pick) => ids[pick % ids.length] ?? ''))].slice(0, mode === 'mix' ? 4 : 1);
  const taken = picked.flatMap((id) => {
    const lot = lots.get(id);
    const quantityG = Math.ceil((lot?.stockG ?? 0) * share);
    return lot && quantityG > 0 ? [{ lot: source(id, { freeG: lot.stockG }), quantityG }] : [];
  });
  const [first] = taken;
  if (!first) return;
  if (mode === 'ship') return enter(first.lot.id, 'shipped', -first.quantityG);
  if (mode === 'lose') return enter(first.lot.id, 'lost', -first.quantityG);
  if (mode === 'return') {
    const left = Math.min(first.quantityG, lots.get(first.lot.id)?.leftG ?? 0);
    enter(first.lot.id, 'shipped', -first.quantityG);
    return enter(first.lot.id, 'returned', Math.min(left, first.quantityG));
  }
  const whole = Math.floor(taken.reduce((sum, { quantityG }) => sum + quantityG, 0) * (1 - loss));
  const outputs = (mode === 'mix' ? [whole] : [Math.ceil(whole / 2), Math.floor(whole / 2)])
    .filter((grams) => grams > 0)
    .map((grams, output_) => output(`${index}.${output_}`, grams));
  if (outputs.length === 0) return;
  const plan = planTransform(mode, taken, outputs);
  if ('code' in plan) return void expect(plan.code).toBe('transform_shape');
  for (const { lotId, movedG, lostG } of plan.sources) {
    enter(lotId, 'moved_out', -movedG);
    enter(lotId, 'lost', -lostG);
  }
  for (const { id, quantityG } of outputs) {
    lots.set(id, { quantityG, stockG: quantityG, leftG: 0 });
    expect(plan.parts.filter(({ childId }) => childId === id).reduce((sum, part) => sum + part.quantityG, 0)).toBe(quantityG);
  }
}
