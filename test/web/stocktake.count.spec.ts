import fc from 'fast-check';
import { stocktakeRecordSchema, type Shelf } from '#contracts';
import { shelfBook, type ShelfBook } from '../../apps/web/src/station/shelf/shelf.book.js';
import {
  areaOf,
  codeInArea,
  stocktakeDifference,
  stocktakeRecords,
  type FoundParcel,
} from '../../apps/web/src/station/stocktake/stocktake.count.js';

const START = '2026-10-15T01:00:00.000Z';
let serial = 0;
const uuid = () => `0199d000-0000-7000-8000-${String((serial += 1)).padStart(12, '0')}`;
const waybillOf = (index: number) => `SF${1_000_000 + index}`;
function bookOf(places: Readonly<Record<string, string | null>>): ShelfBook {
  const parcels = Object.entries(places).map(([waybill, shelfCode]) => ({
    waybill,
    shelfCode,
    carrierCode: 'SF',
    since: START,
    exceptions: [],
  }));
  const shelf: Shelf = { stationCode: 'S1', asOf: START, overdueHours: [24], parcels, expected: [] };
  return shelfBook(shelf, []);
}
const find = (waybill: string, shelfCode?: string, at = START): [string, FoundParcel] => [
  waybill,
  { waybill, at, scanId: uuid(), ...(shelfCode !== undefined && { shelfCode }) },
];
const found = (...entries: [string, FoundParcel][]) => new Map(entries);

describe('What a stock-take finds', () => {
  it('tells what is missing, surplus and moved', () => {
    const book = bookOf({ SF000001: '1-1-01', SF000002: '1-1-02', SF000003: '2-1-03' });
    const before = [...book.parcels.keys()];
    expect(
      stocktakeDifference({ before }, book, found(find('SF000001', '1-1-01'), find('SF000003', '1-1-04'), find('ZT999999'))),
    ).toEqual({
      expected: 3,
      found: 3,
      missing: ['SF000002'],
      surplus: ['ZT999999'],
      moved: [{ waybill: 'SF000003', from: '2-1-03', to: '1-1-04' }],
    });
  });

  it('blames nobody for a parcel that is fetched or comes in while the shelf is counted', () => {
    const before = ['SF000001', 'SF000002'];
    const now = bookOf({ SF000001: '1-1-01', SF000003: '1-1-03' });
    const difference = stocktakeDifference({ before }, now, found(find('SF000001'), find('SF000003')));
    expect(difference).toMatchObject({ missing: [], surplus: [] });
    expect(stocktakeDifference({ before }, now, found(find('SF000001'), find('SF000002')))).toMatchObject({
      missing: [],
      surplus: [],
    });
  });

  it('says nothing on a phone that never heard of the shelf', () => {
    expect(stocktakeDifference({ before: null }, bookOf({}), found(find('SF000001')))).toBeUndefined();
  });

  it('is told by sets: on both sides nothing, on one side missing or surplus, whatever was scanned in whatever order', () => {
    const numbers = fc.uniqueArray(fc.nat(40), { maxLength: 30 });
    fc.assert(
      fc.property(numbers, numbers, numbers, (began, stands, seen) => {
        const book = bookOf(Object.fromEntries(stands.map((index) => [waybillOf(index), null])));
        const before = began.map(waybillOf);
        const difference = stocktakeDifference({ before }, book, found(...seen.map((index) => find(waybillOf(index)))));
        const within = (list: number[], index: number) => list.includes(index);
        expect(difference?.missing).toEqual(
          began
            .filter((index) => within(stands, index) && !within(seen, index))
            .map(waybillOf)
            .sort(),
        );
        expect(difference?.surplus).toEqual(
          seen
            .filter((index) => !within(stands, index) && !within(began, index))
            .map(waybillOf)
            .sort(),
        );
      }),
    );
  });
});

describe('Where a parcel stands', () => {
  it('has an area: all but the last part of its code', () => {
    expect(['2-2-1521', 'A-7', '15', ''].map(areaOf)).toEqual(['2-2', 'A', '', '']);
  });

  it('keeps its code in its own area, and its last number in another', () => {
    const book = bookOf({ SF000001: '1-1-1501', SF000002: '2-2-1502', SF000003: null });
    expect(codeInArea(book, found(), 'SF000001', '1-1', 15)).toBe('1-1-1501');
    expect(codeInArea(book, found(), 'SF000002', '1-1', 15)).toBe('1-1-1502');
    expect(codeInArea(book, found(), 'SF000003', '1-1', 15)).toBe('1-1-1502');
  });

  it('never gives one code to two parcels of an area, nor one that is on the shelf', () => {
    const places = fc.dictionary(
      fc.nat(60).map(waybillOf),
      fc.option(
        fc
          .tuple(fc.constantFrom('1-1', '2-2', 'A'), fc.integer({ min: 1, max: 9 }))
          .map(([area, number]) => `${area}-150${number}`),
      ),
      { maxKeys: 12 },
    );
    const seen = fc.uniqueArray(fc.nat(60).map(waybillOf), { maxLength: 20 });
    fc.assert(
      fc.property(places, seen, (shelf, waybills) => {
        // A shelf as it should be: a code stands for one parcel.
        const codes = new Set<string>();
        const sound = Object.fromEntries(
          Object.entries(shelf).map(([waybill, code]) => {
            if (code === null || codes.has(code)) return [waybill, null];
            codes.add(code);
            return [waybill, code];
          }),
        );
        const book = bookOf(sound);
        const finds = found();
        for (const waybill of waybills) {
          const code = codeInArea(book, finds, waybill, '1-1', 15);
          expect(areaOf(code)).toBe('1-1');
          expect([undefined, waybill]).toContain(book.codes.get(code));
          expect([...finds.values()].filter(({ shelfCode }) => shelfCode === code)).toEqual([]);
          finds.set(...find(waybill, code));
        }
      }),
    );
  });
});

describe('What a stock-take writes down', () => {
  const open = { id: uuid(), stationCode: 'S1', startedAt: START, before: [] };

  it('is one scan a parcel, under the id that it had when it was found, and one record that the county takes', () => {
    const finds = found(find('SF000001', '1-1-1501', '2026-10-15T01:02:00.000Z'), find('SF000002'));
    const { scans, record } = stocktakeRecords(open, finds, '2026-10-15T01:10:00.000Z');
    expect(scans.map(({ id, kind, shelfCode }) => ({ id, kind, shelfCode }))).toEqual(
      [...finds.values()].map(({ scanId, shelfCode }) => ({ id: scanId, kind: 'stocktake', shelfCode })),
    );
    expect(stocktakeRecordSchema.parse(record)).toEqual({
      id: open.id,
      stationCode: 'S1',
      startedAt: START,
      occurredAt: '2026-10-15T01:10:00.000Z',
      found: [{ waybill: 'SF000001', shelfCode: '1-1-1501' }, { waybill: 'SF000002' }],
    });
    expect(stocktakeRecords(open, finds, '2026-10-15T01:10:00.000Z')).toEqual({ scans, record });
  });

  it('ends after everything in it and begins before, though the clock was set meanwhile', () => {
    const minute = fc
      .integer({ min: -60, max: 60 })
      .map((minutes) => new Date(Date.parse(START) + minutes * 60_000).toISOString());
    fc.assert(
      fc.property(fc.array(minute, { maxLength: 6 }), minute, (times, now) => {
        const finds = found(...times.map((at, index) => find(waybillOf(index), undefined, at)));
        const { scans, record } = stocktakeRecords(open, finds, now);
        for (const { occurredAt } of scans) {
          expect(occurredAt >= record.startedAt).toBe(true);
          expect(occurredAt <= record.occurredAt).toBe(true);
        }
        expect(record.startedAt <= record.occurredAt).toBe(true);
      }),
    );
  });
});
