import { Injectable } from '@nestjs/common';
import { dayOf, recipientRecordSchema, type RecipientRecord } from '#contracts';
import { DomainError, SecretBox, type Tx } from '#platform';
import { NoticeDue } from '../notice/notice.due.js';
import { maySeeParcel } from '../parcel/parcel.scope.js';
import { ParcelService } from '../parcel/parcel.service.js';
import type { RecordKind, RecordPlace } from '../record/record.kind.js';
import { storeRecipients } from './recipient.repository.js';

/** How it is taken in for whom a parcel is: the latest of each field holds, every consent is kept (docs/domain/shelf.md, "Recipients"). */
@Injectable()
export class RecipientKind implements RecordKind<RecipientRecord> {
  readonly path = 'recipients';
  readonly schema = recipientRecordSchema;

  constructor(
    private readonly parcels: ParcelService,
    private readonly secrets: SecretBox,
    private readonly notices: NoticeDue,
  ) {}

  /**
   * A parcel that nobody has seen yet is anybody's: the label is in the keeper's hand.
   * @throws DomainError `parcel_out_of_scope` 403 for another station's parcel
   */
  async check({ waybill }: RecipientRecord, { countyCode, facts, principal, station, occurredAt }: RecordPlace): Promise<void> {
    const parcel = await this.parcels.foldOf(countyCode, waybill, facts);
    if (!parcel || maySeeParcel(facts, principal, parcel)) return;
    if (station && parcel.addressedId !== null && facts.isFor(parcel.addressedId, station.id, dayOf(occurredAt))) return;
    throw new DomainError('parcel_out_of_scope', 403, { waybill });
  }

  async write(tx: Tx, record: RecipientRecord, place: RecordPlace): Promise<readonly string[]> {
    const { waybill, name, phone, consent, consentWay } = record;
    const { countyCode, occurredAt, receivedAt } = place;
    await storeRecipients(tx, this.secrets, countyCode, [{ waybill, at: occurredAt, name, phone, consent }], receivedAt);
    if (phone !== undefined) await this.notices.publishKnown(tx, countyCode, waybill);
    if (consent !== undefined)
      await tx.query(
        `insert into logistics.consent (county_code, id, occurred_at, waybill, consent, way, station_id, actor_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [countyCode, record.id, occurredAt, waybill, consent, consentWay, place.station?.id ?? null, place.principal.id],
      );
    return [];
  }
}
