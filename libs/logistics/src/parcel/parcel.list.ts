import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import {
  decodeCursor,
  encodeCursor,
  type Direction,
  type Page,
  type parcelListQuerySchema,
  type ParcelListItem,
  type ParcelStage,
} from '#contracts';
import { DirectoryReader } from '#directory';
import { Clock, Database, DomainError, type Principal } from '#platform';
import { plainArray } from '../ledger/array.literal.js';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { countyKeyOf, listedUnit } from './parcel.scope.js';

export type ParcelListQuery = z.infer<typeof parcelListQuerySchema>;

interface ListRow {
  waybill: string;
  carrierCode: string | null;
  direction: Direction;
  stage: ParcelStage;
  unitId: string | null;
  lastEventAt: Date;
}

/** Everything of a list but its page. */
interface ListScope {
  readonly facts: SnapshotFacts;
  readonly countyCode: string;
  readonly units: string[];
  /** A county's list also shows parcels that no unit has yet. */
  readonly withoutUnit: boolean;
  /** Villages of which only what these stations handled is shown: those that a keeper's stations serve besides their own. */
  readonly served: string[];
  readonly stationIds: readonly string[];
}

const TABLE_PAGE = 1000;

/** One branch reads one unit's newest parcels along the index; the branches are merged. */
const branch = (source: string, condition: string): string => `
  select p.waybill, p.carrier_code, p.direction, p.stage, p.unit_id, p.last_event_at from ${source} cross join lateral (
    select * from logistics.parcel p
    where p.county_code = $1 and ${condition}
      and ($2::text is null or p.stage = $2) and ($3::text is null or p.carrier_code = $3) and ($4::text is null or p.direction = $4)
      and ($5::timestamptz is null or (p.last_event_at, p.waybill) < ($5::timestamptz, $6::text))
    order by p.last_event_at desc, p.waybill desc limit $7) p`;

const LIST = `
  select waybill, carrier_code as "carrierCode", direction, stage, unit_id as "unitId", last_event_at as "lastEventAt" from (
    ${branch('unnest($8::uuid[]) as u (unit_id)', 'p.unit_id = u.unit_id')}
    union all ${branch('unnest($9::uuid[]) as u (unit_id)', 'p.unit_id = u.unit_id and p.station_id = any($10::uuid[])')}
    union all ${branch('(select 1 where $11::boolean) as n', 'p.unit_id is null')}
  ) parcels order by last_event_at desc, waybill desc limit $7`;

/** Lists parcels, newest event first. */
@Injectable()
export class ParcelList {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly clock: Clock,
  ) {}

  /** One page. @throws DomainError `not_found` 404 for a unit that the caller may not see, `bad_cursor` 400 */
  async page(principal: Principal, query: ParcelListQuery): Promise<Page<ParcelListItem>> {
    const scope = await this.scopeOf(principal, query);
    const rows = await this.read(scope, principal, query, cursorOf(query), query.limit + 1);
    const items = rows.slice(0, query.limit);
    const last = items.at(-1);
    const nextCursor =
      rows.length > query.limit && last ? { nextCursor: encodeCursor([last.lastEventAt.getTime(), last.waybill]) } : {};
    return { items: items.map((row) => itemOf(row, scope.facts)), ...nextCursor };
  }

  /** Every row, for a table. @throws as `page` */
  async *all(principal: Principal, query: ParcelListQuery): AsyncGenerator<ParcelListItem> {
    const scope = await this.scopeOf(principal, query);
    let after = cursorOf(query);
    for (;;) {
      const rows = await this.read(scope, principal, query, after, TABLE_PAGE);
      for (const row of rows) yield itemOf(row, scope.facts);
      const last = rows.at(-1);
      if (!last || rows.length < TABLE_PAGE) return;
      after = [last.lastEventAt, last.waybill];
    }
  }

  private async scopeOf(principal: Principal, query: ParcelListQuery): Promise<ListScope> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const unit = listedUnit(facts.snapshot, principal, query.unit);
    const served = principal.role === 'station' && query.unit === undefined ? servedVillages(facts, principal.stationIds) : [];
    return {
      facts,
      countyCode: countyKeyOf(facts, principal, unit, this.clock.now()),
      units: facts.snapshot.idsWithin(unit.id),
      withoutUnit: unit.level !== 'town' && unit.level !== 'village',
      served: served.filter((village) => village !== unit.id),
      stationIds: principal.stationIds,
    };
  }

  private read(
    scope: ListScope,
    principal: Principal,
    query: ParcelListQuery,
    after: [Date, string] | undefined,
    limit: number,
  ): Promise<ListRow[]> {
    return this.database.query<ListRow>(LIST, [
      scope.countyCode,
      query.stage ?? null,
      principal.carrierCode ?? query.carrierCode ?? null,
      query.direction ?? null,
      after?.[0] ?? null,
      after?.[1] ?? null,
      limit,
      plainArray(scope.units),
      plainArray(scope.served),
      plainArray(scope.stationIds),
      scope.withoutUnit,
    ]);
  }
}

function servedVillages({ snapshot }: SnapshotFacts, stationIds: readonly string[]): string[] {
  return [...new Set(stationIds.flatMap((id) => snapshot.relationsThrough(id).map((relation) => relation.villageId)))];
}

function cursorOf({ cursor }: ParcelListQuery): [Date, string] | undefined {
  if (cursor === undefined) return undefined;
  const [instant, waybill] = decodeCursor(cursor, 2) ?? [];
  if (typeof instant !== 'number' || typeof waybill !== 'string' || Math.abs(instant) > 8.64e15)
    throw new DomainError('bad_cursor', 400);
  return [new Date(instant), waybill.replaceAll('\0', '')];
}

function itemOf(row: ListRow, { snapshot, levelOf }: SnapshotFacts): ParcelListItem {
  const unit = row.unitId !== null && levelOf(row.unitId) === 'village' ? snapshot.unit(row.unitId) : undefined;
  return {
    waybill: row.waybill,
    carrierCode: row.carrierCode,
    direction: row.direction,
    stage: row.stage,
    ...(unit ? { village: { code: unit.code, name: unit.name } } : {}),
    lastEventAt: row.lastEventAt.toISOString(),
  };
}
