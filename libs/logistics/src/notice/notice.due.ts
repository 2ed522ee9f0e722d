import { Injectable } from '@nestjs/common';
import { Outbox, type OutgoingEvent, type Tx } from '#platform';
import { textArray } from '../ledger/array.literal.js';
import type { ParcelRow } from '../ledger/parcel.row.js';
import type { LedgerEvent } from '../parcel/parcel.event.js';

const WAYBILLS_PER_EVENT = 1000;

/** Tells that recipients may have to be told. A write without a parcel that was put on a shelf costs a look at its events. */
@Injectable()
export class NoticeDue {
  constructor(private readonly outbox: Outbox) {}

  /** Publishes `logistics.notices.due` in the caller's transaction. */
  async publish(tx: Tx, countyCode: string, waybills: readonly string[]): Promise<void> {
    const events: OutgoingEvent[] = [];
    for (let start = 0; start < waybills.length; start += WAYBILLS_PER_EVENT)
      events.push({
        countyCode,
        topic: 'logistics.notices.due',
        payload: { waybills: waybills.slice(start, start + WAYBILLS_PER_EVENT) },
      });
    await this.outbox.publish(tx, 'logistics', events);
  }

  /** The same for those among the parcels of a write that it put on a shelf and whose recipient is known. */
  async publishShelved(
    tx: Tx,
    countyCode: string,
    parcels: readonly Pick<ParcelRow, 'waybill' | 'heldSince'>[],
    events: readonly LedgerEvent[],
  ): Promise<void> {
    const shelved = new Set<string>();
    for (const event of events) if (event.kind === 'shelved') shelved.add(event.waybill);
    if (shelved.size === 0) return;
    const there = parcels.filter(({ waybill, heldSince }) => heldSince !== null && shelved.has(waybill));
    if (there.length === 0) return;
    const known = await tx.query<{ waybill: string }>(
      `select w.waybill from unnest($2::text[]) as w (waybill) where exists (
         select 1 from logistics.recipient r where r.county_code = $1 and r.waybill = w.waybill and r.phone is not null offset 0)`,
      [countyCode, textArray(there.map(({ waybill }) => waybill))],
    );
    await this.publish(
      tx,
      countyCode,
      known.map(({ waybill }) => waybill),
    );
  }
}
