import { Injectable } from '@nestjs/common';
import { Outbox, type OutgoingEvent, type Tx } from '#platform';

const WAYBILLS_PER_EVENT = 1000;

/** Tells that recipients may have to be told. */
@Injectable()
export class NoticeDue {
  constructor(private readonly outbox: Outbox) {}

  /** Publishes `logistics.notices.due` in the caller's transaction; nothing for no parcels. */
  async publish(tx: Tx, countyCode: string, waybills: readonly string[]): Promise<void> {
    const all = [...new Set(waybills)];
    const events: OutgoingEvent[] = [];
    for (let start = 0; start < all.length; start += WAYBILLS_PER_EVENT)
      events.push({
        countyCode,
        topic: 'logistics.notices.due',
        payload: { waybills: all.slice(start, start + WAYBILLS_PER_EVENT) },
      });
    await this.outbox.publish(tx, 'logistics', events);
  }

  /** The same for a parcel whose recipient became known, when it lies on a shelf. */
  async publishKnown(tx: Tx, countyCode: string, waybill: string): Promise<void> {
    const there = await tx.query<{ waybill: string }>(
      `select waybill from logistics.parcel where county_code = $1 and waybill = $2 and stage = 'at_station' and held_since is not null`,
      [countyCode, waybill],
    );
    await this.publish(
      tx,
      countyCode,
      there.map((parcel) => parcel.waybill),
    );
  }
}
