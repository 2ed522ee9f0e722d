import fc from 'fast-check';
import { boxEvent, harvestEvent, parcelEvent, shipEvent, testEvent, transformEvent, type LotFacts } from './epcis.event.js';
import { epcisDocument, epcisQueryDocument, told } from './epcis.document.js';
import { epcisDocumentSchema, epcisEventSchema, epcisQueryDocumentSchema, type LoggedEvent } from './epcis.schema.js';
import { EpcisUris } from './epcis.uri.js';

const NOW = new Date('2026-11-23T00:00:00Z');
const uris = new EpcisUris('https://trace.example.cn');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const grams = fc.integer({ min: 1, max: 100_000_000_000 });
const lotNo = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$/);
const lot: fc.Arbitrary<LotFacts> = fc.record({
  id: fc.uuid(),
  gtin: maybe(fc.constantFrom('06901234567892', '00000096385074')),
  productKey: fc.oneof(fc.uuid(), fc.stringMatching(/^[A-Z0-9]{6,20}$/)),
  lotNo,
  villageId: fc.uuid(),
  plot: maybe(fc.string({ minLength: 1 })),
  harvestedOn: maybe(fc.constant('2026-11-01')),
  quantityG: grams,
});
const shares = fc.array(fc.record({ lot, quantityG: grams }), { minLength: 1, maxLength: 4 });
const step = fc.record({
  stepId: fc.uuid(),
  at: fc.constantFrom('2026-11-01T08:00:00+08:00', '2026-11-01T00:00:00.123Z'),
  place: maybe(fc.constant(uris.place('station', 'S 1/甲'))),
});
const test = fc.record({
  id: fc.uuid(),
  item: fc.string({ minLength: 1 }),
  method: maybe(fc.string()),
  result: fc.constantFrom('pass', 'fail'),
  testedOn: fc.constant('2026-11-01'),
  laboratory: maybe(fc.string()),
  reportId: maybe(fc.uuid()),
});
const parcel = fc.record({ shipmentId: fc.uuid(), waybill: fc.stringMatching(/^[A-Z0-9-]{6,40}$/), lots: shares });
const mode = fc.constantFrom('split' as const, 'mix' as const, 'repack' as const);
const action = fc.constantFrom('pack' as const, 'unpack' as const);
const units = fc.array(fc.nat(), { minLength: 1, maxLength: 20 });
const PARCEL_KINDS = ['accepted', 'arrived_town', 'arrived_county', 'dispatched', 'returned', 'picked_up', 'delivered'];

const events: fc.Arbitrary<LoggedEvent> = fc.oneof(
  fc.tuple(step, lot).map(([at, one]) => harvestEvent(uris, at, one)),
  fc.tuple(step, lot, test).map(([at, one, result]) => testEvent(uris, at, one, result)),
  fc
    .tuple(step, mode, shares, shares)
    .map(([at, how, inputs, outputs]) => transformEvent(uris, at, { mode: how, inputs, outputs })),
  fc
    .tuple(step, action, units)
    .map(([at, what, unitSerials]) => boxEvent(uris, at, { action: what, sscc: '069012340000000011', unitSerials })),
  fc.tuple(step, parcel).map(([at, one]) => shipEvent(uris, at, one)),
  fc.tuple(step, parcel, fc.constantFrom(...PARCEL_KINDS)).map(([at, one, kind]) => {
    const event = parcelEvent(uris, at, kind, one);
    if (!event) throw new Error(`${kind} is a step`);
    return event;
  }),
);

describe('business steps as events', () => {
  it('follow the standard, whatever the lot', () => {
    fc.assert(
      fc.property(events, (event) => {
        expect(epcisEventSchema.safeParse(event).error).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it('stand in documents that follow it too', () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 5 }), (list) => {
        const all = list.map((event) => told(event, NOW));
        expect(epcisDocumentSchema.safeParse(epcisDocument(all, NOW)).error).toBeUndefined();
        expect(epcisQueryDocumentSchema.safeParse(epcisQueryDocument(all, NOW)).error).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it('are none for what a carrier only says', () => {
    fc.assert(
      fc.property(
        step,
        parcel,
        fc.constantFrom('announced', 'in_transit', 'note', 'shelved', 'toString', '__proto__'),
        (at, one, kind) => {
          expect(parcelEvent(uris, at, kind, one)).toBeUndefined();
        },
      ),
    );
  });

  it('tell a delivery once, whoever reports it', () => {
    const [at, again] = [
      { stepId: '1', at: '2026-11-01T08:00:00Z', place: null },
      { stepId: '2', at: '2026-11-01T09:00:00Z', place: null },
    ];
    const one = { shipmentId: 's', waybill: 'YT1234567890123', lots: [] };
    expect(parcelEvent(uris, at, 'delivered', one)?.eventID).toBe(parcelEvent(uris, again, 'picked_up', one)?.eventID);
  });
});

describe('names of lots', () => {
  it('can be read back', () => {
    fc.assert(
      fc.property(lot, (one) => {
        const { gtin, productKey } = one;
        const expected = gtin === null ? { productKey, lotNo: one.lotNo } : { gtin, lotNo: one.lotNo };
        expect(uris.readLot(uris.lot(one))).toEqual(expected);
      }),
    );
  });

  it.each([
    'https://other.example.cn/id/product/A/lot/1',
    'https://id.gs1.org/01/06901234567890/10/1',
    'https://id.gs1.org/01/06901234567892/10/%',
    'urn:epc:class:lgtin:4012345.012345.998877',
  ])('are not read out of %s', (uri) => {
    expect(uris.readLot(uri)).toBeUndefined();
  });
});
