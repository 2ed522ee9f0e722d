import fc from 'fast-check';
import { addDays, PARCEL_DAY_COUNTS as COUNTS, type Day } from '#contracts';
import { COUNTY, CoverageCounty, daysFrom, insertParcelDays, NO_STATION, type ParcelDay } from './coverage.county.js';

const ALL = Object.values(COUNTS).reduce((sum, bit) => sum | bit, 0);

describe('facts of coverage', () => {
  let county: CoverageCounty;
  beforeAll(async () => {
    county = await CoverageCounty.start();
    for (const village of ['A', 'B', 'E']) await county.relation(village, 'ZTO');
    await county.merge(['B', 'D'], 'M', '990101100299', addDays(county.today, -20));
    await county.suspension('E', addDays(county.today, -15), addDays(county.today, -9));
  });
  afterAll(() => county.close());

  it('are identical to a rebuild after late, repeated, out-of-order and re-addressed input in any batches', async () => {
    const day = fc.integer({ min: 0, max: 75 }).map((ago): Day => addDays(county.today, -ago));
    const parcel = fc.record({
      unit: fc.constantFrom('A', 'B', 'D', 'E', 'G', 'M', 'T1'),
      day,
      waybill: fc.integer({ min: 100000, max: 100120 }).map((number) => `YT${number}`),
      station: fc.constantFrom(undefined, 'SA', 'SB', 'SE', 'ST1'),
      carrier: fc.constantFrom(null, 'ZTO', 'EMS', 'BEST', 'JT', 'STO'),
      counts: fc.integer({ min: 1, max: ALL }),
    });
    const batch = fc.record({
      rows: fc.uniqueArray(parcel, {
        minLength: 1,
        maxLength: 25,
        selector: (row) => `${row.unit} ${row.day} ${row.waybill} ${row.station}`,
      }),
      replace: fc.boolean(),
      checkIns: fc.array(fc.tuple(fc.constantFrom('A', 'B', 'E'), day), { maxLength: 3 }),
      complaint: fc.option(
        fc.tuple(fc.constantFrom('A', 'G'), day, fc.constantFrom('open' as const, 'confirmed' as const, 'dismissed' as const)),
      ),
      settle: fc.boolean(),
    });
    for (const { rows, replace, checkIns, complaint, settle } of fc.sample(batch, { numRuns: 25, seed: 20261023 })) {
      // A parcel addressed anew leaves its old village: everything it counted for is replaced.
      const given = rows.map(({ station, ...row }): ParcelDay => ({ ...row, ...(station ? { station } : {}) }));
      await Promise.all([
        county.put(given, replace ? given.map((row) => row.waybill) : []),
        ...checkIns.map(([village, on]) => county.checkIn(village, on)),
      ]);
      if (complaint) await county.complaint(...complaint);
      if (settle) await county.settled();
    }
    await county.settled();

    expect(await county.rebuild.rebuildCoverage(COUNTY, { verify: true })).toMatchObject({
      differing: 0,
      differences: [],
      pending: 0,
    });
    const refreshed = await county.facts();
    await county.db.query('truncate insight.unit_day, insight.unit_month');
    await county.rebuild.rebuildCoverage(COUNTY);
    expect(await county.facts()).toEqual(refreshed);
  });

  it('take an event once, however often it is delivered', async () => {
    const before = await county.facts();
    const deliver = () =>
      county.db.transaction(async (tx) => {
        await tx.query(
          `insert into platform.outbox (id, county_code, service, topic, payload, correlation_id, created_at)
           values ('01990000-0000-7000-8000-000000000001', $1, 'insight', 'logistics.days.touched', $2::jsonb, 'again', '2026-01-01T00:00:00Z')`,
          [COUNTY, JSON.stringify({ keys: [[county.id('A'), county.today]] })],
        );
        await tx.query(`select pg_notify('outbox', '')`);
      });
    await deliver();
    await county.settled();
    await deliver();
    await county.settled();
    expect(await county.facts()).toEqual(before);
  });

  it('that were tampered with are found by verifying, left as they are, and repaired by a rebuild', async () => {
    const [row] = await county.db.query<{ unit_id: string; day: Day }>('select unit_id, day from insight.unit_day limit 1');
    await county.db.query('update insight.unit_day set inbound = inbound + 7 where unit_id = $1 and day = $2', [
      row?.unit_id,
      row?.day,
    ]);
    await county.db.query('delete from insight.unit_month where unit_id = $1 and month = $2', [
      county.id('C'),
      `${county.today.slice(0, 7)}-01`,
    ]);
    const found = await county.rebuild.rebuildCoverage(COUNTY, { verify: true });
    expect(found).toMatchObject({ differing: 2 });
    expect(found.differences.map(({ table, unitId }) => [table, unitId])).toEqual([
      ['unit_day', row?.unit_id],
      ['unit_month', county.id('C')],
    ]);
    expect(await county.rebuild.rebuildCoverage(COUNTY, { verify: true })).toMatchObject({ differing: 2 });
    expect(await county.rebuild.rebuildCoverage(COUNTY)).toMatchObject({ differing: 2 });
    expect(await county.rebuild.rebuildCoverage(COUNTY, { verify: true })).toMatchObject({ differing: 0 });
  });

  it('keep their version when a rebuild finds nothing to change', async () => {
    const versions = () => county.db.query('select unit_id, month, version from insight.unit_month order by 1, 2');
    const before = await versions();
    await county.rebuild.rebuildCoverage(COUNTY);
    expect(await versions()).toEqual(before);
  });

  it('know what waits', async () => {
    await county.db.query('insert into insight.stale_day (county_code, unit_id, day) values ($1, $2, $3)', [
      '990199',
      county.id('A'),
      county.today,
    ]);
    expect(await county.rebuild.rebuildCoverage('990199', { verify: true })).toMatchObject({ pending: 1, days: 0, months: 0 });
  });
});

describe('a county at once', () => {
  it('has its facts of 160 villages and 90 days within seconds', async () => {
    const county = await CoverageCounty.start();
    try {
      const days = daysFrom(addDays(county.today, -89), county.today);
      const villages = Array.from({ length: 155 }, (_, index) => `V${index}`);
      await county.units(Object.fromEntries(villages.map((village, index) => [village, `990101200${300 + index}`])));
      const carriers = ['ZTO', 'STO', 'YTO', 'YUNDA', 'EMS', 'JT'];
      const rows = villages.flatMap((village, v) =>
        days.flatMap((day, d) =>
          Array.from({ length: 12 }, (_, index) => ({
            unit: county.id(village),
            day,
            waybill: `YT${v * 100_000 + d * 100 + index}`,
            station: index % 4 === 0 ? NO_STATION : county.id('SG'),
            carrier: carriers[index % 6] ?? null,
            counts: COUNTS.service | COUNTS.brand | (index % 2 ? COUNTS.inbound : COUNTS.townArrival | COUNTS.reached),
          })),
        ),
      );
      for (let start = 0; start < rows.length; start += 20_000)
        await county.db.transaction((tx) => insertParcelDays(tx, rows.slice(start, start + 20_000)));
      const started = performance.now();
      await county.db.transaction((tx) =>
        county.touch(
          tx,
          villages.flatMap((village) => days.map((day) => `${county.id(village)} ${day}`)),
        ),
      );
      await county.settled();
      const tookMs = performance.now() - started;
      const report = await county.coverage(COUNTY, county.today.slice(0, 7));
      expect(report).toMatchObject({ villages: 160, children: [{ villages: 3 }, { villages: 157 }] });
      expect(report.trend.length).toBeGreaterThanOrEqual(3);
      expect(await county.rebuild.rebuildCoverage(COUNTY, { verify: true })).toMatchObject({ differing: 0, days: 155 * 90 });
      process.stdout.write(
        `facts of ${villages.length} villages x ${days.length} days from ${rows.length} rows in ${Math.round(tookMs)} ms\n`,
      );
    } finally {
      await county.close();
    }
  }, 120_000);
});
