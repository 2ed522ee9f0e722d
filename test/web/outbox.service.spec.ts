import type { Scan, ScanResult } from '#contracts';
import { Outbox, type OutboxStorage, type Sent } from '../../apps/web/src/station/outbox/outbox.service.js';
import { newItem, type OutboxItem } from '../../apps/web/src/station/outbox/outbox.state.js';

const USER = 'keeper';
const scan = (id: string): Scan => ({ id, waybill: `YT${id}00000`, kind: 'arrived_village', occurredAt: '2026-11-23T01:00:00Z' });
const stored = (id: string, second: number) =>
  newItem(USER, scan(id), new Date(Date.UTC(2026, 10, 23, 1, 0, second)).toISOString());

/** A disk that outlives the outbox, as the phone's does. */
function disk(): OutboxStorage & { items: Map<string, OutboxItem> } {
  const items = new Map<string, OutboxItem>();
  return {
    items,
    all: () => Promise.resolve([...items.values()]),
    put: (list) => Promise.resolve(list.forEach((item) => items.set(item.id, item))),
    remove: (ids) => Promise.resolve(ids.forEach((id) => items.delete(id))),
  };
}

/** A county that keeps what it accepts by id, on a line that can be cut before or after the request arrives. */
function county() {
  const kept = new Map<string, Scan>();
  const state = { line: 'up' as 'up' | 'down' | 'answer lost', refuses: new Set<string>(), batches: [] as string[][] };
  const take = (sent: Scan): ScanResult => {
    if (kept.has(sent.id)) return { id: sent.id, outcome: 'duplicate' };
    kept.set(sent.id, sent);
    return { id: sent.id, outcome: 'accepted' };
  };
  function send(items: readonly OutboxItem[]): Promise<Sent> {
    state.batches.push(items.map(({ id }) => id));
    if (state.line === 'down') return Promise.resolve({ kind: 'unreachable' });
    if (items.some(({ id }) => state.refuses.has(id)))
      return Promise.resolve({ kind: 'refused', problem: { code: 'invalid_input', detail: 'No' } });
    const results = items.map((item) => take(item.scan));
    return Promise.resolve(state.line === 'answer lost' ? { kind: 'unreachable' } : { kind: 'answered', results });
  }
  return { kept, state, send };
}

function phone(storage: OutboxStorage, send: (items: readonly OutboxItem[]) => Promise<Sent>) {
  return new Outbox({ storage, send, now: () => new Date('2026-11-23T02:00:00Z'), changed: () => undefined });
}

describe('the outbox at work', () => {
  it('has each scan once on the server after the line was cut before and after the request', async () => {
    const storage = disk();
    const { kept, state, send } = county();
    const outbox = phone(storage, send);
    await outbox.start();
    state.line = 'down';
    await outbox.put([stored('a', 1), stored('b', 2)]);
    expect((await outbox.flush(USER)).kind).toBe('unreachable');
    state.line = 'answer lost';
    expect((await outbox.flush(USER)).kind).toBe('unreachable');
    expect(kept.size).toBe(2);
    state.line = 'up';
    await outbox.put([stored('c', 3)]);
    expect((await outbox.flush(USER)).kind).toBe('empty');
    expect([...kept.keys()].sort()).toEqual(['a', 'b', 'c']);
    expect([...storage.items.values()].map(({ stage }) => stage)).toEqual(['received', 'received', 'received']);
  });

  it('sends what an earlier visit left on the phone', async () => {
    const storage = disk();
    const { kept, state, send } = county();
    const before = phone(storage, send);
    await before.start();
    state.line = 'down';
    await before.put([stored('a', 1)]);
    await before.flush(USER);
    state.line = 'up';
    const after = phone(storage, send);
    await after.start();
    await after.flush(USER);
    expect([...kept.keys()]).toEqual(['a']);
  });

  it('finds the one scan that the server refuses and lets the others through', async () => {
    const { kept, state, send } = county();
    const outbox = phone(disk(), send);
    await outbox.start();
    state.refuses.add('b');
    await outbox.put([stored('a', 1), stored('b', 2), stored('c', 3)]);
    expect((await outbox.flush(USER)).kind).toBe('empty');
    expect([...kept.keys()]).toEqual(['a', 'c']);
    expect(outbox.get('b')).toMatchObject({ stage: 'rejected', problem: { code: 'invalid_input' } });
  });

  it('keeps everything while nobody is signed in', async () => {
    const outbox = phone(disk(), () => Promise.resolve({ kind: 'signed_out' }));
    await outbox.start();
    await outbox.put([stored('a', 1)]);
    expect((await outbox.flush(USER)).kind).toBe('signed_out');
    expect(outbox.get('a')).toMatchObject({ stage: 'pending', attempts: 0 });
  });

  it('does not spin on an answer that says nothing about what was sent', async () => {
    let calls = 0;
    const outbox = phone(disk(), () => Promise.resolve({ kind: 'answered', results: (calls += 1) ? [] : [] }));
    await outbox.start();
    await outbox.put([stored('a', 1)]);
    expect((await outbox.flush(USER)).kind).toBe('unreachable');
    expect(calls).toBe(1);
    expect(outbox.get('a')?.stage).toBe('pending');
  });

  it('sends a scan that was added while a request was under way', async () => {
    const { kept, send } = county();
    const outbox: Outbox = phone(disk(), async (items) => {
      if (kept.size === 0) await outbox.put([stored('b', 2)]);
      return send(items);
    });
    await outbox.start();
    await outbox.put([stored('a', 1)]);
    await Promise.all([outbox.flush(USER), outbox.flush(USER)]);
    expect([...kept.keys()]).toEqual(['a', 'b']);
  });

  it('stores nothing in memory that is not on the disk', async () => {
    const outbox = phone({ ...disk(), put: () => Promise.reject(new Error('full')) }, () =>
      Promise.resolve({ kind: 'unreachable' }),
    );
    await outbox.start();
    await expect(outbox.put([stored('a', 1)])).rejects.toThrow('full');
    expect(outbox.all()).toEqual([]);
  });
});
