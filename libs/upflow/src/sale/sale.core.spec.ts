import fc from 'fast-check';
import { PARCEL_STAGES } from '#contracts';
import { planAllocations } from './allocation.plan.js';
import { largestRemainder } from './fen.share.js';
import { orderState, type OrderSituation } from './order.state.js';
import { LotComposition, payableFen, splitLine, type LotEdge } from './payout.split.js';
import { refundedOf, refundShares } from './refund.share.js';
import { saleEntries, touchedKeys, type SaleFacts } from './sale.entry.plan.js';

const line = (amountFen: number, refundedFen = 0, id = 'l1') => ({ id, amountFen, refundedFen });
const situation = (rest: Partial<OrderSituation>): OrderSituation => ({
  cancelled: false,
  lines: [line(100)],
  allocations: [],
  shipments: [],
  ...rest,
});
const packed = [{ lineId: 'l1', shipmentId: 's1' }];
const parcels = (...stages: OrderSituation['shipments'][number]['stage'][]) => stages.map((stage) => ({ stage }));
const shuffled = <T>(items: readonly T[]) =>
  fc.array(fc.nat(), { minLength: items.length, maxLength: items.length }).map((keys) =>
    items
      .map((item, index) => ({ item, key: keys[index] ?? 0 }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item),
  );

describe('The state of an order', () => {
  it.each([
    ['paid', situation({})],
    ['paid', situation({ lines: [line(1), line(1, 0, 'l2')], allocations: [{ lineId: 'l1', shipmentId: null }] })],
    ['allocated', situation({ allocations: [{ lineId: 'l1', shipmentId: null }] })],
    ['packed', situation({ allocations: packed, shipments: parcels('announced') })],
    ['shipped', situation({ allocations: packed, shipments: parcels('announced', 'accepted') })],
    ['shipped', situation({ allocations: packed, shipments: parcels('delivered', 'in_transit') })],
    ['shipped', situation({ allocations: [...packed, { lineId: 'l1', shipmentId: null }], shipments: parcels('delivered') })],
    ['delivered', situation({ allocations: packed, shipments: parcels('delivered', 'collected') })],
    ['delivered', situation({ allocations: packed, shipments: parcels('delivered', 'returned') })],
    ['returned', situation({ allocations: packed, shipments: parcels('returned', 'returned') })],
    ['allocated', situation({ allocations: [{ lineId: 'l1', shipmentId: null }], shipments: parcels('cancelled') })],
    ['packed', situation({ allocations: packed, shipments: parcels('cancelled', 'announced') })],
    ['delivered', situation({ allocations: packed, shipments: parcels('cancelled', 'delivered') })],
    ['refunded', situation({ lines: [line(100, 100)], allocations: packed, shipments: parcels('delivered') })],
    ['cancelled', situation({ cancelled: true, lines: [line(100, 100)] })],
    ['paid', situation({ lines: [line(0)] })],
  ])('is %s', (expected, order) => expect(orderState(order)).toBe(expected));

  const orders = fc.record({
    cancelled: fc.boolean(),
    lines: fc.uniqueArray(fc.record({ id: fc.constantFrom('a', 'b', 'c'), amountFen: fc.nat(9), refundedFen: fc.nat(9) }), {
      selector: ({ id }) => id,
      minLength: 1,
    }),
    allocations: fc.array(fc.record({ lineId: fc.constantFrom('a', 'b', 'c'), shipmentId: fc.constantFrom(null, 's1', 's2') }), {
      maxLength: 6,
    }),
    shipments: fc.array(fc.record({ stage: fc.constantFrom(...PARCEL_STAGES) }), { maxLength: 4 }),
  });

  it('does not depend on any order of things', () => {
    fc.assert(
      fc.property(
        orders.chain((order) =>
          fc.record({
            order: fc.constant(order),
            lines: shuffled(order.lines),
            allocations: shuffled(order.allocations),
            shipments: shuffled(order.shipments),
          }),
        ),
        ({ order, ...mixed }) => expect(orderState({ ...order, ...mixed })).toBe(orderState(order)),
      ),
    );
  });

  it('is delivered only when everything has left and nothing is on its way', () => {
    fc.assert(
      fc.property(orders, (order) => {
        if (orderState(order) !== 'delivered') return;
        expect(order.allocations.every(({ shipmentId }) => shipmentId !== null)).toBe(true);
        expect(order.shipments.every(({ stage }) => ['delivered', 'collected', 'returned'].includes(stage))).toBe(true);
      }),
    );
  });
});

describe('Shares of a whole', () => {
  const parts = fc.uniqueArray(fc.record({ key: fc.string({ maxLength: 4 }), weight: fc.bigInt({ min: 0n, max: 10n ** 12n }) }), {
    selector: ({ key }) => key,
    minLength: 1,
    maxLength: 12,
  });

  it('add up exactly, are never negative, and are less than one from the exact share', () => {
    fc.assert(
      fc.property(fc.nat(2_000_000_000), parts, (total, weighted) => {
        const shares = largestRemainder(total, weighted);
        const sum = weighted.reduce((so, { weight }) => so + weight, 0n);
        expect([...shares.values()].reduce((so, share) => so + share, 0)).toBe(total);
        for (const { key, weight } of weighted) {
          const share = BigInt(shares.get(key) ?? -1);
          expect(share >= 0n).toBe(true);
          if (sum > 0n)
            expect(share * sum - BigInt(total) * weight < sum && BigInt(total) * weight - share * sum < sum).toBe(true);
        }
      }),
    );
  });

  it('do not depend on the order of the parts', () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        parts.chain((weighted) => fc.tuple(fc.constant(weighted), shuffled(weighted))),
        (total, [one, other]) => expect(new Map(largestRemainder(total, other))).toEqual(new Map(largestRemainder(total, one))),
      ),
    );
  });
});

describe('A payout', () => {
  /** Lots h0…h3 are harvests; m0…m7 are each made of earlier ones. */
  const graph = fc
    .array(fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 5000 })), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 8,
    })
    .map((mixes) => {
      const names = ['h0', 'h1', 'h2', 'h3'];
      const edges: LotEdge[] = [];
      for (const [index, parents] of mixes.entries()) {
        const from = new Map(parents.map(([pick, quantityG]) => [names[pick % names.length] ?? 'h0', quantityG]));
        for (const [parentId, quantityG] of from) edges.push({ parentId, childId: `m${index}`, quantityG });
        names.push(`m${index}`);
      }
      return { edges, names };
    });
  const cases = graph.chain(({ edges, names }) =>
    fc.record({
      edges: fc.constant(edges),
      mixed: shuffled(edges),
      lots: fc.array(fc.record({ lotId: fc.constantFrom(...names), quantityG: fc.integer({ min: 1, max: 9000 }) }), {
        minLength: 1,
        maxLength: 5,
      }),
      net: fc.nat(100_000),
    }),
  );

  it('goes to the harvests behind mixed lots: exact, never negative, whatever the order', () => {
    fc.assert(
      fc.property(cases, ({ edges, mixed, lots, net }) => {
        const shares = splitLine(net, lots, new LotComposition(edges));
        expect(shares.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(net);
        expect(shares.reduce((sum, { weightG }) => sum + weightG, 0)).toBe(
          lots.reduce((sum, { quantityG }) => sum + quantityG, 0),
        );
        for (const { lotId, amountFen, weightG } of shares) {
          expect(lotId).toMatch(/^h/);
          expect(amountFen >= 0 && weightG >= 0).toBe(true);
        }
        expect(splitLine(net, [...lots].reverse(), new LotComposition(mixed))).toEqual(shares);
      }),
    );
  });

  it('follows the grams that went into a mix', () => {
    const composition = new LotComposition([
      { parentId: 'a', childId: 'mix', quantityG: 3000 },
      { parentId: 'b', childId: 'mix', quantityG: 1000 },
      { parentId: 'mix', childId: 'box', quantityG: 500 },
    ]);
    expect(splitLine(1001, [{ lotId: 'box', quantityG: 100 }], composition)).toEqual([
      { lotId: 'a', weightG: 75, amountFen: 751 },
      { lotId: 'b', weightG: 25, amountFen: 250 },
    ]);
  });

  it('is net of refunds and of what the seller keeps', () => {
    expect([payableFen(1000, 0, 0), payableFen(1000, 400, 1000), payableFen(999, 0, 3333), payableFen(5, 9, 0)]).toEqual([
      1000, 540, 666, 0,
    ]);
  });
});

describe('Refunds', () => {
  const cases = fc.record({
    lines: fc.uniqueArray(fc.record({ id: fc.constantFrom('a', 'b', 'c'), amountFen: fc.nat(500) }), {
      selector: ({ id }) => id,
      minLength: 1,
    }),
    refunds: fc.uniqueArray(
      fc.record({
        id: fc.uuid(),
        lineId: fc.constantFrom(null, 'a', 'b', 'c'),
        amountFen: fc.nat(600),
        refundedAt: fc.nat(3).map((day) => new Date(day * 86_400_000)),
      }),
      { selector: ({ id }) => id, maxLength: 5 },
    ),
  });

  it('never take more from a line than it has, nor more than was refunded, in whatever order they come', () => {
    fc.assert(
      fc.property(
        cases.chain((it) => fc.tuple(fc.constant(it), shuffled(it.refunds))),
        ([{ lines, refunds }, mixed]) => {
          const shares = refundShares(lines, refunds);
          const sums = refundedOf(shares);
          for (const { id, amountFen } of lines) expect(sums.get(id) ?? 0).toBeLessThanOrEqual(amountFen);
          for (const { id, amountFen } of refunds)
            expect(shares.reduce((sum, share) => sum + (share.refundId === id ? share.amountFen : 0), 0)).toBeLessThanOrEqual(
              amountFen,
            );
          expect(refundedOf(refundShares(lines, mixed))).toEqual(sums);
        },
      ),
    );
  });
});

describe('Allocation', () => {
  it('takes the oldest harvest first and says what is missing', () => {
    const lot = (id: string, harvestedOn: string | null, freeG: number) => ({ id, productId: 'p', harvestedOn, freeG });
    const lots = [
      lot('new', '2026-11-05', 900),
      lot('old', '2026-10-01', 300),
      lot('none', null, 50),
      { ...lot('other', '2026-01-01', 9000), productId: 'q' },
    ];
    const lines = [
      { id: 'l1', productId: 'p', needG: 500 },
      { id: 'l2', productId: 'p', needG: 1000 },
    ];
    expect(planAllocations(lines, lots)).toEqual({
      planned: [
        { lineId: 'l1', lotId: 'old', quantityG: 300 },
        { lineId: 'l1', lotId: 'new', quantityG: 200 },
        { lineId: 'l2', lotId: 'new', quantityG: 700 },
        { lineId: 'l2', lotId: 'none', quantityG: 50 },
      ],
      short: new Map([['l2', 250]]),
    });
  });
});

describe('Entries of sales', () => {
  const owner = (villageId: string, household = false) => ({ villageId, producerId: `${villageId} grower`, household });
  const facts: SaleFacts = {
    orderId: 'o1',
    paidAt: new Date('2026-10-31T16:30:00Z'),
    cancelled: false,
    seller: owner('seller'),
    lines: [{ id: 'l1', amountFen: 1000 }],
    allocations: [],
    refunds: [{ id: 'r1', lineId: null, amountFen: 100, refundedAt: new Date('2026-12-01T00:00:00Z') }],
    payouts: [],
  };
  const allocated = {
    ...facts,
    allocations: [
      { lineId: 'l1', lotId: 'x', quantityG: 3000, owner: owner('north', true) },
      { lineId: 'l1', lotId: 'y', quantityG: 1000, owner: owner('south') },
    ],
  };
  const text = (entries: ReturnType<typeof saleEntries>) =>
    entries.map(({ kind, villageId, day, amountFen }) => `${kind} ${villageId} ${day} ${amountFen}`);

  it('belong to the seller before a lot is known, on the day in Shanghai', () => {
    expect(text(saleEntries(facts))).toEqual(['payment seller 2026-11-01 1000', 'refund seller 2026-12-01 100']);
  });

  it('belong to the villages of the lots by weight, and name what changed on both sides', () => {
    expect(text(saleEntries(allocated))).toEqual([
      'payment north 2026-11-01 750',
      'payment south 2026-11-01 250',
      'refund north 2026-12-01 75',
      'refund south 2026-12-01 25',
    ]);
    expect(touchedKeys(saleEntries(facts), saleEntries(allocated)).map(([village]) => village)).toEqual([
      ...['north', 'north', 'seller', 'seller', 'south', 'south'],
    ]);
    expect(touchedKeys(saleEntries(allocated), saleEntries(allocated))).toEqual([]);
  });

  it('are the same rows each time, and none for an order that the channel closed', () => {
    expect(saleEntries(allocated)).toEqual(saleEntries(allocated));
    expect(saleEntries({ ...allocated, cancelled: true })).toEqual([]);
  });
});
