import { participationChange } from './participation.span.js';

const standing = [
  { joinedOn: '2026-01-01', leftOn: '2026-03-01' },
  { joinedOn: '2026-05-01', leftOn: null },
];

describe('taking part in a project', () => {
  it.each([
    ['the same again is known', '2026-01-01', '2026-03-01', 'same'],
    ['an open time is ended', '2026-05-01', '2026-06-01', 'ended'],
    ['an ended time stays as it is', '2026-01-01', '2026-04-01', 'taken'],
    ['an ended time is not opened', '2026-01-01', null, 'taken'],
    ['a time between two is new', '2026-03-01', '2026-05-01', 'new'],
    ['a time that runs into the next is refused', '2026-03-01', '2026-05-02', 'overlaps'],
    ['a time inside an open one is refused', '2026-07-01', '2026-08-01', 'overlaps'],
    ['an open time before others is refused', '2025-01-01', null, 'overlaps'],
  ] as const)('%s', (_, joinedOn, leftOn, change) => {
    expect(participationChange(standing, { joinedOn, leftOn })).toBe(change);
  });
});
