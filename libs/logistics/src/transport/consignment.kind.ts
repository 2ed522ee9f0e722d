import { Injectable } from '@nestjs/common';
import { consignmentRecordSchema, dayOf, isResidentId, type ConsignmentRecord } from '#contracts';
import { Database, DomainError, invalid, SecretBox, type Tx } from '#platform';
import type { RecordKind, RecordPlace } from '../record/record.kind.js';
import { producedBy } from './consignment.produce.js';
import { printable } from './transport.text.js';

/** Takes in what a villager sends (揽收): nothing without real name, inspection and security check. */
@Injectable()
export class ConsignmentKind implements RecordKind<ConsignmentRecord> {
  readonly path = 'consignments';
  readonly schema = consignmentRecordSchema;

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
  ) {}

  async check(record: ConsignmentRecord, place: RecordPlace): Promise<void> {
    const { identityKind, identityNumber } = record.sender;
    if (identityKind === 'resident_id' && !isResidentId(identityNumber, dayOf(place.occurredAt)))
      throw invalid([
        { path: 'sender.identityNumber', code: 'identity_number_invalid', message: 'Check character or birth date is wrong' },
      ]);
    if (!place.facts.snapshot.carrier(record.carrierCode))
      throw new DomainError('unknown_carrier', 400, { carrier: record.carrierCode });
    const [known] = await this.database.query('select 1 from logistics.consignment where county_code = $1 and waybill = $2', [
      place.countyCode,
      record.waybill,
    ]);
    if (known) throw alreadyConsigned(record);
  }

  /** The acceptance has the record's own id. */
  async scans(record: ConsignmentRecord, place: RecordPlace): Promise<readonly unknown[]> {
    const { id, waybill, carrierCode, occurredAt } = record;
    const produced = await producedBy(this.database, record, place);
    const stationCode = place.station?.code;
    return [{ id, waybill, kind: 'accepted', stationCode, carrierCode, occurredAt, produce: produced?.produce }];
  }

  async write(tx: Tx, record: ConsignmentRecord, place: RecordPlace): Promise<readonly string[]> {
    const produced = await producedBy(tx, record, place);
    const { province, city } = record.receiver.address;
    const [written] = await tx.query(
      `insert into logistics.consignment (county_code, waybill, id, occurred_at, station_id, unit_id, carrier_code, sender, receiver,
         destination, contents, security_check, weight_g, freight_fen, category_code, lot_id, actor_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) on conflict do nothing returning 1`,
      [
        place.countyCode,
        record.waybill,
        record.id,
        place.occurredAt,
        place.station?.id ?? null,
        place.unitId,
        record.carrierCode,
        this.secrets.encrypt(JSON.stringify(record.sender)),
        this.secrets.encrypt(JSON.stringify(record.receiver)),
        `${printable(province)} ${printable(city)}`,
        printable(record.contents),
        record.securityCheck,
        record.weightG,
        record.freightFen,
        produced?.produce.categoryCode ?? null,
        produced?.lotId ?? null,
        place.principal.id,
      ],
    );
    if (!written) throw alreadyConsigned(record);
    return [];
  }
}

const alreadyConsigned = ({ waybill }: ConsignmentRecord): DomainError => new DomainError('consignment_exists', 409, { waybill });
