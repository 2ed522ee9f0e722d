/** How hand-overs move a bag or a manifest: a pure function of the set of them, so that a phone that was offline may tell its side later. */
import type { HandoverRecord, HandoverWarning, TransportState } from '#contracts';
import { isAt, type Place } from './transport.place.js';

/** One side's scan of a bag or manifest, as the fold reads it. `occurredAt` is milliseconds. */
export interface HandoverMark {
  readonly id: string;
  readonly side: HandoverRecord['side'];
  readonly opened: boolean;
  readonly occurredAt: number;
  readonly place: Place;
}

/** Where something sets out and where it is to go. */
export interface Journey {
  readonly from: Place;
  readonly to: Place;
}

/** `stopped`: taken elsewhere than its destination, from where it may go on. */
export type Standing = TransportState | 'stopped';
type Move = 'given' | 'taken' | 'stopped' | 'opened';

/** What a move makes of a standing. A move with a warning of its kind stands for nothing, but for an opening that finds more. */
interface Turn {
  readonly to: Standing;
  readonly warning?: HandoverWarning;
}

/** The state machine (docs/domain/transport.md, "Hand-overs"). */
export const TURNS: Readonly<Record<Standing, Readonly<Record<Move, Turn>>>> = {
  sealed: {
    given: { to: 'on_the_way' },
    taken: { to: 'received', warning: 'not_given' },
    stopped: { to: 'stopped', warning: 'not_given' },
    opened: { to: 'opened', warning: 'not_given' },
  },
  on_the_way: {
    given: { to: 'on_the_way', warning: 'given_twice' },
    taken: { to: 'received' },
    stopped: { to: 'stopped' },
    opened: { to: 'opened' },
  },
  stopped: {
    given: { to: 'on_the_way' },
    taken: { to: 'received', warning: 'not_given' },
    stopped: { to: 'stopped', warning: 'taken_twice' },
    opened: { to: 'opened' },
  },
  received: {
    given: { to: 'received', warning: 'given_twice' },
    taken: { to: 'received', warning: 'taken_twice' },
    stopped: { to: 'received', warning: 'taken_twice' },
    opened: { to: 'opened' },
  },
  opened: {
    given: { to: 'opened', warning: 'already_opened' },
    taken: { to: 'opened', warning: 'taken_twice' },
    stopped: { to: 'opened', warning: 'taken_twice' },
    opened: { to: 'opened', warning: 'taken_twice' },
  },
};

/** Warnings of a hand-over that had happened already: it moves nothing. */
const REPEATS: ReadonlySet<HandoverWarning> = new Set(['given_twice', 'taken_twice', 'already_opened']);

/** A hand-over with what the ones before it make of it. */
export interface FoldedHandover {
  readonly mark: HandoverMark;
  readonly warnings: readonly HandoverWarning[];
  /** It moved the thing; else it repeats what had happened. */
  readonly moved: boolean;
  /** The thing had been taken at this place before, so that what is in it has arrived. */
  readonly arrivedBefore: boolean;
}

/** State after all hand-overs, in the order of their times. */
export function foldHandovers(
  { from, to }: Journey,
  marks: readonly HandoverMark[],
): { state: TransportState; steps: FoldedHandover[] } {
  let standing = 'sealed' as Standing;
  let at = from;
  const arrived: Place[] = [];
  const steps = inOrder(marks).map((mark): FoldedHandover => {
    const { place } = mark;
    const move = moveOf(mark, to);
    const turn: Turn = TURNS[standing][move];
    const moved = turn.warning === undefined || !REPEATS.has(turn.warning);
    const misplaced = move === 'given' ? moved && !isAt(at, place) : !isAt(to, place);
    const arrivedBefore = arrived.some((earlier) => earlier.unitId === place.unitId);
    if (moved && move !== 'given') {
      at = place;
      arrived.push(place);
    }
    standing = turn.to;
    const warnings: HandoverWarning[] = [...(turn.warning ? [turn.warning] : []), ...(misplaced ? ['wrong_place' as const] : [])];
    return { mark, warnings, moved, arrivedBefore };
  });
  return { state: standing === 'stopped' ? 'received' : standing, steps };
}

function moveOf({ side, opened, place }: HandoverMark, to: Place): Move {
  if (side === 'given') return 'given';
  if (opened) return 'opened';
  return isAt(to, place) ? 'taken' : 'stopped';
}

/** By time; of one instant the giving comes first. */
function inOrder(marks: readonly HandoverMark[]): HandoverMark[] {
  return [...marks].sort(
    (a, b) =>
      a.occurredAt - b.occurredAt ||
      Number(b.side === 'given') - Number(a.side === 'given') ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}
