import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import {
  maskAddress,
  waybillSchema,
  type consignmentQuerySchema,
  type ConsignmentLabel,
  type ConsignmentRecord,
  type ConsignmentView,
  type Page,
} from '#contracts';
import { DirectoryReader, maskName, maskPhone } from '#directory';
import { Audit, Clock, Database, forbidden, notFound, SecretBox, type Principal } from '#platform';
import { plainArray } from '../ledger/array.literal.js';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { countiesOf } from '../parcel/parcel.scope.js';
import { HAS_LEFT, STILL_WAITS } from './consignment.left.js';
import { timeCursor, timePage } from './transport.cursor.js';
import { listedPlaces, looksAfter, placeView, type Place } from './transport.place.js';

export type ConsignmentQuery = z.infer<typeof consignmentQuerySchema>;

interface ConsignmentRow extends Place {
  countyCode: string;
  id: string;
  waybill: string;
  carrierCode: string;
  occurredAt: Date;
  sender: Buffer;
  receiver: Buffer;
  destination: string;
  contents: string;
  securityCheck: ConsignmentRecord['securityCheck'];
  weightG: number;
  freightFen: number;
  categoryCode: string | null;
  left: boolean;
}

const COLUMNS = `c.county_code as "countyCode", c.id, c.waybill, c.carrier_code as "carrierCode", c.occurred_at as "occurredAt",
  c.station_id as "stationId", c.unit_id as "unitId", c.sender, c.receiver, c.destination, c.contents, c.security_check as "securityCheck",
  c.weight_g as "weightG", c.freight_fen as "freightFen", c.category_code as "categoryCode", ${HAS_LEFT} as "left"`;

/** Each unit's newest along the index; the branches are merged. What has not left is few among many, and has an index of its own. */
const list = (left: string): string => `
  select x.*, (select bp.bag_code from logistics.bag_parcel bp join logistics.bag b on b.county_code = bp.county_code and b.code = bp.bag_code
    where bp.county_code = x."countyCode" and bp.waybill = x.waybill and bp.state <> 'excess' order by b.sealed_at desc limit 1) as "bagCode"
  from (select l.* from unnest($2::uuid[]) as u (unit_id) cross join lateral (
    select ${COLUMNS} from logistics.consignment c
    where c.county_code = $1 and c.unit_id = u.unit_id and ($3::uuid[] is null or c.station_id = any($3::uuid[]))
      and ${left} and ($4::timestamptz is null or (c.occurred_at, c.waybill) < ($4::timestamptz, $5::text))
    order by c.occurred_at desc, c.waybill desc limit $6) l
  order by l."occurredAt" desc, l.waybill desc limit $6) x order by x."occurredAt" desc, x.waybill desc`;
const LISTS = { all: list('true'), left: list(HAS_LEFT), waiting: list(STILL_WAITS) } as const;

/** Reads consignments: masked, but for the label that the station's own people ask for in full. */
@Injectable()
export class ConsignmentReader {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly secrets: SecretBox,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Newest first. @throws DomainError `not_found` 404 for a station out of sight, `bad_cursor` 400 */
  async page(principal: Principal, query: ConsignmentQuery): Promise<Page<ConsignmentView>> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const { countyCode, units, stationIds } = listedPlaces(facts, principal, query.stationCode, this.clock.now());
    const after = timeCursor(query);
    const which = query.left === undefined ? 'all' : query.left ? 'left' : 'waiting';
    const rows = await this.database.query<ConsignmentRow & { bagCode: string | null }>(LISTS[which], [
      countyCode,
      plainArray(units),
      stationIds && plainArray(stationIds),
      after?.[0] ?? null,
      after?.[1] ?? null,
      query.limit + 1,
    ]);
    return timePage(
      rows,
      query,
      (row) => [row.occurredAt, row.waybill],
      (row) => this.view(row, facts),
    );
  }

  /**
   * What the label needs. In full for the station's own people only, and recorded before it is answered.
   * @throws DomainError `not_found` 404, `forbidden` 403 in full for others
   */
  async label(principal: Principal, text: string, full: boolean): Promise<ConsignmentLabel> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const row = await this.find(principal, text, facts);
    if (!row) throw notFound(text);
    if (full) {
      if (!worksAt(principal, row)) throw forbidden();
      const { countyCode, id } = row;
      await this.database.transaction((tx) =>
        this.audit.record(tx, {
          countyCode,
          actorId: principal.id,
          action: 'consignment.unmasked',
          subject: `consignment:${id}`,
        }),
      );
    }
    return this.labelOf(row, facts, full);
  }

  private async find(principal: Principal, text: string, facts: SnapshotFacts): Promise<ConsignmentRow | undefined> {
    const waybill = waybillSchema.safeParse(text);
    if (!waybill.success) return undefined;
    const rows = await this.database.query<ConsignmentRow>(
      `select ${COLUMNS} from logistics.consignment c where c.county_code = any($1::text[]) and c.waybill = $2`,
      [countiesOf(facts, principal, this.clock.now()), waybill.data],
    );
    return rows.find((row) => looksAfter(facts, principal, row));
  }

  private view(row: ConsignmentRow & { bagCode: string | null }, { snapshot }: SnapshotFacts): ConsignmentView {
    const { id, waybill, carrierCode, destination, contents, weightG, freightFen, left } = row;
    return {
      id,
      waybill,
      stationCode: (row.stationId !== null && snapshot.station(row.stationId)?.code) || '',
      carrierCode,
      occurredAt: row.occurredAt.toISOString(),
      senderName: maskName(this.open<ConsignmentRecord['sender']>(row.sender).name),
      receiverName: maskName(this.open<ConsignmentRecord['receiver']>(row.receiver).name),
      destination,
      contents,
      weightG,
      freightFen,
      ...(row.categoryCode === null ? {} : { categoryCode: row.categoryCode }),
      ...(row.bagCode === null ? {} : { bagCode: row.bagCode }),
      left,
    };
  }

  private labelOf(row: ConsignmentRow, facts: SnapshotFacts, full: boolean): ConsignmentLabel {
    const place = placeView(facts, row);
    const sender = this.open<ConsignmentRecord['sender']>(row.sender);
    const receiver = this.open<ConsignmentRecord['receiver']>(row.receiver);
    const person = ({ name, phone }: { name: string; phone: string }) =>
      full ? { name, phone } : { name: maskName(name), phone: maskPhone(phone) };
    const { province, city, detail } = receiver.address;
    return {
      waybill: row.waybill,
      carrierCode: row.carrierCode,
      carrierName: facts.snapshot.carrier(row.carrierCode)?.nameZh ?? row.carrierCode,
      ...(place.stationCode === undefined ? {} : { stationCode: place.stationCode }),
      stationName: place.stationName ?? place.unitName,
      acceptedAt: row.occurredAt.toISOString(),
      masked: !full,
      sender: person(sender),
      receiver: { ...person(receiver), address: { province, city, detail: full ? detail : maskAddress(detail) } },
      contents: row.contents,
      weightG: row.weightG,
      // Nothing is recorded that was not inspected.
      inspected: true,
      securityCheck: row.securityCheck,
    };
  }

  private open<T>(sealed: Buffer): T {
    return JSON.parse(this.secrets.decrypt(sealed)) as T;
  }
}

/** One of the place's own people: the keeper of the station, or staff of that very unit. */
function worksAt(principal: Principal, { stationId, unitId }: Place): boolean {
  if (stationId !== null && principal.stationIds.includes(stationId)) return true;
  return principal.role !== 'station' && principal.unitId === unitId;
}
