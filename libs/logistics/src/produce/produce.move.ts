import type { DomainEventPayload } from '#contracts';
import type { ParcelFold } from '../parcel/parcel.fold.js';

/** What logistics tells of a parcel that upflow packed. */
export type ProduceMove = DomainEventPayload<'logistics.produce.moved'>;

/** Since when the parcel is at its stage: the first event of the run that led there, in milliseconds. */
export function stageSince({ stage, timeline, lastEventAt }: Pick<ParcelFold, 'stage' | 'timeline' | 'lastEventAt'>): number {
  let since = lastEventAt;
  for (let index = timeline.length - 1; index >= 0; index -= 1) {
    const entry = timeline[index];
    if (entry?.stage !== stage) break;
    since = entry.event.occurredAt;
  }
  return since;
}

/**
 * The move of a packed parcel, with the steps among `fresh` ids; all of its steps without them. A scan that stands for nothing and a code
 * that nobody understands are no steps.
 */
export function produceMove(fold: ParcelFold, revision: number, fresh?: ReadonlySet<string>): ProduceMove {
  const steps = fold.timeline.filter(({ event, counts }) => counts && event.kind !== 'unknown' && (fresh?.has(event.id) ?? true));
  return {
    waybill: fold.waybill,
    revision,
    stage: fold.stage,
    stageAt: new Date(stageSince(fold)).toISOString(),
    steps: steps.map(({ event, stage }) => ({
      eventId: event.id,
      // Carriers report the sender's signature of a return as an ordinary delivery: nothing was sold by it.
      kind: event.kind === 'delivered' && stage === 'returned' ? 'returned' : event.kind,
      occurredAt: new Date(event.occurredAt).toISOString(),
      unitId: event.unitId,
      stationId: event.stationId,
    })),
  };
}
