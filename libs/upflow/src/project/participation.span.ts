/** When a producer takes part in a branch project: half-open spans of days (docs/domain/produce.md). */
import type { Day } from '#contracts';

export interface Participation {
  joinedOn: Day;
  /** The first day on which it no longer takes part. */
  leftOn: Day | null;
}

/** What a told participation is to those that stand. */
export type ParticipationChange = 'same' | 'new' | 'ended' | 'taken' | 'overlaps';

/** `same` and `taken` have the day of joining in common with one that stands; `ended` ends one that was open. */
export function participationChange(standing: readonly Participation[], told: Participation): ParticipationChange {
  const sameDay = standing.find(({ joinedOn }) => joinedOn === told.joinedOn);
  if (sameDay) {
    if (sameDay.leftOn === told.leftOn) return 'same';
    return sameDay.leftOn === null ? 'ended' : 'taken';
  }
  return standing.some((other) => overlap(other, told)) ? 'overlaps' : 'new';
}

function overlap(left: Participation, right: Participation): boolean {
  return (right.leftOn === null || left.joinedOn < right.leftOn) && (left.leftOn === null || right.joinedOn < left.leftOn);
}
