import fc from 'fast-check';
import type { Scan } from '#contracts';
import { answersIn, failureOf } from '../../apps/web/src/station/outbox/outbox.sender.js';
import { Outbox, type OutboxStorage, type Sent } from '../../apps/web/src/station/outbox/outbox.service.js';
import { entryOfFormer } from '../../apps/web/src/station/outbox/outbox.migration.js';
import {
  newEntry,
  OUTBOX_PATHS,
  type Answer,
  type OutboxEntry,
  type OutboxPath,
} from '../../apps/web/src/station/outbox/outbox.state.js';
import { ApiProblem, NetworkFailure } from '../../apps/web/src/shared/api/api.client.js';

const USER = 'keeper';
const scan = (id: string): Scan => ({ id, waybill: `YT${id}00000`, kind: 'arrived_village', occurredAt: '2026-11-23T01:00:00Z' });
const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 1, 0, second)).toISOString();
const stored = (id: string, second: number, path: OutboxPath = 'scans'): OutboxEntry => ({
  ...newEntry('scans', scan(id), { userId: USER, storedAt: at(second) }),
  path,
});

/** A disk that outlives the outbox, as the phone's does. */
function disk(...entries: OutboxEntry[]) {
  const items = new Map(entries.map((entry) => [entry.id, entry]));
  const storage: OutboxStorage = {
    next: (userId, path, limit) =>
      Promise.resolve(
        [...items.values()]
          .filter((entry) => entry.userId === userId && entry.path === path && entry.stage === 'pending')
          .sort((a, b) => (a.storedAt < b.storedAt ? -1 : 1))
          .slice(0, limit),
      ),
    change: (ids, step) => {
      for (const id of ids) {
        const entry = items.get(id);
        const after = entry && step(entry);
        if (after) items.set(id, after);
        else items.delete(id);
      }
      return Promise.resolve();
    },
  };
  return { items, storage, stages: () => Object.fromEntries([...items.values()].map(({ id, stage }) => [id, stage])) };
}

/** A county that keeps what it accepts by id, on a line that can be cut before or after the request arrives. */
function county() {
  const kept = new Map<string, OutboxPath>();
  const state = {
    line: 'up' as 'up' | 'down' | 'answer lost',
    refuses: new Set<string>(),
    stumblesOver: new Set<string>(),
    batches: [] as { path: OutboxPath; ids: string[] }[],
  };
  const take = (path: OutboxPath, id: string): Answer => {
    if (kept.has(id)) return { id, outcome: 'duplicate' };
    kept.set(id, path);
    return { id, outcome: 'accepted' };
  };
  function send(path: OutboxPath, entries: readonly OutboxEntry[]): Promise<Sent> {
    const ids = entries.map(({ id }) => id);
    state.batches.push({ path, ids });
    if (state.line === 'down') return Promise.resolve({ kind: 'unreachable' });
    if (ids.some((id) => state.stumblesOver.has(id))) return Promise.resolve({ kind: 'failed' });
    if (ids.some((id) => state.refuses.has(id)))
      return Promise.resolve({ kind: 'refused', problem: { code: 'invalid_input', detail: 'No' } });
    const answers = ids.map((id) => take(path, id));
    return Promise.resolve(state.line === 'answer lost' ? { kind: 'unreachable' } : { kind: 'answered', answers });
  }
  return { kept, state, send };
}

const phone = (storage: OutboxStorage, send: (path: OutboxPath, entries: readonly OutboxEntry[]) => Promise<Sent>) =>
  new Outbox({ storage, send, isSender: () => true, now: () => new Date('2026-11-23T02:00:00Z') });

describe('the outbox at work', () => {
  it('has each scan once on the server after the line was cut before and after the request', async () => {
    const { storage, items, stages } = disk(stored('a', 1), stored('b', 2));
    const { kept, state, send } = county();
    const outbox = phone(storage, send);
    state.line = 'down';
    expect((await outbox.flush(USER)).kind).toBe('unreachable');
    state.line = 'answer lost';
    expect((await outbox.flush(USER)).kind).toBe('unreachable');
    expect(kept.size).toBe(2);
    state.line = 'up';
    items.set('c', stored('c', 3));
    expect((await outbox.flush(USER)).kind).toBe('empty');
    expect([...kept.keys()].sort()).toEqual(['a', 'b', 'c']);
    expect(stages()).toEqual({ a: 'received', b: 'received', c: 'received' });
  });

  it('sends scans first, then each kind of record in its order, oldest first', async () => {
    const entries = OUTBOX_PATHS.flatMap((path, index) => [
      stored(`${index}-late`, 50 - index, path),
      stored(`${index}-early`, 1, path),
    ]);
    const { kept, state, send } = county();
    await phone(disk(...entries.reverse()).storage, send).flush(USER);
    expect(state.batches.map(({ path }) => path)).toEqual(OUTBOX_PATHS);
    expect([...kept.keys()]).toEqual(OUTBOX_PATHS.flatMap((_, index) => [`${index}-early`, `${index}-late`]));
  });

  it('finds the entries that the server refuses, however they lie, and lets the others through', async () => {
    const ids = Array.from({ length: 150 }, (_, index) => `s${index}`);
    await fc.assert(
      fc.asyncProperty(fc.subarray(ids, { maxLength: 6 }), async (refuses) => {
        const { storage, stages } = disk(...ids.map((id, index) => stored(id, index % 60)));
        const { kept, state, send } = county();
        state.refuses = new Set(refuses);
        expect((await phone(storage, send).flush(USER)).kind).toBe('empty');
        expect(kept.size).toBe(ids.length - refuses.length);
        for (const [id, stage] of Object.entries(stages())) expect(stage).toBe(refuses.includes(id) ? 'rejected' : 'received');
        expect(state.batches.length).toBeLessThan(2 + refuses.length * 20 + 12);
      }),
      { numRuns: 20 },
    );
  });

  it('lets nobody wait for the one entry that the server stumbles over, and never gives that one up', async () => {
    const { storage, stages, items } = disk(stored('a', 1), stored('bad', 2), stored('c', 3), stored('bag', 4, 'bags'));
    const { kept, state, send } = county();
    state.stumblesOver.add('bad');
    expect((await phone(storage, send).flush(USER)).kind).toBe('unreachable');
    expect([...kept.keys()].sort()).toEqual(['a', 'bag', 'c']);
    expect(stages()['bad']).toBe('pending');
    expect(items.get('bad')?.attempts).toBe(1);
  });

  it('stops soon at a server that fails whatever it is sent, and holds back what rests on that path', async () => {
    const many = Array.from({ length: 40 }, (_, index) => stored(`c${index}`, index, 'consignments'));
    const { storage, stages } = disk(...many, stored('bag', 1, 'bags'), stored('take', 1, 'stocktakes'));
    const { state, send } = county();
    for (const { id } of many) state.stumblesOver.add(id);
    expect((await phone(storage, send).flush(USER)).kind).toBe('unreachable');
    expect(state.batches.length).toBeLessThan(15);
    expect(stages()).toMatchObject({ c0: 'pending', bag: 'pending', take: 'received' });
  });

  it.each(['signed_out', 'device_revoked'] as const)('keeps everything as it is when the answer is %s', async (kind) => {
    const { storage, items } = disk(stored('a', 1));
    expect((await phone(storage, () => Promise.resolve({ kind })).flush(USER)).kind).toBe(kind);
    expect(items.get('a')).toEqual(stored('a', 1));
  });

  it('sends nothing more when somebody else signs in while a batch is on its way', async () => {
    const many = Array.from({ length: 150 }, (_, index) => stored(`s${index}`, index % 60));
    const { storage, stages } = disk(...many, stored('bag', 1, 'bags'));
    const { kept, send } = county();
    let sender = USER;
    const outbox = new Outbox({
      storage,
      isSender: (userId) => userId === sender,
      now: () => new Date('2026-11-23T02:00:00Z'),
      send: (path, entries) => {
        sender = 'somebody else';
        return send(path, entries);
      },
    });
    expect((await outbox.flush(USER)).kind).toBe('unconfirmed');
    expect(kept.size).toBe(100);
    expect(Object.values(stages()).filter((stage) => stage === 'pending')).toHaveLength(51);
    sender = USER;
    expect((await outbox.flush(USER)).kind).toBe('unconfirmed');
    expect(kept.size).toBe(150);
    expect(stages()['bag']).toBe('pending');
  });

  it('goes past a path that this server does not have', async () => {
    const { storage, stages } = disk(stored('p', 1, 'proofs'), stored('close', 2, 'closings'));
    const { send } = county();
    const outbox = phone(storage, (path, entries) =>
      path === 'proofs' ? Promise.resolve({ kind: 'missing' }) : send(path, entries),
    );
    expect((await outbox.flush(USER)).kind).toBe('unreachable');
    expect(stages()).toEqual({ p: 'pending', close: 'received' });
  });

  it('does not spin on answers that say nothing about what was sent', async () => {
    let calls = 0;
    const { storage, stages } = disk(stored('a', 1), stored('b', 2));
    const outbox = phone(storage, () => {
      calls += 1;
      return Promise.resolve({ kind: 'answered', answers: [{ id: 'stranger', outcome: 'accepted' }] });
    });
    expect((await outbox.flush(USER)).kind).toBe('unreachable');
    expect(calls).toBeLessThan(5);
    expect(stages()).toEqual({ a: 'pending', b: 'pending' });
  });

  it('settles what was answered of a batch and sends the rest again', async () => {
    const { storage, stages } = disk(stored('a', 1), stored('b', 2), stored('c', 3));
    const { send, state } = county();
    const outbox = phone(storage, async (path, entries) => {
      const sent = await send(path, entries);
      return sent.kind === 'answered' ? { kind: 'answered', answers: sent.answers.slice(-1) } : sent;
    });
    expect((await outbox.flush(USER)).kind).toBe('empty');
    expect(stages()).toEqual({ a: 'received', b: 'received', c: 'received' });
    expect(state.batches.map(({ ids }) => ids.length)).toEqual([3, 2, 1]);
  });

  it('leaves what cannot be opened for when it can', async () => {
    const { body: _, ...closed } = stored('closed', 1, 'proofs');
    const { storage, stages } = disk(closed, stored('open', 2, 'proofs'));
    const { send } = county();
    expect((await phone(storage, send).flush(USER)).kind).toBe('empty');
    expect(stages()).toEqual({ closed: 'pending', open: 'received' });
  });

  it('never settles again what another page has taken off meanwhile', async () => {
    const { storage, items } = disk(stored('a', 1));
    const outbox = phone(storage, (_, entries) => {
      items.set('a', { ...stored('a', 1), stage: 'waiting' });
      return Promise.resolve({ kind: 'answered', answers: entries.map(({ id }) => ({ id, outcome: 'accepted' as const })) });
    });
    await Promise.race([outbox.flush(USER), new Promise((resolve) => setTimeout(resolve, 200))]);
    expect(items.get('a')?.stage).toBe('waiting');
  });

  it('sends no entry of another person', async () => {
    const { storage } = disk({ ...stored('a', 1), userId: 'other' });
    const { state, send } = county();
    expect((await phone(storage, send).flush(USER)).kind).toBe('empty');
    expect(state.batches).toEqual([]);
  });
});

describe('what a failed call means', () => {
  const problem = (status: number, code: string, retryAfterS?: number) =>
    new ApiProblem({ type: 'about:blank', title: 'T', status, code, instance: '/', correlationId: 'c' }, retryAfterS);

  it.each([
    [problem(401, 'unauthenticated'), { kind: 'signed_out' }],
    [problem(403, 'device_revoked'), { kind: 'device_revoked' }],
    [problem(401, 'device_revoked'), { kind: 'device_revoked' }],
    [problem(429, 'too_many_requests', 7), { kind: 'unreachable', waitMs: 7000 }],
    [problem(503, 'unavailable'), { kind: 'unreachable' }],
    [problem(500, 'internal'), { kind: 'failed' }],
    [problem(404, 'route_not_found'), { kind: 'missing' }],
    [problem(413, 'too_large'), { kind: 'refused', problem: { code: 'too_large', detail: 'T' } }],
    [problem(403, 'forbidden'), { kind: 'refused', problem: { code: 'forbidden', detail: 'T' } }],
    [new NetworkFailure('HTTP 511'), { kind: 'unreachable' }],
    [new Error('anything'), { kind: 'unreachable' }],
  ])('%s', (error, sent) => {
    expect(failureOf(error)).toEqual(sent);
  });

  it('reads of any body only answers that make sense', () => {
    expect(answersIn('<html>')).toBeUndefined();
    expect(answersIn(null)).toBeUndefined();
    expect(answersIn({ results: 'ok' })).toBeUndefined();
    const fine = { id: 'a', outcome: 'accepted', flags: ['new_one'], extra: 1 };
    expect(answersIn({ results: [fine, { id: 'b', outcome: 'perhaps' }, 7, { outcome: 'accepted' }] })).toEqual([
      { id: 'a', outcome: 'accepted', flags: ['new_one'] },
    ]);
    fc.assert(fc.property(fc.jsonValue(), (body) => answersIn(body) === undefined || Array.isArray(answersIn(body))));
  });
});

describe('what the first version of the app kept', () => {
  it.each(['pending', 'received', 'rejected'] as const)('comes over as %s', (stage) => {
    const former = { id: 'a', userId: USER, scan: scan('a'), storedAt: at(1), stage, attempts: 2, settledAt: at(9) };
    expect(entryOfFormer(former)).toMatchObject({
      id: 'a',
      path: 'scans',
      userId: USER,
      body: scan('a'),
      storedAt: at(1),
      stage,
      attempts: 2,
    });
  });

  it('no longer waits for its carrier', () => {
    const former = { id: 'a', userId: USER, scan: scan('a'), storedAt: at(1), stage: 'waiting' as const, attempts: 0 };
    expect(entryOfFormer(former).stage).toBe('pending');
  });
});
