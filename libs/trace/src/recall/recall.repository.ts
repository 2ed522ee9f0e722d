import { Injectable } from '@nestjs/common';
import type { RecallReach, RecallScope } from '#contracts';
import type { Tx } from '#platform';
import type { EventView } from '../epcis/epcis.view.js';
import { LOT_SETS, REACHED } from './recall.sql.js';

/** The lots of a recall: those above the lot, and those that are recalled. */
export interface LotSets {
  up: string[];
  recalled: string[];
}
/** A recall as stored, with what names its lot. */
export interface RecallRecord {
  id: string;
  countyCode: string;
  lotId: string;
  lotNo: string;
  productName: string;
  scope: RecallScope;
  reason: string;
  startedAt: Date;
  endedAt: Date | null;
  endNote: string | null;
}
/** A lot that may be recalled. */
export interface RecallableLot {
  id: string;
  countyCode: string;
  villageId: string;
  producerId: string;
}

const SELECT = `select r.id, r.county_code as "countyCode", r.lot_id as "lotId", l.lot_no as "lotNo", p.name as "productName", r.scope, r.reason,
  r.started_at as "startedAt", r.ended_at as "endedAt", r.end_note as "endNote"
  from trace.recall r join upflow.lot l on l.id = r.lot_id join upflow.product p on p.id = l.product_id`;
const VISIBLE = `($1::text[] is null or r.county_code = any($1::text[]))
  and (($2::uuid[] is null and $3::uuid[] is null) or exists (select 1 from trace.recall_lot x join upflow.lot y on y.id = x.lot_id
    where x.recall_id = r.id and ($2::uuid[] is null or y.village_id = any($2::uuid[])) and ($3::uuid[] is null or y.producer_id = any($3::uuid[]))))`;
const COUNTS = `${REACHED} select
  (select coalesce(sum(b.made), 0)::int from lots join trace.code_batch b on b.lot_id = lots.id where b.level <> 'box') as codes,
  (select count(*)::int from boxes) as boxes, (select count(*)::int from orders) as orders, (select count(*)::int from shipments) as shipments,
  (select count(*)::int from stations) as stations,
  (select count(*)::int from orders join upflow.sale_order o on o.id = orders.id where o.buyer_phone is not null) as contacts`;

/** Recalls, and how far they reach (docs/domain/recall.md). */
@Injectable()
export class RecallRepository {
  /** A lot by id. */
  async lot(tx: Tx, id: string): Promise<RecallableLot | undefined> {
    const [row] = await tx.query<RecallableLot>(
      `select id, county_code as "countyCode", village_id as "villageId", producer_id as "producerId" from upflow.lot where id = $1::uuid`,
      [id],
    );
    return row;
  }

  /** The lots that a recall would reach as things stand. */
  async lotSets(tx: Tx, lotId: string, scope: RecallScope): Promise<LotSets> {
    const [row] = await tx.query<LotSets>(LOT_SETS, [lotId, scope]);
    return row ?? { up: [], recalled: [] };
  }

  /** The lots that a recall reached when it was started, and those that joined it. */
  async lotsOf(tx: Tx, recall: Pick<RecallRecord, 'id' | 'lotId'>): Promise<LotSets> {
    const { up } = await this.lotSets(tx, recall.lotId, 'down');
    const rows = await tx.query<{ id: string }>('select lot_id as id from trace.recall_lot where recall_id = $1::uuid', [
      recall.id,
    ]);
    return { up, recalled: rows.map(({ id }) => id) };
  }

  /** Counts what the lots of a recall went into. */
  async count(tx: Tx, sets: LotSets): Promise<RecallReach> {
    const [counts] = await tx.query<Omit<RecallReach, 'lotsUp' | 'lotsDown'>>(COUNTS, [sets.recalled]);
    const above = new Set(sets.up);
    const lotsDown = sets.recalled.filter((id) => !above.has(id)).length - 1;
    if (!counts) throw new Error('A count has one row');
    return { lotsUp: sets.up.length, lotsDown: Math.max(0, lotsDown), ...counts };
  }

  /** Adds a recall with its lots; false when its id is taken. */
  async insert(
    tx: Tx,
    recall: Pick<RecallRecord, 'id' | 'countyCode' | 'lotId' | 'scope' | 'reason' | 'startedAt'> & { startedBy: string },
    lots: readonly string[],
  ): Promise<boolean> {
    const added = await tx.query(
      `insert into trace.recall (id, county_code, lot_id, scope, reason, started_by, started_at)
       values ($1::uuid, $2, $3::uuid, $4, $5, $6::uuid, $7::timestamptz) on conflict do nothing returning 1`,
      [recall.id, recall.countyCode, recall.lotId, recall.scope, recall.reason, recall.startedBy, recall.startedAt.toISOString()],
    );
    if (added.length === 0) return false;
    await tx.query('insert into trace.recall_lot (recall_id, lot_id) select $1::uuid, unnest($2::uuid[])', [recall.id, lots]);
    return true;
  }

  /** Ends a recall. */
  async end(tx: Tx, id: string, end: { by: string; at: Date; note: string }): Promise<void> {
    await tx.query('update trace.recall set ended_by = $2::uuid, ended_at = $3::timestamptz, end_note = $4 where id = $1::uuid', [
      id,
      end.by,
      end.at.toISOString(),
      end.note,
    ]);
  }

  /** A recall that reaches lots of the view; locked until the transaction ends when it is to be changed. */
  async find(tx: Tx, view: EventView, id: string, forChange = false): Promise<RecallRecord | undefined> {
    const [row] = await tx.query<RecallRecord>(
      `${SELECT} where ${VISIBLE} and r.id = $4::uuid ${forChange ? 'for update of r' : ''}`,
      [view.counties, view.villages, view.producers, id],
    );
    return row;
  }

  /** Recalls that reach lots of the view, the latest first. */
  async list(
    tx: Tx,
    view: EventView,
    filter: { open: boolean | undefined; before: { at: string; id: string } | undefined; limit: number },
  ): Promise<RecallRecord[]> {
    return tx.query(
      `${SELECT} where ${VISIBLE} and ($4::boolean is null or (r.ended_at is null) = $4::boolean)
         and ($5::timestamptz is null or (r.started_at, r.id) < ($5::timestamptz, $6::uuid)) order by r.started_at desc, r.id desc limit $7`,
      [
        view.counties,
        view.villages,
        view.producers,
        filter.open ?? null,
        filter.before?.at ?? null,
        filter.before?.id ?? null,
        filter.limit,
      ],
    );
  }
}
