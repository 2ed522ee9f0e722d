import fc from 'fast-check';
import { PARCEL_STAGES, type ParcelStage } from '#contracts';
import { claim, event, historyArbitrary, levelOf, packing, scanAt, T0, WORLD } from './history.fixture.js';
import type { LedgerEvent } from './parcel.event.js';
import { foldParcel, type ParcelFold } from './parcel.fold.js';

const fold = (...events: LedgerEvent[]): ParcelFold => foldParcel(events, levelOf)!;
const stage = (...events: LedgerEvent[]): ParcelStage => fold(...events).stage;
const flagsOf = (parcel: ParcelFold) => parcel.timeline.map(({ flags }) => flags.join());

describe('A parcel that was packed with produce', () => {
  const [HERE, ORIGIN] = WORLD.villages;

  it("is outbound and its lot's, before and whatever anybody scans", () => {
    expect(fold(packing(0))).toMatchObject({
      direction: 'outbound',
      packed: true,
      stage: 'announced',
      villageId: ORIGIN,
      carrierCode: 'YTO',
    });
    expect(fold(packing(0), scanAt(10, 2, 'arrived_town'), scanAt(20, 0, 'accepted'))).toMatchObject({
      direction: 'outbound',
      villageId: ORIGIN,
    });
    const elsewhere = { categoryCode: '0103', originVillageId: HERE };
    expect(fold(packing(0), scanAt(10, 0, 'accepted', { produce: elsewhere })).villageId).toBe(ORIGIN);
    expect(fold(scanAt(0, 0, 'accepted', { produce: elsewhere }), packing(10)).villageId).toBe(ORIGIN);
  });

  it('does not go back when the packing was written down after the parcel had left', () => {
    for (const happened of [
      [scanAt(0, 0, 'accepted')],
      [claim(0, 'accepted'), claim(5, 'in_transit')],
      [claim(0, 'accepted'), claim(5, 'delivered')],
      [claim(0, 'accepted'), claim(5, 'returning')],
    ]) {
      const parcel = fold(...happened, packing(30));
      expect([parcel.stage, flagsOf(parcel).join('')]).toEqual([stage(...happened), '']);
    }
  });

  it('is outbound and of that village in every random history with one packing', () => {
    fc.assert(
      fc.property(historyArbitrary(), (history) => {
        const packed = history.find(({ source }) => source === 'upflow');
        const parcel = foldParcel(history, levelOf);
        if (packed)
          expect(parcel).toMatchObject({ packed: true, direction: 'outbound', villageId: packed.produce?.originVillageId });
        else expect(parcel?.packed ?? false).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('A random history of a parcel', () => {
  const disorder = fc.tuple(historyArbitrary(), fc.infiniteStream(fc.nat()));

  it('ends in the same state whatever the order and repetition of its events', () => {
    fc.assert(
      fc.property(disorder, ([history, picks]) => {
        const shuffled = [...history];
        for (let index = shuffled.length - 1; index > 0; index -= 1) {
          const other = picks.next().value % (index + 1);
          [shuffled[index], shuffled[other]] = [shuffled[other]!, shuffled[index]!];
        }
        const repeated = shuffled.flatMap((item) => (picks.next().value % 3 === 0 ? [item, { ...item }] : [item]));
        expect(foldParcel(repeated, levelOf)).toEqual(foldParcel(history, levelOf));
      }),
      { numRuns: 10_000 },
    );
  }, 60_000);

  it('always has one of the known stages, its exceptions closed after they were opened, and each event once in its timeline', () => {
    fc.assert(
      fc.property(historyArbitrary(), (history) => {
        const parcel = foldParcel(history, levelOf);
        const counted = history.filter(({ flags, kind }) => !flags.includes('quarantined') && kind !== 'check_in');
        if (!parcel) return expect(counted).toEqual([]);
        expect(PARCEL_STAGES).toContain(parcel.stage);
        for (const { openedAt, closedAt } of parcel.exceptions) expect(closedAt ?? Infinity).toBeGreaterThanOrEqual(openedAt);
        expect(parcel.timeline.length).toBeLessThanOrEqual(counted.length);
        expect(parcel.timeline.map(({ event: item }) => item.occurredAt)).toEqual(
          parcel.timeline.map(({ event: item }) => item.occurredAt).sort((a, b) => a - b),
        );
      }),
      { numRuns: 2000 },
    );
  }, 60_000);
});

describe('The stages of an inbound parcel', () => {
  const journey = [
    claim(0, 'announced'),
    claim(10, 'accepted'),
    claim(20, 'in_transit'),
    scanAt(30, 3, 'arrived_county'),
    scanAt(40, 2, 'arrived_town'),
    scanAt(45, 2, 'dispatched'),
    scanAt(50, 0, 'arrived_village'),
    scanAt(55, 0, 'shelved', { shelfCode: '2-2-1521' }),
    scanAt(300, 0, 'picked_up', { proof: 'pickup_code' }),
  ];

  it('follow the parcel to its collection', () => {
    const seen = journey.map((_, index) => stage(...journey.slice(0, index + 1)));
    expect(seen).toEqual([
      'announced',
      'accepted',
      'in_transit',
      'at_county',
      'at_town',
      'out_for_delivery',
      'at_station',
      'at_station',
      'collected',
    ]);
    const parcel = fold(...journey);
    expect(parcel).toMatchObject({
      direction: 'inbound',
      proof: 'pickup_code',
      carrierCode: 'YTO',
      villageId: WORLD.villages[0],
      conflicts: [],
    });
    expect(flagsOf(parcel)).toEqual(journey.map(() => ''));
  });

  it('show the shelf code only while the parcel lies on the shelf', () => {
    expect(fold(...journey.slice(0, 8)).shelfCode).toBe('2-2-1521');
    expect(fold(...journey).shelfCode).toBeNull();
  });

  it('know since when and under which code it lies where it lies now', () => {
    const there = scanAt(60, 0, 'shelved', { shelfCode: '1-1-0001' });
    const moved = scanAt(90, 0, 'shelved', { shelfCode: '1-1-0002' });
    expect(fold(scanAt(50, 0, 'arrived_village'), there)).toMatchObject({ shelfCode: '1-1-0001', heldSince: T0 + 50 * 60_000 });
    expect(fold(there, moved)).toMatchObject({ shelfCode: '1-1-0002', heldSince: T0 + 60 * 60_000 });
    expect(fold(there, scanAt(65, 0, 'shelved', { shelfCode: '1-1-0003' })).shelfCode).toBe('1-1-0003');
    expect(fold(there, scanAt(120, 1, 'arrived_village'))).toMatchObject({
      stationId: WORLD.stations[1],
      shelfCode: null,
      heldSince: T0 + 120 * 60_000,
    });
    expect(fold(there, scanAt(120, 2, 'exception_open', { exception: 'damaged', shelfCode: '7' }))).toMatchObject({
      stationId: WORLD.stations[0],
      shelfCode: '1-1-0001',
    });
    expect(fold(there, scanAt(120, 0, 'picked_up'))).toMatchObject({ shelfCode: null, heldSince: null });
  });

  it('do not go back after delivery began, unless a failed delivery explains it', () => {
    const town = scanAt(90, 2, 'arrived_town');
    const unexplained = fold(...journey.slice(0, 8), town);
    expect(unexplained.stage).toBe('at_station');
    expect(flagsOf(unexplained).at(-1)).toBe('illegal_sequence');
    expect(stage(...journey.slice(0, 8), scanAt(80, 0, 'exception_open', { exception: 'wrong_address' }), town)).toBe('at_town');
    expect(stage(...journey.slice(0, 6), claim(47, 'redelivery'), scanAt(60, 2, 'arrived_town'))).toBe('at_town');
  });

  it('are not lowered by what a carrier says from afar', () => {
    expect(stage(scanAt(0, 2, 'arrived_town'), claim(5, 'in_transit'))).toBe('at_town');
    expect(stage(scanAt(0, 0, 'shelved'), claim(5, 'out_for_delivery'))).toBe('at_station');
    expect(stage(claim(0, 'arrived_station'), scanAt(5, 0, 'shelved'))).toBe('at_station');
  });

  it('end at collection even when nobody scanned the arrival, which is flagged', () => {
    const parcel = fold(scanAt(0, 0, 'picked_up', { proof: 'self' }));
    expect(parcel).toMatchObject({ stage: 'collected', proof: 'self' });
    expect(flagsOf(parcel)).toEqual(['illegal_sequence']);
  });

  it('stay ended until a return says otherwise', () => {
    const parcel = fold(...journey, scanAt(400, 0, 'shelved'));
    expect(parcel.stage).toBe('collected');
    expect(flagsOf(parcel).at(-1)).toBe('illegal_sequence');
    expect(stage(...journey, scanAt(400, 0, 'returned'))).toBe('returning');
    expect(stage(...journey, scanAt(400, 0, 'returned'), scanAt(500, 3, 'returned'))).toBe('returned');
    expect(stage(claim(0, 'delivered'), claim(5, 'delivery_revoked'))).toBe('unknown');
    expect(stage(claim(0, 'out_for_delivery'), claim(3, 'delivered'), claim(5, 'delivery_revoked'))).toBe('out_for_delivery');
  });

  it('read a signature on the way back as the end of the return', () => {
    expect(stage(claim(0, 'returning'), claim(5, 'in_transit'), claim(9, 'delivered'))).toBe('returned');
  });

  it('are unknown after a code that no map knows, but a scan of ours stands', () => {
    expect(stage(claim(0, 'in_transit'), claim(5, 'unknown'))).toBe('unknown');
    expect(stage(claim(0, 'in_transit'), claim(5, 'unknown'), claim(6, 'out_for_delivery'))).toBe('out_for_delivery');
    expect(stage(scanAt(0, 0, 'shelved'), claim(5, 'unknown'))).toBe('at_station');
  });

  it('go on after a transfer to another carrier', () => {
    const parcel = fold(claim(0, 'in_transit'), claim(5, 'transferred', { linkedWaybill: 'ZT99999999' }));
    expect(parcel).toMatchObject({ stage: 'transferred', supersededBy: 'ZT99999999' });
    expect(fold(claim(0, 'continued', { linkedWaybill: 'YT1234567890123' })).supersedes).toBe('YT1234567890123');
  });

  it('come out of a loss when the parcel is found', () => {
    const missing = [scanAt(0, 2, 'arrived_town'), scanAt(5, 2, 'exception_open', { exception: 'missing' }), claim(9, 'lost')];
    expect(stage(...missing)).toBe('lost');
    expect(stage(...missing, scanAt(20, 2, 'exception_close', { exception: 'missing' }))).toBe('at_town');
  });
});

describe('A signature that our shelf contradicts', () => {
  it('opens a conflict and does not deliver the parcel', () => {
    const parcel = fold(scanAt(0, 0, 'arrived_village'), claim(30, 'delivered'), scanAt(90, 0, 'picked_up', { proof: 'self' }));
    expect(parcel.conflicts).toEqual([
      { kind: 'false_delivery', openedAt: T0 + 30 * 60_000, source: 'kuaidi100', stationId: WORLD.stations[0] },
    ]);
    expect(parcel).toMatchObject({ stage: 'collected', proof: 'self' });
    expect(stage(scanAt(0, 0, 'arrived_village'), claim(30, 'delivered'))).toBe('at_station');
  });

  it('keeps the shelf when the carrier repeats that it is at the station, and disputes the signature that follows', () => {
    const parcel = fold(scanAt(0, 0, 'shelved', { shelfCode: '2-2-1521' }), claim(10, 'arrived_station'), claim(30, 'delivered'));
    expect(parcel).toMatchObject({ stage: 'at_station', shelfCode: '2-2-1521' });
    expect(parcel.conflicts).toMatchObject([{ kind: 'false_delivery', stationId: WORLD.stations[0] }]);
  });

  it('is found as well when the parcel reaches the shelf only after it', () => {
    const parcel = fold(claim(30, 'delivered'), scanAt(60, 0, 'arrived_village'));
    expect(parcel.stage).toBe('at_station');
    expect(parcel.proof).toBeNull();
    expect(parcel.conflicts).toEqual([
      { kind: 'false_delivery', openedAt: T0 + 30 * 60_000, source: 'kuaidi100', stationId: WORLD.stations[0] },
    ]);
  });

  it('is one conflict though the carrier repeats it', () => {
    expect(fold(scanAt(0, 0, 'shelved'), claim(30, 'delivered'), claim(31, 'delivered')).conflicts).toHaveLength(1);
  });

  it('is none when the recipient had the parcel already', () => {
    const parcel = fold(scanAt(0, 0, 'shelved'), scanAt(20, 0, 'picked_up'), claim(30, 'delivered'));
    expect(parcel.conflicts).toEqual([]);
    expect(parcel.stage).toBe('collected');
    expect(fold(claim(30, 'delivered'))).toMatchObject({ stage: 'delivered', proof: 'courier_claim', conflicts: [] });
  });
});

describe('The stages of an outbound parcel', () => {
  const apples = { categoryCode: '010301', originVillageId: WORLD.villages[1] };
  const sent = [
    scanAt(0, 0, 'accepted', { produce: apples }),
    scanAt(60, 2, 'arrived_town'),
    scanAt(120, 3, 'arrived_county'),
    scanAt(130, 3, 'dispatched'),
  ];

  it('lead from the village out of the county', () => {
    const seen = sent.map((_, index) => stage(...sent.slice(0, index + 1)));
    expect(seen).toEqual(['accepted', 'at_town', 'at_county', 'in_transit']);
    const parcel = fold(...sent, claim(3000, 'delivered'));
    expect(parcel).toMatchObject({ direction: 'outbound', stage: 'delivered', villageId: WORLD.villages[1] });
    expect(flagsOf(parcel)).toEqual(['', '', '', '', '']);
  });

  it('lead back to the shipper when the parcel is returned', () => {
    expect(stage(...sent, claim(3000, 'returning'), scanAt(6000, 0, 'arrived_village'))).toBe('returning');
    expect(stage(...sent, claim(3000, 'returning'), scanAt(6000, 0, 'arrived_village'), scanAt(6100, 0, 'picked_up'))).toBe(
      'returned',
    );
  });

  it('do not begin with a parcel that came in before', () => {
    const parcel = fold(scanAt(0, 0, 'shelved'), scanAt(60, 0, 'accepted'));
    expect(parcel).toMatchObject({ direction: 'inbound', stage: 'at_station' });
    expect(flagsOf(parcel)).toEqual(['', 'illegal_sequence']);
  });
});

describe('A scan made twice', () => {
  it('is flagged within ten minutes at the same station, and kept', () => {
    const parcel = fold(
      scanAt(0, 0, 'arrived_village'),
      scanAt(9, 0, 'arrived_village'),
      scanAt(11, 0, 'arrived_village'),
      scanAt(12, 1, 'arrived_village'),
    );
    expect(flagsOf(parcel)).toEqual(['', 'double_scan', '', '']);
    expect(parcel.timeline.map(({ counts }) => counts)).toEqual([true, false, true, true]);
  });
});

describe('Exceptions', () => {
  it('open once, and close by a word or by what happens', () => {
    const open = scanAt(0, 0, 'exception_open', { exception: 'unreachable' });
    const again = scanAt(60, 0, 'exception_open', { exception: 'unreachable' });
    expect(fold(open, again).exceptions).toEqual([{ kind: 'unreachable', openedAt: T0 }]);
    expect(fold(open, scanAt(30, 0, 'exception_close', { exception: 'unreachable' })).exceptions).toEqual([
      { kind: 'unreachable', openedAt: T0, closedAt: T0 + 30 * 60_000 },
    ]);
    expect(fold(open, scanAt(90, 0, 'picked_up')).exceptions[0]?.closedAt).toBe(T0 + 90 * 60_000);
  });

  it('that nobody opened cannot close', () => {
    expect(flagsOf(fold(scanAt(0, 0, 'exception_close', { exception: 'damaged' })))).toEqual(['illegal_sequence']);
  });
});

describe('A corrected carrier', () => {
  it('takes the whole history along and shows each report once', () => {
    const before = claim(0, 'in_transit', { text: '已到达', providerCode: '0' });
    const after = {
      ...claim(0, 'in_transit', { text: '已到达', providerCode: '0', carrierCode: 'STO' }),
      id: '00000007-0000-7000-8000-000000000001',
    };
    const correction = claim(0, 'relinked', { carrierCode: 'STO', providerCode: 'YTO' });
    const parcel = fold(before, after, correction, scanAt(30, 0, 'shelved', { carrierCode: 'YTO' }));
    expect(parcel.carrierCode).toBe('STO');
    expect(parcel.timeline.map(({ event: item }) => item.kind)).toEqual(['relinked', 'in_transit', 'shelved']);
  });
});

describe('What takes no part', () => {
  it('is a quarantined event and a check-in', () => {
    expect(foldParcel([event(0, 'check_in'), scanAt(5, 0, 'shelved', { flags: ['quarantined'] })], levelOf)).toBeUndefined();
  });
});
