import type { EventSource } from '#contracts';
import type { LedgerEvent } from '../parcel/parcel.event.js';

/** A row of the ledger as it is written: the event and what only the record needs. Instants are milliseconds. */
export interface StoredEvent extends LedgerEvent {
  readonly receivedAt: number;
  readonly location: { readonly latitude: number; readonly longitude: number; readonly accuracyM?: number | undefined } | null;
  readonly deviceId: string | null;
  readonly actorId: string | null;
}

/** What became of an event that was to be written. */
export type WriteOutcome = 'written' | 'duplicate' | 'id_reused';

const isClaim = (source: EventSource): boolean =>
  source === 'kuaidi100' || source === 'kdniao' || source === 'csv' || source === 'upflow';

/**
 * Whether a row that has the id already is a repeat. The id of a claim is made from what makes the event, so it always is; a client's id
 * with another content is a mistake that must not be answered as if it had been stored.
 */
export function isRepeat(stored: LedgerEvent, sent: LedgerEvent): boolean {
  if (isClaim(sent.source)) return isClaim(stored.source);
  return (
    stored.claimedAt === sent.claimedAt &&
    stored.waybill === sent.waybill &&
    stored.kind === sent.kind &&
    stored.stationId === sent.stationId &&
    stored.unitId === sent.unitId &&
    stored.carrierCode === sent.carrierCode &&
    stored.addressVillageId === sent.addressVillageId &&
    stored.exception === sent.exception &&
    stored.proof === sent.proof &&
    stored.shelfCode === sent.shelfCode &&
    stored.undoes === sent.undoes &&
    (stored.produce?.categoryCode ?? null) === (sent.produce?.categoryCode ?? null) &&
    (stored.produce?.originVillageId ?? null) === (sent.produce?.originVillageId ?? null) &&
    (stored.produce?.weightG ?? null) === (sent.produce?.weightG ?? null)
  );
}
