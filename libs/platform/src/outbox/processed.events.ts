import { Injectable } from '@nestjs/common';
import type { DeliveredEvent } from '#contracts';
import type { Tx } from '../database/database.js';

/** Makes an at-least-once delivery take effect once. */
@Injectable()
export class ProcessedEvents {
  /**
   * Of the delivered events, those that this consumer has not taken before; they are recorded in the caller's transaction, so that record and
   * effect stand or fall together.
   */
  async firstTime(tx: Tx, consumer: string, events: readonly DeliveredEvent[]): Promise<DeliveredEvent[]> {
    const rows = await tx.query<{ event_id: string }>(
      `insert into platform.processed_event (county_code, consumer, event_id, created_at)
       select county, $1::text, id::uuid, at::timestamptz from unnest($2::text[], $3::text[], $4::text[]) as e (county, id, at)
       on conflict do nothing returning event_id`,
      [
        consumer,
        events.map((event) => event.countyCode),
        events.map((event) => event.id),
        events.map((event) => event.createdAt),
      ],
    );
    const fresh = new Set(rows.map((row) => row.event_id));
    return events.filter((event) => fresh.has(event.id));
  }
}
