import fc from 'fast-check';
import { STATION_DAY_COUNTS as COUNTS, type StationDayCount } from '#contracts';
import { claim, historyArbitrary, levelOf, scanAt, undoing, WORLD } from './history.fixture.js';
import { contributions, type DirectoryFacts } from './parcel.contributions.js';
import type { LedgerEvent } from './parcel.event.js';
import { foldParcel } from './parcel.fold.js';
import { stationCounts } from './station.counts.js';

const DAY = 24 * 60;
const names = Object.keys(COUNTS) as StationDayCount[];

/** What was done, as `station kind`, in order. */
function done(...events: LedgerEvent[]): string[] {
  const found: string[] = [];
  const parcel = foldParcel(events, levelOf);
  if (parcel)
    stationCounts(parcel, ({ event }, counts) => {
      const station = WORLD.stations.findIndex((id) => id === event.stationId);
      found.push(`${station} ${names.filter((name) => counts & COUNTS[name]).join('+')}`);
    });
  return found;
}

describe('What a station did with a parcel', () => {
  it('is putting it on the shelf once, and handing it out or sending it back', () => {
    const [arrived, shelved] = [scanAt(0, 0, 'arrived_village'), scanAt(30, 0, 'shelved')];
    expect(done(arrived, shelved, scanAt(DAY, 0, 'stocktake'), scanAt(2 * DAY, 0, 'picked_up'))).toEqual([
      '0 shelved',
      '0 handedOut',
    ]);
    expect(done(shelved, scanAt(DAY, 0, 'returned'), scanAt(2 * DAY, 2, 'returned'))).toEqual([
      '0 shelved',
      '0 returned',
      '2 returned',
    ]);
    expect(done(shelved, claim(40, 'delivered'))).toEqual(['0 shelved']);
  });

  it('is nothing for what was taken back, repeated, or had ended', () => {
    const [shelved, fetched] = [scanAt(0, 0, 'shelved'), scanAt(60, 0, 'picked_up')];
    expect(done(shelved, fetched, undoing(fetched))).toEqual(['0 shelved']);
    expect(done(shelved, fetched, undoing(fetched), scanAt(DAY, 0, 'picked_up'))).toEqual(['0 shelved', '0 handedOut']);
    expect(done(shelved, fetched, scanAt(61, 0, 'picked_up'), scanAt(DAY, 0, 'picked_up'))).toEqual(['0 shelved', '0 handedOut']);
  });

  it('is taking it in and letting it leave, when it goes out', () => {
    expect(
      done(scanAt(0, 0, 'accepted'), scanAt(30, 0, 'dispatched'), scanAt(60, 2, 'arrived_town'), scanAt(90, 2, 'dispatched')),
    ).toEqual(['0 acceptedOut', '0 dispatchedOut', '2 dispatchedOut']);
    expect(done(scanAt(0, 2, 'arrived_town'), scanAt(30, 2, 'dispatched'))).toEqual([]);
  });

  it('moves with the parcel to another shelf', () => {
    expect(done(scanAt(0, 0, 'shelved'), scanAt(60, 1, 'shelved'), scanAt(DAY, 1, 'picked_up'))).toEqual([
      '0 shelved',
      '1 shelved',
      '1 handedOut',
    ]);
  });

  it("lies in rows of the station's own unit, whatever merged, and hands a parcel out at most once", () => {
    const merged: DirectoryFacts = { villageOn: () => WORLD.villages[0], isServedThrough: () => true };
    const unitOf: Record<string, string> = {
      [WORLD.stations[0]]: WORLD.villages[0],
      [WORLD.stations[1]]: WORLD.villages[1],
      [WORLD.stations[2]]: WORLD.town,
      [WORLD.stations[3]]: WORLD.county,
    };
    fc.assert(
      fc.property(historyArbitrary(), (history) => {
        const parcel = foldParcel(history, levelOf);
        const rows = parcel ? contributions([parcel], merged) : [];
        const own = rows.filter(({ counts }) => counts >= COUNTS.shelved);
        for (const { unitId, stationId } of own) expect(unitId).toBe(unitOf[stationId]);
        expect(own.filter(({ counts }) => counts & COUNTS.acceptedOut).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 2000 },
    );
  });
});
