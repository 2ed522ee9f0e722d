import { forbidden } from '#platform';
import type { DirectorySnapshot } from './directory.snapshot.js';

/** Whoever acts: a principal, or the system itself (`SYSTEM_ACTOR`) when it seeds. */
export interface Actor {
  /** Recorded as the author of what is done; `null` for the system. */
  readonly id: string | null;
  /** The actor may do things within this unit; `null` is everywhere. */
  readonly unitId: string | null;
}

/** The system itself: seeds and first starts. Never the actor of a request. */
export const SYSTEM_ACTOR: Actor = { id: null, unitId: null };

/**
 * Whether a unit lies within the actor's, as things stand now. A unit that no longer exists also lies where its successor does, so that a
 * merged village's past is open to whoever looks after the village that it became.
 */
export function scopeAllows(snapshot: DirectorySnapshot, actor: Pick<Actor, 'unitId'>, unitId: string): boolean {
  if (actor.unitId === null || snapshot.isWithin(unitId, actor.unitId)) return true;
  const successor = snapshot.successorOn(unitId);
  return successor !== undefined && successor.id !== unitId && snapshot.isWithin(successor.id, actor.unitId);
}

/** @throws DomainError `forbidden` 403 when the unit lies outside of the actor's */
export function assertScope(snapshot: DirectorySnapshot, actor: Pick<Actor, 'unitId'>, unitId: string): void {
  if (!scopeAllows(snapshot, actor, unitId)) throw forbidden();
}
