import fc from 'fast-check';
import type { Scan } from '#contracts';
import {
  again,
  answersFor,
  fitting,
  newEntry,
  OUTBOX_PATHS,
  rejected,
  RESTS_ON,
  retryDelayMs,
  settled,
  type Answer,
  type OutboxEntry,
} from '../../apps/web/src/station/outbox/outbox.state.js';

const scan = (id: string): Scan => ({ id, waybill: `YT${id}00000`, kind: 'arrived_village', occurredAt: '2026-11-23T01:00:00Z' });
const entry = (id: string, over: Partial<OutboxEntry> = {}): OutboxEntry => ({
  ...newEntry('scans', scan(id), { userId: 'keeper', storedAt: '2026-11-23T01:00:00Z' }),
  ...over,
});
const now = '2026-11-23T02:00:00Z';

describe('an entry of the outbox', () => {
  it('counts as received when the county has it, the first time or again', () => {
    for (const outcome of ['accepted', 'duplicate'] as const)
      expect(settled(entry('1'), { id: '1', outcome, flags: ['double_scan'] }, now)).toMatchObject({
        stage: 'received',
        settledAt: now,
        flags: ['double_scan'],
      });
  });

  it('is received even when a newer server says things about it that this version does not know', () => {
    expect(settled(entry('1'), { id: '1', outcome: 'accepted', flags: ['of_tomorrow', 'intercepted'] }, now)).toMatchObject({
      stage: 'received',
      flags: ['intercepted'],
    });
  });

  it('is kept with its reason when it is rejected, and goes out as new when it is sent again', () => {
    const problem = { code: 'scan_scope', detail: 'Not of this station' };
    const refused = settled(entry('1'), { id: '1', outcome: 'rejected', problem }, now);
    expect(refused).toMatchObject({ stage: 'rejected', problem });
    expect(again(refused)).toEqual(entry('1'));
    expect(again(rejected(entry('1', { attempts: 3 }), problem, now))).toEqual(entry('1', { attempts: 3 }));
  });

  it('is rejected with a code of its own when the server gives no reason', () => {
    expect(settled(entry('1'), { id: '1', outcome: 'rejected' }, now)).toMatchObject({ problem: { code: 'unknown' } });
  });
});

describe('the answers to a batch', () => {
  const ids = ['a', 'b', 'c', 'd'];
  const answer: fc.Arbitrary<Answer> = fc.record({
    id: fc.constantFrom(...ids, 'stranger', null),
    outcome: fc.constantFrom('accepted', 'duplicate', 'rejected'),
  });

  it('settle by id alone, never by place, and never what was answered in two ways', () => {
    fc.assert(
      fc.property(fc.subarray(ids), fc.array(answer, { maxLength: 8 }), (sent, answers) => {
        const found = answersFor(sent, answers);
        for (const id of sent) {
          const own = answers.filter((one) => one.id === id);
          const verdicts = new Set(own.map((one) => one.outcome === 'rejected'));
          const alone = sent.length === 1 && answers.length === 1 && answers[0]?.id === null && answers[0].outcome === 'rejected';
          expect(found.has(id)).toBe(verdicts.size === 1 || alone);
        }
        expect([...found.keys()].every((id) => sent.includes(id))).toBe(true);
      }),
    );
  });

  it('do not depend on their order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(answer, { selector: ({ id }) => id }), (answers) => {
        const stages = (list: Answer[]) => ids.map((id) => settled(entry(id), answersFor(ids, list).get(id), now).stage);
        expect(stages([...answers].reverse())).toEqual(stages(answers));
      }),
    );
  });
});

describe('a request', () => {
  it('carries as many entries as fit its bytes, in order, and at least one', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 1000 }), (bytes, max) => {
        const all = bytes.map((size) => ({ bytes: size }));
        const taken = fitting(all, max);
        const sum = taken.reduce((total, one) => total + one.bytes, 0);
        expect(taken).toEqual(all.slice(0, taken.length));
        expect(taken.length).toBeGreaterThan(0);
        expect(sum <= max || taken.length === 1).toBe(true);
        const following = all[taken.length];
        if (following) expect(sum + following.bytes).toBeGreaterThan(max);
      }),
    );
  });

  it('goes out after everything that it rests on', () => {
    for (const [index, path] of OUTBOX_PATHS.entries())
      for (const base of RESTS_ON[path]) expect(OUTBOX_PATHS.indexOf(base)).toBeLessThan(index);
  });

  it('is tried again later after each failure, never later than about a minute', () => {
    expect(retryDelayMs(1, 0.5)).toBe(2000);
    expect(retryDelayMs(3, 0.5)).toBe(8000);
    expect(retryDelayMs(30, 0.999)).toBeLessThanOrEqual(75_000);
    expect(retryDelayMs(1, 0)).toBeLessThan(retryDelayMs(1, 0.9));
  });
});
