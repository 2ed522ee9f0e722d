import fc from 'fast-check';
import { foldHandovers, TURNS, type HandoverMark } from './handover.fold.js';
import type { Place } from './transport.place.js';

const place = (unitId: string, stationId: string | null = null): Place => ({ unitId, stationId });
const [village, town, county] = [place('village', 'v'), place('town'), place('county')];
const journey = { from: village, to: county };
const mark = (minute: number, side: 'given' | 'taken', at: Place, opened = false): HandoverMark => ({
  id: `${String(minute)} ${side}`,
  side,
  opened,
  occurredAt: minute,
  place: at,
});
const told = (marks: HandoverMark[]) => {
  const { state, steps } = foldHandovers(journey, marks);
  return { state, warnings: steps.map(({ warnings }) => warnings) };
};

describe('A bag on its way', () => {
  it('is given, taken and opened without a warning', () => {
    expect(told([])).toEqual({ state: 'sealed', warnings: [] });
    expect(told([mark(1, 'given', village)])).toEqual({ state: 'on_the_way', warnings: [[]] });
    expect(told([mark(1, 'given', village), mark(2, 'taken', county)])).toEqual({ state: 'received', warnings: [[], []] });
    expect(told([mark(1, 'given', village), mark(2, 'taken', county), mark(3, 'taken', county, true)])).toEqual({
      state: 'opened',
      warnings: [[], [], []],
    });
  });

  it.each([
    ['taken without having been given', [mark(1, 'taken', county)], 'received', ['not_given']],
    ['given elsewhere than it was sealed', [mark(1, 'given', town)], 'on_the_way', ['wrong_place']],
    ['given twice', [mark(1, 'given', village), mark(2, 'given', village)], 'on_the_way', ['given_twice']],
    ['taken twice', [mark(1, 'given', village), mark(2, 'taken', county), mark(3, 'taken', county)], 'received', ['taken_twice']],
    ['taken elsewhere', [mark(1, 'given', village), mark(2, 'taken', town)], 'received', ['wrong_place']],
    ['given after it was opened', [mark(2, 'taken', county, true), mark(3, 'given', county)], 'opened', ['already_opened']],
    ['opened twice', [mark(2, 'taken', county, true), mark(3, 'taken', county, true)], 'opened', ['taken_twice']],
  ] as const)('%s is kept with a warning', (_what, marks, state, last) => {
    const { state: after, warnings } = told([...marks]);
    expect(after).toBe(state);
    expect(warnings.at(-1)).toEqual(last);
  });

  it('that stopped on its way goes on from there', () => {
    const marks = [mark(1, 'given', village), mark(2, 'taken', town), mark(3, 'given', town), mark(4, 'taken', county)];
    expect(told(marks)).toEqual({ state: 'received', warnings: [[], ['wrong_place'], [], []] });
  });

  it('is at the right place where one side names the hall and the other its station', () => {
    const { steps } = foldHandovers(journey, [mark(1, 'given', place('village')), mark(2, 'taken', place('county', 'c'))]);
    expect(steps.flatMap(({ warnings }) => warnings)).toEqual([]);
  });

  it('ends in the same state whatever the order in which the phones told it', () => {
    const marks = fc.uniqueArray(
      fc.record({
        id: fc.uuid(),
        side: fc.constantFrom('given' as const, 'taken' as const),
        opened: fc.boolean(),
        occurredAt: fc.integer({ min: 0, max: 5 }),
        place: fc.constantFrom(village, town, county),
      }),
      { maxLength: 7, selector: ({ id }) => id },
    );
    fc.assert(
      fc.property(marks, fc.infiniteStream(fc.nat()), (all, random) => {
        const shuffled = [...all].sort(() => (random.next().value % 3) - 1);
        expect(foldHandovers(journey, shuffled)).toEqual(foldHandovers(journey, all));
      }),
    );
  });

  it('is never sealed again, and never closed again once it was opened', () => {
    for (const [standing, turns] of Object.entries(TURNS))
      for (const { to } of Object.values(turns)) {
        expect(to).not.toBe('sealed');
        if (standing === 'opened') expect(to).toBe('opened');
      }
  });
});
