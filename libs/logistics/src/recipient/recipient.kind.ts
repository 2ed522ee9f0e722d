import { Injectable } from '@nestjs/common';
import { recipientRecordSchema, type RecipientRecord } from '#contracts';
import { SecretBox, type Tx } from '#platform';
import { NoticeDue } from '../notice/notice.due.js';
import { assertInReach } from '../parcel/parcel.reach.js';
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

  /** @throws DomainError `parcel_out_of_scope` 403 for another station's parcel */
  async check({ waybill }: RecipientRecord, place: RecordPlace): Promise<void> {
    await assertInReach(this.parcels, waybill, place);
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
