import { Injectable } from '@nestjs/common';
import type { LotInput, LotTestInput, LotTestView, LotTransform, LotView } from '#contracts';
import type { Tx } from '#platform';

/** A test as stored. */
export interface TestRow {
  id: string;
  lotId: string;
  item: string;
  method: string | null;
  result: LotTestView['result'];
  testedOn: string;
  laboratory: string | null;
  reportId: string | null;
  createdAt: Date;
}

type InputRow = Omit<LotInput, 'dose'> & { lotId: string; dose: string | null };

const TEST = `select id, lot_id as "lotId", item, method, result, tested_on as "testedOn", laboratory, report_id as "reportId", created_at as "createdAt"
  from upflow.lot_test`;
const INPUT = `select id, lot_id as "lotId", kind, name, applied_on as "appliedOn", safety_interval_days as "safetyIntervalDays", dose from upflow.lot_input`;

/** What is recorded of lots: inputs, tests, and which lots they were made of. */
@Injectable()
export class LotRecordRepository {
  /** Inputs of a lot in the order of their days. */
  async inputsOf(tx: Tx, lotId: string): Promise<LotInput[]> {
    return (await tx.query<InputRow>(`${INPUT} where lot_id = $1::uuid order by applied_on, id`, [lotId])).map(inputView);
  }

  async findInput(tx: Tx, id: string): Promise<(LotInput & { lotId: string }) | undefined> {
    const [row] = await tx.query<InputRow>(`${INPUT} where id = $1::uuid`, [id]);
    return row && { ...inputView(row), lotId: row.lotId };
  }

  /** Adds inputs of a lot; false when an id is taken. */
  async addInputs(tx: Tx, lotId: string, inputs: readonly LotInput[]): Promise<boolean> {
    if (inputs.length === 0) return true;
    const added = await tx.query(
      `insert into upflow.lot_input (id, lot_id, kind, name, applied_on, safety_interval_days, dose)
       select id, $1::uuid, kind, name, applied_on, days, dose
       from unnest($2::uuid[], $3::text[], $4::text[], $5::date[], $6::int[], $7::text[]) as t (id, kind, name, applied_on, days, dose)
       on conflict (id) do nothing returning 1`,
      [
        lotId,
        inputs.map(({ id }) => id),
        inputs.map(({ kind }) => kind),
        inputs.map(({ name }) => name),
        inputs.map(({ appliedOn }) => appliedOn),
        inputs.map(({ safetyIntervalDays }) => safetyIntervalDays),
        inputs.map(({ dose }) => dose ?? null),
      ],
    );
    return added.length === inputs.length;
  }

  /** Adds a test; false when its id is taken. */
  async addTest(tx: Tx, lotId: string, test: LotTestInput & { createdBy: string; createdAt: Date }): Promise<boolean> {
    const added = await tx.query(
      `insert into upflow.lot_test (id, lot_id, item, method, result, tested_on, laboratory, report_id, created_by, created_at)
       values ($1::uuid, $2::uuid, $3, $4, $5, $6::date, $7, $8::uuid, $9::uuid, $10::timestamptz) on conflict (id) do nothing returning 1`,
      [
        test.id,
        lotId,
        test.item,
        test.method ?? null,
        test.result,
        test.testedOn,
        test.laboratory ?? null,
        test.reportId ?? null,
        test.createdBy,
        test.createdAt.toISOString(),
      ],
    );
    return added.length > 0;
  }

  /** Tests of a lot in the order of their days. */
  async testsOf(tx: Tx, lotId: string): Promise<LotTestView[]> {
    return (await tx.query<TestRow>(`${TEST} where lot_id = $1::uuid order by tested_on, created_at, id`, [lotId])).map(testView);
  }

  async findTest(tx: Tx, id: string): Promise<(LotTestView & { lotId: string }) | undefined> {
    const [row] = await tx.query<TestRow>(`${TEST} where id = $1::uuid`, [id]);
    return row && { ...testView(row), lotId: row.lotId };
  }

  /** Lots that went into a lot, or that were made of it. */
  async relativesOf(tx: Tx, lotId: string, side: 'madeOf' | 'wentInto'): Promise<LotView['madeOf']> {
    const [own, other] = side === 'madeOf' ? ['child_id', 'parent_id'] : ['parent_id', 'child_id'];
    return tx.query(
      `select l.id as "lotId", l.lot_no as "lotNo", t.quantity_g as "quantityG" from upflow.lot_part t join upflow.lot l on l.id = t.${other}
       where t.${own} = $1::uuid order by l.lot_no, l.id`,
      [lotId],
    );
  }

  /** Writes what lots were made of. */
  async addParts(
    tx: Tx,
    stepId: string,
    parts: readonly { parentId: string; childId: string; quantityG: number }[],
  ): Promise<void> {
    await tx.query(
      `insert into upflow.lot_part (parent_id, child_id, quantity_g, step_id)
       select parent, child, quantity, $1::uuid from unnest($2::uuid[], $3::uuid[], $4::bigint[]) as t (parent, child, quantity)`,
      [stepId, parts.map(({ parentId }) => parentId), parts.map(({ childId }) => childId), parts.map((part) => part.quantityG)],
    );
  }

  /**
   * Takes up a transformation; `true` when it is new. One that is being written under the same id is waited for, and then it is either the same request
   * or another: `same` or `taken`.
   */
  async begin(
    tx: Tx,
    request: LotTransform,
    row: { countyCode: string; at: Date; createdBy: string; createdAt: Date },
  ): Promise<'new' | 'same' | 'taken'> {
    const { id, mode, note } = request;
    const told = JSON.stringify(request);
    const added = await tx.query(
      `insert into upflow.lot_transform (id, county_code, mode, at, request, note, created_by, created_at)
       values ($1::uuid, $2, $3, $4::timestamptz, $5::jsonb, $6, $7::uuid, $8::timestamptz) on conflict (id) do nothing returning 1`,
      [id, row.countyCode, mode, row.at.toISOString(), told, note ?? null, row.createdBy, row.createdAt.toISOString()],
    );
    if (added.length > 0) return 'new';
    const same = await tx.query('select 1 from upflow.lot_transform where id = $1::uuid and request = $2::jsonb', [id, told]);
    return same.length > 0 ? 'same' : 'taken';
  }

  /** When a transformation was done. */
  async transformedAt(tx: Tx, id: string): Promise<Date | undefined> {
    const [row] = await tx.query<{ at: Date }>('select at from upflow.lot_transform where id = $1::uuid', [id]);
    return row?.at;
  }
}

function inputView({ id, kind, name, appliedOn, safetyIntervalDays, dose }: InputRow): LotInput {
  return { id, kind, name, appliedOn, safetyIntervalDays, ...(dose === null ? {} : { dose }) };
}

function testView({ id, item, method, result, testedOn, laboratory, reportId, createdAt }: TestRow): LotTestView {
  return {
    id,
    item,
    ...(method === null ? {} : { method }),
    result,
    testedOn,
    ...(laboratory === null ? {} : { laboratory }),
    ...(reportId === null ? {} : { reportId }),
    createdAt: createdAt.toISOString(),
  };
}
