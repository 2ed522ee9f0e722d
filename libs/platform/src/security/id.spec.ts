import { uuidv7 } from './id.js';

const MANY = 50_000;

describe('ids', () => {
  it('are UUIDs of version 7, all different and in order of their making', () => {
    const before = Date.now();
    const ids = Array.from({ length: MANY }, () => uuidv7());
    const after = Date.now();
    expect(new Set(ids).size).toBe(MANY);
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids.slice(0, 1000))
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const madeAt = (id = '') => parseInt(id.replace('-', '').slice(0, 12), 16);
    expect(madeAt(ids[0])).toBeGreaterThanOrEqual(before);
    expect(madeAt(ids.at(-1))).toBeLessThanOrEqual(after);
    // The last bits are random in each, not counted.
    expect(new Set(ids.map((id) => id.slice(-8))).size).toBeGreaterThan(MANY * 0.99);
  });
});
