import { Injectable } from '@nestjs/common';
import { PROOF_MAX_BYTES, proofRecordSchema, type ProofRecord } from '#contracts';
import { invalid, SecretBox, type Tx } from '#platform';
import { redactText } from '../carrier/trace.text.js';
import { assertInReach } from '../parcel/parcel.reach.js';
import { ParcelService } from '../parcel/parcel.service.js';
import type { RecordKind, RecordPlace } from '../record/record.kind.js';
import { pictureType } from './picture.kind.js';

/** How proofs are taken in: the picture and the proxy's name are sealed before they are stored, phone numbers in the note blotted out. */
@Injectable()
export class ProofKind implements RecordKind<ProofRecord> {
  readonly path = 'proofs';
  readonly schema = proofRecordSchema;

  constructor(
    private readonly secrets: SecretBox,
    private readonly parcels: ParcelService,
  ) {}

  /** @throws DomainError `invalid_input` 400 for a picture that is too large or not what it says, `parcel_out_of_scope` 403 for a parcel of others */
  async check({ picture, waybills }: ProofRecord, place: RecordPlace): Promise<void> {
    if (picture) {
      const content = Buffer.from(picture.base64, 'base64');
      const refuse = (path: string, code: string) => invalid([{ path: `picture.${path}`, code, message: code }]);
      if (content.length > PROOF_MAX_BYTES) throw refuse('base64', 'picture_too_large');
      if (pictureType(content) !== picture.type) throw refuse('type', 'picture_type_differs');
    }
    for (const waybill of new Set(waybills)) await assertInReach(this.parcels, waybill, place);
  }

  async write(tx: Tx, proof: ProofRecord, place: RecordPlace): Promise<readonly string[]> {
    const { picture, proxyName } = proof;
    await tx.query(
      `insert into logistics.proof (county_code, id, occurred_at, kind, waybills, proxy_name, picture, picture_type, note, station_id, unit_id, actor_id)
       values ($1, $2, $3, $4, $5::text[], $6, $7, $8, $9, $10, $11, $12)`,
      [
        place.countyCode,
        proof.id,
        place.occurredAt,
        proof.kind,
        [...new Set(proof.waybills)],
        proxyName === undefined ? null : Buffer.from(this.secrets.encrypt(proxyName)),
        picture ? Buffer.from(this.secrets.encrypt(picture.base64)) : null,
        picture?.type ?? null,
        proof.note === undefined ? null : redactText(proof.note.replaceAll('\0', '')),
        place.station?.id ?? null,
        place.unitId,
        place.principal.id,
      ],
    );
    return [];
  }
}
