import fc from 'fast-check';
import { SCAN_KINDS } from '#contracts';
import { claim, historyArbitrary, levelOf, scanAt, T0, undoing, WORLD } from './history.fixture.js';
import type { LedgerEvent } from './parcel.event.js';
import { foldParcel, type ParcelFold } from './parcel.fold.js';
import { undoingOf } from './parcel.undo.js';

const fold = (...events: LedgerEvent[]): ParcelFold => foldParcel(events, levelOf)!;
const flagsOf = (parcel: ParcelFold) => parcel.timeline.map(({ flags }) => flags.join());
const HOUR = 3_600_000;

const shelved = scanAt(0, 0, 'shelved', { shelfCode: '1-2-0007' });
const handedOut = scanAt(60, 0, 'picked_up', { proof: 'pickup_code' });

describe('A scan that is taken back', () => {
  it('stays in the timeline, flagged, and says nothing', () => {
    const parcel = fold(shelved, handedOut, undoing(handedOut));
    expect(parcel).toMatchObject({ stage: 'at_station', shelfCode: '1-2-0007', proof: null, heldSince: T0 });
    expect(flagsOf(parcel)).toEqual(['', 'undone', '']);
    expect(parcel.timeline.map(({ counts }) => counts)).toEqual([true, false, false]);
  });

  it('leaves a parcel of which nothing is known, when it was all that was known', () => {
    expect(fold(shelved, undoing(shelved))).toMatchObject({
      stage: 'unknown',
      villageId: null,
      stationId: null,
      shelfCode: null,
      heldSince: null,
      firstClaimedAt: T0,
    });
  });

  it('no longer makes a second one a double scan, nor an outbound parcel of an inbound one', () => {
    expect(flagsOf(fold(shelved, scanAt(5, 0, 'shelved')))).toEqual(['', 'double_scan']);
    expect(flagsOf(fold(shelved, scanAt(5, 0, 'shelved'), undoing(shelved)))).toEqual(['undone', '', '']);
    const accepted = scanAt(-30, 0, 'accepted');
    expect(fold(accepted, shelved).direction).toBe('outbound');
    expect(fold(accepted, shelved, undoing(accepted)).direction).toBe('inbound');
  });

  it('opens what it closed and closes what it opened', () => {
    const open = scanAt(10, 0, 'exception_open', { exception: 'damaged' });
    const close = scanAt(20, 0, 'exception_close', { exception: 'damaged' });
    expect(fold(shelved, open, close, undoing(close)).exceptions).toEqual([{ kind: 'damaged', openedAt: T0 + 600_000 }]);
    expect(fold(shelved, open, undoing(open)).exceptions).toEqual([]);
  });
});

describe('Taking back', () => {
  it('works from the same place within two days only; otherwise it is flagged and changes nothing', () => {
    const at = (hours: number) => ({ claimedAt: T0 + hours * HOUR, occurredAt: T0 + hours * HOUR });
    expect(fold(shelved, undoing(shelved, at(48))).stage).toBe('unknown');
    const idle = [
      undoing(shelved, { claimedAt: T0 + 48 * HOUR + 1, occurredAt: T0 + 48 * HOUR + 1 }),
      undoing(shelved, { stationId: WORLD.stations[1], unitId: WORLD.villages[1] }),
      undoing(shelved, { stationId: null }),
      undoing(shelved, { undoes: '00000009-0000-7000-8000-000000000001' }),
      undoing(shelved, { undoes: null }),
      undoing(shelved, { source: 'kuaidi100' }),
    ];
    for (const event of idle) {
      const parcel = fold(shelved, event);
      expect([parcel.stage, flagsOf(parcel)]).toEqual(['at_station', ['', 'illegal_sequence']]);
    }
  });

  it('is not for a claim, nor for another taking back', () => {
    const said = claim(0, 'arrived_station');
    expect(flagsOf(fold(said, undoing(said, { source: 'station', stationId: null })))).toEqual(['', 'illegal_sequence']);
    const back = undoing(shelved);
    const again = undoing(back, { id: '00000008-0000-7000-8000-000000000001' });
    expect(flagsOf(fold(shelved, back, again))).toEqual(['undone', '', 'illegal_sequence']);
  });

  it('waits in quarantine like any other scan', () => {
    expect(fold(shelved, undoing(shelved, { flags: ['quarantined'] })).stage).toBe('at_station');
  });
});

describe('A random history in which scans are taken back', () => {
  const bare = ({ timeline, lastEventAt, firstClaimedAt, ...state }: ParcelFold) => ({
    ...state,
    timeline: timeline.filter(({ undone }) => !undone),
    spans: lastEventAt >= firstClaimedAt,
  });

  it('is what it would be without them', () => {
    let undone = 0;
    fc.assert(
      fc.property(historyArbitrary(), (history) => {
        const taking = history.filter(({ flags, kind }) => !flags.includes('quarantined') && kind !== 'check_in');
        const { scans = new Set<string>() } = undoingOf(taking) ?? {};
        undone += scans.size;
        const left = taking.filter((event) => event.kind !== 'undone' && !scans.has(event.id));
        const whole = foldParcel(history, levelOf);
        const without = foldParcel(left, levelOf);
        if (whole && without) expect(bare(whole)).toEqual(bare(without));
        for (const { event, flags } of whole?.timeline ?? []) expect(flags.includes('undone')).toBe(scans.has(event.id));
      }),
      { numRuns: 5000 },
    );
    expect(undone).toBeGreaterThan(200);
  }, 60_000);

  it('has an order for every kind, also at one instant', () => {
    const all = SCAN_KINDS.map((kind, index) =>
      scanAt(0, 0, kind, { id: `00000006-0000-7000-8000-${String(index).padStart(12, '0')}` }),
    );
    expect(fold(...all)).toEqual(fold(...[...all].reverse()));
  });
});
