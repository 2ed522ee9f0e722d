import fc from 'fast-check';
import { canonicalJson, chainHash, contentId, GENESIS } from './epcis.chain.js';

const json = fc.jsonValue({ maxDepth: 4 });
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const record = (event: unknown, lots: readonly string[] = ['a', 'b']) => ({
  county: '990101',
  seq: 1,
  recordedAt: new Date('2026-11-01T00:00:00.000Z'),
  event,
  lots,
});

/** The same value with the members of its objects the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, turned(item)]),
  );
}

describe('canonical JSON', () => {
  it('says the same value in one way, and nothing is lost', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(turned(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('orders members by their code units, and writes numbers and strings as ECMAScript does', () => {
    expect(canonicalJson({ b: 1e21, a: ['é', -0, 0.1], '€': null, '1': { y: true, x: undefined } })).toBe(
      '{"1":{"y":true},"a":["é",0,0.1],"b":1e+21,"€":null}',
    );
  });
});

describe('the chain', () => {
  it('has another hash for any other event, place, time, lot or history', () => {
    fc.assert(
      fc.property(json, json, (event, other) => {
        fc.pre(canonicalJson(event) !== canonicalJson(other));
        const hash = hex(chainHash(GENESIS, record(event)));
        const others = [
          chainHash(GENESIS, record(other)),
          chainHash(GENESIS, { ...record(event), seq: 2 }),
          chainHash(GENESIS, { ...record(event), county: '990102' }),
          chainHash(GENESIS, { ...record(event), recordedAt: new Date('2026-11-01T00:00:00.001Z') }),
          chainHash(GENESIS, record(event, ['a'])),
          chainHash(chainHash(GENESIS, record(event)), record(event)),
        ];
        for (const one of others) expect(hex(one)).not.toBe(hash);
        expect(hex(chainHash(GENESIS, record(event, ['b', 'a', 'b'])))).toBe(hash);
      }),
      { numRuns: 50 },
    );
  });

  it('makes the same identity of the same content', () => {
    expect(contentId({ a: 1, b: 2 })).toBe(contentId({ b: 2, a: 1 }));
    expect(contentId({ a: 1 })).not.toBe(contentId({ a: 2 }));
  });
});
