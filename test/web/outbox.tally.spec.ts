import fc from 'fast-check';
import { newEntry, type OutboxEntry } from '../../apps/web/src/station/outbox/outbox.state.js';
import { countsOf, tallyChanges, type Tally } from '../../apps/web/src/station/outbox/outbox.tally.js';

const TODAY = '2026-11-23';
const make = (id: string, userId: string, stage: OutboxEntry['stage'], settledAt?: string): OutboxEntry => ({
  ...newEntry(
    'scans',
    { id, waybill: 'YT0000001', kind: 'shelved', occurredAt: '2026-11-23T01:00:00Z' },
    { userId, storedAt: '2026-11-23T01:00:00Z' },
  ),
  stage,
  ...(settledAt && { settledAt }),
});

const stage = fc.constantFrom('waiting', 'pending', 'received', 'rejected');
const state = fc.option(
  fc.tuple(fc.constantFrom('keeper', 'other'), stage, fc.constantFrom('2026-11-23T02:00:00Z', '2026-11-20T02:00:00Z')),
  { nil: undefined },
);
/** Changes of up to five entries, each entry a row of states. */
const histories = fc.array(fc.array(state, { maxLength: 6 }), { maxLength: 5 });

describe('the tallies of the outbox', () => {
  it('say after any changes what counting everything would say', () => {
    fc.assert(
      fc.property(histories, (rows) => {
        const tallies = new Map<string, Tally>();
        const last: OutboxEntry[] = [];
        rows.forEach((states, index) => {
          let before: OutboxEntry | undefined;
          for (const one of states) {
            const after =
              one && make(String(index), one[0], one[1], one[1] === 'received' || one[1] === 'rejected' ? one[2] : undefined);
            for (const { by, ...place } of tallyChanges([{ before, after }]))
              tallies.set(place.key, { ...place, count: (tallies.get(place.key)?.count ?? 0) + by });
            before = after;
          }
          if (before) last.push(before);
        });
        const mine = last.filter(({ userId }) => userId === 'keeper');
        const open = (entry: OutboxEntry) => entry.stage === 'pending' || entry.stage === 'waiting';
        expect(countsOf([...tallies.values()], 'keeper', TODAY)).toEqual({
          pending: mine.filter(open).length,
          received: mine.filter((entry) => entry.stage === 'received' && entry.settledAt?.startsWith(TODAY)).length,
          rejected: mine.filter((entry) => entry.stage === 'rejected').length,
          others: last.filter((entry) => entry.userId === 'other' && open(entry)).length,
        });
        expect([...tallies.values()].every(({ count }) => count >= 0)).toBe(true);
      }),
    );
  });

  it('say nothing where nothing changes', () => {
    const entry = make('1', 'keeper', 'pending');
    expect(tallyChanges([{ before: entry, after: { ...entry, attempts: 2 } }])).toEqual([]);
  });
});
