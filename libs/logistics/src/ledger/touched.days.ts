import { Injectable } from '@nestjs/common';
import { Outbox, type OutgoingEvent, type Tx } from '#platform';
import type { ParcelDayRow } from '../parcel/parcel.contributions.js';

const KEYS_PER_EVENT = 5000;

/** Tells whoever keeps facts which (unit, day) keys may have changed. */
@Injectable()
export class TouchedDays {
  constructor(private readonly outbox: Outbox) {}

  /**
   * Publishes `logistics.days.touched` in the caller's transaction; nothing when nothing is touched.
   * @param openDays keys as `unit day`
   */
  async publish(
    tx: Tx,
    countyCode: string,
    rows: readonly Pick<ParcelDayRow, 'unitId' | 'day'>[],
    openDays: readonly string[] = [],
  ): Promise<void> {
    const keys = new Set(openDays);
    for (const row of rows) keys.add(`${row.unitId} ${row.day}`);
    const list = [...keys].map((key) => key.split(' ') as [string, string]);
    const events: OutgoingEvent[] = [];
    for (let start = 0; start < list.length; start += KEYS_PER_EVENT)
      events.push({ countyCode, topic: 'logistics.days.touched', payload: { keys: list.slice(start, start + KEYS_PER_EVENT) } });
    await this.outbox.publish(tx, 'logistics', events);
  }
}
