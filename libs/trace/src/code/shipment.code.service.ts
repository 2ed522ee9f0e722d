import { Injectable } from '@nestjs/common';
import type { CodeChangeResult } from '#contracts';
import { actsForProducer, DirectoryReader } from '#directory';
import { Database, DomainError, notFound, type Principal, type Tx } from '#platform';
import { CodeRepository, type CodeRow } from './code.repository.js';
import { CodeResolver } from './code.resolver.js';

/** Codes and boxes that went into a shipment: what a recall and a consumer's page follow. */
@Injectable()
export class ShipmentCodeService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly codes: CodeRepository,
    private readonly resolver: CodeResolver,
  ) {}

  /**
   * Binds codes to a shipment; a box takes its units along. All or nothing; again does nothing more.
   * @throws DomainError `not_found` 404, `code_unknown` 404, and 409: `code_void`, `code_of_other_lot`, `code_in_other_shipment`, `code_boxed`
   */
  async bind(principal: Principal, shipmentId: string, texts: readonly string[]): Promise<CodeChangeResult> {
    await this.assertOpen(principal, shipmentId);
    // Whoever sells the parcel packs lots of other producers too: the shipment's allocations decide which.
    const { rows, textOf } = await this.resolver.resolveAll(null, texts);
    return this.database.transaction(async (tx) => {
      const named = await this.codes.lock(
        tx,
        rows.map(({ serial }) => serial),
      );
      const boxes = named.filter(({ level }) => level === 'box').map(({ serial }) => serial);
      const boxed = (await this.codes.lockContents(tx, boxes)).filter(({ state }) => state !== 'void');
      const all = [...new Map([...named, ...boxed].map((row) => [row.serial, row])).values()];
      const lots = await this.lotsOf(tx, shipmentId);
      const holding = new Set(boxed.map(({ boxSerial }) => boxSerial));
      for (const row of all) {
        const text = textOf.get(row.serial) ?? textOf.get(row.boxSerial ?? -1) ?? '';
        assertFits(row, { shipmentId, lots, boxes, empty: !holding.has(row.serial), text });
      }
      const fresh = all.filter((row) => row.shipmentId === null).map(({ serial }) => serial);
      await this.codes.ship(tx, fresh, shipmentId);
      return { changed: fresh.length, unchanged: all.length - fresh.length, unknown: [] };
    });
  }

  private async assertOpen(principal: Principal, shipmentId: string): Promise<void> {
    const [seller] = await this.database.query<{ id: string; villageId: string }>(
      `select p.id, p.village_id as "villageId" from upflow.shipment s
       join upflow.sale_order o on o.id = s.order_id join upflow.producer p on p.id = o.seller_id where s.id = $1::uuid`,
      [shipmentId],
    );
    if (!seller || !actsForProducer(await this.directory.snapshot(), principal, seller)) throw notFound(shipmentId);
  }

  private async lotsOf(tx: Tx, shipmentId: string): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ lotId: string }>(
      'select distinct lot_id as "lotId" from upflow.allocation where shipment_id = $1::uuid',
      [shipmentId],
    );
    return new Set(rows.map(({ lotId }) => lotId));
  }
}

/** @throws DomainError 409 when a code may not leave with the shipment */
function assertFits(
  row: CodeRow,
  at: { shipmentId: string; lots: ReadonlySet<string>; boxes: readonly number[]; empty: boolean; text: string },
): void {
  const refuse = (code: string): never => {
    throw new DomainError(code, 409, { code: at.text });
  };
  if (row.state === 'void') refuse('code_void');
  if (row.shipmentId !== null && row.shipmentId !== at.shipmentId) refuse('code_in_other_shipment');
  // A box may be ordered for one lot and hold units of several: what it holds decides, not what it was ordered for.
  if ((row.level !== 'box' || at.empty) && !at.lots.has(row.lotId)) refuse('code_of_other_lot');
  if (row.boxSerial !== null && !at.boxes.includes(row.boxSerial)) refuse('code_boxed');
}
