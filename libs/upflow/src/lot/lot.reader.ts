import { Injectable } from '@nestjs/common';
import type { LotListItem, LotView } from '#contracts';
import { actsForProducer, producersOf, scopeAllows, type DirectorySnapshot, type ProduceActor } from '#directory';
import { notFound, type Tx } from '#platform';
import { villageRef } from '../village.scope.js';
import { LotRecordRepository } from './lot.record.repository.js';
import { LotRepository, type LotRow } from './lot.repository.js';

/** Lots as somebody may see them. */
@Injectable()
export class LotReader {
  constructor(
    private readonly lots: LotRepository,
    private readonly records: LotRecordRepository,
  ) {}

  /** A lot that the actor may see, and so add records of it. @throws DomainError `not_found` 404 */
  async find(tx: Tx, snapshot: DirectorySnapshot, actor: ProduceActor, id: string): Promise<LotRow> {
    const row = await this.lots.find(tx, id);
    if (!row || !seesLot(snapshot, actor, row)) throw notFound(id);
    return row;
  }

  /** A lot with all that is recorded of it, as it stands in the transaction. @throws DomainError `not_found` 404 */
  async view(tx: Tx, snapshot: DirectorySnapshot, id: string): Promise<LotView> {
    const row = await this.lots.find(tx, id);
    if (!row) throw notFound(id);
    const { plotName, latitude, longitude, areaMu } = row;
    return {
      ...listItem(snapshot, row),
      plot:
        plotName === null
          ? null
          : {
              name: plotName,
              ...(latitude === null ? {} : { latitude }),
              ...(longitude === null ? {} : { longitude }),
              ...(areaMu === null ? {} : { areaMu }),
            },
      note: row.note,
      inputs: await this.records.inputsOf(tx, id),
      tests: await this.records.testsOf(tx, id),
      madeOf: await this.records.relativesOf(tx, id, 'madeOf'),
      wentInto: await this.records.relativesOf(tx, id, 'wentInto'),
    };
  }
}

/** Whether somebody may take goods of a lot away: whoever acts for its producer. */
export function actsForLot(
  snapshot: DirectorySnapshot,
  actor: ProduceActor,
  { producerId: id, producerVillageId: villageId }: Pick<LotRow, 'producerId' | 'producerVillageId'>,
): boolean {
  return actsForProducer(snapshot, actor, { id, villageId });
}

/**
 * Whether somebody may see a lot and add records of it: a user of the role `producer` the own ones; staff those that come from their unit, and those of its
 * producers.
 */
export function seesLot(
  snapshot: DirectorySnapshot,
  actor: ProduceActor,
  lot: Pick<LotRow, 'producerId' | 'producerVillageId' | 'villageId'>,
): boolean {
  const own = producersOf(actor);
  if (own !== null) return own.includes(lot.producerId);
  return scopeAllows(snapshot, actor, lot.producerVillageId) || scopeAllows(snapshot, actor, lot.villageId);
}

/** A lot as a row of a list. */
export function listItem(snapshot: DirectorySnapshot, row: LotRow): LotListItem {
  const { id, lotNo, origin, harvestedOn, quantityG, stockG, flags, revision } = row;
  return {
    id,
    lotNo,
    origin,
    product: {
      id: row.productId,
      name: row.productName,
      categoryCode: row.categoryCode,
      gtin: row.gtin,
      ownCode: row.ownCode,
    },
    producer: { id: row.producerId, name: row.producerName, kind: row.producerKind },
    village: villageRef(snapshot, row.villageId),
    harvestedOn,
    quantityG,
    stockG,
    flags,
    revision,
    createdAt: row.createdAt.toISOString(),
  };
}
