import { Injectable } from '@nestjs/common';
import { DirectoryReader, producersOf, type DirectorySnapshot, type ProduceActor } from '#directory';
import { dayOf } from '#contracts';
import { Clock } from '#platform';

/** Which events somebody may read; `null` does not limit. */
export interface EventView {
  /** Counties whose log is open. */
  readonly counties: readonly string[] | null;
  /** Only events of lots of these villages: staff of a town or a village. */
  readonly villages: readonly string[] | null;
  /** Only events of lots of these producers. */
  readonly producers: readonly string[] | null;
}

/** Whose events a principal reads: staff those of their unit, producers those of their own lots. */
@Injectable()
export class EpcisView {
  constructor(
    private readonly directory: DirectoryReader,
    private readonly clock: Clock,
  ) {}

  /** What an actor may read. */
  async of(actor: ProduceActor & { countyCode: string }): Promise<EventView> {
    const producers = producersOf(actor);
    if (producers !== null) return { counties: null, villages: null, producers };
    const { unitId } = actor;
    if (unitId === null) return { counties: null, villages: null, producers: null };
    const snapshot = await this.directory.snapshot();
    const level = snapshot.unit(unitId)?.level;
    const below = level === 'town' || level === 'village';
    return {
      counties: this.countiesOf(snapshot, actor, unitId),
      villages: below ? villagesOf(snapshot, unitId) : null,
      producers: null,
    };
  }

  private countiesOf(snapshot: DirectorySnapshot, actor: { countyCode: string }, unitId: string): string[] {
    if (actor.countyCode !== '') return [actor.countyCode];
    return snapshot.descendants(unitId, 'county', dayOf(this.clock.now())).map(({ id }) => snapshot.countyCodeOf(id));
  }
}

/** Villages within a unit, and those that ended in one of them. */
function villagesOf(snapshot: DirectorySnapshot, unitId: string): string[] {
  const within = snapshot.idsWithin(unitId);
  const ended = snapshot
    .lineage()
    .flatMap(({ predecessorId, successorId }) => (within.includes(successorId) ? [predecessorId] : []));
  return [...new Set([...within, ...ended])];
}
