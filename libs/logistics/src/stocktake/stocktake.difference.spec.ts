import { levelOf, scanAt, T0, WORLD } from '../parcel/history.fixture.js';
import type { LedgerEvent } from '../parcel/parcel.event.js';
import { foldParcel } from '../parcel/parcel.fold.js';
import { stocktakeDifference, type Found } from './stocktake.difference.js';

const [HERE] = WORLD.stations;
const SPAN = { fromMs: T0, toMs: T0 + 30 * 60_000 };

/** A stock-take from minute 0 to 30. */
function take(histories: Record<string, LedgerEvent[]>, found: Found) {
  const folds = new Map(
    Object.entries(histories).flatMap(([waybill, events]) => {
      const fold = foldParcel(
        events.map((event) => ({ ...event, waybill })),
        levelOf,
      );
      return fold ? [[waybill, fold] as const] : [];
    }),
  );
  return stocktakeDifference(folds, HERE, SPAN, found);
}

describe('A stock-take', () => {
  it('finds what is missing, what is surplus and what lies elsewhere', () => {
    const shelved = (shelfCode: string) => [scanAt(-60, 0, 'shelved', { shelfCode })];
    expect(
      take({ A: shelved('1-1'), B: shelved('1-2'), C: shelved('1-3'), D: [scanAt(-60, 1, 'shelved')] }, [
        { waybill: 'A', shelfCode: '1-1' },
        { waybill: 'B', shelfCode: '2-2' },
        { waybill: 'D' },
        { waybill: 'E' },
      ]),
    ).toEqual({ expected: 3, found: 4, missing: ['C'], surplus: ['D', 'E'], moved: [{ waybill: 'B', from: '1-2', to: '2-2' }] });
  });

  it('blames nobody for what came or went while the shelf was counted', () => {
    expect(
      take({ GONE: [scanAt(-60, 0, 'shelved'), scanAt(10, 0, 'picked_up')], CAME: [scanAt(20, 0, 'shelved')] }, [
        { waybill: 'GONE' },
      ]),
    ).toMatchObject({ expected: 1, missing: [], surplus: [] });
  });

  it('counts a parcel once however often it was scanned', () => {
    expect(take({ A: [scanAt(-60, 0, 'shelved')] }, [{ waybill: 'A' }, { waybill: 'A', shelfCode: '9' }])).toMatchObject({
      found: 1,
      moved: [{ waybill: 'A', from: null, to: '9' }],
    });
  });
});
