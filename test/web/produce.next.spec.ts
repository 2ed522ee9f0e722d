import fc from 'fast-check';
import { lotTransformSchema, type CodeBatch, type LotView, type OrderView, type PayoutView } from '#contracts';
import { labelFiles, nextStepOf } from '../../apps/web/src/producer/lot/lot.next.js';
import { fitted } from '../../apps/web/src/producer/lot/photo.size.js';
import { transformOf, type TransformDraft } from '../../apps/web/src/producer/lot/transform.draft.js';
import { nextOrderStep, nextParcelG } from '../../apps/web/src/producer/order/order.next.js';
import { myPartFen, payoutSums } from '../../apps/web/src/producer/payout/payout.sum.js';

const uuid = (number: number) => `01939b3c-0000-7000-8000-${String(number).padStart(12, '0')}`;
const tests: LotView['tests'] = [
  { id: uuid(1), item: 'residue', result: 'pass', testedOn: '2026-11-20', createdAt: '2026-11-20T08:00:00Z' },
];
const lot = (change: Partial<LotView> = {}) => ({ flags: [], stockG: 1000, tests, ...change });
const certificate = { supersededBy: null };
const batch = (state: CodeBatch['state'], made = 0) => ({ state, made });

describe('what is done next with a lot', () => {
  it('leads from the harvest to the printed label', () => {
    expect(nextStepOf(lot({ tests: [] }), undefined, [])).toBe('test');
    expect(nextStepOf(lot(), undefined, [])).toBe('certificate');
    expect(nextStepOf(lot(), certificate, [])).toBe('codes');
    expect(nextStepOf(lot(), certificate, [batch('queued')])).toBe('making');
    expect(nextStepOf(lot(), certificate, [batch('making', 20)])).toBe('making');
    expect(nextStepOf(lot(), certificate, [batch('paused', 20)])).toBe('paused');
    expect(nextStepOf(lot(), certificate, [batch('done', 100)])).toBe('labels');
  });

  it('is another test after one that failed, whatever else is there', () => {
    expect(nextStepOf(lot({ flags: ['test_failed'] }), certificate, [batch('done', 100)])).toBe('retest');
  });

  it('asks for a new certificate when the old one was replaced, and for new codes when making them failed', () => {
    expect(nextStepOf(lot(), { supersededBy: uuid(2) }, [])).toBe('certificate');
    expect(nextStepOf(lot(), certificate, [batch('failed', 20)])).toBe('codes');
  });

  it('certifies nothing that is not there, and still prints what was coded', () => {
    expect(nextStepOf(lot({ stockG: 0 }), undefined, [])).toBe('sold_out');
    expect(nextStepOf(lot({ stockG: 0 }), certificate, [batch('done', 100)])).toBe('labels');
  });
});

describe('files of labels', () => {
  it('hold every label once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 500, max: 20_000 }), (made, size) => {
        let expected = 0;
        for (const file of labelFiles(made, size)) {
          expect(file.from).toBe(expected);
          expect(file.limit).toBeGreaterThan(0);
          expect(file.limit).toBeLessThanOrEqual(size);
          expected += file.limit;
        }
        expect(expected).toBe(made);
      }),
    );
  });
});

describe('photos of reports', () => {
  it('keep their shape and are never enlarged', () => {
    expect(fitted(4400, 2200)).toEqual({ width: 2200, height: 1100 });
    expect(fitted(600, 800)).toEqual({ width: 600, height: 800 });
    expect(fitted(10_000, 1)).toEqual({ width: 2200, height: 1 });
  });
});

describe('splitting, mixing and repacking', () => {
  const sources = [
    { id: uuid(10), productId: uuid(20), stockG: 5000 },
    { id: uuid(11), productId: uuid(21), stockG: 2000 },
  ];
  const draft = (change: Partial<TransformDraft>): TransformDraft => ({
    id: uuid(30),
    mode: 'split',
    unit: 'kg',
    parts: [],
    productId: uuid(20),
    outputId: uuid(31),
    outputWeight: '',
    ...change,
  });

  it('split a lot into lots of its product and take exactly their weight', () => {
    const parts = [
      { id: uuid(40), weight: '2' },
      { id: uuid(41), weight: '1.5' },
    ];
    const made = transformOf(draft({ parts }), sources);
    expect(made).toEqual({
      id: uuid(30),
      mode: 'split',
      inputs: [{ lotId: uuid(10), quantityG: 3500 }],
      outputs: [
        { id: uuid(40), productId: uuid(20), quantityG: 2000 },
        { id: uuid(41), productId: uuid(20), quantityG: 1500 },
      ],
    });
    expect(lotTransformSchema.safeParse(made).success).toBe(true);
  });

  it('mix what goes in into one lot, as heavy or lighter', () => {
    const parts = [
      { id: uuid(10), weight: '3' },
      { id: uuid(11), weight: '2' },
    ];
    expect(transformOf(draft({ mode: 'mix', parts }), sources)).toMatchObject({
      outputs: [{ id: uuid(31), productId: uuid(20), quantityG: 5000 }],
    });
    expect(transformOf(draft({ mode: 'mix', parts, outputWeight: '4.5' }), sources)).toMatchObject({
      outputs: [{ quantityG: 4500 }],
    });
    expect(transformOf(draft({ mode: 'mix', parts, outputWeight: '5.1' }), sources)).toBe('more_out_than_in');
  });

  it('say what is wrong before anything is sent', () => {
    expect(transformOf(draft({}), sources)).toBe('parts');
    expect(transformOf(draft({ parts: [{ id: uuid(40), weight: '' }] }), sources)).toBe('weight');
    expect(transformOf(draft({ parts: [{ id: uuid(40), weight: '5.001' }] }), sources)).toBe('more_than_stock');
    expect(transformOf(draft({ mode: 'mix', parts: [{ id: uuid(10), weight: '1' }] }), sources)).toBe('parts');
    const repack = draft({ mode: 'repack', parts: [{ id: uuid(10), weight: '1' }], productId: '' });
    expect(transformOf(repack, sources)).toBe('product');
  });
});

describe('what is done next with an order', () => {
  const line = (shipmentIds: readonly (string | null)[]) =>
    ({ allocations: shipmentIds.map((shipmentId) => ({ shipmentId, quantityG: 1000 })) }) as OrderView['lines'][number];

  it('is allocating, packing, then watching the parcels', () => {
    expect(nextOrderStep({ state: 'paid', lines: [line([])] })).toBe('allocate');
    expect(nextOrderStep({ state: 'allocated', lines: [line([null])] })).toBe('pack');
    expect(nextOrderStep({ state: 'packed', lines: [line([uuid(1)])] })).toBe('track');
    expect(nextOrderStep({ state: 'shipped', lines: [line([uuid(1), null])] })).toBe('pack');
    for (const state of ['delivered', 'returned', 'refunded', 'cancelled'] as const)
      expect(nextOrderStep({ state, lines: [line([null])] })).toBe('done');
  });

  it('weighs the next parcel by what is in none yet', () => {
    expect(nextParcelG({ lines: [line([uuid(1), null]), line([null])] })).toBe(2000);
  });
});

describe('payouts', () => {
  const payout = (state: PayoutView['state'], parts: readonly (readonly [string, number])[]) =>
    ({
      state,
      producers: parts.map(([id, amountFen]) => ({ producer: { id, name: id }, lines: 1, weightG: 1, amountFen })),
    }) as unknown as PayoutView;

  it('count only my parts: paid is got, drafts are coming, cancelled is nothing', () => {
    const sheets = [
      payout('paid', [
        ['me', 100],
        ['other', 900],
      ]),
      payout('draft', [['me', 30]]),
      payout('cancelled', [['me', 5000]]),
    ];
    expect(payoutSums(sheets, ['me'])).toEqual({ paidFen: 100, comingFen: 30 });
    expect(myPartFen(sheets[2]!, ['me'])).toBe(0);
    expect(payoutSums(sheets, [])).toEqual({ paidFen: 0, comingFen: 0 });
  });
});
