import { scanSchema } from '#contracts';
import { readWaybill, scanOf, type Draft } from '../../apps/web/src/station/scan/scan.draft.js';
import { verdictOf } from '../../apps/web/src/station/scan/scan.verdict.js';
import { newEntry, type OutboxItem } from '../../apps/web/src/station/outbox/outbox.state.js';
import { nextShelfCode } from '../../apps/web/src/station/scan/shelf.code.js';

const stamp = { id: '01936c6e-7a3b-7c3a-8a55-000000000001', occurredAt: '2026-11-23T01:00:00Z', stationCode: 'S-1' };
const draft = (over: Partial<Draft> = {}): Draft => ({
  kind: 'arrived_village',
  shelfCode: '',
  carrierCode: '',
  exception: '',
  proof: '',
  ...over,
});

describe('a scan from what was typed', () => {
  it('takes what scanners add and people leave out', () => {
    expect(readWaybill(' yt 1234567890123\r\n')).toBe('YT1234567890123');
    expect(readWaybill('12')).toBeUndefined();
    expect(readWaybill('https://example.com/x?y')).toBeUndefined();
  });

  it('carries only what its kind needs', () => {
    const made = scanOf(
      draft({ kind: 'shelved', shelfCode: ' 2-2-1521 ', proof: 'self', exception: 'damaged' }),
      'YT1234567890123',
      stamp,
    );
    expect(made).toEqual({ scan: { ...stamp, waybill: 'YT1234567890123', kind: 'shelved', shelfCode: '2-2-1521' } });
  });

  it('says what is missing', () => {
    expect(scanOf(draft(), '???', stamp)).toEqual({ problem: 'waybill' });
    expect(scanOf(draft({ kind: 'shelved' }), 'YT1234567890123', stamp)).toEqual({ problem: 'shelfCode' });
    expect(scanOf(draft({ kind: 'exception_open' }), 'YT1234567890123', stamp)).toEqual({ problem: 'exception' });
  });

  it('is a scan that the API takes, for every kind of the page', () => {
    for (const kind of [
      'arrived_village',
      'shelved',
      'picked_up',
      'accepted',
      'returned',
      'stocktake',
      'exception_open',
      'exception_close',
    ] as const) {
      const made = scanOf(
        draft({ kind, shelfCode: '1-1', exception: 'damaged', proof: 'self', carrierCode: 'ZTO' }),
        'YT1234567890123',
        stamp,
      );
      expect('scan' in made && scanSchema.safeParse(made.scan).success).toBe(true);
    }
  });
});

describe('the next place on a shelf', () => {
  it('is the last number and one, with its width kept', () => {
    expect(nextShelfCode('2-2-1521')).toBe('2-2-1522');
    expect(nextShelfCode('A-09')).toBe('A-10');
    expect(nextShelfCode('3-099')).toBe('3-100');
    expect(nextShelfCode('B7左')).toBe('B8左');
    expect(nextShelfCode('门口')).toBe('门口');
  });
});

describe('the card of a scan', () => {
  const scan = { ...stamp, waybill: 'YT1234567890123', kind: 'arrived_village' } as const;
  const item: OutboxItem = newEntry('scans', scan, { userId: 'keeper', storedAt: stamp.occurredAt });

  it('is calm while sending and amber when the network is away', () => {
    expect(verdictOf(item, true)).toEqual({ tone: 'saved', words: 'sending' });
    expect(verdictOf(item, false)).toEqual({ tone: 'warn', words: 'saved' });
    expect(verdictOf({ ...item, attempts: 1 }, true)).toEqual({ tone: 'warn', words: 'saved' });
  });

  it('is green when received, amber when flagged, red when rejected', () => {
    expect(verdictOf({ ...item, stage: 'received', flags: [] }, true).tone).toBe('good');
    expect(verdictOf({ ...item, stage: 'received', flags: ['double_scan'] }, true)).toEqual({
      tone: 'warn',
      words: 'flag.double_scan',
    });
    expect(verdictOf({ ...item, stage: 'rejected' }, true).tone).toBe('bad');
    expect(verdictOf({ ...item, stage: 'waiting' }, true)).toEqual({ tone: 'warn', words: 'waiting' });
  });
});
