/** A county for coverage: directory rows, principals, and parcel days written the way logistics publishes them. */
import { Global, Injectable, Module } from '@nestjs/common';
import { addDays, dayOf, RIGHTS_OF, type Coverage, type Day, type Role } from '#contracts';
import { DirectoryReader } from '#directory';
import { CoverageRebuild, InsightModule } from '#insight';
import { Authenticator, Outbox, uuidv7, type OutgoingEvent, type Principal, type Tx } from '#platform';
import { testApp, type TestApplication } from '../factories/application.js';

export const COUNTY = '990101';
export const NO_STATION = '00000000-0000-0000-0000-000000000000';
const WAIT_MS = 20_000;

const principals = new Map<string, Principal>();

@Injectable()
class Tokens extends Authenticator {
  authenticate(token: string): Promise<Principal | undefined> {
    return Promise.resolve(principals.get(token));
  }
}

@Global()
@Module({ providers: [DirectoryReader, { provide: Authenticator, useClass: Tokens }], exports: [DirectoryReader, Authenticator] })
class DirectoryRowsModule {}

/** A row of logistics.parcel_day. */
export interface ParcelDay {
  unit: string;
  day: Day;
  waybill: string;
  station?: string;
  carrier?: string | null;
  counts: number;
}

export class CoverageCounty {
  readonly ids: Record<string, string> = {};
  private published = 0;

  private constructor(readonly app: TestApplication) {}

  static async start(): Promise<CoverageCounty> {
    const county = new CoverageCounty(await testApp({ modules: [DirectoryRowsModule, InsightModule], services: ['insight'] }));
    await county.unit('P', 'province', '99', null);
    await county.unit('F', 'prefecture', '9901', 'P');
    await county.unit('C', 'county', COUNTY, 'F');
    for (const [town, code] of Object.entries({ T1: '990101100', T2: '990101101' })) await county.unit(town, 'town', code, 'C');
    for (const [village, number] of Object.entries({ A: 201, B: 202, D: 203 }))
      await county.unit(village, 'village', `990101100${number}`, 'T1');
    for (const [village, number] of Object.entries({ E: 201, G: 202 }))
      await county.unit(village, 'village', `990101101${number}`, 'T2');
    for (const village of ['A', 'B', 'D', 'E', 'G', 'T1']) await county.station(village);
    for (const [name, role, unit] of [
      ['admin', 'admin', 'P'],
      ['officer', 'county', 'C'],
      ['town', 'town', 'T1'],
      ['keeper', 'station', 'A'],
      ['producer', 'producer', 'A'],
    ] as const)
      county.person(name, role, unit);
    await county.revise();
    return county;
  }

  get today(): Day {
    return dayOf(new Date());
  }
  get db() {
    return this.app.db.database;
  }
  id(key: string): string {
    const id = this.ids[key];
    if (!id) throw new Error(`No unit ${key}`);
    return id;
  }

  async unit(
    key: string,
    level: string,
    code: string,
    parent: string | null,
    from: Day = '2020-01-01',
    to: Day | null = null,
  ): Promise<void> {
    const id = (this.ids[key] = uuidv7());
    await this.db.query('insert into directory.unit (id, level, valid_from, valid_to) values ($1, $2, $3, $4)', [
      id,
      level,
      from,
      to,
    ]);
    await this.db.query(
      'insert into directory.unit_version (unit_id, valid_from, valid_to, code, name, parent_id) values ($1, $2, $3, $4, $5, $6)',
      [id, from, to, code, `${key}村`, parent && this.id(parent)],
    );
  }

  async station(key: string): Promise<void> {
    const id = (this.ids[`S${key}`] = uuidv7());
    await this.db.query('insert into directory.station (id, code, name, unit_id, valid_from) values ($1, $2, $3, $4, $5)', [
      id,
      `S-${key}`,
      `${key}站`,
      this.id(key),
      '2020-01-01',
    ]);
  }

  async relation(village: string, carrier: string, mode = 'resident_station', station = `S${village}`): Promise<void> {
    await this.db.query('insert into directory.carrier (code, name_zh, name_en) values ($1, $1, $1) on conflict do nothing', [
      carrier,
    ]);
    await this.db.query(
      `insert into directory.service_relation (id, village_id, carrier_code, mode, station_id, distance_m, valid_from) values ($1, $2, $3, $4, $5, 0, '2020-01-01')`,
      [uuidv7(), this.id(village), carrier, mode, this.id(station)],
    );
  }

  async suspension(village: string, from: Day, to: Day): Promise<void> {
    await this.db.query(
      `insert into directory.suspension (id, village_id, from_day, to_day, reason, status, requested_by) values ($1, $2, $3, $4, '洪水', 'approved', $1)`,
      [uuidv7(), this.id(village), from, to],
    );
  }

  async merge(predecessors: string[], successor: string, code: string, on: Day): Promise<void> {
    await this.unit(successor, 'village', code, 'T1', on);
    for (const key of predecessors) {
      await this.db.query('update directory.unit set valid_to = $2 where id = $1', [this.id(key), on]);
      await this.db.query('update directory.unit_version set valid_to = $2 where unit_id = $1', [this.id(key), on]);
      await this.db.query(
        `insert into directory.unit_lineage (predecessor_id, successor_id, on_day, kind, share) values ($1, $2, $3, 'merge', 1)`,
        [this.id(key), this.id(successor), on],
      );
    }
  }

  person(name: string, role: Role, unit: string, stations: string[] = []): void {
    const unitId = this.id(unit);
    const stationIds = stations.map((key) => this.id(key));
    principals.set(name, {
      id: uuidv7(),
      kind: 'user',
      username: name,
      role,
      unitId,
      unitCode: '',
      countyCode: COUNTY,
      rights: RIGHTS_OF[role],
      stationIds,
    });
  }

  /** The directory has changed: a new revision and, when units are named, the domain event. */
  async revise(units: string[] = [], from: string | null = null): Promise<void> {
    await this.db.query(
      'insert into directory.revision (id, revision) values (1, 1) on conflict (id) do update set revision = directory.revision.revision + 1',
    );
    this.app.resolve(DirectoryReader).expire();
    if (units.length > 0)
      await this.publish([
        { countyCode: COUNTY, topic: 'directory.changed', payload: { unitIds: units.map((key) => this.id(key)), from } },
      ]);
  }

  /** Replaces what some parcels count for, in one transaction with the event that tells it, as logistics does. */
  async put(rows: ParcelDay[], replaced: string[] = []): Promise<void> {
    await this.db.transaction(async (tx) => {
      const gone = await tx.query<{ unit_id: string; day: Day }>(
        `delete from logistics.parcel_day where county_code = $1 and waybill = any($2) returning unit_id, day`,
        [COUNTY, replaced],
      );
      await insertParcelDays(
        tx,
        rows.map((row) => ({ ...row, unit: this.id(row.unit), station: row.station ? this.id(row.station) : NO_STATION })),
      );
      const touched = new Set([
        ...gone.map((row) => `${row.unit_id} ${row.day}`),
        ...rows.map((row) => `${this.id(row.unit)} ${row.day}`),
      ]);
      await this.touch(tx, [...touched]);
    });
  }

  async checkIn(village: string, day: Day): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.query(
        'insert into logistics.open_day (county_code, unit_id, day, station_id) values ($1, $2, $3, $4) on conflict do nothing',
        [COUNTY, this.id(village), day, this.id(`S${village}`)],
      );
      await this.touch(tx, [`${this.id(village)} ${day}`]);
    });
  }

  async complaint(village: string, day: Day, status: 'open' | 'confirmed' | 'dismissed'): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.query(
        `insert into logistics.complaint (county_code, id, day, unit_id, waybill, text, status, reported_by) values ($1, $2, $3, $4, 'YT1', '二次收费', $5, $2)`,
        [COUNTY, uuidv7(), day, this.id(village), status],
      );
      await this.touch(tx, [`${this.id(village)} ${day}`]);
    });
  }

  async touch(tx: Tx, keys: string[]): Promise<void> {
    const events: OutgoingEvent[] = [];
    for (let start = 0; start < keys.length; start += 5000) {
      const part = keys.slice(start, start + 5000).map((key) => key.split(' ') as [string, string]);
      events.push({ countyCode: COUNTY, topic: 'logistics.days.touched', payload: { keys: part } });
    }
    await this.publish(events, tx);
  }

  private async publish(events: OutgoingEvent[], tx?: Tx): Promise<void> {
    this.published += events.length;
    const outbox = this.app.resolve(Outbox);
    if (tx) await outbox.publish(tx, 'insight', events);
    else await this.db.transaction((own) => outbox.publish(own, 'insight', events));
  }

  /** One more event will come by another way. */
  expectEvent(): void {
    this.published += 1;
  }

  /** Waits until every event has been taken and nothing is out of date. */
  async settled(): Promise<void> {
    const until = Date.now() + WAIT_MS;
    while (Date.now() < until) {
      const [row] = await this.db.query<{ taken: number; stale: number }>(
        `select (select count(*)::int from platform.processed_event where consumer = 'insight.coverage.refresh') as taken,
           (select count(*)::int from insight.stale_day) as stale`,
      );
      if (row?.taken === this.published && row.stale === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('Coverage did not settle');
  }

  async coverage(unit: string, period: string, token = 'officer'): Promise<Coverage> {
    const answer = await this.app.get<Coverage>(`/api/coverage?unit=${unit}&period=${period}`, token);
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Every stored fact, without versions and moments. */
  async facts(): Promise<unknown> {
    const days = await this.db.query(
      `select unit_id, day, service, open_day, brands, service_parcels, town_arrivals, reached, inbound, outbound, unassigned, extra_charges
       from insight.unit_day order by unit_id, day`,
    );
    const months = await this.db.query(
      'select unit_id, month, level, parent_id, facts, assessment, formula_version from insight.unit_month order by unit_id, month',
    );
    return { days, months };
  }

  get rebuild(): CoverageRebuild {
    return this.app.resolve(CoverageRebuild);
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}

export async function insertParcelDays(tx: Tx, rows: ParcelDay[]): Promise<void> {
  await tx.query(
    `insert into logistics.parcel_day (county_code, unit_id, day, waybill, station_id, carrier_code, counts)
     select $1, * from unnest($2::uuid[], $3::date[], $4::text[], $5::uuid[], $6::text[], $7::smallint[])
     on conflict (county_code, unit_id, day, waybill, station_id) do update set carrier_code = excluded.carrier_code, counts = excluded.counts`,
    [
      COUNTY,
      rows.map((row) => row.unit),
      rows.map((row) => row.day),
      rows.map((row) => row.waybill),
      rows.map((row) => row.station ?? NO_STATION),
      rows.map((row) => row.carrier ?? null),
      rows.map((row) => row.counts),
    ],
  );
}

/** Days from one to another, inclusive. */
export function daysFrom(from: Day, to: Day): Day[] {
  const days: Day[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}
