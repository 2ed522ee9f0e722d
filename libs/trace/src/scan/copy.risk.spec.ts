import fc from 'fast-check';
import { emptyMemory, judge, type CopyMemory, type Look, type LookContext } from './copy.risk.js';

const CONTEXT: LookContext = {
  activated: true,
  manyPacks: false,
  packedAtMs: null,
  deliveredAtMs: null,
  home: null,
  destination: null,
  keeps: false,
};
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
const at = (city: number) => ({ latitude: CITIES[city]?.[0] ?? 0, longitude: CITIES[city]?.[1] ?? 0 });
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
    for (const perDay of [86_400, 14_400, 1440, 288])
      for (const context of [CONTEXT, { ...CONTEXT, packedAtMs: 0, deliveredAtMs: 0, home: at(5), destination: at(2) }]) {
        const judged = judgeAll(
          CITIES.map((_, index) => look(index, index / perDay, `phone ${index}`)),
          context,
        );
        expect(judged.risk).toBe('high');
        expect(judged.reasons).toEqual(expect.arrayContaining(['impossible_travel', 'many_places']));
      }
  });

  it('from four places within minutes, a relative’s and two machines’ among them, are not an alarm', () => {
    const looks = [look(0, 0, 'me'), look(2, 0.0005, 'machine'), look(3, 0.003, 'relative'), look(6, 0.004, 'another machine')];
    expect(judgeAll(looks).risk).not.toBe('high');
    expect(judgeAll([look(0, 0, 'me'), look(0, 0.0001, 'me'), look(2, 0.0005, 'machine'), look(5, 0.004, 'me')]).risk).toBe(
      'none',
    );
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

  it('at home before it was packed are the maker’s own; elsewhere, by several, they are not', () => {
    const context = { ...CONTEXT, packedAtMs: 10 * DAY, home: at(0), destination: at(1) };
    expect(judgeAll([look(0, 1, 'maker'), look(0, 2, 'keeper')], context).risk).toBe('none');
    const looks = [look(2, 1, 'stranger'), look(3, 5, 'another'), look(4, 9, 'a third')];
    expect(judgeAll(looks.slice(0, 1), context)).toMatchObject({ risk: 'low', reasons: ['before_shipping'] });
    const judged = judgeAll(looks, context);
    expect(judged.risk).toBe('high');
    expect(judged.reasons[0]).toBe('before_shipping');
  });

  it('before the parcel was packed count though packing is recorded after them', () => {
    const unpacked = { ...CONTEXT, home: at(0) };
    let judged = judge(emptyMemory(), look(2, 1, 'stranger'), unpacked);
    expect(judged.reasons).toEqual([]);
    judged = judge(judged.memory, look(1, 12, 'buyer'), { ...unpacked, packedAtMs: 10 * DAY, destination: at(1) });
    expect(judged.memory.early).toBe(1);
    expect(judge(judged.memory, look(1, 13, 'buyer'), { ...unpacked, packedAtMs: 10 * DAY }).memory.early).toBe(1);
  });

  it('that was not activated are watched at once, and suspicious in several hands', () => {
    const context = { ...CONTEXT, activated: false };
    expect(judgeAll([look(0, 0, 'me')], context)).toMatchObject({ risk: 'low', reasons: ['not_activated'] });
    const judged = judgeAll([look(0, 0, 'me'), look(0, 20, 'you'), look(1, 30, 'a third')], context);
    expect(judged.risk).toBe('high');
    expect(judged.reasons[0]).toBe('not_activated');
  });

  it('in the city of the order by one household over one line are honest, weeks later too', () => {
    const context = { ...CONTEXT, packedAtMs: 0, deliveredAtMs: 3 * DAY, home: at(2), destination: at(0) };
    const looks = [look(0, 4, 'mother'), look(0, 30, 'father'), look(0, 50, 'child'), look(0, 70, 'aunt')];
    expect(judgeAll(looks, context)).toMatchObject({ risk: 'none', memory: { hands: 1 } });
  });

  it('from ten cities over one network are not those of one household', () => {
    const judged = judgeAll(CITIES.map((_, index) => ({ ...look(index, index, `phone ${index}`), network: 'carrier' })));
    expect(judged.risk).toBe('high');
  });

  it('in the city of the order by strangers weeks after fresh fruit was eaten are those of copies; of what keeps they are not yet', () => {
    const context = { ...CONTEXT, packedAtMs: 0, deliveredAtMs: 3 * DAY, home: at(2), destination: at(0) };
    const looks = [0, 1, 2].map((index) => ({
      ...look(0, 30 + index, `stranger ${index}`),
      network: `line ${index}`,
      mobile: false,
    }));
    expect(judgeAll(looks, context)).toMatchObject({ risk: 'high', reasons: expect.arrayContaining(['long_after_sale']) });
    expect(judgeAll(looks, { ...context, keeps: true }).risk).not.toBe('high');
  });

  it('by machines that follow a person’s look at once, elsewhere, do not count', () => {
    const looks = [0, 4, 8, 12].flatMap((day) => [look(0, day, 'me'), look(1, day + 0.001, `machine ${day}`)]);
    expect(judgeAll(looks)).toMatchObject({ risk: 'none', memory: { hands: 1 } });
  });

  it('by one phone that its networks place in two cities in turns are honest', () => {
    expect(judgeAll(Array.from({ length: 12 }, (_, index) => look(index % 2, index / 24, 'me'))).risk).toBe('none');
  });

  it('at the one code of a whole lot are never judged by where, when and with what they are made', () => {
    const looks = Array.from({ length: 60 }, (_, index) => look(index % 10, index, `phone ${index}`));
    expect(judgeAll(looks, { ...CONTEXT, manyPacks: true })).toEqual({ memory: emptyMemory(), risk: 'none', reasons: [] });
    expect(judgeAll(looks, { ...CONTEXT, manyPacks: true, activated: false })).toMatchObject({
      risk: 'low',
      reasons: ['not_activated'],
    });
  });

  it('once suspicious stay so, whatever comes after', () => {
    const alarming = CITIES.map((_, index) => look(index, index, `phone ${index}`));
    const calm = Array.from({ length: 40 }, (_, index) => look(0, 20 + index / 100, 'phone 0'));
    expect(judgeAll([...alarming, ...calm]).risk).toBe('high');
  });

  it('remembered by an earlier version are forgotten', () => {
    const old = JSON.parse('{"areas":[],"devices":["a"],"places":9,"hands":9,"travel":9}') as CopyMemory;
    expect(judge(old, look(0, 0, 'me'), CONTEXT)).toMatchObject({ risk: 'none', memory: { hands: 1 } });
  });

  it('leave a memory of bounded size that survives as JSON, name a reason for each suspicion, and never throw', () => {
    const anyPosition = fc.record({
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    });
    const anyTime = fc.integer({ min: 0, max: 400 * DAY });
    const anyLook = fc.record({
      atMs: anyTime,
      latitude: fc.option(fc.double({ min: -90, max: 90, noNaN: true })),
      longitude: fc.option(fc.double({ min: -180, max: 180, noNaN: true })),
      network: fc.option(fc.string({ maxLength: 4 })),
      device: fc.option(fc.string({ maxLength: 4 })),
      mobile: fc.option(fc.boolean()),
    });
    const anyContext = fc.record({
      activated: fc.boolean(),
      manyPacks: fc.boolean(),
      packedAtMs: fc.option(anyTime),
      deliveredAtMs: fc.option(anyTime),
      home: fc.option(anyPosition),
      destination: fc.option(anyPosition),
      keeps: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyLook, { minLength: 1, maxLength: 200 }), anyContext, (looks, context) => {
        let memory: CopyMemory = emptyMemory();
        for (const next of looks) {
          const judged = judge(memory, next, context);
          expect(judged.reasons.length > 0).toBe(judged.risk !== 'none');
          // What is stored is JSON.
          memory = JSON.parse(JSON.stringify(judged.memory)) as CopyMemory;
          expect(memory).toEqual(judged.memory);
          expect(memory.areas.length).toBeLessThanOrEqual(12);
          expect(memory.devices.length).toBeLessThanOrEqual(32);
          expect(memory.lines.length).toBeLessThanOrEqual(32);
        }
      }),
      { numRuns: 60 },
    );
  });
});
