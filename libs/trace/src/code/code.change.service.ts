import { Injectable } from '@nestjs/common';
import type { CodeActivation, CodeChangeResult, CodeVoid } from '#contracts';
import { Audit, Clock, Database, DomainError, type Principal, type Tx } from '#platform';
import { CodeBatchService } from './code.batch.service.js';
import { CodeRepository } from './code.repository.js';
import { CodeResolver } from './code.resolver.js';

/** Codes changed in one transaction when a whole batch is changed. */
const CHUNK = 20_000;

/** What is done to codes: the change of some rows (how many it touched), and how it is told in the record. */
interface Change {
  readonly action: string;
  readonly reason: string | null;
  readonly apply: (tx: Tx, serials: readonly number[]) => Promise<number>;
}

/** Codes become worth something, or are taken out of use. Both may be sent again: what is done is not done twice. */
@Injectable()
export class CodeChangeService {
  constructor(
    private readonly database: Database,
    private readonly codes: CodeRepository,
    private readonly batches: CodeBatchService,
    private readonly resolver: CodeResolver,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Activates a batch or some codes. A void code stays void. @throws DomainError `not_found` 404, `code_batch_not_ready` 409 */
  async activate(principal: Principal, selection: CodeActivation): Promise<CodeChangeResult> {
    const at = this.clock.now();
    const apply: Change['apply'] = (tx, serials) => this.codes.activate(tx, serials, at);
    return this.change(principal, selection, { action: 'code.activated', reason: null, apply });
  }

  /** Takes a batch or some codes out of use for good; recorded with its reason. @throws DomainError `not_found` 404, `code_batch_not_ready` 409 */
  async makeVoid(principal: Principal, selection: CodeVoid): Promise<CodeChangeResult> {
    const { reason } = selection;
    const apply: Change['apply'] = (tx, serials) => this.codes.makeVoid(tx, serials, reason);
    return this.change(principal, selection, { action: 'code.voided', reason, apply });
  }

  private async change(principal: Principal, selection: CodeActivation, change: Change): Promise<CodeChangeResult> {
    return selection.batchId === undefined
      ? this.changeSome(principal, selection.codes ?? [], change)
      : this.changeBatch(principal, selection.batchId, change);
  }

  private async changeSome(principal: Principal, texts: readonly string[], change: Change): Promise<CodeChangeResult> {
    const { rows, unknown } = await this.resolver.resolve(principal, texts);
    const batchIds = new Set(rows.map(({ batchId }) => batchId));
    const changed = await this.database.transaction(async (tx) => {
      await this.codes.lock(
        tx,
        rows.map(({ serial }) => serial),
      );
      let sum = 0;
      for (const batchId of batchIds) {
        const ofBatch = rows.filter((row) => row.batchId === batchId);
        const serials = ofBatch.map(({ serial }) => serial);
        const count = await change.apply(tx, serials);
        if (count > 0) await this.record(tx, principal, { countyCode: ofBatch[0]?.countyCode ?? '', batchId, count }, change);
        sum += count;
      }
      return sum;
    });
    return { changed, unchanged: rows.length - changed, unknown };
  }

  /** Chunk by chunk, each committed: interrupted and sent again, it goes on where it stood. */
  private async changeBatch(principal: Principal, batchId: string, change: Change): Promise<CodeChangeResult> {
    const { batch } = await this.batches.open(principal, batchId);
    if (batch.state !== 'done') throw new DomainError('code_batch_not_ready', 409);
    let [after, changed, seen] = [-1, 0, 0];
    for (;;) {
      const serials = await this.codes.serialsAfter(this.database, batchId, after, CHUNK);
      const last = serials.at(-1);
      if (last === undefined) return { changed, unchanged: seen - changed, unknown: [] };
      changed += await this.database.transaction(async (tx) => {
        const count = await change.apply(tx, serials);
        if (count > 0) await this.record(tx, principal, { countyCode: batch.countyCode, batchId, count }, change);
        return count;
      });
      seen += serials.length;
      after = last;
    }
  }

  private async record(
    tx: Tx,
    principal: Principal,
    what: { countyCode: string; batchId: string; count: number },
    { action, reason }: Change,
  ): Promise<void> {
    await this.audit.record(tx, {
      countyCode: what.countyCode,
      actorId: principal.id,
      action,
      subject: `code_batch:${what.batchId}`,
      detail: { count: what.count, ...(reason === null ? {} : { reason }) },
    });
  }
}
