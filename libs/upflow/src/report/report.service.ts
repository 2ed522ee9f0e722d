import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ReportView } from '#contracts';
import { DirectoryReader, type ProduceActor } from '#directory';
import { Audit, Clock, Database, DomainError, notFound, uuidv7, type Upload } from '#platform';
import { seesLot } from '../lot/lot.reader.js';
import { REPORT_MAX_BYTES, reportKind, reportName } from './report.file.js';

/** A report with its bytes. */
export interface ReportContent extends ReportView {
  content: Buffer;
}

/** Uploaded test reports, kept in the row. Whoever sent one sees it, and whoever sees a lot that has it. */
@Injectable()
export class ReportService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * Keeps a report. With an id of the client's own, the same file sent again is answered as it stands.
   * @throws DomainError `payload_too_large` 413 beyond 5 MB, `report_type_unsupported` 415, `report_id_taken` 409
   */
  async keep(
    actor: ProduceActor & { id: string; countyCode: string },
    upload: Upload,
    id: string = uuidv7(),
  ): Promise<ReportView> {
    if (upload.buffer.length > REPORT_MAX_BYTES) throw new DomainError('payload_too_large', 413);
    const kind = reportKind(upload.buffer);
    if (!kind) throw new DomainError('report_type_unsupported', 415);
    const filename = reportName(upload.filename, kind);
    const { countyCode } = actor;
    const row = [id, countyCode, filename, kind.mediaType, upload.buffer, actor.id, this.clock.now()];
    return this.database.transaction(async (tx) => {
      const added = await tx.query(
        `insert into upflow.report (id, county_code, filename, media_type, content, created_by, created_at)
         values ($1::uuid, $2, $3, $4, $5, $6::uuid, $7::timestamptz) on conflict (id) do nothing returning 1`,
        row,
      );
      const bytes = upload.buffer.length;
      if (added.length > 0) {
        const detail = { bytes, mediaType: kind.mediaType };
        await this.audit.record(tx, { countyCode, actorId: actor.id, action: 'report.kept', subject: `report ${id}`, detail });
        return { id, filename, mediaType: kind.mediaType, bytes };
      }
      const [stored] = await tx.query<{ digest: string; createdBy: string; filename: string }>(
        `select encode(sha256(content), 'hex') as digest, created_by as "createdBy", filename from upflow.report where id = $1::uuid`,
        [id],
      );
      const digest = createHash('sha256').update(upload.buffer).digest('hex');
      if (stored?.digest !== digest || stored.createdBy !== actor.id || stored.filename !== filename)
        throw new DomainError('report_id_taken', 409);
      return { id, filename, mediaType: kind.mediaType, bytes };
    });
  }

  /** A report with its bytes. @throws DomainError `not_found` 404, also when the actor may not see it */
  async get(actor: ProduceActor, id: string): Promise<ReportContent> {
    if (!(await this.isSeen(actor, id))) throw notFound(id);
    const [row] = await this.database.query<ReportContent>(
      'select id, filename, media_type as "mediaType", length(content) as bytes, content from upflow.report where id = $1::uuid',
      [id],
    );
    if (!row) throw notFound(id);
    return row;
  }

  /** Whether a report exists and somebody may see it. */
  async isSeen(actor: ProduceActor, id: string): Promise<boolean> {
    const [report] = await this.database.query<{ createdBy: string }>(
      'select created_by as "createdBy" from upflow.report where id = $1::uuid',
      [id],
    );
    if (!report) return false;
    if (report.createdBy === actor.id) return true;
    const snapshot = await this.directory.snapshot();
    const lots = await this.database.query<{ producerId: string; producerVillageId: string; villageId: string }>(
      `select distinct l.producer_id as "producerId", r.village_id as "producerVillageId", l.village_id as "villageId" from upflow.lot_test t
       join upflow.lot l on l.id = t.lot_id join upflow.producer r on r.id = l.producer_id where t.report_id = $1::uuid`,
      [id],
    );
    return lots.some((lot) => seesLot(snapshot, actor, lot));
  }
}
