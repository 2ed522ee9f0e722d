import { Injectable } from '@nestjs/common';
import { addDays, startOfDay, type FreightQuery, type FreightRow } from '#contracts';
import { DirectoryReader, type ProduceActor } from '#directory';
import { Clock, Database } from '#platform';
import { listedProducers } from '../village.scope.js';

/** What freight costs, compared by carrier and province of destination. */
@Injectable()
export class FreightReader {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly clock: Clock,
  ) {}

  /** Parcels that were packed in a span of days, the dearest kilogram of each province last. @throws DomainError `not_found` 404, `forbidden` 403 */
  async rows(actor: ProduceActor, { unit, from, to }: FreightQuery): Promise<FreightRow[]> {
    const snapshot = await this.directory.snapshot();
    const { villageIds, producerIds } = listedProducers(snapshot, actor, unit, this.clock.now());
    const rows = await this.database.query<Omit<FreightRow, 'fenPerKg'>>(
      `select s.carrier_code as "carrierCode", s.province, count(*)::int as parcels, sum(s.weight_g)::bigint as "weightG",
         sum(s.freight_fen)::bigint as "freightFen"
       from upflow.shipment s join upflow.sale_order o on o.id = s.order_id
       where s.stage <> 'cancelled' and s.packed_at >= $1::timestamptz and s.packed_at < $2::timestamptz and ($3::uuid[] is null or o.village_id = any($3::uuid[]))
         and ($4::uuid[] is null or o.seller_id = any($4::uuid[]))
       group by 1, 2 order by s.province nulls last, sum(s.freight_fen)::numeric / sum(s.weight_g), s.carrier_code`,
      [startOfDay(from).toISOString(), startOfDay(addDays(to, 1)).toISOString(), villageIds, producerIds],
    );
    return rows.map((row) => ({ ...row, fenPerKg: Math.round((row.freightFen * 100_000) / row.weightG) / 100 }));
  }
}
