import type { Principal } from '#platform';
import type { DirectorySnapshot } from './directory.snapshot.js';
import { scopeAllows, type Actor } from './scope.js';

/** Who asks about produce: the parts of a principal that decide, or the system. */
export type ProduceActor = Actor & Partial<Pick<Principal, 'role' | 'producerIds'>>;

/** The producers to which somebody is limited; `null` for staff, who see every producer of their unit. */
export function producersOf(actor: ProduceActor): readonly string[] | null {
  return actor.role === 'producer' ? (actor.producerIds ?? []) : null;
}

/** Whether somebody may act for a producer: a user of the role `producer` for the own ones, wherever they are; staff within their unit. */
export function actsForProducer(
  snapshot: DirectorySnapshot,
  actor: ProduceActor,
  producer: { readonly id: string; readonly villageId: string },
): boolean {
  const own = producersOf(actor);
  return own === null ? scopeAllows(snapshot, actor, producer.villageId) : own.includes(producer.id);
}
