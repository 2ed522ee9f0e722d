import fc from 'fast-check';
import type { StationDay } from '#contracts';
import { closingIn, closingRecord, countOf, daySum, mayClose } from '../../apps/web/src/station/day/day.sum.js';
import { noticeTone, reasonWord } from '../../apps/web/src/station/day/notice.words.js';
import { areaCounts, canNotify, overdueGroups, shelfList } from '../../apps/web/src/station/day/shelf.list.js';
import { newEntry, rejected, type OutboxItem } from '../../apps/web/src/station/outbox/outbox.state.js';
import type { BookedParcel } from '../../apps/web/src/station/shelf/shelf.book.js';

const NOW = Date.parse('2026-10-15T09:00:00+08:00');
const parcel = (waybill: string, shelfCode: string | null, hours = 1, more: Partial<BookedParcel> = {}): BookedParcel => ({
  waybill,
  shelfCode,
  carrierCode: 'SF',
  since: new Date(NOW - hours * 3_600_000).toISOString(),
  exceptions: [],
  local: false,
  ...more,
});
const names = (parcels: readonly BookedParcel[]) => parcels.map(({ waybill }) => waybill);

describe('The shelf as a list', () => {
  const parcels = [
    parcel('SF000010', '1-10-02', 5),
    parcel('SF000002', '1-2-01', 30, { phone: '*******5678', name: '张*' }),
    parcel('SF000003', null, 80),
    parcel('SF000004', '1-2-10', 2),
  ];
  const all = { area: undefined, text: '', order: 'place' } as const;

  it('is ordered as shelves stand, what has no code last; or the oldest first', () => {
    expect(names(shelfList(parcels, all))).toEqual(['SF000002', 'SF000004', 'SF000010', 'SF000003']);
    expect(names(shelfList(parcels, { ...all, order: 'age' }))).toEqual(['SF000003', 'SF000002', 'SF000010', 'SF000004']);
  });

  it('is found by area, code, waybill, the end of the phone and the beginning of the name', () => {
    expect(areaCounts(parcels)).toEqual([
      { area: '1-2', count: 2 },
      { area: '1-10', count: 1 },
      { area: '', count: 1 },
    ]);
    expect(names(shelfList(parcels, { ...all, area: '1-2' }))).toEqual(['SF000002', 'SF000004']);
    expect(names(shelfList(parcels, { ...all, area: '' }))).toEqual(['SF000003']);
    for (const text of ['5678', '张', '1-2-01', 'sf000002'])
      expect([text, names(shelfList(parcels, { ...all, text }))]).toEqual([text, ['SF000002']]);
    expect(shelfList(parcels, { ...all, text: '9999' })).toEqual([]);
  });

  it('shows every parcel in exactly one area', () => {
    const codes = fc.option(fc.constantFrom('1-1-01', '1-2-02', 'A-7', '15', '2-2-1521'));
    fc.assert(
      fc.property(fc.array(codes, { maxLength: 20 }), (list) => {
        const shelf = list.map((code, index) => parcel(`SF${100_000 + index}`, code));
        const shown = areaCounts(shelf).flatMap(({ area, count }) => {
          const within = shelfList(shelf, { area, text: '', order: 'place' });
          expect(within).toHaveLength(count);
          return names(within);
        });
        expect(shown.sort()).toEqual(names(shelf).sort());
      }),
    );
  });

  it('puts what lies longest first, by the tiers of the county', () => {
    const late = [...parcels, parcel('SF000005', '1-1-01', 90), parcel('SF000006', '1-1-02', 50)];
    const groups = overdueGroups(late, [24, 48, 72], NOW);
    expect(groups.map(({ hours, parcels: group }) => [hours, names(group)])).toEqual([
      [72, ['SF000005', 'SF000003']],
      [48, ['SF000006']],
      [24, ['SF000002']],
    ]);
    expect(overdueGroups(late, [], NOW)).toEqual([]);
  });

  it('offers a notice only where somebody can be told who was not told before', () => {
    expect(canNotify(parcel('SF000001', null, 30, { phone: '*******5678' }))).toBe(true);
    expect(canNotify(parcel('SF000001', null, 30))).toBe(false);
    expect(canNotify(parcel('SF000001', null, 30, { phone: '*******5678', notice: 'skipped' }))).toBe(false);
    expect(canNotify(parcel('SF000001', null, 30, { phone: '*******5678', consent: 'refused' }))).toBe(false);
    expect(canNotify(parcel('SF000001', null, 30, { phone: '*******5678', local: true }))).toBe(false);
  });
});

describe('A day as a sum', () => {
  const day = (counts: Partial<StationDay>): StationDay => ({
    stationCode: 'S1',
    day: '2026-10-15',
    arrived: 0,
    shelved: 0,
    handedOut: 0,
    returned: 0,
    problems: 0,
    shelfBefore: 0,
    shelfAfter: 0,
    otherwise: 0,
    overdue: 0,
    acceptedOut: 0,
    dispatchedOut: 0,
    waitingOut: 0,
    ...counts,
  });

  it('adds up to what the county says lies there, and leaves out what went no other way', () => {
    const count = fc.nat(1000);
    fc.assert(
      fc.property(count, count, count, count, fc.integer({ min: -50, max: 50 }), (before, shelved, out, back, other) => {
        const after = before + shelved - out - back - other;
        const counts = { shelfBefore: before, shelved, handedOut: out, returned: back, otherwise: other, shelfAfter: after };
        const { lines, total } = daySum(day(counts));
        expect(total).toBe(after);
        expect(lines.some(({ name }) => name === 'otherwise')).toBe(other !== 0);
      }),
    );
  });

  it('is closed with a whole number, today or the day after', () => {
    expect(['42', ' 0 ', '', '-1', '4.5', '四', '999999'].map(countOf)).toEqual([
      42,
      0,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    const may = (asked: string) => mayClose(asked, '2026-10-15', '2026-10-14');
    expect(['2026-10-16', '2026-10-15', '2026-10-14', '2026-10-13'].map(may)).toEqual([false, true, true, false]);
    const stamp = { id: '0199d000-0000-7000-8000-000000000001', occurredAt: '2026-10-15T12:00:00.000Z', stationCode: 'S1' };
    expect(closingRecord('2026-10-15', 42, stamp)).toEqual({ ...stamp, day: '2026-10-15', counted: 42 });
  });
});

describe('A notice in words', () => {
  it('has a tone for every state and words for every reason that is ours', () => {
    expect((['queued', 'sent', 'delivered', 'failed', 'skipped'] as const).map(noticeTone)).toEqual([
      'info',
      'good',
      'good',
      'bad',
      'warn',
    ]);
    expect(['no_gateway', 'gateway_timeout', 'gateway_503', 'BLACKLIST'].map(reasonWord)).toEqual([
      'no_gateway',
      'gateway_timeout',
      'other',
      'other',
    ]);
  });
});

describe('The close of a day on the phone', () => {
  const place = { day: '2026-10-15', stationCode: 'S1' };
  const closing = (id: string, day = place.day, stationCode = place.stationCode): OutboxItem => {
    const record = closingRecord(day, 12, { id, occurredAt: new Date(NOW).toISOString(), stationCode });
    return newEntry('closings', record, { userId: 'keeper', storedAt: new Date(NOW).toISOString() });
  };
  const refuse = (item: OutboxItem) =>
    rejected(item, { code: 'later_closed', detail: 'No' }, new Date(NOW).toISOString()) as OutboxItem;

  it('does not stand when the county refused it, and tells the reason', () => {
    const found = closingIn([refuse(closing('b')), undefined, closing('c', '2026-10-14'), closing('d', place.day, 'S2')], place);
    expect(found.standing).toBeUndefined();
    expect(found.refused?.problem?.detail).toBe('No');
  });

  it('stands when it was written anew after a refusal, whatever the lists of the phone still say of the former one', () => {
    const found = closingIn([closing('b'), refuse(closing('a'))], place);
    expect([found.standing?.id, found.refused?.id]).toEqual(['b', 'a']);
  });
});
