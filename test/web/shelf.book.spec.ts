import fc from 'fast-check';
import type { Scan, Shelf } from '#contracts';
import { handOutProblem } from '../../apps/web/src/station/counter/hand.out.js';
import {
  findOnShelf,
  intakeAlarms,
  isRepeat,
  overdueTier,
  proposeShelfCode,
  sameRecipient,
  shelfBook,
  withScan,
} from '../../apps/web/src/station/shelf/shelf.book.js';

const NOW = Date.parse('2026-10-15T09:00:00+08:00');
let serial = 0;
const scan = (kind: Scan['kind'], waybill: string, minute: number, more: Partial<Scan> = {}): Scan => ({
  id: `0199d000-0000-7000-8000-${String((serial += 1)).padStart(12, '0')}`,
  kind,
  waybill,
  occurredAt: new Date(NOW + minute * 60_000).toISOString(),
  ...more,
});
const shelf: Shelf = {
  stationCode: 'S1',
  asOf: new Date(NOW).toISOString(),
  overdueHours: [24, 48, 72],
  parcels: [
    {
      waybill: 'YT0000001521',
      carrierCode: 'YTO',
      shelfCode: '2-2-1501',
      since: new Date(NOW - 50 * 3_600_000).toISOString(),
      exceptions: ['damaged'],
      name: '张*',
      phone: '*******5678',
    },
    {
      waybill: 'SF0000000002',
      carrierCode: 'SF',
      shelfCode: '2-2-1502',
      since: new Date(NOW - 3_600_000).toISOString(),
      exceptions: [],
      name: '张*',
      phone: '*******5678',
    },
  ],
  expected: [
    { waybill: 'ZT0000000003', carrierCode: 'ZTO', ours: false, intercepted: false },
    { waybill: 'ZT0000000004', carrierCode: 'ZTO', ours: true, intercepted: true },
  ],
};

describe('The shelf as a phone knows it', () => {
  it("is the county's with this phone's scans upon it, whatever their order in the queue", () => {
    const scans = [
      scan('arrived_village', 'JT0000000009', 1),
      scan('shelved', 'JT0000000009', 2, { shelfCode: '1-1-1501' }),
      scan('picked_up', 'SF0000000002', 3),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(scans, { minLength: 3 }), (shuffled) => {
        const book = shelfBook(shelf, shuffled);
        expect([...book.parcels.keys()].sort()).toEqual(['JT0000000009', 'YT0000001521']);
        expect(book.codes.get('1-1-1501')).toBe('JT0000000009');
        expect(book.codes.has('2-2-1502')).toBe(false);
      }),
    );
  });

  it('forgets a scan that was undone', () => {
    const wrong = scan('picked_up', 'SF0000000002', 1);
    const book = shelfBook(shelf, [wrong, scan('undone', 'SF0000000002', 2, { undoes: wrong.id })]);
    expect(book.parcels.has('SF0000000002')).toBe(true);
  });

  it('warns of what must not simply be taken in', () => {
    const book = shelfBook(shelf, [scan('arrived_village', 'JT0000000009', 0)]);
    const alarms = (waybill: string, kind: Scan['kind'] = 'arrived_village', nowMs = NOW) =>
      intakeAlarms(book, { kind, waybill }, nowMs);
    expect(alarms('ZT0000000004')).toEqual(['intercepted']);
    expect(alarms('ZT0000000003')).toEqual(['wrong_village']);
    expect(alarms('YT0000001521')).toEqual(['problem', 'on_shelf']);
    expect(alarms('JT0000000009', 'arrived_village', NOW + 60_000)).toEqual(['scanned_just_now']);
    expect(alarms('JT0000000009', 'shelved', NOW + 60_000)).toEqual([]);
    expect(alarms('JT0000000010')).toEqual([]);
  });

  it('holds back a parcel that the county warned of and that came in without a network, until the warning is closed', () => {
    const arrival = scan('arrived_village', 'ZT0000000004', 1);
    const shelved = scan('shelved', 'ZT0000000004', 2, { shelfCode: '1-1-1501' });
    const [held] = findOnShelf(shelfBook(shelf, [arrival, shelved]), '1-1-1501');
    const draft = { way: 'self' as const, proxyName: '', picture: undefined };
    expect(held && handOutProblem({ ...draft, parcels: [held] })).toBe('intercepted');
    const [same] = findOnShelf(withScan(withScan(shelfBook(shelf, []), arrival), shelved), '1-1-1501');
    expect(same).toEqual(held);
    const close = scan('exception_close', 'ZT0000000004', 3, { exception: 'intercepted' });
    const [free] = findOnShelf(shelfBook(shelf, [arrival, shelved, close]), '1-1-1501');
    expect(free && handOutProblem({ ...draft, parcels: [free] })).toBeUndefined();
  });

  it('knows the same scan of a moment ago, however long the parcel is here and whatever code it got', () => {
    const arrival = scan('arrived_village', 'JT0000000009', 0);
    const shelved = scan('shelved', 'JT0000000009', 30, { shelfCode: '1-1-1501' });
    const again = scan('shelved', 'JT0000000009', 31, { shelfCode: '1-1-1502' });
    const at = (minute: number) => NOW + minute * 60_000;
    for (const book of [shelfBook(undefined, [arrival, shelved]), shelfBook(undefined, [], [arrival, shelved])]) {
      expect(isRepeat(book, again, at(31))).toBe(true);
      expect(isRepeat(book, again, at(41))).toBe(false);
      expect(isRepeat(book, arrival, at(31))).toBe(false);
    }
    const hall = shelfBook(undefined, [scan('dispatched', 'JT0000000010', 0), scan('arrived_town', 'JT0000000011', 0)]);
    expect(isRepeat(hall, scan('dispatched', 'JT0000000010', 1), at(1))).toBe(true);
    expect(isRepeat(hall, scan('dispatched', 'JT0000000011', 1), at(1))).toBe(false);
    expect(isRepeat(hall, scan('arrived_town', 'JT0000000011', 1), at(1))).toBe(true);
    const wrong = scan('undone', 'JT0000000009', 31, { undoes: shelved.id });
    expect(isRepeat(shelfBook(undefined, [wrong], [arrival, shelved]), again, at(31))).toBe(false);
  });

  it('takes what the county has counted for told: it comes back only by the county’s own word', () => {
    expect(shelfBook(shelf, [], [scan('arrived_village', 'JT0000000009', 1)]).parcels.has('JT0000000009')).toBe(false);
  });

  it('proposes a code that is not on any parcel', () => {
    expect(proposeShelfCode(shelfBook(shelf, []), '2-2', 15)).toBe('2-2-1503');
    expect(proposeShelfCode(shelfBook(undefined, []), '2-2-', 5)).toBe('2-2-0501');
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 140 }), { maxLength: 140 }), (numbers) => {
        const taken = numbers.map((number) =>
          scan('shelved', `JT1${String(number).padStart(9, '0')}`, number, {
            shelfCode: `3-1-15${String(number).padStart(2, '0')}`,
          }),
        );
        const book = shelfBook(undefined, taken);
        expect(book.codes.has(proposeShelfCode(book, '3-1', 15))).toBe(false);
      }),
    );
  });

  it('finds by shelf code, by the end of the phone number or of the waybill, and the same person’s others', () => {
    const book = shelfBook(shelf, []);
    expect(findOnShelf(book, '2-2-1501').map(({ waybill }) => waybill)).toEqual(['YT0000001521']);
    expect(findOnShelf(book, '5678')).toHaveLength(2);
    expect(findOnShelf(book, '1521').map(({ waybill }) => waybill)).toEqual(['YT0000001521']);
    expect(findOnShelf(book, 'yt0000001521')).toHaveLength(1);
    expect(findOnShelf(book, '9999')).toEqual([]);
    const [first] = findOnShelf(book, '2-2-1501');
    expect(first && sameRecipient(book, first).map(({ waybill }) => waybill)).toEqual(['SF0000000002']);
  });

  it('says how long a parcel is overdue', () => {
    const book = shelfBook(shelf, []);
    const [old, young] = [...book.parcels.values()];
    expect(old && overdueTier(old, shelf.overdueHours, NOW)).toBe(48);
    expect(young && overdueTier(young, shelf.overdueHours, NOW)).toBe(0);
  });
});
