import { claim, levelOf, packing, scanAt, T0, WORLD } from '../parcel/history.fixture.js';
import { foldParcel } from '../parcel/parcel.fold.js';
import { produceMove } from './produce.move.js';

const at = (minutes: number) => new Date(T0 + minutes * 60_000).toISOString();

describe('The move of a packed parcel', () => {
  const accepted = scanAt(10, 0, 'accepted');
  const again = { ...scanAt(12, 0, 'accepted'), id: '00000006-0000-7000-8000-000000000001' };
  const arrived = scanAt(60, 2, 'arrived_town');
  const unread = claim(70, 'unknown', { providerCode: '9999' });
  const fold = foldParcel([arrived, again, packing(0), unread, accepted], levelOf)!;

  it('tells the stage and since when, and what is new', () => {
    expect(produceMove(fold, 4, new Set([arrived.id]))).toEqual({
      waybill: fold.waybill,
      revision: 4,
      stage: 'at_town',
      stageAt: at(60),
      steps: [
        { eventId: arrived.id, kind: 'arrived_town', occurredAt: at(60), unitId: WORLD.town, stationId: WORLD.stations[2] },
      ],
    });
  });

  it('tells every step in order where all is new, without double scans and codes that nobody understands', () => {
    expect(produceMove(fold, 4).steps.map(({ kind, occurredAt }) => [kind, occurredAt])).toEqual([
      ['announced', at(0)],
      ['accepted', at(10)],
      ['arrived_town', at(60)],
    ]);
  });

  it('tells the signature of the sender who got it back as a return, not as a delivery', () => {
    const history = [packing(0), accepted, claim(90, 'returning'), claim(120, 'delivered')];
    const back = foldParcel(history, levelOf)!;
    expect(produceMove(back, 5)).toMatchObject({ stage: 'returned' });
    expect(produceMove(back, 5).steps.map(({ kind }) => kind)).toEqual(['announced', 'accepted', 'returning', 'returned']);
    const sold = foldParcel([packing(0), accepted, claim(120, 'delivered')], levelOf)!;
    expect(produceMove(sold, 5).steps.at(-1)).toMatchObject({ kind: 'delivered' });
  });
});
