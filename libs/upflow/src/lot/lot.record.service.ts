import { Injectable } from '@nestjs/common';
import { dayOf, startOfDay, type LotInput, type LotTestInput, type LotView } from '#contracts';
import { DirectoryReader, type ProduceActor } from '#directory';
import { Audit, Clock, Database, DomainError, invalid, Outbox, type Tx } from '#platform';
import { ReportService } from '../report/report.service.js';
import { LotReader } from './lot.reader.js';
import { LotRecordRepository } from './lot.record.repository.js';
import { LotRepository, type LotRow } from './lot.repository.js';
import { assertIntervals, sameInput } from './lot.service.js';
import { LotStock } from './lot.stock.js';
import { withFlag } from './mass.balance.js';
import { stepId } from './step.id.js';
import { failedItems } from './test.verdict.js';

type Writer = ProduceActor & { id: string };

/** What is recorded of a lot after its harvest: inputs that were forgotten, and tests. */
@Injectable()
export class LotRecordService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly lots: LotRepository,
    private readonly records: LotRecordRepository,
    private readonly reports: ReportService,
    private readonly reader: LotReader,
    private readonly stock: LotStock,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds an input of a lot that was harvested. The same input sent again is answered as it stands.
   * @throws DomainError `not_found` 404, `lot_not_harvested`, `input_after_harvest` and `harvest_in_safety_interval` 422, `input_id_taken` 409
   */
  async addInput(actor: Writer, lotId: string, input: LotInput): Promise<LotView> {
    const snapshot = await this.directory.snapshot();
    return this.database.transaction(async (tx) => {
      const lot = await this.locked(tx, actor, lotId);
      const earlier = await this.records.findInput(tx, input.id);
      if (earlier) {
        if (earlier.lotId !== lot.id || !sameInput(earlier, input)) throw new DomainError('input_id_taken', 409);
        return this.reader.view(tx, snapshot, lot.id);
      }
      if (lot.origin !== 'harvest' || lot.harvestedOn === null)
        throw new DomainError('lot_not_harvested', 422, { lotNo: lot.lotNo });
      assertIntervals(lot.harvestedOn, [input]);
      if (!(await this.records.addInputs(tx, lot.id, [input]))) throw new DomainError('input_id_taken', 409);
      await this.lots.changed(tx, lot.id, lot.flags);
      await this.tell(tx, actor, lot, 'lot.input.added', { kind: input.kind, appliedOn: input.appliedOn });
      return this.reader.view(tx, snapshot, lot.id);
    });
  }

  /**
   * Adds a test; the latest of each item decides about the flag `test_failed`. The same test sent again is answered as it stands.
   * @throws DomainError `not_found` 404, `test_in_future` 422, `invalid_input` 400 for a report that the actor may not see, `test_id_taken` 409
   */
  async addTest(actor: Writer, lotId: string, input: LotTestInput): Promise<LotView> {
    const createdAt = this.clock.now();
    const today = dayOf(createdAt);
    if (input.testedOn > today) throw new DomainError('test_in_future', 422, { today });
    if (input.reportId !== undefined && !(await this.reports.isSeen(actor, input.reportId)))
      throw invalid([{ path: 'reportId', code: 'report_unknown', message: input.reportId }]);
    const snapshot = await this.directory.snapshot();
    return this.database.transaction(async (tx) => {
      const lot = await this.locked(tx, actor, lotId);
      if (await this.records.addTest(tx, lot.id, { ...input, createdBy: actor.id, createdAt }))
        await this.tested(tx, actor, lot, input);
      else await this.assertSameTest(tx, lot.id, input);
      return this.reader.view(tx, snapshot, lot.id);
    });
  }

  private async tested(tx: Tx, actor: Writer, lot: LotRow, test: LotTestInput): Promise<void> {
    const failed = failedItems(await this.records.testsOf(tx, lot.id));
    await this.lots.changed(tx, lot.id, withFlag(lot.flags, 'test_failed', failed.length > 0));
    const step = { kind: 'tested', lotId: lot.id, testId: test.id } as const;
    const at = startOfDay(test.testedOn).toISOString();
    const payload = { stepId: stepId('tested', test.id), at, step };
    await this.outbox.publish(tx, 'upflow', [{ countyCode: lot.countyCode, topic: 'upflow.step.recorded', payload }]);
    await this.tell(tx, actor, lot, 'lot.tested', { testId: test.id, result: test.result });
  }

  /** @throws DomainError `test_id_taken` 409 */
  private async assertSameTest(tx: Tx, lotId: string, told: LotTestInput): Promise<void> {
    const stored = await this.records.findTest(tx, told.id);
    const fields = ['item', 'method', 'result', 'testedOn', 'laboratory', 'reportId'] as const;
    if (stored?.lotId !== lotId || !fields.every((field) => stored[field] === told[field]))
      throw new DomainError('test_id_taken', 409);
  }

  /** The lot that the actor may work on, as it stands under its lock. */
  private async locked(tx: Tx, actor: Writer, lotId: string): Promise<LotRow> {
    const snapshot = await this.directory.snapshot();
    await this.stock.lock(tx, [lotId]);
    return this.reader.find(tx, snapshot, actor, lotId);
  }

  private async tell(
    tx: Tx,
    actor: Writer,
    { id, countyCode }: LotRow,
    action: string,
    detail: Record<string, string>,
  ): Promise<void> {
    await this.audit.record(tx, { countyCode, actorId: actor.id, action, subject: `lot ${id}`, detail });
  }
}
