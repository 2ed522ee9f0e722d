/** A county for coverage: made through the directory's services, with parcel days written the way logistics publishes them. */
import { addDays, dayOf, type Coverage, type Day, type Role, type ServiceMode } from '#contracts';
import {
  DirectoryModule,
  RelationService,
  SessionService,
  StationService,
  SuspensionService,
  SYSTEM_ACTOR,
  UnitService,
  UserService,
  type UnitInput,
} from '#directory';
import { CoverageRebuild, InsightModule } from '#insight';
import { JobQueues, Outbox, uuidv7, type OutgoingEvent, type Tx } from '#platform';
import { testApp, type TestApplication } from '../factories/application.js';

export const COUNTY = '990101';
export const NO_STATION = '00000000-0000-0000-0000-000000000000';
const FROM = '2020-01-01';
const PASSWORD = 'a password for tests';
const WAIT_MS = 40_000;

const UNITS = {
  P: '99',
  F: '9901',
  C: COUNTY,
  T1: '990101100',
  T2: '990101200',
  A: '990101100201',
  B: '990101100202',
  D: '990101100203',
  E: '990101200201',
  G: '990101200202',
} as const;
const PEOPLE = {
  admin: ['admin', 'P'],
  officer: ['county', 'C'],
  second: ['county', 'C'],
  town: ['town', 'T1'],
  keeper: ['station', 'A'],
  producer: ['producer', 'A'],
} as const satisfies Record<string, readonly [Role, keyof typeof UNITS]>;

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
  private readonly codes: Record<string, string> = {};
  private readonly tokens: Record<string, string> = {};

  private constructor(readonly app: TestApplication) {}

  static async start(): Promise<CoverageCounty> {
    const county = new CoverageCounty(
      await testApp({ modules: [DirectoryModule, InsightModule], services: ['insight', 'directory'] }),
    );
    await county.units(UNITS);
    await county.stations(['A', 'B', 'D', 'E', 'G', 'T1']);
    await county.people();
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
  /** Session of a person; what is no person's name is a token that nobody has. */
  token(name: string): string {
    return this.tokens[name] ?? name;
  }

  async units(codes: Readonly<Record<string, string>>): Promise<void> {
    const inputs = Object.entries(codes).map(([key, code]): UnitInput => {
      this.codes[key] = code;
      return {
        id: (this.ids[key] = uuidv7()),
        code,
        name: `${key}村`,
        validFrom: FROM,
        urbanRural: code.length === 12 ? '220' : null,
      };
    });
    await this.app.resolve(UnitService).createMany(SYSTEM_ACTOR, inputs);
  }

  private async stations(keys: readonly string[]): Promise<void> {
    const place = { latitude: 35, longitude: 110, validFrom: FROM, validTo: null };
    await this.app.resolve(StationService).createMany(
      SYSTEM_ACTOR,
      keys.map((key) => ({
        id: (this.ids[`S${key}`] = uuidv7()),
        code: `S-${key}`,
        name: `${key}站`,
        unitCode: this.codes[key] ?? '',
        ...place,
      })),
    );
  }

  private async people(): Promise<void> {
    const names = Object.keys(PEOPLE) as (keyof typeof PEOPLE)[];
    await this.app.resolve(UserService).createMany(
      SYSTEM_ACTOR,
      names.map((name) => {
        const [role, unit] = PEOPLE[name];
        return { id: (this.ids[name] = uuidv7()), username: name, password: PASSWORD, role, unitCode: UNITS[unit] };
      }),
    );
    for (const name of names) {
      const session = await this.app.resolve(SessionService).open({ username: name, password: PASSWORD }, '127.0.0.1');
      this.tokens[name] = session.token;
    }
  }

  async relation(village: string, carrierCode: string, mode: ServiceMode = 'resident_station', station = village): Promise<void> {
    await this.app.resolve(RelationService).createMany(SYSTEM_ACTOR, [
      {
        id: uuidv7(),
        villageCode: this.codes[village] ?? '',
        carrierCode,
        mode,
        stationCode: `S-${station}`,
        distanceM: 0,
        validFrom: FROM,
        validTo: null,
      },
    ]);
  }

  async suspension(village: string, from: Day, to: Day): Promise<void> {
    const [id, service] = [uuidv7(), this.app.resolve(SuspensionService)];
    const input = { id, villageCode: this.codes[village] ?? '', from, to, reason: '洪水' };
    await service.request({ id: this.id('officer'), unitId: this.id('C') }, input);
    await service.decide({ id: this.id('second'), unitId: this.id('C') }, id, 'approved');
  }

  async merge(predecessors: string[], successor: string, code: string, on: Day): Promise<void> {
    const id = (this.ids[successor] = uuidv7());
    this.codes[successor] = code;
    const predecessorCodes = predecessors.map((key) => this.codes[key] ?? '');
    await this.app.resolve(UnitService).merge(SYSTEM_ACTOR, { on, predecessorCodes, successor: { id, code, name: '合村' } });
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
    await this.app.resolve(Outbox).publish(tx, 'insight', events);
  }

  /** Waits until every event has been taken and nothing is out of date; looks in the direction in which the work flows. */
  async settled(): Promise<void> {
    const until = Date.now() + WAIT_MS;
    const isEmpty = async (table: string) => (await this.db.query(`select 1 from ${table} limit 1`)).length === 0;
    while (Date.now() < until) {
      const relayed = await isEmpty('platform.outbox');
      const { waiting = 0, active = 0 } = (await this.app.resolve(JobQueues).counts())['insight'] ?? {};
      if (relayed && waiting + active === 0 && (await isEmpty('insight.stale_day'))) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('Coverage did not settle');
  }

  async coverage(unit: string, period: string, token = 'officer'): Promise<Coverage> {
    const answer = await this.app.get<Coverage>(`/api/coverage?unit=${unit}&period=${period}`, this.token(token));
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
