import { Injectable } from '@nestjs/common';
import { CLOCK_AHEAD_MS, dayOf, type LotTransform, type LotTransformView } from '#contracts';
import { actsForProducer, DirectoryReader, type DirectorySnapshot, type ProduceActor } from '#directory';
import { Audit, Clock, Database, DomainError, invalid, notFound, Outbox, type Tx } from '#platform';
import { ProductRepository, type ProductRow } from '../product/product.repository.js';
import { failedLots } from './failed.lots.js';
import { nextLotNo } from './lot.number.js';
import { actsForLot, listItem } from './lot.reader.js';
import { LotRecordRepository } from './lot.record.repository.js';
import { LotRepository, type LotRow, type NewLot } from './lot.repository.js';
import { LotStock } from './lot.stock.js';
import { stepId } from './step.id.js';
import { planTransform, type TransformPlan } from './transform.plan.js';

type Writer = ProduceActor & { id: string };
/** A transformation with what is known of its lots and products. */
interface Work {
  actor: Writer;
  input: LotTransform;
  at: Date;
  sources: Map<string, LotRow>;
  products: Map<string, ProductRow>;
}

/** Splitting, mixing and repacking of lots. */
@Injectable()
export class LotTransformService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly products: ProductRepository,
    private readonly lots: LotRepository,
    private readonly records: LotRecordRepository,
    private readonly stock: LotStock,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes lots out of lots, all or none. The actor acts for the producers of all of them. The same transformation sent again is answered as it stands.
   * @throws DomainError `invalid_input` 400 for lots and products that the actor may not use; 422 for what `planTransform` refuses,
   *   `transform_in_future` and `transform_before_harvest`; 409 `transform_id_taken`, `lot_id_taken`, `lot_no_taken`
   */
  async transform(actor: Writer, input: LotTransform): Promise<LotTransformView> {
    const now = this.clock.now();
    const at = input.at === undefined ? now : new Date(input.at);
    if (at.getTime() > now.getTime() + CLOCK_AHEAD_MS) throw new DomainError('transform_in_future', 422);
    const snapshot = await this.directory.snapshot();
    return this.database.transaction(async (tx) => {
      const sources = await this.sourcesOf(tx, snapshot, actor, input);
      const countyCode = [...sources.values()][0]?.countyCode ?? '';
      const begun = await this.records.begin(tx, input, { countyCode, at, createdBy: actor.id, createdAt: now });
      if (begun === 'taken') throw new DomainError('transform_id_taken', 409);
      if (begun === 'new') {
        const products = await this.productsOf(tx, snapshot, actor, input);
        await this.carryOut(tx, countyCode, { actor, input, at, sources, products });
      }
      return this.view(tx, snapshot, input);
    });
  }

  /** The lots that go in. All are of one county. @throws DomainError `invalid_input` 400 */
  private async sourcesOf(
    tx: Tx,
    snapshot: DirectorySnapshot,
    actor: Writer,
    { inputs }: LotTransform,
  ): Promise<Map<string, LotRow>> {
    const rows = await this.lots.findMany(
      tx,
      inputs.map(({ lotId }) => lotId),
    );
    const county = rows.get(inputs[0]?.lotId ?? '')?.countyCode;
    const unknown = inputs.flatMap(({ lotId }, index) => {
      const row = rows.get(lotId);
      const known = row?.countyCode === county && row && actsForLot(snapshot, actor, row);
      return known ? [] : [{ path: `inputs.${index}.lotId`, code: 'lot_unknown', message: lotId }];
    });
    if (unknown.length > 0) throw invalid(unknown);
    return rows;
  }

  private async productsOf(
    tx: Tx,
    snapshot: DirectorySnapshot,
    actor: Writer,
    { outputs }: LotTransform,
  ): Promise<Map<string, ProductRow>> {
    const rows = await this.products.lock(
      tx,
      outputs.map(({ productId }) => productId),
    );
    const unknown = outputs.flatMap(({ productId }, index) => {
      const row = rows.get(productId);
      const known = row && actsForProducer(snapshot, actor, { id: row.producerId, villageId: row.villageId });
      return known ? [] : [{ path: `outputs.${index}.productId`, code: 'product_unknown', message: productId }];
    });
    if (unknown.length > 0) throw invalid(unknown);
    return rows;
  }

  private async carryOut(tx: Tx, countyCode: string, work: Work): Promise<void> {
    const { actor, input, at } = work;
    const plan = await this.plan(tx, work);
    await this.make(tx, countyCode, work, plan);
    const entry = { countyCode, refId: input.id, actorId: actor.id, at };
    for (const { lotId, movedG, lostG } of plan.sources) {
      if (movedG > 0) await this.stock.move(tx, { ...entry, lotId, kind: 'moved_out', deltaG: -movedG });
      if (lostG > 0) await this.stock.move(tx, { ...entry, lotId, kind: 'lost', deltaG: -lostG });
    }
    for (const { id, quantityG } of input.outputs)
      await this.stock.enter(tx, { ...entry, lotId: id, kind: 'moved_in', deltaG: quantityG });
    await this.records.addParts(tx, input.id, plan.parts);
    await this.tell(tx, countyCode, work);
  }

  /** Locks the lots that go in and plans. @throws DomainError 422 for what is refused */
  private async plan(tx: Tx, { input, at, sources, products }: Work): Promise<TransformPlan> {
    const ids = input.inputs.map(({ lotId }) => lotId);
    const locked = await this.stock.lock(tx, ids);
    const [reserved, failed] = [await this.stock.reserved(tx, ids), await failedLots(tx, ids)];
    const inputs = input.inputs.map(({ lotId, quantityG }) => {
      const [row, lot] = [sources.get(lotId), locked.get(lotId)];
      if (!row || !lot) throw notFound(lotId);
      if (row.harvestedOn !== null && dayOf(at) < row.harvestedOn)
        throw new DomainError('transform_before_harvest', 422, { lotNo: row.lotNo, harvestedOn: row.harvestedOn });
      return { lot: { ...row, failed: failed.has(lotId), freeG: lot.stockG - (reserved.get(lotId) ?? 0) }, quantityG };
    });
    const outputs = input.outputs.map((output) => ({
      ...output,
      categoryCode: products.get(output.productId)?.categoryCode ?? '',
    }));
    const plan = planTransform(input.mode, inputs, outputs);
    if ('code' in plan) throw new DomainError(plan.code, 422, plan.params);
    return plan;
  }

  /** Writes the new lots; those without a number are numbered. @throws DomainError `lot_id_taken` 409, `lot_no_taken` 409 */
  private async make(
    tx: Tx,
    countyCode: string,
    { actor, input, at, sources, products }: Work,
    plan: TransformPlan,
  ): Promise<void> {
    const only = input.inputs.length === 1 ? sources.get(input.inputs[0]?.lotId ?? '') : undefined;
    // Numbers that were told come first, so that none that is made takes one of them.
    for (const output of input.outputs.toSorted((left, right) => Number(!left.lotNo) - Number(!right.lotNo))) {
      const day = dayOf(at);
      const lot: NewLot = {
        id: output.id,
        countyCode,
        lotNo: output.lotNo ?? nextLotNo(day, await this.lots.lotNos(tx, output.productId, day)),
        origin: input.mode,
        productId: output.productId,
        producerId: products.get(output.productId)?.producerId ?? '',
        villageId: plan.villageId,
        plotName: only?.plotName ?? null,
        latitude: only?.latitude ?? null,
        longitude: only?.longitude ?? null,
        areaMu: only?.areaMu ?? null,
        harvestedOn: plan.harvestedOn,
        quantityG: output.quantityG,
        note: input.note ?? null,
        createdBy: actor.id,
        createdAt: this.clock.now(),
      };
      if (await this.lots.insert(tx, lot)) continue;
      const idTaken = (await this.lots.find(tx, output.id)) !== undefined;
      throw idTaken ? new DomainError('lot_id_taken', 409) : new DomainError('lot_no_taken', 409, { lotNo: lot.lotNo });
    }
  }

  private async tell(tx: Tx, countyCode: string, { actor, input, at }: Work): Promise<void> {
    const { id, mode } = input;
    const outputs = input.outputs.map((output) => ({ lotId: output.id, quantityG: output.quantityG }));
    const step = { kind: 'transformed', mode, inputs: input.inputs, outputs } as const;
    const payload = { stepId: stepId('transformed', id), at: at.toISOString(), step };
    await this.outbox.publish(tx, 'upflow', [{ countyCode, topic: 'upflow.step.recorded', payload }]);
    const detail = { mode, inputs: input.inputs.length, outputs: outputs.length };
    await this.audit.record(tx, { countyCode, actorId: actor.id, action: 'lot.transformed', subject: `transform ${id}`, detail });
  }

  private async view(tx: Tx, snapshot: DirectorySnapshot, { id, mode, outputs }: LotTransform): Promise<LotTransformView> {
    const at = await this.records.transformedAt(tx, id);
    const rows = await this.lots.findMany(
      tx,
      outputs.map((output) => output.id),
    );
    if (!at) throw notFound(id);
    const items = outputs.flatMap((output) => rows.get(output.id) ?? []).map((row) => listItem(snapshot, row));
    return { id, mode, at: at.toISOString(), outputs: items };
  }
}
