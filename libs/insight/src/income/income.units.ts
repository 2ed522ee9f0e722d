/** Units as the income API names them. */
import { firstDayOf, lastDayOf, type Period } from '#contracts';
import { assertScope, type Actor, type DirectorySnapshot, type UnitNode } from '#directory';
import { notFound } from '#platform';

/** A unit as answers show it. */
export interface UnitLabel {
  id: string;
  code: string;
  name: string;
  level: UnitNode['level'];
}

/** What a unit was called at the end of a month; one that ended is shown as it last was. */
export function labelOf(snapshot: DirectorySnapshot, unitId: string, period: Period): UnitLabel {
  const unit = snapshot.unit(unitId, lastDayOf(period)) ?? snapshot.unit(unitId, firstDayOf(period)) ?? snapshot.unit(unitId);
  return unit
    ? { id: unit.id, code: unit.code, name: unit.name, level: unit.level }
    : { id: unitId, code: '', name: '', level: 'village' };
}

/** The unit that bore a code in a month: at its end, else at its beginning, else the last to bear it. */
export function unitInMonth(snapshot: DirectorySnapshot, code: string, period: Period): UnitNode | undefined {
  return (
    snapshot.unitByCode(code, lastDayOf(period)) ?? snapshot.unitByCode(code, firstDayOf(period)) ?? snapshot.unitByCode(code)
  );
}

/**
 * As {@link unitInMonth}, for someone who must be allowed to see it.
 * @throws DomainError `not_found` 404, `forbidden` 403 when it is outside of the actor's unit
 */
export function unitOf(snapshot: DirectorySnapshot, actor: Pick<Actor, 'unitId'>, code: string, period: Period): UnitNode {
  const unit = unitInMonth(snapshot, code, period);
  if (!unit) throw notFound(code);
  assertScope(snapshot, actor, unit.id);
  return unit;
}
