import fc from 'fast-check';
import type { Scan, ScanResult } from '#contracts';
import {
  batchOf,
  countsOf,
  newItem,
  retryDelayMs,
  settle,
  spentIds,
  type OutboxItem,
} from '../../apps/web/src/station/outbox/outbox.state.js';

const scan = (id: string): Scan => ({ id, waybill: `YT${id}`, kind: 'arrived_village', occurredAt: '2026-11-23T01:00:00Z' });
const item = (id: string, over: Partial<OutboxItem> = {}): OutboxItem => ({
  ...newItem('keeper', scan(id), `2026-11-23T01:00:0${id.length}Z`),
  ...over,
});
const now = '2026-11-23T02:00:00Z';

describe('the outbox of scans', () => {
  it('sends the oldest pending scans of the person signed in, and of nobody else', () => {
    const items = [
      item('3', { storedAt: '2026-11-23T01:00:03Z' }),
      item('1', { storedAt: '2026-11-23T01:00:01Z' }),
      item('2', { storedAt: '2026-11-23T01:00:02Z', userId: 'other' }),
      item('4', { storedAt: '2026-11-23T01:00:00Z', stage: 'received' }),
      item('5', { storedAt: '2026-11-23T01:00:00Z', stage: 'waiting' }),
    ];
    expect(batchOf(items, 'keeper').map(({ id }) => id)).toEqual(['1', '3']);
    expect(batchOf(items, 'keeper', 1).map(({ id }) => id)).toEqual(['1']);
  });

  it('counts a duplicate as received: the county has it', () => {
    const [first, second] = settle(
      [item('1'), item('22')],
      [
        { id: '1', outcome: 'duplicate' },
        { id: '22', outcome: 'accepted', flags: ['double_scan'] },
      ],
      now,
    );
    expect(first).toMatchObject({ stage: 'received', settledAt: now });
    expect(second).toMatchObject({ stage: 'received', flags: ['double_scan'] });
  });

  it('keeps a rejected scan with its reason', () => {
    const problem = { code: 'scan_scope', detail: 'Not of this station' };
    expect(settle([item('1')], [{ id: '1', outcome: 'rejected', problem }], now)[0]).toMatchObject({
      stage: 'rejected',
      problem,
    });
  });

  it('answers a scan whose id could not be read by its place', () => {
    const sent = [item('1'), item('22')];
    const results: ScanResult[] = [
      { id: '1', outcome: 'accepted' },
      { id: null, outcome: 'rejected', problem: { code: 'invalid_input', detail: 'id' } },
    ];
    expect(settle(sent, results, now).map(({ stage }) => stage)).toEqual(['received', 'rejected']);
  });

  it('never settles a scan that has no answer of its own, whatever the server says', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const result = fc.record({
      id: fc.constantFrom(...ids, 'stranger'),
      outcome: fc.constantFrom('accepted', 'duplicate', 'rejected'),
    });
    fc.assert(
      fc.property(fc.subarray(ids), fc.array(result, { maxLength: 6 }), (sentIds, results) => {
        const sent = sentIds.map((id) => item(id));
        const after = settle(sent, results, now);
        expect(after.map(({ id }) => id)).toEqual(sentIds);
        for (const entry of after) {
          const answered = results.some(({ id }) => id === entry.id);
          expect(entry.stage === 'pending').toBe(!answered);
          expect(entry.attempts).toBe(answered ? 0 : 1);
        }
      }),
    );
  });

  it('tells apart what is on the phone, what the county has and what another person left', () => {
    const items = [
      item('1'),
      item('22', { stage: 'waiting' }),
      item('333', { stage: 'received', settledAt: now }),
      item('4444', { stage: 'received', settledAt: '2026-11-20T02:00:00Z' }),
      item('55555', { stage: 'rejected', settledAt: now }),
      item('666666', { userId: 'other' }),
      item('7777777', { userId: 'other', stage: 'received', settledAt: now }),
    ];
    const counts = countsOf(items, 'keeper', (instant) => instant.startsWith('2026-11-23'));
    expect(counts).toEqual({ pending: 2, received: 1, rejected: 1, others: 1 });
  });

  it('lets go of nothing but the oldest received scans', () => {
    const stages = ['waiting', 'pending', 'received', 'rejected'] as const;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...stages), { maxLength: 40 }), fc.integer({ min: 0, max: 10 }), (list, keep) => {
        const items = list.map((stage, index) => item(String(index), { stage, storedAt: new Date(index * 1000).toISOString() }));
        const spent = new Set(spentIds(items, keep));
        const received = items.filter(({ stage }) => stage === 'received');
        expect(items.filter(({ id }) => spent.has(id)).every(({ stage }) => stage === 'received')).toBe(true);
        expect(received.length - spent.size).toBe(Math.min(keep, received.length));
        expect(received.slice(spent.size).some(({ id }) => spent.has(id))).toBe(false);
      }),
    );
  });

  it('waits longer after each failure, never longer than about a minute', () => {
    expect(retryDelayMs(1, 0.5)).toBe(2000);
    expect(retryDelayMs(3, 0.5)).toBe(8000);
    expect(retryDelayMs(30, 0.999)).toBeLessThanOrEqual(75_000);
    expect(retryDelayMs(1, 0)).toBeLessThan(retryDelayMs(1, 0.9));
  });
});
