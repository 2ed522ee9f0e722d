import { Injectable } from '@nestjs/common';
import type { CodeBatch, CodeOrder } from '#contracts';
import { Clock, Database, DomainError, invalid, notFound, type Principal, type Tx } from '#platform';
import { CodeBatchRepository, type CodeBatchRow, type CodeBatchState } from './code.batch.repository.js';
import { CodeMaker } from './code.maker.js';
import { LotAccess, type CodeLot } from './lot.access.js';

/** Batches of codes: ordered for a lot, paused, resumed, looked at. */
@Injectable()
export class CodeBatchService {
  constructor(
    private readonly database: Database,
    private readonly batches: CodeBatchRepository,
    private readonly maker: CodeMaker,
    private readonly access: LotAccess,
    private readonly clock: Clock,
  ) {}

  /**
   * Orders codes for a lot; they are made in the background. The same order sent again is answered as it stands.
   * @throws DomainError `not_found` 404, `product_without_gtin` 409, `code_batch_id_taken` 409, `invalid_input` 400 for more than one code of a whole lot
   */
  async order(principal: Principal, lotId: string, order: CodeOrder): Promise<CodeBatch> {
    const lot = await this.access.lot(principal, lotId);
    if (order.level === 'lot' && order.count !== 1)
      throw invalid([{ path: 'count', code: 'lot_level_count', message: 'One code for all of a lot' }]);
    const batch = await this.database.transaction(async (tx) => {
      const known = await this.batches.find(tx, order.id);
      return known ?? (await this.add(tx, principal, lot, order));
    });
    if (!sameOrder(batch, lotId, order)) throw new DomainError('code_batch_id_taken', 409);
    return batchView(batch);
  }

  /** A batch. @throws DomainError `not_found` 404 */
  async get(principal: Principal, id: string): Promise<CodeBatch> {
    return batchView((await this.open(principal, id)).batch);
  }

  /** Batches of a lot, the newest first. @throws DomainError `not_found` 404 */
  async ofLot(principal: Principal, lotId: string): Promise<CodeBatch[]> {
    await this.access.lot(principal, lotId);
    return (await this.batches.ofLot(this.database, lotId)).map(batchView);
  }

  /** A batch and its lot, for whoever may see them. @throws DomainError `not_found` 404 */
  async open(principal: Principal, id: string): Promise<{ batch: CodeBatchRow; lot: CodeLot }> {
    const batch = await this.batches.find(this.database, id);
    const lot = batch && (await this.access.lots(principal, [batch.lotId])).get(batch.lotId);
    if (!batch || !lot) throw notFound(id);
    return { batch, lot };
  }

  /** Stops the making after the chunk under way. A paused batch stays as it is. @throws DomainError `not_found` 404, `code_batch_not_making` 409 */
  async pause(principal: Principal, id: string): Promise<CodeBatch> {
    await this.open(principal, id);
    return this.turn(id, 'paused', ['queued', 'making'], 'code_batch_not_making');
  }

  /** Goes on where a paused or failed batch stands. @throws DomainError `not_found` 404, `code_batch_not_paused` 409 */
  async resume(principal: Principal, id: string): Promise<CodeBatch> {
    await this.open(principal, id);
    return this.turn(id, 'queued', ['paused', 'failed'], 'code_batch_not_paused');
  }

  private async add(tx: Tx, principal: Principal, lot: CodeLot, order: CodeOrder): Promise<CodeBatchRow> {
    if (order.form === 'gs1' && lot.gtin === null) throw new DomainError('product_without_gtin', 409);
    const { id, level, form, count, activation } = order;
    const place = { countyCode: lot.countyCode, lotId: lot.id, createdBy: principal.id, createdAt: this.clock.now() };
    const added = await this.batches.insert(tx, { id, level, form, count, activation, ...place });
    const batch = await this.batches.find(tx, id);
    if (!batch) throw new DomainError('code_batch_id_taken', 409);
    if (added) await this.maker.want(tx, batch);
    return batch;
  }

  private async turn(id: string, to: 'paused' | 'queued', from: readonly CodeBatchState[], problem: string): Promise<CodeBatch> {
    return this.database.transaction(async (tx) => {
      const batch = await this.batches.lock(tx, id);
      if (!batch) throw notFound(id);
      if (batch.state === to || (to === 'queued' && batch.state === 'making')) return batchView(batch);
      if (!from.includes(batch.state)) throw new DomainError(problem, 409);
      await this.batches.turn(tx, id, to);
      if (to === 'queued') await this.maker.want(tx, batch);
      return batchView({ ...batch, state: to, problem: null });
    });
  }
}

function sameOrder(batch: CodeBatchRow, lotId: string, order: CodeOrder): boolean {
  const ordered = [lotId, order.level, order.form, order.count, order.activation];
  return JSON.stringify(ordered) === JSON.stringify([batch.lotId, batch.level, batch.form, batch.count, batch.activation]);
}

/** A batch as answers show it. */
export function batchView(batch: CodeBatchRow): CodeBatch {
  const { id, lotId, lotNo, level, form, count, made, activation, state, problem } = batch;
  const finishedAt = batch.finishedAt?.toISOString() ?? null;
  return {
    id,
    lotId,
    lotNo,
    level,
    form,
    count,
    made,
    activation,
    state,
    problem,
    createdAt: batch.createdAt.toISOString(),
    finishedAt,
  };
}
