import { Injectable } from '@nestjs/common';
import type { RecallRow, RecallRowKind } from '#contracts';
import { maskName, maskPhone, type DirectorySnapshot } from '#directory';
import { message, SecretBox, type Language, type Tx } from '#platform';
import type { LotSets } from './recall.repository.js';
import { REACHED } from './recall.sql.js';

/** Rows of one kind after a place in their order. */
export interface RowsWanted {
  readonly kind: RecallRowKind;
  readonly after: string | undefined;
  readonly limit: number;
  /** Buyers in full. */
  readonly unmask: boolean;
  readonly language: Language;
}
/** A row, and its place in the order of its kind. */
export interface PlacedRow {
  readonly place: string;
  readonly row: RecallRow;
}
interface Found {
  place: string;
  key: string;
  name: string;
  detail: string;
  quantityG: number | null;
  at: Date | null;
}
interface Buyer extends Omit<Found, 'key' | 'name'> {
  name: Uint8Array | null;
  phone: Uint8Array;
}

const GRAMS = (column: 'order_id' | 'shipment') =>
  `(select sum(x.grams)::bigint from shares x where x.${column} = s.id) as "quantityG"`;
const PAGE = 'limit $3';
const SQL: Readonly<Record<Exclude<RecallRowKind, 'lots' | 'stations'>, string>> = {
  boxes: `${REACHED} select c.serial::text as place, coalesce(c.sscc, c.serial::text) as key, p.name, l.lot_no as detail, null as "quantityG", null as at
    from boxes join trace.code c on c.serial = boxes.serial join upflow.lot l on l.id = c.lot_id join upflow.product p on p.id = l.product_id
    where ($2::bigint is null or c.serial > $2::bigint) order by c.serial ${PAGE}`,
  orders: `${REACHED} select s.id as place, s.channel_order_no as key, p.name, s.channel || ' ' || s.state as detail, ${GRAMS('order_id')}, s.paid_at as at
    from orders join upflow.sale_order s on s.id = orders.id join upflow.producer p on p.id = s.seller_id
    where ($2::uuid is null or s.id > $2::uuid) order by s.id ${PAGE}`,
  shipments: `${REACHED} select s.id as place, s.waybill as key, s.carrier_code as name, concat_ws(' ', s.province, s.stage) as detail, ${GRAMS('shipment')},
    s.packed_at as at from shipments join upflow.shipment s on s.id = shipments.id
    where ($2::uuid is null or s.id > $2::uuid) order by s.id ${PAGE}`,
  contacts: `${REACHED} select s.id as place, s.buyer_name as name, s.buyer_phone as phone, s.channel_order_no as detail, ${GRAMS('order_id')}, s.paid_at as at
    from orders join upflow.sale_order s on s.id = orders.id
    where s.buyer_phone is not null and ($2::uuid is null or s.id > $2::uuid) order by s.id ${PAGE}`,
};
const LOTS = `select l.id as place, l.lot_no as key, p.name,
    case when l.id = $4::uuid then 'self' when l.id = any($5::uuid[]) and l.id = any($1::uuid[]) then 'source' when l.id = any($1::uuid[]) then 'down' else 'up' end as detail,
    l.quantity_g as "quantityG", l.created_at as at
  from upflow.lot l join upflow.product p on p.id = l.product_id
  where (l.id = any($1::uuid[]) or l.id = any($5::uuid[])) and ($2::uuid is null or l.id > $2::uuid) order by l.id ${PAGE}`;
const STATIONS = `${REACHED} select id as place, parcels from stations where ($2::uuid is null or id > $2::uuid) order by id ${PAGE}`;

/** The lists that people work through in a recall. Buyers are sealed in their orders: opened here, masked unless they are asked for in full. */
@Injectable()
export class RecallRows {
  constructor(private readonly secrets: SecretBox) {}

  /** Rows of one kind, in the order of their place. */
  async page(tx: Tx, snapshot: DirectorySnapshot, lotId: string, sets: LotSets, wanted: RowsWanted): Promise<PlacedRow[]> {
    const { kind, language } = wanted;
    const values = [sets.recalled, wanted.after ?? null, wanted.limit];
    switch (kind) {
      case 'lots': {
        const rows = await tx.query<Found>(LOTS, [...values, lotId, sets.up]);
        return rows.map((row) => placed(kind, { ...row, detail: message(language, `trace.recall.lot.${row.detail}`) }));
      }
      case 'stations': {
        const rows = await tx.query<{ place: string; parcels: number }>(STATIONS, values);
        return rows.map((row) => this.station(snapshot, row, language));
      }
      case 'contacts':
        return (await tx.query<Buyer>(SQL[kind], values)).map((buyer) => this.buyer(buyer, wanted.unmask));
      case 'boxes':
      case 'orders':
      case 'shipments':
        return (await tx.query<Found>(SQL[kind], values)).map((row) => placed(kind, row));
    }
  }

  private station(
    snapshot: DirectorySnapshot,
    { place, parcels }: { place: string; parcels: number },
    language: Language,
  ): PlacedRow {
    const station = snapshot.station(place);
    const unit = station ? (snapshot.unit(station.unitId)?.name ?? '') : '';
    const detail = message(language, 'trace.recall.station', { unit, parcels });
    return placed('stations', {
      place,
      key: station?.code ?? place,
      name: station?.name ?? '',
      detail,
      quantityG: null,
      at: null,
    });
  }

  private buyer({ name, phone, ...rest }: Buyer, unmask: boolean): PlacedRow {
    const [fullName, fullPhone] = [name ? this.secrets.decrypt(name) : '', this.secrets.decrypt(phone)];
    const masked = fullName === '' ? '' : maskName(fullName);
    return placed('contacts', { ...rest, key: unmask ? fullPhone : maskPhone(fullPhone), name: unmask ? fullName : masked });
  }
}

function placed(kind: RecallRowKind, { place, at, ...row }: Found): PlacedRow {
  return { place, row: { kind, ...row, at: at === null ? null : at.toISOString() } };
}
