import { Inject, Injectable } from '@nestjs/common';
import {
  CODE_LEVELS,
  decodeCursor,
  encodeCursor,
  type CodeListQuery,
  type CodeSummary,
  type CodeView,
  type Page,
} from '#contracts';
import { CONFIG, Database, DomainError, notFound, type Config, type Principal } from '#platform';
import { CodeBatchService } from './code.batch.service.js';
import { CodeKeys } from './code.keys.js';
import { codeLink } from './code.link.js';
import { CodeRepository, type CodeFilter, type ListedCode } from './code.repository.js';
import { LotAccess, type CodeLot } from './lot.access.js';

/** Codes as those see them who may see their lot. */
@Injectable()
export class CodeReader {
  constructor(
    private readonly database: Database,
    private readonly codes: CodeRepository,
    private readonly batches: CodeBatchService,
    private readonly keys: CodeKeys,
    private readonly access: LotAccess,
    @Inject(CONFIG) private readonly config: Pick<Config, 'PUBLIC_BASE_URL'>,
  ) {}

  /** Codes of a lot or of a batch, page by page. @throws DomainError `not_found` 404, `bad_cursor` 400 */
  async list(principal: Principal, query: CodeListQuery): Promise<Page<CodeView>> {
    const lot = await this.lotOf(principal, query);
    const { batch: batchId, level, state, limit } = query;
    const filter = { lotId: query.lot, batchId, level, state, after: afterOf(query.cursor), limit: limit + 1 };
    const rows = await this.codes.list(this.database, filter);
    const shown = rows.slice(0, limit);
    await this.keys.readyFor(shown.flatMap(({ serial, boxSerial }) => (boxSerial === null ? [serial] : [serial, boxSerial])));
    const items = shown.map((row) => this.view(lot, row));
    const last = shown.at(-1);
    return { items, ...(rows.length > limit && last ? { nextCursor: encodeCursor([last.level, last.serial]) } : {}) };
  }

  /** Codes of a lot in numbers (metric M11). @throws DomainError `not_found` 404 */
  async summary(principal: Principal, lotId: string): Promise<CodeSummary> {
    const lot = await this.access.lot(principal, lotId);
    return { lotId, ...(await this.codes.summary(this.database, lotId, lot.countyCode)) };
  }

  private async lotOf(principal: Principal, { lot, batch }: CodeListQuery): Promise<CodeLot> {
    if (batch !== undefined) return (await this.batches.open(principal, batch)).lot;
    if (lot === undefined) throw notFound('lot');
    return this.access.lot(principal, lot);
  }

  private view(lot: CodeLot, row: ListedCode): CodeView {
    const code = this.keys.sign(row.serial);
    const { state, level, sscc, batchId, lotId, shipmentId, scans } = row;
    const boxCode = row.boxSerial === null ? null : this.keys.sign(row.boxSerial);
    const url = codeLink(this.config.PUBLIC_BASE_URL, { form: row.form, gtin: lot.gtin, lotNo: lot.lotNo }, code);
    return { code, url, state, level, sscc, batchId, lotId, boxCode, shipmentId, scans };
  }
}

function afterOf(cursor: string | undefined): CodeFilter['after'] {
  if (cursor === undefined) return undefined;
  const [level, serial] = decodeCursor(cursor, 2) ?? [];
  if (!CODE_LEVELS.some((known) => known === level) || !Number.isSafeInteger(serial)) throw new DomainError('bad_cursor', 400);
  return [String(level), Number(serial)];
}
