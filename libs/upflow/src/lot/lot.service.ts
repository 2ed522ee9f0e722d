import { Injectable } from '@nestjs/common';
import {
  dayOf,
  decodeCursor,
  encodeCursor,
  startOfDay,
  type LotHarvest,
  type LotInput,
  type LotListItem,
  type LotListQuery,
  type LotView,
  type Page,
} from '#contracts';
import { actsForProducer, DirectoryReader, type ProduceActor } from '#directory';
import { Audit, Clock, Database, DomainError, invalid, Outbox, type Tx } from '#platform';
import { ProductRepository, type ProductRow } from '../product/product.repository.js';
import { listedProducers } from '../village.scope.js';
import { nextLotNo } from './lot.number.js';
import { listItem, LotReader } from './lot.reader.js';
import { LotRecordRepository } from './lot.record.repository.js';
import { LotRepository, type LotRow, type NewLot } from './lot.repository.js';
import { LotStock } from './lot.stock.js';
import { harvestObstacle } from './safety.interval.js';
import { stepId } from './step.id.js';

type Writer = ProduceActor & { id: string };

/** Lots from the field, and lots as they are read. */
@Injectable()
export class LotService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly products: ProductRepository,
    private readonly lots: LotRepository,
    private readonly records: LotRecordRepository,
    private readonly reader: LotReader,
    private readonly stock: LotStock,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * Enters a harvest: the lot, its inputs and its stock. The same harvest sent again is answered as it stands.
   * @throws DomainError `invalid_input` 400, `harvest_in_future`, `harvest_in_safety_interval` and `input_after_harvest` 422, `lot_id_taken`,
   *   `lot_no_taken` and `input_id_taken` 409
   */
  async harvest(actor: Writer, input: LotHarvest): Promise<LotView> {
    this.assertHarvest(input);
    const snapshot = await this.directory.snapshot();
    return this.database.transaction(async (tx) => {
      const product = (await this.products.lock(tx, [input.productId])).get(input.productId);
      if (!product || !actsForProducer(snapshot, actor, { id: product.producerId, villageId: product.villageId }))
        throw invalid([{ path: 'productId', code: 'product_unknown', message: input.productId }]);
      const lot = await this.lotOf(tx, actor, product, input);
      if (await this.lots.insert(tx, lot)) await this.enter(tx, actor, lot, input);
      else await this.assertSame(tx, input, lot.lotNo);
      return this.reader.view(tx, snapshot, input.id);
    });
  }

  /** One lot. @throws DomainError `not_found` 404, also when the actor may not see it */
  async get(actor: ProduceActor, id: string): Promise<LotView> {
    const snapshot = await this.directory.snapshot();
    await this.reader.find(this.database, snapshot, actor, id);
    return this.reader.view(this.database, snapshot, id);
  }

  /**
   * Lots that come from a unit or belong to its producers, by default the actor's own unit, the newest first; for a user of the role `producer` the own
   * ones.
   * @throws DomainError `not_found` 404, `forbidden` 403, `bad_cursor` 400
   */
  async list(actor: ProduceActor, query: LotListQuery): Promise<Page<LotListItem>> {
    const snapshot = await this.directory.snapshot();
    const listed = listedProducers(snapshot, actor, query.unit, this.clock.now());
    const { producerId, productId, lotNo, inStock, limit } = query;
    const filter = { ...listed, producerId, productId, lotNo, inStock, after: afterLot(query.cursor), limit: limit + 1 };
    const rows = await this.lots.list(this.database, filter);
    const items = rows.slice(0, limit).map((row) => listItem(snapshot, row));
    const last = items.at(-1);
    return { items, ...(rows.length > limit && last ? { nextCursor: encodeCursor([last.createdAt, last.id]) } : {}) };
  }

  private assertHarvest({ harvestedOn, inputs }: LotHarvest): void {
    const today = dayOf(this.clock.now());
    if (harvestedOn > today) throw new DomainError('harvest_in_future', 422, { today });
    if (new Set(inputs.map(({ id }) => id)).size < inputs.length)
      throw invalid([{ path: 'inputs', code: 'repeated_id', message: 'An id is repeated' }]);
    assertIntervals(harvestedOn, inputs);
  }

  private async lotOf(tx: Tx, actor: Writer, product: ProductRow, input: LotHarvest): Promise<NewLot> {
    const { id, plot, harvestedOn, quantityG } = input;
    return {
      id,
      countyCode: product.countyCode,
      lotNo: input.lotNo ?? nextLotNo(harvestedOn, await this.lots.lotNos(tx, product.id, harvestedOn)),
      origin: 'harvest',
      productId: product.id,
      producerId: product.producerId,
      villageId: product.villageId,
      ...plotColumns(plot),
      harvestedOn,
      quantityG,
      note: input.note ?? null,
      createdBy: actor.id,
      createdAt: this.clock.now(),
    };
  }

  /** What comes with a new lot: inputs, stock, the business step and the audit. */
  private async enter(tx: Tx, actor: Writer, lot: NewLot, { inputs, harvestedOn }: LotHarvest): Promise<void> {
    const { id: lotId, countyCode, quantityG, createdAt } = lot;
    if (!(await this.records.addInputs(tx, lotId, inputs))) throw new DomainError('input_id_taken', 409);
    const entry = {
      countyCode,
      lotId,
      kind: 'harvested',
      deltaG: quantityG,
      refId: null,
      actorId: actor.id,
      at: createdAt,
    } as const;
    await this.stock.enter(tx, entry);
    const at = startOfDay(harvestedOn).toISOString();
    const payload = { stepId: stepId('harvested', lotId), at, step: { kind: 'harvested', lotId } } as const;
    await this.outbox.publish(tx, 'upflow', [{ countyCode, topic: 'upflow.step.recorded', payload }]);
    const detail = { lotNo: lot.lotNo, quantityG };
    await this.audit.record(tx, { countyCode, actorId: actor.id, action: 'lot.harvested', subject: `lot ${lotId}`, detail });
  }

  /** @throws DomainError `lot_id_taken` 409, `lot_no_taken` 409 */
  private async assertSame(tx: Tx, input: LotHarvest, lotNo: string): Promise<void> {
    const stored = await this.lots.find(tx, input.id);
    if (!stored) throw new DomainError('lot_no_taken', 409, { lotNo });
    const inputs = await this.records.inputsOf(tx, input.id);
    if (!sameHarvest(stored, input) || !input.inputs.every((told) => inputs.some((known) => sameInput(known, told))))
      throw new DomainError('lot_id_taken', 409);
  }
}

/** @throws DomainError `harvest_in_safety_interval` or `input_after_harvest`, 422 */
export function assertIntervals(harvestedOn: string, inputs: readonly LotInput[]): void {
  const obstacle = harvestObstacle(harvestedOn, inputs);
  if (!obstacle) return;
  const { code, ...params } = obstacle;
  throw new DomainError(code, 422, params);
}

/** Whether two inputs say the same. */
export function sameInput(left: LotInput, right: LotInput): boolean {
  const fields = ['id', 'kind', 'name', 'appliedOn', 'safetyIntervalDays', 'dose'] as const;
  return fields.every((field) => left[field] === right[field]);
}

function sameHarvest(stored: LotRow, told: LotHarvest): boolean {
  const expected: Partial<LotRow> = {
    origin: 'harvest',
    productId: told.productId,
    harvestedOn: told.harvestedOn,
    quantityG: told.quantityG,
    note: told.note ?? null,
    ...plotColumns(told.plot),
    ...(told.lotNo === undefined ? {} : { lotNo: told.lotNo }),
  };
  return (Object.keys(expected) as (keyof LotRow)[]).every((field) => stored[field] === expected[field]);
}

function plotColumns(plot: LotHarvest['plot']): Pick<LotRow, 'plotName' | 'latitude' | 'longitude' | 'areaMu'> {
  return {
    plotName: plot.name,
    latitude: plot.latitude ?? null,
    longitude: plot.longitude ?? null,
    areaMu: plot.areaMu ?? null,
  };
}

/** The place in the list after which a page goes on: newest first. @throws DomainError `bad_cursor` 400 */
export function afterLot(cursor: string | undefined): { createdAt: Date; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [at, id] = decodeCursor(cursor, 2) ?? [];
  const createdAt = new Date(typeof at === 'string' ? at : NaN);
  if (Number.isNaN(createdAt.getTime()) || typeof id !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
    throw new DomainError('bad_cursor', 400);
  return { createdAt, id };
}
