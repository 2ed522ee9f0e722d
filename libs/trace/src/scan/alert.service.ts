import { Injectable } from '@nestjs/common';
import {
  dayOf,
  decodeCursor,
  encodeCursor,
  type AlertDecision,
  type AlertListQuery,
  type AlertView,
  type CodeScanView,
  type Page,
  type RiskReason,
} from '#contracts';
import { DirectoryReader, scopeAllows, type DirectorySnapshot } from '#directory';
import { Audit, Clock, Database, DomainError, notFound, type Principal, type Tx } from '#platform';
import { CodeKeys } from '../code/code.keys.js';
import { emptyMemory } from './copy.risk.js';

interface AlertRow {
  id: string;
  countyCode: string;
  serial: number;
  lotId: string;
  lotNo: string;
  productName: string;
  villageId: string;
  reasons: RiskReason[];
  scans: number;
  openedAt: Date;
  state: AlertView['state'];
  decidedAt: Date | null;
  note: string | null;
}

const SELECT = `select a.id, a.county_code as "countyCode", a.serial, a.lot_id as "lotId", l.lot_no as "lotNo", p.name as "productName", a.village_id as "villageId",
    a.reasons, coalesce(w.scans, 0) as scans, a.opened_at as "openedAt", a.state, a.decided_at as "decidedAt", a.note
  from trace.code_alert a join upflow.lot l on l.id = a.lot_id join upflow.product p on p.id = l.product_id
  left join trace.code_watch w on w.serial = a.serial`;
const SCANS_SHOWN = 200;
const MARK_LENGTH = 6;

/** Codes whose looks are those of copies: staff of the lot's village and above look into them. */
@Injectable()
export class AlertService {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly keys: CodeKeys,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Alerts of the caller's unit, newest first. @throws DomainError `bad_cursor` 400 */
  async list(actor: Principal, { state, cursor, limit }: AlertListQuery): Promise<Page<AlertView>> {
    const snapshot = await this.directory.snapshot();
    const after = cursor === undefined ? undefined : decodeCursor(cursor, 2);
    if (
      cursor !== undefined &&
      (!after || Number.isNaN(Date.parse(String(after[0]))) || !/^[0-9a-f-]{36}$/.test(String(after[1])))
    )
      throw new DomainError('bad_cursor', 400);
    const rows = await this.database.query<AlertRow>(
      `${SELECT} where a.village_id = any($1::uuid[]) and ($2::text is null or a.state = $2)
         and ($3::timestamptz is null or (a.opened_at, a.id) < ($3::timestamptz, $4::uuid)) order by a.opened_at desc, a.id desc limit $5`,
      [snapshot.idsWithin(actor.unitId), state ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
    );
    const shown = rows.slice(0, limit);
    await this.keys.readyFor(shown.map(({ serial }) => serial));
    const last = shown.at(-1);
    return {
      items: shown.map((row) => this.view(snapshot, row)),
      ...(rows.length > limit && last ? { nextCursor: encodeCursor([last.openedAt.toISOString(), last.id]) } : {}),
    };
  }

  /** The latest looks behind an alert. @throws DomainError `not_found` 404 */
  async scans(actor: Principal, id: string): Promise<CodeScanView[]> {
    const { countyCode, serial } = await this.find(this.database, actor, id);
    const rows = await this.database.query<{ scannedAt: Date; place: string | null; device: Buffer | null }>(
      `select scanned_at as "scannedAt", place, device from trace.code_scan where county_code = $1 and serial = $2 order by scanned_at desc limit ${SCANS_SHOWN}`,
      [countyCode, serial],
    );
    return rows.map(({ scannedAt, place, device }) => ({
      scannedAt: scannedAt.toISOString(),
      place,
      device: device ? device.toString('hex').slice(0, MARK_LENGTH) : null,
    }));
  }

  /**
   * Decides an alert. Dismissed: what was seen so far is forgotten, so that only new evidence raises it again. Confirmed: the code may be made void.
   * The same decision again changes nothing.
   * @throws DomainError `not_found` 404, `alert_decided` 409
   */
  async decide(actor: Principal, id: string, decision: AlertDecision): Promise<AlertView> {
    const snapshot = await this.directory.snapshot();
    const row = await this.database.transaction(async (tx) => {
      const alert = await this.find(tx, actor, id, true);
      if (alert.state === decision.state) return alert;
      if (alert.state !== 'open') throw new DomainError('alert_decided', 409);
      const now = this.clock.now();
      const note = decision.note ?? null;
      await tx.query(
        `update trace.code_alert set state = $2, decided_by = $3::uuid, decided_at = $4::timestamptz, note = $5 where id = $1::uuid`,
        [id, decision.state, actor.id, now.toISOString(), note],
      );
      if (decision.state === 'dismissed')
        await tx.query(`update trace.code_watch set memory = $2::jsonb, risk = 'none', reasons = '{}' where serial = $1`, [
          alert.serial,
          JSON.stringify(emptyMemory()),
        ]);
      else if (decision.voidCode)
        await tx.query(`update trace.code set state = 'void', void_reason = $2 where serial = $1`, [
          alert.serial,
          `copied ${dayOf(now)}`,
        ]);
      const detail = { state: decision.state, voidCode: decision.voidCode };
      await this.audit.record(tx, {
        countyCode: alert.countyCode,
        actorId: actor.id,
        action: 'code_alert.decided',
        subject: `code_alert:${id}`,
        detail,
      });
      return { ...alert, state: decision.state, decidedAt: now, note };
    });
    await this.keys.readyFor([row.serial]);
    return this.view(snapshot, row);
  }

  private async find(tx: Tx, actor: Principal, id: string, lock = false): Promise<AlertRow> {
    const [row] = await tx.query<AlertRow>(`${SELECT} where a.id = $1::uuid ${lock ? 'for update of a' : ''}`, [id]);
    if (!row || !scopeAllows(await this.directory.snapshot(), actor, row.villageId)) throw notFound(id);
    return row;
  }

  private view(snapshot: DirectorySnapshot, row: AlertRow): AlertView {
    const village = snapshot.unit(row.villageId);
    return {
      id: row.id,
      code: this.keys.sign(row.serial),
      lot: { id: row.lotId, lotNo: row.lotNo, productName: row.productName },
      village: { id: row.villageId, code: village?.code ?? '', name: village?.name ?? '' },
      reasons: row.reasons,
      scans: row.scans,
      openedAt: row.openedAt.toISOString(),
      state: row.state,
      decidedAt: row.decidedAt?.toISOString() ?? null,
      note: row.note,
    };
  }
}
