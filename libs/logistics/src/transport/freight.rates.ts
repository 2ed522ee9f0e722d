import { Injectable } from '@nestjs/common';
import { FREIGHT_RATE_DAYS, FREIGHT_RATE_PARCELS, type FreightRate, type FreightRateQuery } from '#contracts';
import { DirectoryReader } from '#directory';
import { Clock, Database, type Principal } from '#platform';
import { SnapshotFacts } from '../ledger/directory.facts.js';
import { countyKeyOf, listedUnit } from '../parcel/parcel.scope.js';

const DAY_MS = 86_400_000;
/** What a province's name may end in; addresses are written with it and without. */
const PROVINCE_ENDING = /(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$/u;

/** Parcels that villagers sent, and those that upflow packed without a consignment (docs/adr/0007-published-produce.md). */
const RATES = `
  with sent as (
    select carrier_code, freight_fen, weight_g, destination as place from logistics.consignment where county_code = $1 and occurred_at >= $2
    union all
    select s.carrier_code, s.freight_fen, s.weight_g, s.province from upflow.shipment s where s.county_code = $1 and s.packed_at >= $2
      and not exists (select 1 from logistics.consignment c where c.county_code = s.county_code and c.waybill = s.waybill))
  select carrier_code as "carrierCode", percentile_cont(0.5) within group (order by freight_fen * 1000.0 / weight_g) as "fenPerKg",
    count(*)::int as parcels
  from sent where starts_with(place, $3) and freight_fen > 0 and weight_g > 0
    and ($4::int is null or weight_g between $4 / 2 and $4::int * 2)
  group by carrier_code having count(*) >= $5 order by 2, 1`;

/** What sending to a province cost lately, by carrier: for the choice at the counter, without anybody's own figures. */
@Injectable()
export class FreightRates {
  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly clock: Clock,
  ) {}

  /** The cheapest first. @throws DomainError `county_required` 400 above several counties */
  async compare(principal: Principal, { province, weightG }: FreightRateQuery): Promise<FreightRate[]> {
    const facts = SnapshotFacts.of(await this.directory.snapshot());
    const now = this.clock.now();
    const countyCode = countyKeyOf(facts, principal, listedUnit(facts.snapshot, principal, undefined), now);
    const rows = await this.database.query<Pick<FreightRate, 'carrierCode' | 'fenPerKg' | 'parcels'>>(RATES, [
      countyCode,
      new Date(now.getTime() - FREIGHT_RATE_DAYS * DAY_MS),
      provinceKey(province),
      weightG ?? null,
      FREIGHT_RATE_PARCELS,
    ]);
    return rows.map(({ carrierCode, fenPerKg, parcels }) => ({
      carrierCode,
      fenPerKg: Math.round(fenPerKg * 100) / 100,
      ...(weightG === undefined ? {} : { estimateFen: Math.round((fenPerKg * weightG) / 1000) }),
      parcels,
    }));
  }
}

/** A province's name without its ending, so that 浙江 and 浙江省 are one. */
function provinceKey(province: string): string {
  const text = province.replaceAll('\0', '');
  return text.replace(PROVINCE_ENDING, '') || text;
}
