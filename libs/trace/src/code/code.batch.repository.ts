import { Injectable } from '@nestjs/common';
import type { CODE_BATCH_STATES, CodeLevel } from '#contracts';
import type { Tx } from '#platform';

/** States of a batch. */
export type CodeBatchState = (typeof CODE_BATCH_STATES)[number];

/** A batch as stored, with what its links are made of. */
export interface CodeBatchRow {
  id: string;
  countyCode: string;
  lotId: string;
  lotNo: string;
  gtin: string | null;
  level: CodeLevel;
  form: 'short' | 'gs1';
  count: number;
  made: number;
  activation: 'at_once' | 'later';
  state: CodeBatchState;
  problem: string | null;
  createdAt: Date;
  finishedAt: Date | null;
}

/** What is stored of a new batch. */
export type NewCodeBatch = Pick<
  CodeBatchRow,
  'id' | 'countyCode' | 'lotId' | 'level' | 'form' | 'count' | 'activation' | 'createdAt'
> & {
  createdBy: string;
};

const BATCHES = `select b.id, b.county_code as "countyCode", b.lot_id as "lotId", l.lot_no as "lotNo", p.gtin, b.level, b.form, b.count, b.made,
    b.activation, b.state, b.problem, b.created_at as "createdAt", b.finished_at as "finishedAt"
  from trace.code_batch b join upflow.lot l on l.id = b.lot_id join upflow.product p on p.id = l.product_id`;

/** Batches in the table trace.code_batch. */
@Injectable()
export class CodeBatchRepository {
  /** Adds a batch that waits for its codes; false when its id is taken. */
  async insert(tx: Tx, batch: NewCodeBatch): Promise<boolean> {
    const added = await tx.query(
      `insert into trace.code_batch (id, county_code, lot_id, level, form, count, activation, state, created_by, created_at)
       values ($1::uuid, $2, $3::uuid, $4, $5, $6, $7, 'queued', $8::uuid, $9::timestamptz) on conflict (id) do nothing returning 1`,
      [
        batch.id,
        batch.countyCode,
        batch.lotId,
        batch.level,
        batch.form,
        batch.count,
        batch.activation,
        batch.createdBy,
        batch.createdAt.toISOString(),
      ],
    );
    return added.length > 0;
  }

  async find(tx: Tx, id: string): Promise<CodeBatchRow | undefined> {
    return (await tx.query<CodeBatchRow>(`${BATCHES} where b.id = $1::uuid`, [id]))[0];
  }

  /** A batch under the lock of its row: chunks, pauses and changes of one batch take turns. */
  async lock(tx: Tx, id: string): Promise<CodeBatchRow | undefined> {
    return (await tx.query<CodeBatchRow>(`${BATCHES} where b.id = $1::uuid for no key update of b`, [id]))[0];
  }

  /** Batches of a lot, the newest first. */
  async ofLot(tx: Tx, lotId: string): Promise<CodeBatchRow[]> {
    return tx.query(`${BATCHES} where b.lot_id = $1::uuid order by b.created_at desc, b.id desc limit 1000`, [lotId]);
  }

  async progress(tx: Tx, id: string, change: { made: number; state: CodeBatchState; finishedAt: Date | null }): Promise<void> {
    await tx.query(
      'update trace.code_batch set made = $2, state = $3, problem = null, finished_at = $4::timestamptz where id = $1::uuid',
      [id, change.made, change.state, change.finishedAt?.toISOString() ?? null],
    );
  }

  async turn(tx: Tx, id: string, state: CodeBatchState, problem: string | null = null): Promise<void> {
    await tx.query('update trace.code_batch set state = $2, problem = $3 where id = $1::uuid', [id, state, problem]);
  }
}
