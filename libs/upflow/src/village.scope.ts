import { dayOf } from '#contracts';
import { assertScope, type Actor, type DirectorySnapshot, type UnitNode } from '#directory';
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
