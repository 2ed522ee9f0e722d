import { settledSince } from '../../apps/web/src/station/outbox/outbox.state.js';
import { cached } from '../../apps/web/src/station/vault/cached.js';

describe('A read of the server that the phone keeps', () => {
  it('is as old as its question, so that work settled while the answer was on its way is not taken for known', async () => {
    let settledAt = '';
    const answer = await cached('shelf/S1', async () => {
      settledAt = new Date().toISOString();
      await new Promise((resolve) => setTimeout(resolve, 20));
      return 'what the county had counted before';
    });
    expect(answer.asOf <= settledAt).toBe(true);
    expect(settledSince({ stage: 'received', settledAt }, answer.asOf)).toBe(true);
  });

  it('knows what was settled before it was asked for, and nothing that still waits', () => {
    const asOf = '2026-11-23T01:00:00.000Z';
    expect(settledSince({ stage: 'received', settledAt: '2026-11-23T00:59:59.999Z' }, asOf)).toBe(false);
    expect(settledSince({ stage: 'received', settledAt: asOf }, asOf)).toBe(true);
    expect(settledSince({ stage: 'pending' }, asOf)).toBe(true);
    expect(settledSince({ stage: 'waiting' }, asOf)).toBe(true);
    expect(settledSince({ stage: 'rejected', settledAt: '2026-11-23T02:00:00.000Z' }, asOf)).toBe(false);
  });
});
