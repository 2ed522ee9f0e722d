import fc from 'fast-check';
import type { RecallScope } from '#contracts';
import { holdersOf, reachOf, type Holding, type LotPart } from './reach.js';

const LOTS = 12;
const lot = fc.integer({ min: 0, max: LOTS - 1 }).map((number) => `lot${number}`);
const lots = Array.from({ length: LOTS }, (_, number) => `lot${number}`);
const parts = fc.array(fc.record({ parent: lot, child: lot }), { maxLength: 30 });
const holdings = fc.array(fc.record({ holder: fc.integer({ min: 0, max: 9 }).map((number) => `box${number}`), lot }), {
  maxLength: 30,
});
const scope = fc.constantFrom<RecallScope>('down', 'source');

/** Whether there is a way from one lot to another: a table of ways, made longer until it stays the same (Warshall). */
function ways(edges: readonly LotPart[]): (from: string, to: string) => boolean {
  const table = new Map(lots.map((from) => [from, new Map(lots.map((to) => [to, from === to]))]));
  for (const { parent, child } of edges) table.get(parent)?.set(child, true);
  for (const middle of lots)
    for (const from of lots)
      for (const to of lots) if (table.get(from)?.get(middle) && table.get(middle)?.get(to)) table.get(from)?.set(to, true);
  return (from, to) => table.get(from)?.get(to) === true;
}

/** What must be recalled, said the long way round. */
function expected(start: string, wanted: RecallScope, edges: readonly LotPart[]): string[] {
  const leads = ways(edges);
  const sources = wanted === 'down' ? [start] : lots.filter((candidate) => leads(candidate, start));
  return lots.filter((candidate) => sources.some((source) => leads(source, candidate)));
}

describe('the reach of a recall', () => {
  it('is every lot to which there is a way, and no other, whatever the graph', () => {
    fc.assert(
      fc.property(lot, scope, parts, (start, wanted, edges) => {
        const { recalled, up } = reachOf(start, wanted, edges);
        expect([...recalled].sort()).toEqual(expected(start, wanted, edges).sort());
        const leads = ways(edges);
        expect([...up].sort()).toEqual(lots.filter((candidate) => candidate !== start && leads(candidate, start)).sort());
      }),
      { numRuns: 500 },
    );
  });

  it('is every box and order with some of a recalled lot, and no other', () => {
    fc.assert(
      fc.property(lot, scope, parts, holdings, (start, wanted, edges, held) => {
        const affected = new Set(expected(start, wanted, edges));
        const holders = holdersOf(reachOf(start, wanted, edges).recalled, held);
        for (const name of new Set(held.map(({ holder }) => holder)))
          expect(holders.has(name)).toBe(held.some((holding: Holding) => holding.holder === name && affected.has(holding.lot)));
      }),
      { numRuns: 300 },
    );
  });

  it('goes down from a mixed lot, and over its sources to their other lots only when asked to', () => {
    const graph = [
      { parent: 'a', child: 'mix' },
      { parent: 'b', child: 'mix' },
      { parent: 'mix', child: 'pack' },
      { parent: 'a', child: 'rest' },
    ];
    expect(reachOf('mix', 'down', graph)).toEqual({ up: new Set(['a', 'b']), recalled: new Set(['mix', 'pack']) });
    expect([...reachOf('mix', 'source', graph).recalled].sort()).toEqual(['a', 'b', 'mix', 'pack', 'rest']);
  });

  it('ends on a cycle', () => {
    const cycle = [
      { parent: 'a', child: 'b' },
      { parent: 'b', child: 'a' },
    ];
    expect(reachOf('a', 'down', cycle)).toEqual({ up: new Set(['b']), recalled: new Set(['a', 'b']) });
  });
});
