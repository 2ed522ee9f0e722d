import fc from 'fast-check';
import { claim, historyArbitrary, levelOf, scanAt, T0, WORLD } from '../parcel/history.fixture.js';
import type { LedgerEvent } from '../parcel/parcel.event.js';
import { foldParcel } from '../parcel/parcel.fold.js';
import { shelfStays, stayAt } from './shelf.stay.js';

const [HERE, THERE] = WORLD.stations;
const at = (minutes: number) => T0 + minutes * 60_000;
const staysOf = (...events: LedgerEvent[]) =>
  shelfStays(foldParcel(events, levelOf)!).map(({ stationId, from, to, endedBy }) => [stationId, from, to, endedBy?.event.kind]);

describe('The stays of a parcel on shelves', () => {
  it('begin with a scan there and end when it is fetched', () => {
    expect(staysOf(scanAt(0, 0, 'arrived_village'), scanAt(15, 0, 'shelved'), scanAt(60, 0, 'picked_up'))).toEqual([
      [HERE, at(0), at(60), 'picked_up'],
    ]);
  });

  it('go on while a carrier says that it is at a station, and from one station to another', () => {
    expect(staysOf(scanAt(0, 0, 'shelved'), claim(5, 'arrived_station'), scanAt(60, 1, 'shelved'))).toEqual([
      [HERE, at(0), at(60), 'shelved'],
      [THERE, at(60), undefined, undefined],
    ]);
  });

  it('do not begin by what a carrier says', () => {
    expect(staysOf(scanAt(0, 2, 'arrived_town'), claim(5, 'arrived_station'))).toEqual([]);
  });

  it('follow one another without overlap, and the last is open just while the fold says that it lies on a shelf', () => {
    fc.assert(
      fc.property(historyArbitrary(), (history) => {
        const fold = foldParcel(history, levelOf);
        if (!fold) return;
        const stays = shelfStays(fold);
        for (const [index, stay] of stays.entries()) {
          expect(stay.to ?? Infinity).toBeGreaterThanOrEqual(stay.from);
          expect(stays[index + 1]?.from ?? Infinity).toBeGreaterThanOrEqual(stay.to ?? Infinity);
          expect(stay.endedBy === undefined).toBe(stay.to === undefined);
        }
        const last = stays.at(-1);
        expect(last && last.to === undefined ? last.from : null).toBe(fold.heldSince);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('The stay at an instant', () => {
  const stays = shelfStays(foldParcel([scanAt(0, 0, 'shelved'), scanAt(60, 0, 'picked_up')], levelOf)!);

  it('includes its beginning and not its end', () => {
    expect(stayAt(stays, HERE, at(0) - 1)).toBeUndefined();
    expect(stayAt(stays, HERE, at(0))).toBeDefined();
    expect(stayAt(stays, HERE, at(60) - 1)).toBeDefined();
    expect(stayAt(stays, HERE, at(60))).toBeUndefined();
    expect(stayAt(stays, THERE, at(30))).toBeUndefined();
  });
});
