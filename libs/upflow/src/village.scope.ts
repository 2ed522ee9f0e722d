import { dayOf } from '#contracts';
import { assertScope, producersOf, type Actor, type DirectorySnapshot, type ProduceActor, type UnitNode } from '#directory';
import { notFound } from '#platform';

/** The unit below which a list is asked for: by its code, else the actor's own. @throws DomainError `not_found` 404, `forbidden` 403 */
export function listedUnit(snapshot: DirectorySnapshot, actor: Actor, code: string | undefined): string | null {
  if (code === undefined) return actor.unitId;
  const unit = snapshot.unitByCode(code);
  if (!unit) throw notFound(code);
  assertScope(snapshot, actor, unit.id);
  return unit.id;
}

/** Ids of the villages below a unit today, and of those that ended below it: their producers are still theirs. `null` is everywhere. */
export function villagesWithin(snapshot: DirectorySnapshot, unitId: string | null, now: Date): string[] | null {
  if (unitId === null) return null;
  const today = snapshot.descendants(unitId, 'village', dayOf(now)).map(({ id }) => id);
  const ended = snapshot
    .lineage()
    .flatMap(({ predecessorId }) => (snapshot.isWithin(predecessorId, unitId) ? [predecessorId] : []));
  return [...new Set([...today, ...ended])];
}

/** A village as answers show it. */
export function villageRef(snapshot: DirectorySnapshot, villageId: string): Pick<UnitNode, 'id' | 'code' | 'name'> {
  const village = snapshot.unit(villageId);
  return { id: villageId, code: village?.code ?? '', name: village?.name ?? '' };
}

/** Whose things a list shows: producers of some villages, or some producers; `null` is no limit. */
export interface ListedProducers {
  villageIds: readonly string[] | null;
  producerIds: readonly string[] | null;
}

/**
 * What a list is limited to. Staff see the producers of a unit of theirs; a user of the role `producer` sees the own ones wherever they are, or those of
 * them that are in the unit asked for.
 * @throws DomainError `not_found` 404, `forbidden` 403
 */
export function listedProducers(
  snapshot: DirectorySnapshot,
  actor: ProduceActor,
  code: string | undefined,
  now: Date,
): ListedProducers {
  const producerIds = producersOf(actor);
  const unitId = listedUnit(snapshot, producerIds === null ? actor : { id: actor.id, unitId: null }, code);
  return { villageIds: villagesWithin(snapshot, unitId, now), producerIds };
}
