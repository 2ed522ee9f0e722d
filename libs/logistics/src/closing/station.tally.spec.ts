import fc from 'fast-check';
import { historyArbitrary, levelOf, scanAt, T0, WORLD } from '../parcel/history.fixture.js';
import type { LedgerEvent } from '../parcel/parcel.event.js';
import { foldParcel } from '../parcel/parcel.fold.js';
import { tallyStation } from './station.tally.js';

const [HERE] = WORLD.stations;
const HOUR = 60;
const at = (minutes: number) => T0 + minutes * 60_000;
const span = { stationId: HERE, fromMs: at(0), toMs: at(10 * HOUR), overdueMs: 24 * 3_600_000 };
const folds = (histories: readonly (readonly LedgerEvent[])[]) =>
  histories.flatMap((events) => foldParcel(events, levelOf) ?? []);
const tally = (...histories: LedgerEvent[][]) => tallyStation(folds(histories), span);

describe("A station's day", () => {
  it('counts what lay there, came, was handed out, was returned, and what is left', () => {
    expect(
      tally(
        [scanAt(-2 * 24 * HOUR, 0, 'shelved')],
        [scanAt(-HOUR, 0, 'shelved'), scanAt(HOUR, 0, 'picked_up')],
        [scanAt(HOUR, 0, 'arrived_village'), scanAt(2 * HOUR, 0, 'shelved')],
        [
          scanAt(HOUR, 0, 'shelved'),
          scanAt(2 * HOUR, 0, 'exception_open', { exception: 'refused' }),
          scanAt(3 * HOUR, 0, 'returned'),
        ],
        [scanAt(11 * HOUR, 0, 'shelved')],
      ),
    ).toEqual({
      arrived: 1,
      shelved: 2,
      handedOut: 1,
      returned: 1,
      problems: 1,
      shelfBefore: 2,
      shelfAfter: 2,
      otherwise: 0,
      overdue: 1,
      acceptedOut: 0,
      dispatchedOut: 0,
      waitingOut: 0,
    });
  });

  it('shows what left the shelf another way, and what was handed out without having lain there', () => {
    expect(tally([scanAt(-HOUR, 0, 'shelved'), scanAt(HOUR, 1, 'shelved')])).toMatchObject({ shelfAfter: 0, otherwise: 1 });
    expect(tally([scanAt(-HOUR, 2, 'arrived_town'), scanAt(HOUR, 0, 'picked_up')])).toMatchObject({
      handedOut: 1,
      otherwise: -1,
    });
  });

  it('counts what goes out: taken in, sent off, waiting', () => {
    expect(
      tally(
        [scanAt(HOUR, 0, 'accepted')],
        [scanAt(-HOUR, 0, 'accepted'), scanAt(HOUR, 0, 'dispatched')],
        [scanAt(-HOUR, 0, 'accepted')],
        [scanAt(-HOUR, 1, 'accepted')],
        [scanAt(-HOUR, 0, 'accepted'), scanAt(HOUR, 2, 'arrived_town')],
      ),
    ).toMatchObject({ acceptedOut: 1, dispatchedOut: 1, waitingOut: 2 });
  });

  it('goes over into the next day: what is left is what lay there before', () => {
    fc.assert(
      fc.property(
        fc.array(historyArbitrary(), { maxLength: 6 }),
        fc.integer({ min: 0, max: 4 * 24 * HOUR }),
        (histories, minute) => {
          const all = folds(histories);
          const today = tallyStation(all, { ...span, toMs: at(minute) });
          const tomorrow = tallyStation(all, { ...span, fromMs: at(minute), toMs: at(minute + 24 * HOUR) });
          expect(tomorrow.shelfBefore).toBe(today.shelfAfter);
          const { shelfBefore, shelved, handedOut, returned, otherwise, shelfAfter } = today;
          expect(shelfBefore + shelved - handedOut - returned - otherwise).toBe(shelfAfter);
        },
      ),
      { numRuns: 500 },
    );
  });
});
