import { Injectable } from '@nestjs/common';
import { DOMAIN_EVENTS, type DomainEventPayload, type DomainEventTopic, type ServiceName } from '#contracts';
import type { Tx } from '../database/database.js';
import { correlationId } from '../logging/context.js';
import { Notifier } from '../notify/notifier.js';
import { uuidv7 } from '../security/id.js';

/** Channel that wakes the relays. */
export const OUTBOX_CHANNEL = 'outbox';

/** A domain event to publish; its payload follows the catalogue's schema of its topic. */
export type OutgoingEvent = {
  [T in DomainEventTopic]: { countyCode: string; topic: T; payload: DomainEventPayload<T> };
}[DomainEventTopic];

/** Domain events leave with the transaction of their cause, or not at all. */
@Injectable()
export class Outbox {
  constructor(private readonly notifier: Notifier) {}

  /**
   * Writes events in the caller's transaction; the relay delivers them to their consumers after the commit.
   * @throws ZodError when a payload does not follow the catalogue
   */
  async publish(tx: Tx, service: ServiceName, events: readonly OutgoingEvent[]): Promise<void> {
    if (events.length === 0) return;
    const payloads = events.map((event) => JSON.stringify(DOMAIN_EVENTS[event.topic].parse(event.payload)));
    await tx.query(
      `insert into platform.outbox (id, county_code, service, topic, payload, correlation_id)
       select id::uuid, county, $1::text, topic, payload::jsonb, $2::text from unnest($3::text[], $4::text[], $5::text[], $6::text[]) as e (id, county, topic, payload)`,
      [
        service,
        correlationId(),
        events.map(() => uuidv7()),
        events.map((event) => event.countyCode),
        events.map((event) => event.topic),
        payloads,
      ],
    );
    await this.notifier.notify(tx, OUTBOX_CHANNEL, service);
  }
}
