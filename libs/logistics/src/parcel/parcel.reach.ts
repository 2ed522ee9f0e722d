import { dayOf } from '#contracts';
import { DomainError } from '#platform';
import type { RecordPlace } from '../record/record.kind.js';
import { maySeeParcel } from './parcel.scope.js';
import type { ParcelService } from './parcel.service.js';

/**
 * Lets a record speak of a parcel that the caller may see, that is addressed to the record's station, or that nobody has scanned and that is addressed to
 * no village: such a parcel is anybody's, since its label is in the keeper's hand.
 * @throws DomainError `parcel_out_of_scope` 403 for a parcel of others
 */
export async function assertInReach(parcels: ParcelService, waybill: string, place: RecordPlace): Promise<void> {
  const { countyCode, facts, principal, station, occurredAt } = place;
  const parcel = await parcels.foldOf(countyCode, waybill, facts);
  if (!parcel || maySeeParcel(facts, principal, parcel)) return;
  const { addressedId, timeline } = parcel;
  if (addressedId === null && !timeline.some(({ own }) => own)) return;
  if (station && addressedId !== null && facts.isFor(addressedId, station.id, dayOf(occurredAt))) return;
  throw new DomainError('parcel_out_of_scope', 403, { waybill });
}
