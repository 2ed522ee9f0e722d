import fc from 'fast-check';
import { emptyMemory, judge, type CopyMemory, type Look, type LookContext } from './copy.risk.js';

const CONTEXT: LookContext = { activated: true, packedAtMs: null, deliveredAtMs: null, home: null };
const DAY = 86_400_000;
const CITIES = [
  [39.9, 116.4],
  [31.2, 121.5],
  [23.1, 113.3],
  [30.6, 104.1],
  [30.6, 114.3],
  [34.3, 108.9],
  [41.8, 123.4],
  [30.3, 120.2],
  [25, 102.7],
  [43.8, 87.6],
] as const;

const look = (city: number, day: number, device: string): Look => ({
  atMs: day * DAY,
  latitude: CITIES[city]?.[0] ?? null,
  longitude: CITIES[city]?.[1] ?? null,
  network: `n${city}`,
  device,
});
function judgeAll(looks: readonly Look[], context: LookContext = CONTEXT) {
  let memory = emptyMemory();
  let judged = judge(memory, looks[0] ?? look(0, 0, 'a'), context);
  for (const next of looks.slice(1)) {
    memory = judged.memory;
    judged = judge(memory, next, context);
  }
  return judged;
}

describe('looks at a code', () => {
  it('from ten cities by ten phones are those of copies', () => {
    const judged = judgeAll(CITIES.map((_, index) => look(index, index, `phone ${index}`)));
    expect(judged).toMatchObject({ risk: 'high' });
    expect(judged.reasons).toContain('many_places');
  });

  it('from ten cities within a minute are impossible for one label', () => {
    const judged = judgeAll(CITIES.map((_, index) => look(index, index / 14_400, `phone ${index}`)));
    expect(judged.reasons).toEqual(expect.arrayContaining(['impossible_travel', 'many_places']));
  });

  it('from ten cities within minutes are impossible even for one phone', () => {
    expect(judgeAll(CITIES.map((_, index) => look(index, index / 1440, 'me')))).toMatchObject({
      risk: 'high',
      reasons: ['impossible_travel'],
    });
  });

  it('by one person, however often, are honest', () => {
    expect(judgeAll(Array.from({ length: 30 }, (_, index) => look(0, index / 3, 'me')))).toMatchObject({
      risk: 'none',
      reasons: [],
    });
  });

  it('by somebody who travels with it and comes home are honest', () => {
    expect(judgeAll([look(0, 0, 'me'), look(1, 2, 'me'), look(2, 4, 'me'), look(0, 6, 'me')]).risk).toBe('none');
  });

  it('by a giver and two who were given it are not an alarm', () => {
    expect(judgeAll([look(0, 0, 'giver'), look(1, 5, 'mother'), look(1, 6, 'father')]).risk).not.toBe('high');
  });

  it('by two dozen customers at one counter are honest', () => {
    expect(judgeAll(Array.from({ length: 20 }, (_, index) => look(0, index, `customer ${index}`))).risk).toBe('none');
  });

  it('at home before it was packed are the maker’s own; elsewhere they are not', () => {
    const context = { ...CONTEXT, packedAtMs: 10 * DAY, home: { latitude: 39.5, longitude: 116.2 } };
    expect(judgeAll([look(0, 1, 'maker'), look(0, 2, 'keeper')], context).risk).toBe('none');
    expect(judgeAll([look(2, 1, 'stranger')], context)).toMatchObject({ risk: 'high', reasons: ['before_shipping'] });
  });

  it('that was not activated are suspicious at once', () => {
    expect(judgeAll([look(0, 0, 'me')], { ...CONTEXT, activated: false })).toMatchObject({
      risk: 'high',
      reasons: ['not_activated'],
    });
  });

  it('leave a memory of bounded size, and never throw', () => {
    const anyLook = fc.record({
      atMs: fc.integer({ min: 0, max: 400 * DAY }),
      latitude: fc.option(fc.double({ min: -90, max: 90, noNaN: true })),
      longitude: fc.option(fc.double({ min: -180, max: 180, noNaN: true })),
      network: fc.option(fc.string({ maxLength: 4 })),
      device: fc.option(fc.string({ maxLength: 4 })),
    });
    fc.assert(
      fc.property(fc.array(anyLook, { minLength: 1, maxLength: 200 }), (looks) => {
        let memory: CopyMemory = emptyMemory();
        for (const next of looks) {
          // What is stored is JSON.
          memory = JSON.parse(JSON.stringify(judge(memory, next, CONTEXT).memory)) as CopyMemory;
          expect(memory.areas.length).toBeLessThanOrEqual(12);
          expect(memory.devices.length).toBeLessThanOrEqual(32);
          expect(memory.networks.length).toBeLessThanOrEqual(32);
        }
      }),
      { numRuns: 60 },
    );
  });
});
