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

/** Whether a unit lies within the actor's, as things stand now (a unit that no longer exists: as it last stood). */
export function scopeAllows(snapshot: DirectorySnapshot, actor: Pick<Actor, 'unitId'>, unitId: string): boolean {
  return actor.unitId === null || snapshot.isWithin(unitId, actor.unitId);
}

/** @throws DomainError `forbidden` 403 when the unit lies outside of the actor's */
export function assertScope(snapshot: DirectorySnapshot, actor: Pick<Actor, 'unitId'>, unitId: string): void {
  if (!scopeAllows(snapshot, actor, unitId)) throw forbidden();
}
