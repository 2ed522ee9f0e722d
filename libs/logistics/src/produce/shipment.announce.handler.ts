import { Injectable } from '@nestjs/common';
import { DOMAIN_EVENTS, type DeliveredEvent, type JobPayload } from '#contracts';
import { DirectoryReader } from '#directory';
import { Clock, JobHandler, type Handler } from '#platform';
import { claimEvent, eventIdentity } from '../carrier/provider.trace.js';
import { storedClaim } from '../carrier/stored.claim.js';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { LedgerWriter } from '../ledger/ledger.writer.js';
import type { LedgerEvent } from '../parcel/parcel.event.js';

/**
 * Expects the waybills that upflow packed: each enters the ledger as announced, with what it holds and the village that it is from. The id
 * comes from the shipment, so a repeated delivery of the domain event is a repeated ledger event and changes nothing.
 */
@Injectable()
@JobHandler('logistics.shipment.announce')
export class ShipmentAnnounceHandler implements Handler<'logistics.shipment.announce'> {
  constructor(
    private readonly directory: DirectoryReader,
    private readonly writer: LedgerWriter,
    private readonly clock: Clock,
  ) {}

  async handle({ events }: JobPayload<'logistics.shipment.announce'>): Promise<void> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const receivedAt = this.clock.now().getTime();
    for (const countyCode of new Set(events.map((event) => event.countyCode))) {
      const packings = events.filter((event) => event.countyCode === countyCode).map(packingOf);
      await this.writer.write(
        countyCode,
        packings.map((packing) => storedClaim(packing, receivedAt, null)),
        facts,
      );
    }
  }
}

/** A packed shipment as the ledger keeps it. */
function packingOf({ payload }: DeliveredEvent): LedgerEvent {
  const packed = DOMAIN_EVENTS['upflow.shipment.packed'].parse(payload);
  const { shipmentId, waybill, carrierCode, villageId, categoryCode, weightG, packedAt } = packed;
  return claimEvent({
    id: eventIdentity('upflow', shipmentId),
    claimedAt: Date.parse(packedAt),
    waybill,
    kind: 'announced',
    source: 'upflow',
    carrierCode,
    produce: { categoryCode, weightG, originVillageId: villageId },
  });
}
