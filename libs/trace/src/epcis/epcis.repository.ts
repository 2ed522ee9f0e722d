import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#platform';
import type { EpcisQuery } from './epcis.query.js';
import type { LoggedEvent } from './epcis.schema.js';
import type { EventView } from './epcis.view.js';

/** An event as the log holds it. */
export interface StoredEvent {
  countyCode: string;
  seq: number;
  recordedAt: Date;
  body: LoggedEvent;
}

const SELECT = `select e.county_code as "countyCode", e.seq, e.recorded_at as "recordedAt", e.body from trace.epcis_event e`;
const CHUNK = 500;
const EPC_FIELDS = ['epcList', 'childEPCs', 'inputEPCList', 'outputEPCList'] as const;
const CLASS_FIELDS = ['quantityList', 'childQuantityList', 'inputQuantityList', 'outputQuantityList'] as const;

/** A condition in SQL under construction: each value becomes a parameter. */
class Conditions {
  readonly parts: string[] = [];
  readonly values: unknown[] = [];

  value(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
  add(text: string): void {
    this.parts.push(text);
  }
  /** One of several members equals one of the values. Only when values were asked for. */
  oneOf(values: readonly string[] | undefined, text: (parameter: string) => string): void {
    if (values !== undefined) this.add(text(this.value(values)));
  }
  /** The body contains one of the patterns: each is an index condition of its own. */
  contains(patterns: readonly object[] | undefined): void {
    if (patterns === undefined) return;
    const any = patterns.map((pattern) => `e.body @> ${this.value(JSON.stringify(pattern))}::jsonb`);
    this.add(`(${any.join(' or ')})`);
  }
}

/** Reads the log of business steps. */
@Injectable()
export class EpcisRepository {
  constructor(private readonly database: Database) {}

  /** A page of events, in the order in which they were logged. */
  async find(view: EventView, query: EpcisQuery, after: { countyCode: string; seq: number } | undefined): Promise<StoredEvent[]> {
    const where = new Conditions();
    limitTo(where, view);
    narrow(where, query);
    if (after) where.add(`(e.county_code, e.seq) > (${where.value(after.countyCode)}::text, ${where.value(after.seq)}::bigint)`);
    const condition = where.parts.length > 0 ? `where ${where.parts.join(' and ')}` : '';
    return this.database.query(
      `${SELECT} ${condition} order by e.county_code, e.seq limit ${where.value(query.perPage + 1)}`,
      where.values,
    );
  }

  /** All that the log says under an identity, in its order: the event, then what corrects it. */
  async byId(tx: Tx, view: EventView, eventId: string): Promise<StoredEvent[]> {
    const where = new Conditions();
    limitTo(where, view);
    where.add(`e.event_id = ${where.value(eventId)}`);
    return tx.query(`${SELECT} where ${where.parts.join(' and ')} order by e.county_code, e.seq limit 100`, where.values);
  }

  /** Lots that an event concerns. */
  async lotsOf(tx: Tx, countyCode: string, seq: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      'select lot_id as id from trace.epcis_lot where county_code = $1 and seq = $2 order by lot_id',
      [countyCode, seq],
    );
    return rows.map(({ id }) => id);
  }

  /** The lot with everything that it was made of; `descendants` adds everything made of it. */
  async family(lotId: string, descendants: boolean): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `with recursive up(id) as (select $1::uuid union select p.parent_id from up u join upflow.lot_part p on p.child_id = u.id),
         down(id) as (select $1::uuid union select p.child_id from down d join upflow.lot_part p on p.parent_id = d.id where $2)
       select id from up union select id from down`,
      [lotId, descendants],
    );
    return rows.map(({ id }) => id);
  }

  /** Every event that concerns one of the lots, in the order in which they were logged. */
  async *ofLots(lotIds: readonly string[]): AsyncGenerator<StoredEvent> {
    let after: StoredEvent | undefined;
    for (;;) {
      const rows: StoredEvent[] = await this.database.query(
        `${SELECT} join (select distinct county_code, seq, recorded_at from trace.epcis_lot where lot_id = any($1::uuid[])
             and (county_code, seq) > ($2::text, $3::bigint) order by county_code, seq limit ${CHUNK}) l using (county_code, seq, recorded_at)
         order by e.county_code, e.seq`,
        [lotIds, after?.countyCode ?? '', after?.seq ?? 0],
      );
      yield* rows;
      after = rows.at(-1);
      if (rows.length < CHUNK) return;
    }
  }
}

function limitTo(where: Conditions, view: EventView): void {
  if (view.counties !== null) where.add(`e.county_code = any(${where.value(view.counties)}::text[])`);
  const own =
    view.producers !== null
      ? `l.producer_id = any(${where.value(view.producers)}::uuid[])`
      : view.villages !== null
        ? `l.village_id = any(${where.value(view.villages)}::uuid[])`
        : undefined;
  if (own)
    where.add(
      `exists (select 1 from trace.epcis_lot x join upflow.lot l on l.id = x.lot_id where x.county_code = e.county_code and x.seq = e.seq and ${own})`,
    );
}

function narrow(where: Conditions, query: EpcisQuery): void {
  const inBody = (member: string) => (parameter: string) => `e.body ->> '${member}' = any(${parameter}::text[])`;
  where.oneOf(query.eventType, inBody('type'));
  where.oneOf(query.EQ_bizStep, (parameter) => `e.biz_step = any(${parameter}::text[])`);
  where.oneOf(query.EQ_eventID, (parameter) => `e.event_id = any(${parameter}::text[])`);
  where.oneOf(query.EQ_action, inBody('action'));
  where.oneOf(query.EQ_disposition, inBody('disposition'));
  where.oneOf(query.EQ_transformationID, inBody('transformationID'));
  where.contains(query.EQ_readPoint?.map((id) => ({ readPoint: { id } })));
  where.contains(query.EQ_bizLocation?.map((id) => ({ bizLocation: { id } })));
  for (const [value, text] of [
    [query.GE_eventTime, 'e.event_time >= '],
    [query.LT_eventTime, 'e.event_time < '],
    [query.GE_recordTime, 'e.recorded_at >= '],
    [query.LT_recordTime, 'e.recorded_at < '],
  ] as const)
    if (value !== undefined) where.add(`${text}${where.value(value)}::timestamptz`);
  const lists = (fields: readonly string[], item: (value: string) => unknown) => (values: readonly string[] | undefined) =>
    values?.flatMap((value) => fields.map((field) => ({ [field]: [item(value)] })));
  const epcs = lists(EPC_FIELDS, (value) => value);
  const classes = lists(CLASS_FIELDS, (epcClass) => ({ epcClass }));
  const parents = query.MATCH_anyEPC?.map((parentID) => ({ parentID }));
  where.contains(query.MATCH_anyEPC ? [...(epcs(query.MATCH_anyEPC) ?? []), ...(parents ?? [])] : undefined);
  where.contains(lists(['epcList', 'childEPCs'], (value) => value)(query.MATCH_epc));
  where.contains(query.MATCH_parentID?.map((parentID) => ({ parentID })));
  where.contains(classes(query.MATCH_anyEPCClass));
  where.contains(lists(['quantityList', 'childQuantityList'], (epcClass) => ({ epcClass }))(query.MATCH_epcClass));
  if (query.EXISTS_errorDeclaration) where.add(`e.body ? 'errorDeclaration'`);
}
