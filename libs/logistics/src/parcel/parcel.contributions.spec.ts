import fc from 'fast-check';
import { PARCEL_DAY_COUNTS as COUNTS, type ParcelDayCount } from '#contracts';
import { claim, historyArbitrary, levelOf, packing, scanAt, WORLD } from './history.fixture.js';
import { contributions, NO_STATION, rowChange, rowKey, type DirectoryFacts, type ParcelDayRow } from './parcel.contributions.js';
import type { LedgerEvent } from './parcel.event.js';
import { foldParcel } from './parcel.fold.js';

const [HERE, THERE] = WORLD.villages;
const DAY = 24 * 60;
const PUBLISHED = 127;
const alone: DirectoryFacts = { villageOn: (village) => village, isServedThrough: () => false };

function counted(events: LedgerEvent[], facts: DirectoryFacts = alone): Record<string, ParcelDayCount[]> {
  const parcel = foldParcel(events, levelOf);
  const rows = parcel ? contributions([parcel], facts).filter(isPublished) : [];
  const placeOf = (unitId: string) => (unitId === HERE ? 'here' : unitId === THERE ? 'there' : 'town');
  return Object.fromEntries(rows.map((row) => [`${placeOf(row.unitId)} ${row.day.slice(8)}`, namesOf(row)]));
}
/** Rows that only say what a station did are told apart (below). */
const isPublished = (row: ParcelDayRow) => namesOf(row).length > 0;
const namesOf = (row: ParcelDayRow) => (Object.keys(COUNTS) as ParcelDayCount[]).filter((name) => row.counts & COUNTS[name]);

describe('An inbound parcel', () => {
  const toHere = { addressVillageId: HERE, carrierCode: 'YTO' };

  it('counts where it arrives, on the day of each scan', () => {
    expect(
      counted([
        scanAt(0, 2, 'arrived_town', toHere),
        scanAt(DAY, 0, 'arrived_village'),
        scanAt(DAY + 20, 0, 'shelved'),
        scanAt(3 * DAY, 0, 'picked_up'),
      ]),
    ).toEqual({
      'here 10': ['townArrival', 'reached'],
      'here 11': ['service', 'brand', 'inbound'],
      'here 13': ['service', 'brand'],
    });
  });

  it('that never came to the village is in the denominator only', () => {
    expect(counted([scanAt(0, 2, 'arrived_town', toHere)])).toEqual({ 'here 10': ['townArrival'] });
  });

  it("belongs to the village whose station handled it when no label tells, and to its town's bucket before", () => {
    expect(counted([scanAt(0, 2, 'arrived_town')])).toEqual({ 'town 10': ['unassigned'] });
    expect(counted([scanAt(0, 2, 'arrived_town'), scanAt(DAY, 1, 'shelved')])).toEqual({
      'there 10': ['townArrival', 'reached'],
      'there 11': ['service', 'inbound'],
    });
  });

  it('handled in another village credits its own only where that is registered and near', () => {
    const events = [scanAt(0, 2, 'arrived_town', toHere), scanAt(60, 1, 'shelved')];
    const registered: DirectoryFacts = {
      ...alone,
      isServedThrough: (village, station) => village === HERE && station === WORLD.stations[1],
    };
    const rows = contributions([foldParcel(events, levelOf)!], registered).filter(isPublished);
    expect(rows.map((row) => [row.unitId, row.stationId, namesOf(row)])).toEqual([
      [HERE, WORLD.stations[1], ['service', 'brand', 'inbound']],
      [HERE, WORLD.stations[2], ['townArrival', 'reached']],
    ]);
    const unregistered = contributions([foldParcel(events, levelOf)!], alone).filter(isPublished);
    expect(unregistered.map((row) => [row.unitId, row.stationId, namesOf(row)])).toEqual([
      [HERE, WORLD.stations[2], ['townArrival']],
      [HERE, WORLD.stations[1], ['inbound']],
    ]);
  });

  it('makes its brand present by a statement from afar, but no service day', () => {
    expect(counted([scanAt(0, 2, 'arrived_town', toHere), claim(DAY, 'arrived_station')])).toEqual({
      'here 10': ['townArrival'],
      'here 11': ['brand'],
    });
  });

  it('counts once though it is scanned twice or again after it ended', () => {
    const ended = [scanAt(0, 0, 'shelved', toHere), scanAt(5, 0, 'shelved'), scanAt(60, 0, 'picked_up')];
    const once = { 'here 10': ['service', 'brand', 'inbound'] };
    expect(counted(ended)).toEqual(once);
    expect(counted([...ended, scanAt(2 * DAY, 0, 'shelved'), scanAt(3 * DAY, 0, 'arrived_village')])).toEqual(once);
  });

  it('that went back still came in once, and is not outbound', () => {
    const rows = counted([scanAt(0, 0, 'shelved', toHere), scanAt(DAY, 0, 'returned'), scanAt(DAY + 90, 2, 'arrived_town')]);
    expect(rows).toEqual({ 'here 10': ['service', 'brand', 'inbound'] });
  });
});

describe('A parcel that goes on under a new waybill', () => {
  it('is counted once', () => {
    const first = foldParcel(
      [scanAt(0, 2, 'arrived_town', { addressVillageId: HERE }), claim(30, 'transferred', { linkedWaybill: 'ZT99999999' })],
      levelOf,
    )!;
    const second = foldParcel(
      [scanAt(60, 2, 'arrived_town'), scanAt(DAY, 0, 'shelved')].map((scan) => ({ ...scan, waybill: 'ZT99999999' })),
      levelOf,
    )!;
    const rows = contributions([first, second], alone);
    expect(rows.map((row) => [row.waybill, row.day.slice(8), namesOf(row)])).toEqual([
      ['ZT99999999', '11', ['service', 'inbound']],
      ['YT1234567890123', '10', ['townArrival', 'reached']],
    ]);
  });
});

describe('An outbound parcel', () => {
  const produce = { categoryCode: '010301' };

  it("counts as produce of the lot's origin, whoever scans it", () => {
    const sent = scanAt(0, 0, 'accepted', { produce: { ...produce, originVillageId: THERE } });
    expect(counted([sent])).toEqual({ 'there 10': ['outbound'] });
    expect(counted([{ ...sent, produce, addressVillageId: THERE }])).toEqual({ 'there 10': ['outbound'] });
    expect(counted([{ ...sent, produce }])).toEqual({ 'here 10': ['service', 'outbound'] });
  });

  it('of anything else makes a service day and is not outbound', () => {
    expect(counted([scanAt(0, 0, 'accepted')])).toEqual({ 'here 10': ['service'] });
  });

  it('that is returned is not outbound', () => {
    expect(counted([scanAt(0, 0, 'accepted', { produce }), claim(DAY, 'returning')])).toEqual({
      'here 10': ['service', 'brand'],
    });
  });

  it('accepted by a town or county is nobody’s until a village is named', () => {
    expect(counted([scanAt(0, 2, 'accepted', { produce })])).toEqual({ 'town 10': ['unassigned'] });
    expect(counted([scanAt(0, 3, 'accepted', { produce })])).toEqual({});
  });
});

describe('A parcel that was packed with produce', () => {
  it("counts once, for its lot's village, from the first acceptance by a station or a carrier", () => {
    expect(counted([packing(0)])).toEqual({});
    expect(counted([packing(0), scanAt(DAY, 0, 'accepted')])).toEqual({ 'there 11': ['outbound'] });
    expect(counted([packing(0), scanAt(DAY, 2, 'accepted')])).toEqual({ 'there 11': ['outbound'] });
    expect(counted([packing(0), claim(DAY, 'accepted'), scanAt(2 * DAY, 0, 'accepted')])).toEqual({ 'there 11': ['outbound'] });
    expect(counted([scanAt(0, 0, 'accepted'), packing(DAY)])).toEqual({ 'there 10': ['outbound'] });
    expect(counted([packing(0), scanAt(DAY, 1, 'accepted')])).toEqual({ 'there 11': ['service', 'brand', 'outbound'] });
  });

  it('that comes back is not outbound, and one that nobody packed is not counted by a claim', () => {
    expect(counted([packing(0), claim(DAY, 'accepted'), claim(2 * DAY, 'returning')])).toEqual({});
    expect(counted([scanAt(0, 0, 'accepted'), claim(DAY, 'accepted')])).toEqual({ 'here 10': ['service', 'brand'] });
  });

  it('stays its village’s under a new waybill', () => {
    const first = foldParcel(
      [packing(0), scanAt(30, 0, 'accepted'), claim(60, 'transferred', { linkedWaybill: 'ZT99999999' })],
      levelOf,
    )!;
    const second = foldParcel([{ ...scanAt(90, 0, 'shelved'), waybill: 'ZT99999999' }], levelOf)!;
    const outbound = contributions([first, second], alone).filter(({ counts }) => counts & COUNTS.outbound);
    expect(outbound.map(({ unitId, waybill }) => [unitId, waybill])).toEqual([[THERE, first.waybill]]);
  });
});

describe('A village that merged', () => {
  it('passes what happens afterwards to its successor', () => {
    const merged: DirectoryFacts = {
      villageOn: (village, day) => (village === HERE && day >= '2026-10-12' ? THERE : village),
      isServedThrough: () => false,
    };
    expect(counted([scanAt(0, 0, 'shelved'), scanAt(3 * DAY, 0, 'picked_up')], merged)).toEqual({
      'here 10': ['service', 'inbound'],
      'there 13': ['service'],
    });
  });
});

describe('Rows kept by differences', () => {
  it('are the rows of a fold from scratch, whatever the batches', () => {
    fc.assert(
      fc.property(historyArbitrary(), fc.array(fc.nat(3), { minLength: 18, maxLength: 18 }), (history, cuts) => {
        const table = new Map<string, ParcelDayRow>();
        let known: LedgerEvent[] = [];
        let rows: ParcelDayRow[] = [];
        for (let batch = 0; batch <= 3; batch += 1) {
          known = [...history.filter((_, index) => cuts[index] === batch), ...known];
          const parcel = foldParcel(known, levelOf);
          const after = parcel ? contributions([parcel], alone) : [];
          const change = rowChange(rows, after);
          for (const row of change.removed) table.delete(rowKey(row));
          for (const row of change.written) table.set(rowKey(row), row);
          const published = (list: readonly ParcelDayRow[]) =>
            list.map(({ counts }) => counts & PUBLISHED).filter((bits) => bits > 0);
          if (change.touched.length === 0) expect(published(after).sort()).toEqual(published(rows).sort());
          rows = after;
        }
        const parcel = foldParcel(history, levelOf);
        const scratch = parcel ? contributions([parcel], alone) : [];
        expect(new Map([...table].sort())).toEqual(
          new Map(scratch.map((row): [string, ParcelDayRow] => [rowKey(row), row]).sort()),
        );
      }),
      { numRuns: 10_000 },
    );
  }, 60_000);

  it('count inbound, outbound and town arrival of a parcel at most once', () => {
    fc.assert(
      fc.property(historyArbitrary(), (history) => {
        const parcel = foldParcel(history, levelOf);
        const rows = parcel ? contributions([parcel], alone) : [];
        for (const once of [COUNTS.inbound, COUNTS.outbound, COUNTS.townArrival, COUNTS.unassigned])
          expect(rows.filter((row) => row.counts & once).length).toBeLessThanOrEqual(1);
        expect(rows.every((row) => row.stationId !== NO_STATION || !(row.counts & COUNTS.service))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  }, 60_000);
});
