import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { CarrierCode, CarrierView } from '#contracts';
import { Audit, DomainError, type Tx } from '#platform';
import { DirectoryWriter } from '../change/directory.writer.js';
import type { Actor } from '../model/scope.js';
import { DirectoryReader } from '../reader/directory.reader.js';

/** Carriers that every directory knows from the start (docs/domain/directory.md, carriers). */
export const WELL_KNOWN_CARRIERS: Readonly<Record<CarrierCode, { nameZh: string; nameEn: string }>> = {
  POSTAL: { nameZh: '中国邮政', nameEn: 'China Post' },
  EMS: { nameZh: '邮政 EMS', nameEn: 'EMS' },
  STO: { nameZh: '申通快递', nameEn: 'STO Express' },
  YTO: { nameZh: '圆通速递', nameEn: 'YTO Express' },
  ZTO: { nameZh: '中通快递', nameEn: 'ZTO Express' },
  BEST: { nameZh: '百世快递', nameEn: 'BEST Express' },
  YUNDA: { nameZh: '韵达快递', nameEn: 'Yunda Express' },
  SF: { nameZh: '顺丰速运', nameEn: 'SF Express' },
  JD: { nameZh: '京东物流', nameEn: 'JD Logistics' },
  JT: { nameZh: '极兔速递', nameEn: 'J&T Express' },
  DEPPON: { nameZh: '德邦快递', nameEn: 'Deppon Express' },
};

/** Carriers are common to all counties; a county may add its own, and nobody renames another's. */
@Injectable()
export class CarrierService implements OnApplicationBootstrap {
  constructor(
    private readonly writer: DirectoryWriter,
    private readonly reader: DirectoryReader,
    private readonly audit: Audit,
  ) {}

  /** Sees to it that the well-known carriers are there. */
  async onApplicationBootstrap(): Promise<void> {
    const known = await this.reader.snapshot();
    const all = Object.entries(WELL_KNOWN_CARRIERS).map(([code, names]) => ({ code, ...names }));
    if (all.every(({ code }) => known.carrier(code))) return;
    await this.writer.change(async ({ tx, snapshot, touched }) => {
      await insertCarriers(
        tx,
        all.filter(({ code }) => !snapshot.carrier(code)),
      );
      touched.mark();
    });
  }

  /**
   * Adds a carrier.
   * @throws DomainError `carrier_taken` 409 when the code has other names
   */
  async create(actor: Actor, carrier: CarrierView): Promise<CarrierView> {
    await this.writer.change(async ({ tx, snapshot, touched }) => {
      const known = snapshot.carrier(carrier.code);
      if (known && (known.nameZh !== carrier.nameZh || known.nameEn !== carrier.nameEn))
        throw new DomainError('carrier_taken', 409, { code: carrier.code });
      if (known) return;
      await insertCarriers(tx, [carrier]);
      touched.mark();
      const countyCode = actor.unitId === null ? '' : snapshot.countyCodeOf(actor.unitId);
      await this.audit.record(tx, {
        countyCode,
        actorId: actor.id,
        action: 'carrier.created',
        subject: `carrier:${carrier.code}`,
      });
    });
    return carrier;
  }
}

async function insertCarriers(tx: Tx, carriers: readonly CarrierView[]): Promise<void> {
  await tx.query(
    'insert into directory.carrier (code, name_zh, name_en) select * from unnest($1::text[], $2::text[], $3::text[])',
    [carriers.map((row) => row.code), carriers.map((row) => row.nameZh), carriers.map((row) => row.nameEn)],
  );
}
