/** The demo county, loaded once through the real services: what docs/DEMO.md promises must be what the county's pages show. */
import {
  COVERAGE_METRIC_NAMES,
  coverageSchema,
  incomeSchema,
  type BagView,
  type ConsignmentView,
  type Coverage,
  type FeeSheet,
  type Income,
  type ManifestView,
  type Session,
  type StationDay,
  type VillageAssessment,
} from '#contracts';
import { DirectoryModule } from '#directory';
import { CoverageRebuild, IncomeAggregator, InsightModule } from '#insight';
import { LogisticsModule, ParcelRebuild } from '#logistics';
import { Clock, Database } from '#platform';
import { generateCounty } from '../../prisma/seed/county.generator.js';
import type { VillageCase } from '../../prisma/seed/county.model.js';
import { demoIsLoaded, loadDemo, runSimulation } from '../../prisma/seed/index.js';
import { ParcelGenerator } from '../../prisma/seed/parcel.generator.js';
import { testApp, type TestApplication } from '../factories/application.js';
import { TraceModule } from '#trace';
import { UpflowModule } from '#upflow';

const PRESENT = new Date('2026-11-23T10:30:00+08:00');
const LAST_MONTH = '2026-10';
const LOAD_TIMEOUT_MS = 240_000;
const county = generateCounty('2026-11-23');

let test: TestApplication;
let lastMonth: ReadonlyMap<string, VillageAssessment>;
const progress: string[] = [];

/** Interrupts the first load in its middle, as a Ctrl-C would, and loads again. */
beforeAll(async () => {
  test = await testApp({
    modules: [DirectoryModule, UpflowModule, LogisticsModule, TraceModule, InsightModule],
    services: ['directory', 'upflow', 'logistics', 'trace', 'insight'],
  });
  test.resolve(Clock).now = () => PRESENT;
  const interrupted = loadDemo(test.app, {
    today: PRESENT,
    onProgress: (line) => {
      if (line.includes('parcels up to')) throw new Error('interrupted');
    },
  });
  await expect(interrupted).rejects.toThrow('interrupted');
  expect(await demoIsLoaded(test.app)).toBe(false);
  await loadDemo(test.app, { today: new Date(PRESENT.getTime() + 86_400_000), onProgress: (line) => progress.push(line) });
  lastMonth = await assessments(LAST_MONTH);
}, LOAD_TIMEOUT_MS);

afterAll(async () => {
  await test?.close();
}, 60_000);

async function logIn(username: string): Promise<Session> {
  const { status, body } = await test.post<Session>('/api/auth/login', { username, password: test.config.DEMO_PASSWORD });
  expect(status).toBe(200);
  return body;
}

async function coverage(unit: string, period: string): Promise<Coverage> {
  const { accessToken } = await logIn('county');
  const { body } = await test.get(`/api/coverage?unit=${unit}&period=${period}`, accessToken);
  return coverageSchema.parse(body);
}

/** How every village's month was assessed, by code. */
async function assessments(period: string): Promise<Map<string, VillageAssessment>> {
  const found = new Map<string, VillageAssessment>();
  for (const town of county.units.filter((unit) => unit.level === 'town'))
    for (const { unit, assessment } of (await coverage(town.code, period)).children)
      if (assessment) found.set(unit.code, assessment);
  return found;
}

/** Last month's assessments of the villages that show a case. */
function shown(wanted: VillageCase): VillageAssessment[] {
  return county.villages.flatMap((village) => (village.case === wanted ? (lastMonth.get(village.code) ?? []) : []));
}

describe('loading the demo county', () => {
  it('goes on after an interruption with the day on which it began, and stores every scan once', async () => {
    const expected = [...new ParcelGenerator(county).days(PRESENT.getTime())].flatMap((day) => day.scans).length;
    const [row] = await test.db.database.query<{ scans: number; parcels: number }>(
      `select count(*)::int as scans, (select count(*)::int from logistics.parcel) as parcels
       from logistics.parcel_event where source in ('station', 'town', 'county')
         and waybill not in (select waybill from logistics.bag_parcel)`,
    );
    expect(row?.scans).toBe(expected);
    expect(row?.parcels).toBeGreaterThan(27_000);
    expect(progress.at(-1)).toContain(`${expected} scans`);
  });

  it('is done once: again, it changes nothing', async () => {
    expect(await demoIsLoaded(test.app)).toBe(true);
    const revision = async () => (await test.db.database.query('select revision from directory.revision'))[0];
    const before = await revision();
    await loadDemo(test.app, { today: PRESENT });
    expect(await revision()).toEqual(before);
  });

  it('leaves figures that equal a rebuild from scratch', async () => {
    expect(await test.resolve(ParcelRebuild).rebuildParcels('990101', { verify: true })).toMatchObject({ differing: 0 });
    expect(await test.resolve(CoverageRebuild).rebuildCoverage('990101', { verify: true })).toMatchObject({
      differing: 0,
      pending: 0,
    });
    const income = await test.resolve(IncomeAggregator).rebuildIncome('990101', { verify: true });
    expect(income.differences).toEqual([]);
  }, 120_000);

  it('holds what staff should look at: false signatures, an unknown code, scans in quarantine, an undecided complaint', async () => {
    const [row] = await test.db.database.query<Record<string, number>>(
      `select (select count(*)::int from logistics.parcel where conflicts <> '[]') as conflicts,
         (select count(*)::int from logistics.provider_code where resolved_at is null) as codes,
         (select count(*)::int from logistics.parcel_event where 'quarantined' = any(flags)) as quarantined,
         (select count(*)::int from logistics.complaint where status = 'reported') as complaints,
         (select count(*)::int from directory.suspension where status = 'requested') as suspensions`,
    );
    expect(Object.entries(row ?? { nothing: 0 }).filter(([, count]) => count === 0)).toEqual([]);
  });

  it('has parcels that wait to leave, a bag that waits, a manifest on the way and one that came with a parcel missing', async () => {
    const { accessToken } = await logIn('station');
    type List<T> = { items: T[] };
    const bags = await test.get<List<BagView>>('/api/bags?way=out', accessToken);
    expect(bags.body.items.map(({ state, missing }) => [state, missing])).toEqual([
      ['sealed', 0],
      ['on_the_way', 0],
      ['opened', 1],
    ]);
    const manifests = await test.get<List<ManifestView>>('/api/manifests?way=out', accessToken);
    expect(manifests.body.items.map(({ state }) => state)).toEqual(['on_the_way', 'received']);
    const { accessToken: officer } = await logIn('county');
    const waiting = await test.get<List<ConsignmentView>>('/api/consignments?left=false&limit=200', officer);
    expect(waiting.body.items.length).toBeGreaterThan(3);
    const town = await logIn('town');
    const coming = await test.get<List<BagView>>('/api/bags?way=in&state=on_the_way', town.accessToken);
    expect(coming.body.items).toHaveLength(1);
  });

  it('keeps phone numbers and providers’ texts to itself', async () => {
    const rows = await test.resolve(Database).query(`select 1 from logistics.parcel_event where text ~ '1990000\\d{4}' limit 1`);
    expect(rows).toEqual([]);
  });
});

describe('the demo’s keeper', () => {
  it('has earned by the piece, closed yesterday, and a day that tallies', async () => {
    const { accessToken } = await logIn('station');
    const { body: fees } = await test.get<FeeSheet>(`/api/fees?period=${LAST_MONTH}`, accessToken);
    expect(fees.totalFen).toBeGreaterThan(1000);
    expect(fees.rows.filter(({ withoutRate }) => withoutRate > 0).map(({ carrierCode }) => carrierCode)).toEqual([
      'POSTAL',
      'POSTAL',
    ]);
    const { body: yesterday } = await test.get<StationDay>('/api/station-days?day=2026-11-22', accessToken);
    expect(yesterday).toMatchObject({ counted: yesterday.shelfAfter, otherwise: 0 });
    const { body: today } = await test.get<StationDay>('/api/station-days', accessToken);
    expect(today.shelfBefore).toBe(yesterday.shelfAfter);
    expect(today.closedAt).toBeUndefined();
  });
});

describe('the demo logins', () => {
  it('has its certificates issued on the days on which their lots were tested', async () => {
    const [found] = await test.resolve(Database).query(
      `select count(*)::int as certificates, count(distinct c.issued_at)::int > 1 as spread,
         count(*) filter (where c.content->>'issuedOn' = t.tested_on::text and substr(c.number, 7, 6) = to_char(t.tested_on, 'YYMMDD'))::int as "onTheirDay"
       from trace.certificate c join upflow.lot_test t on t.lot_id = c.lot_id`,
    );
    const { certificates } = found as { certificates: number };
    expect(certificates).toBeGreaterThan(0);
    expect(found).toEqual({ certificates, spread: true, onTheirDay: certificates });
  });

  it.each(['admin', 'county', 'county2', 'town', 'station', 'producer'])('let %s in', async (username) => {
    const { user } = await logIn(username);
    expect(user.username).toBe(username);
    expect(user.stations.map((station) => station.code)).toEqual(
      county.users.find((known) => known.username === username)?.stationCodes,
    );
  });
});

describe('the demo county’s coverage last month', () => {
  it('has every figure, and most villages effectively covered', async () => {
    const { villages, metrics, trend, unassigned } = await coverage('990101', LAST_MONTH);
    expect(villages).toBe(160);
    for (const name of COVERAGE_METRIC_NAMES) expect(metrics[name]).toBeDefined();
    expect(metrics.effective_coverage?.value).toBeGreaterThan(0.8);
    expect(metrics.effective_coverage?.value).toBeLessThan(0.95);
    expect(metrics.relapse?.value).toBeGreaterThanOrEqual(4);
    expect(metrics.extra_charge_rate?.numerator).toBeGreaterThan(0);
    expect(metrics.outbound_parcels?.value).toBeGreaterThan(300);
    expect(unassigned.parcels).toBeGreaterThan(20);
    expect(trend.map((month) => month.period)).toEqual(['2026-09', '2026-10']);
  });

  it('shows ordinary, showcase, neighbour-served and post-only villages as effective', () => {
    const effective = (rows: VillageAssessment[]) => rows.filter((row) => row.status === 'effective').length / rows.length;
    for (const part of ['steady', 'showcase', 'neighbour', 'mobile', 'post_only'] as const)
      expect([part, effective(shown(part))]).toEqual([part, 1]);
    expect(shown('neighbour').every((row) => !row.resident)).toBe(true);
    expect(shown('post_only').every((row) => row.brands.join() === 'POSTAL')).toBe(true);
    expect(shown('showcase')[0]?.brands).toHaveLength(6);
  });

  it('shows the gaps as gaps', () => {
    for (const row of shown('uncovered')) expect(row).toMatchObject({ status: 'ineffective', nominal: false, serviceDays: 0 });
    for (const row of shown('nominal_only')) expect(row).toMatchObject({ status: 'ineffective', nominal: true });
    for (const row of shown('far_neighbour')) expect(row).toMatchObject({ status: 'ineffective', nominal: true, serviceDays: 0 });
    for (const row of shown('relapsed_last_month'))
      expect(row).toMatchObject({ status: 'ineffective', nominal: false, relapsed: true });
    for (const row of shown('check_in_only')) expect(row).toMatchObject({ manualOnly: true, brands: [] });
    for (const row of shown('long_gap')) {
      expect(row.status).toBe('ineffective');
      expect(row.serviceDays).toBeGreaterThanOrEqual(row.requiredDays);
      expect(row.longestGapDays).toBeGreaterThan(5);
    }
  });

  it('takes the flood off the days that are asked for', () => {
    for (const row of shown('flooded')) expect(row).toMatchObject({ status: 'effective', suspendedDays: 9, eligibleDays: 22 });
  });

  it('counts the merged village once, over the whole month', () => {
    expect(shown('merged_into')).toEqual([expect.objectContaining({ status: 'effective', effectiveDays: 31 })]);
    expect(shown('merged_away')).toEqual([]);
  });

  it('shows the villages that relapse this month', async () => {
    const thisMonth = await assessments('2026-11');
    for (const village of county.villages.filter((candidate) => candidate.case === 'relapsed_this_month'))
      expect(thisMonth.get(village.code)).toMatchObject({ status: 'ineffective', nominal: true, relapsed: true });
  });
});

describe('the demo county’s collective income', () => {
  it('fills every band, has shell villages and one that never reported', async () => {
    const { accessToken } = await logIn('county');
    const { body } = await test.get<Income>(`/api/income?unit=990101&period=${LAST_MONTH}`, accessToken);
    const { summary, trend } = incomeSchema.parse(body);
    expect(summary.villages).toBe(160);
    expect(summary.notReported).toBe(1);
    expect(summary.shellVillages).toBeGreaterThan(5);
    for (const count of Object.values(summary.bands)) expect(count).toBeGreaterThan(0);
    expect(summary.month.pending).toBeGreaterThan(0);
    expect(trend.length).toBeGreaterThanOrEqual(12);
  });
});

describe('the simulation', () => {
  it('keeps scanning as the demo’s people until it is stopped, and nothing is refused', async () => {
    const startedMs = performance.now();
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 4000);
    const report = await runSimulation({
      baseUrl: test.baseUrl,
      password: test.config.DEMO_PASSWORD,
      ratePerSecond: 40,
      signal: stop.signal,
      now: () => new Date(PRESENT.getTime() + performance.now() - startedMs),
    });
    clearTimeout(timer);
    expect(report.accepted).toBeGreaterThan(10);
    expect(report).toMatchObject({ duplicate: 0, rejected: 0 });
  }, 30_000);
});
