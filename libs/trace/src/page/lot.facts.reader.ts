import { Injectable } from '@nestjs/common';
import { dayOf, type LotOrigin } from '#contracts';
import { DirectoryReader, type DirectorySnapshot } from '#directory';
import { Clock, Database } from '#platform';
import { placeName } from '../certificate/certificate.service.js';
import type { LotFacts, ParcelsTo, ProductFacts } from './lot.facts.js';
import { PageCache } from './page.cache.js';
import { originMap, type Area, type OriginMap } from './origin.map.js';

interface LotRow {
  id: string;
  countyCode: string;
  revision: number;
  lotNo: string;
  origin: LotOrigin;
  plotName: string | null;
  harvestedOn: string | null;
  createdAt: Date;
  villageId: string;
  productId: string;
  producerId: string;
}

/** Steps of parcels that a page tells of: not the station in the village, for a page about a lot says no more than the county. */
const WAYS = ['staging_outbound', 'departing', 'retail_selling'];
const SHOWN_ROWS = 40;
/** A county's borders are many points and hardly ever change: a village's map is drawn once. */
const MAPS = 1000;
const MAP_FRESH_MS = 3_600_000;

/** Reads what a lot's page shows from upflow's published tables, the certificates and the log of steps (docs/adr/0007-published-produce.md). */
@Injectable()
export class LotFactsReader {
  private readonly maps = new PageCache<OriginMap | null>(MAPS, MAP_FRESH_MS);

  constructor(
    private readonly database: Database,
    private readonly directory: DirectoryReader,
    private readonly clock: Clock,
  ) {}

  /** A lot with all that its page shows. */
  async lot(id: string): Promise<LotFacts | undefined> {
    const [lot] = await this.database.query<LotRow>(
      `select id, county_code as "countyCode", revision, lot_no as "lotNo", origin, plot_name as "plotName", harvested_on as "harvestedOn",
         created_at as "createdAt", village_id as "villageId", product_id as "productId", producer_id as "producerId"
       from upflow.lot where id = $1::uuid`,
      [id],
    );
    if (!lot) return undefined;
    const snapshot = await this.directory.snapshot();
    const [product, inputs, tests, certificate, parcels, ways, map] = await Promise.all([
      this.product(lot.productId, lot.producerId),
      this.inputs(id),
      this.tests(id),
      this.certificate(id),
      this.parcels(id),
      this.ways(id),
      this.maps.get(`${snapshot.revision} ${lot.villageId}`, () => this.map(snapshot, lot.villageId)),
    ]);
    if (!product) return undefined;
    const village = snapshot.unit(lot.villageId);
    return {
      ...lot,
      place: placeName(snapshot, lot.villageId),
      countyName: snapshot.ancestor(lot.villageId, 'county')?.name ?? '',
      townName: snapshot.ancestor(lot.villageId, 'town')?.name ?? '',
      village: { code: village?.code ?? '', name: village?.name ?? '' },
      product,
      inputs,
      tests,
      certificate,
      parcels,
      ways,
      map,
    };
  }

  /** A product; `producerId` is who answers for a lot of it, where that is another one than the product's own. */
  async product(id: string, producerId?: string): Promise<ProductFacts | undefined> {
    const [row] = await this.database.query<ProductFacts>(
      `select p.id, p.name, p.category_code as "categoryCode", p.gtin, p.spec, w.name as "producerName", w.kind as "producerKind",
         coalesce((select jsonb_agg(jsonb_build_object('kind', c.kind, 'number', c.number) order by c.kind, c.number)
           from upflow.product_certification c where c.product_id = p.id and c.valid_from <= $2::date and (c.valid_to is null or c.valid_to >= $2::date)), '[]')
           as certifications
       from upflow.product p join upflow.producer w on w.id = coalesce($3::uuid, p.producer_id) where p.id = $1::uuid`,
      [id, dayOf(this.clock.now()), producerId ?? null],
    );
    return row;
  }

  private async inputs(lotId: string): Promise<LotFacts['inputs']> {
    return this.database.query(
      `select kind, name, applied_on as "appliedOn" from upflow.lot_input where lot_id = $1::uuid order by applied_on, id limit ${SHOWN_ROWS}`,
      [lotId],
    );
  }

  private async tests(lotId: string): Promise<LotFacts['tests']> {
    return this.database.query(
      `select item, result, tested_on as "testedOn", laboratory from upflow.lot_test where lot_id = $1::uuid order by tested_on, created_at limit ${SHOWN_ROWS}`,
      [lotId],
    );
  }

  private async certificate(lotId: string): Promise<LotFacts['certificate']> {
    const [row] = await this.database.query<{ number: string; issuedAt: Date }>(
      `select number, issued_at as "issuedAt" from trace.certificate where lot_id = $1::uuid and superseded_by is null order by issued_at desc limit 1`,
      [lotId],
    );
    return row ? { ...row, issuedOn: dayOf(row.issuedAt) } : null;
  }

  private async parcels(lotId: string): Promise<ParcelsTo[]> {
    return this.database.query(
      `select s.province, min(s.packed_at) as "packedAt", min(s.stage_at) filter (where s.stage in ('delivered', 'collected')) as "deliveredAt"
       from upflow.shipment s where exists (select 1 from upflow.allocation a where a.shipment_id = s.id and a.lot_id = $1::uuid)
       group by s.province order by min(s.packed_at)`,
      [lotId],
    );
  }

  /** Events that were declared wrong do not count, nor do parcels on their way back. */
  private async ways(lotId: string): Promise<LotFacts['ways']> {
    const rows = await this.database.query<{ step: string; at: Date }>(
      `select step, min(at) as at from (
         select e.biz_step as step, min(e.event_time) as at from trace.epcis_lot l
         join trace.epcis_event e on e.county_code = l.county_code and e.seq = l.seq and e.recorded_at = l.recorded_at
         where l.lot_id = $1::uuid and e.biz_step = any($2::text[])
         group by e.event_id, e.biz_step
         having not bool_or(e.body ? 'errorDeclaration' or e.body ->> 'disposition' = 'returned')) events
       group by step`,
      [lotId, WAYS],
    );
    return Object.fromEntries(rows.map(({ step, at }) => [step, at]));
  }

  private async map(snapshot: DirectorySnapshot, villageId: string): Promise<OriginMap | null> {
    const county = snapshot.ancestor(villageId, 'county');
    if (!county) return null;
    const towns = snapshot.descendants(county.id, 'town', dayOf(this.clock.now()));
    const rows = await this.database.query<{ id: string; boundary: Area }>(
      'select id, boundary from directory.unit where id = any($1::uuid[]) and boundary is not null',
      [towns.map(({ id }) => id)],
    );
    const areas = new Map(rows.map(({ id, boundary }) => [id, boundary]));
    const town = snapshot.ancestor(villageId, 'town');
    // The village, not the plot: a plot's place is nobody's business.
    const { latitude, longitude } = snapshot.unit(villageId) ?? { latitude: null, longitude: null };
    const origin = latitude === null || longitude === null ? undefined : { latitude, longitude };
    const shown = towns.map((node) => ({ ...node, area: areas.get(node.id) ?? null }));
    return originMap(shown, town?.id, origin) ?? null;
  }
}
