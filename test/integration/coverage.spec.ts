import { request } from 'node:http';
import ExcelJS from 'exceljs';
import {
  addDays,
  addMonths,
  COVERAGE_METRIC_NAMES,
  coverageChangeSchema,
  coverageEvidenceRowSchema,
  coverageSchema,
  daysOf,
  firstDayOf,
  PARCEL_DAY_COUNTS as COUNTS,
  type Coverage,
  type CoverageEvidenceRow,
  type CoverageMetric,
  type Day,
  type Page,
  type Period,
  type Problem,
} from '#contracts';
import { COUNTY, CoverageCounty, type ParcelDay } from './coverage.county.js';

const TOWN = '990101100';
const A = '990101100201';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

describe('GET /api/coverage', () => {
  let county: CoverageCounty;
  /** A month that is over and whose cohorts have matured. */
  let month: Period;
  const day = (number: number): Day => `${month}-${String(number).padStart(2, '0')}`;
  let waybill = 0;
  const parcel = (unit: string, on: Day, counts: number, carrier: string | null = 'ZTO', station?: string): ParcelDay => ({
    unit,
    day: on,
    waybill: `YT${100_000 + ++waybill}`,
    carrier,
    counts,
    ...(station ? { station } : {}),
  });
  const everyDay = (unit: string, carrier = 'ZTO', station = `S${unit}`) =>
    daysOf(month).map((on) => parcel(unit, on, COUNTS.service | COUNTS.brand | COUNTS.inbound, carrier, station));

  beforeAll(async () => {
    county = await CoverageCounty.start();
    month = addMonths(county.today.slice(0, 7), -2);
    await county.relation('A', 'ZTO');
    await county.relation('A', 'STO');
    await county.relation('B', 'ZTO', 'neighbour_agent', 'A');
    await county.suspension('D', day(1), day(20));
    const previous = daysOf(addMonths(month, -1)).map((on) => parcel('G', on, COUNTS.service));
    await county.put([
      ...previous,
      ...everyDay('A'),
      ...everyDay('A', 'EMS'),
      ...everyDay('B', 'ZTO', 'SA'),
      parcel('A', day(3), COUNTS.townArrival | COUNTS.reached),
      parcel('A', day(3), COUNTS.townArrival),
      parcel('E', day(9), COUNTS.townArrival),
      parcel('A', day(5), COUNTS.outbound, null, 'SA'),
      parcel('B', day(5), COUNTS.outbound, null, 'SA'),
      parcel('T1', day(5), COUNTS.unassigned, 'YTO', 'ST1'),
      parcel('T1', day(6), COUNTS.outbound, 'YTO', 'ST1'),
    ]);
    for (const on of [2, 5, 8, 11, 14, 17, 20, 23, 26, 28]) await county.checkIn('E', day(on));
    await county.complaint('A', day(7), 'confirmed');
    await county.complaint('A', day(8), 'open');
    await county.settled();
  });
  afterAll(() => county.close());

  const evidence = async (metric: CoverageMetric, unit: string, period = month, limit = 7): Promise<CoverageEvidenceRow[]> => {
    const rows: CoverageEvidenceRow[] = [];
    let cursor: string | undefined;
    do {
      const query = `unit=${unit}&period=${period}&limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`;
      const { status, body } = await county.app.get<Page<CoverageEvidenceRow>>(
        `/api/coverage/${metric}/evidence?${query}`,
        county.token('officer'),
      );
      expect(status).toBe(200);
      rows.push(...body.items.map((row) => coverageEvidenceRowSchema.parse(row)));
      cursor = body.nextCursor;
    } while (cursor);
    return rows;
  };

  it('gives a county, its towns, carriers and trend as the schema says', async () => {
    const report = await county.coverage(COUNTY, month);
    expect(coverageSchema.parse(report)).toEqual(report);
    // V = A, B, D, E, G. A and B are effective; D has 31 − 10 or 30 − 10 eligible days and no service; E has check-ins only.
    expect(report.villages).toBe(5);
    expect(report.metrics.nominal_coverage).toMatchObject({
      numerator: 2,
      denominator: 5,
      value: 0.4,
      formulaVersion: 'coverage-1',
    });
    expect(report.metrics.effective_coverage).toMatchObject({ numerator: 2, denominator: 5 });
    expect(report.metrics.resident_rate).toMatchObject({ numerator: 1, denominator: 5 });
    expect(report.metrics.brands_1).toMatchObject({ numerator: 2, denominator: 5 });
    expect(report.metrics.relapse).toMatchObject({ numerator: 1, denominator: null, value: 1 });
    expect(report.metrics.to_village_rate).toMatchObject({ numerator: 1, denominator: 3 });
    expect(report.metrics.inbound_parcels.value).toBe(daysOf(month).length * 3);
    expect(report.metrics.outbound_parcels.value).toBe(3);
    expect(report.metrics.extra_charge_rate).toMatchObject({ numerator: 1, denominator: daysOf(month).length * 3 });
    expect(report.unassigned).toEqual({ parcels: 1 });
    expect(report.carriers.slice(0, 3)).toEqual([
      { carrierCode: 'ZTO', villages: 2, rate: 0.4 },
      { carrierCode: 'POSTAL', villages: 1, rate: 0.2 },
      { carrierCode: 'JT', villages: 0, rate: 0 },
    ]);
    expect(report.children.map((child) => [child.unit.code, child.villages, child.metrics.effective_coverage.numerator])).toEqual(
      [
        ['990101100', 3, 2],
        ['990101200', 2, 0],
      ],
    );
    expect(report.trend.map((entry) => entry.period)).toEqual([addMonths(month, -1), month]);
  });

  it('gives a town with its villages, each as it was assessed', async () => {
    const report = await county.coverage(TOWN, month, 'town');
    const [a, b, d] = report.children;
    expect(a?.assessment).toMatchObject({ status: 'effective', resident: true, brands: ['POSTAL', 'ZTO'] });
    expect(b?.assessment).toMatchObject({ status: 'effective', nominal: true, resident: false });
    expect(d?.assessment).toMatchObject({ status: 'ineffective', suspendedDays: 10, eligibleDays: daysOf(month).length - 10 });
  });

  it('gives a village with its days', async () => {
    const report = await county.coverage('990101200201', month);
    expect(report.assessment).toMatchObject({ serviceDays: 10, manualOnly: true, brands: [] });
    expect(report.days).toHaveLength(daysOf(month).length);
    expect(report.days?.slice(0, 2)).toEqual([
      { day: day(1), eligible: true, service: false, checkIn: false, parcels: 0 },
      { day: day(2), eligible: true, service: true, checkIn: true, parcels: 0 },
    ]);
    expect(report.children).toEqual([]);
  });

  it('sums counties for a unit above them', async () => {
    const [above, own] = [await county.coverage('9901', month, 'admin'), await county.coverage(COUNTY, month)];
    expect(above.metrics).toEqual(own.metrics);
    expect(above.children.map((child) => [child.unit.code, child.metrics])).toEqual([[COUNTY, own.metrics]]);
  });

  it('has null values for a month to come and for one before any facts, and no error', async () => {
    for (const period of [addMonths(county.today.slice(0, 7), 3), '2021-05']) {
      const report = await county.coverage(COUNTY, period);
      expect(coverageSchema.parse(report)).toEqual(report);
      expect(COVERAGE_METRIC_NAMES.map((metric) => report.metrics[metric].value)).toEqual(COVERAGE_METRIC_NAMES.map(() => null));
      expect(report.children).toHaveLength(2);
      expect(report.villages).toBe(5);
      expect(await evidence('effective_coverage', COUNTY, period)).toEqual([]);
      expect(await evidence('inbound_parcels', A, period)).toEqual([]);
    }
  });

  it('answers for the unit of the caller and below, and for nothing else', async () => {
    const status = async (unit: string, token: string) =>
      (await county.app.get<Problem>(`/api/coverage?unit=${unit}&period=${month}`, county.token(token))).status;
    expect(await status(COUNTY, 'town')).toBe(403);
    expect(await status('990101200', 'town')).toBe(403);
    expect(await status(TOWN, 'town')).toBe(200);
    expect(await status(A, 'keeper')).toBe(200);
    expect(await status('990101100202', 'keeper')).toBe(403);
    expect(await status(A, 'producer')).toBe(403);
    expect(await status('990199', 'officer')).toBe(404);
    expect(await status('12x', 'officer')).toBe(400);
    expect((await county.app.get<Problem>(`/api/coverage?unit=${A}&period=${month}`)).status).toBe(401);
    const evidenceStatus = async (path: string, token: string) =>
      (await county.app.get<Problem>(`/api/coverage/${path}`, county.token(token))).status;
    expect(await evidenceStatus(`relapse/evidence?unit=${COUNTY}&period=${month}`, 'town')).toBe(403);
    expect(await evidenceStatus(`relapse/evidence?unit=990199&period=${month}`, 'officer')).toBe(404);
    expect(await evidenceStatus(`sunshine/evidence?unit=${COUNTY}&period=${month}`, 'officer')).toBe(400);
    expect(await evidenceStatus(`stream?unit=${COUNTY}`, 'town')).toBe(403);
    expect(await evidenceStatus(`stream?unit=990199`, 'officer')).toBe(404);
  });

  it('is described in the OpenAPI document', async () => {
    const { body } = await county.app.get<{ paths: Record<string, { get: { responses: Record<string, unknown> } }> }>(
      '/api/openapi.json',
    );
    for (const path of ['/api/coverage', '/api/coverage/stream', '/api/coverage/{metric}/evidence'])
      expect(Object.keys(body.paths[path]?.get.responses ?? {})).toEqual(['200', 'default']);
  });

  it('refuses a cursor that is not one of its own', async () => {
    const cursors = ['x', btoa('[0,"a"]'), btoa('[0,"2026-99-99","YT1","z"]'), btoa('[9,"a","",""]'), btoa('["0","a","",""]')];
    for (const cursor of cursors) {
      const { status, body } = await county.app.get<Problem>(
        `/api/coverage/inbound_parcels/evidence?unit=${A}&period=${month}&cursor=${encodeURIComponent(cursor)}`,
        county.token('officer'),
      );
      expect([status, body.code]).toEqual([400, 'bad_cursor']);
    }
  });

  describe('evidence', () => {
    it.each(COVERAGE_METRIC_NAMES)('of %s adds up to the figure, for the county and for every town', async (metric) => {
      const report = await county.coverage(COUNTY, month);
      for (const { unit, metrics } of [report, ...report.children]) {
        const rows = await evidence(metric, unit.code);
        const villages = rows.filter((row) => row.kind === 'village');
        const parcels = rows.filter((row) => row.kind === 'parcel');
        const numerator = villages.reduce((sum, row) => sum + row.numerator, 0) + parcels.filter((row) => row.inNumerator).length;
        const denominator =
          villages.reduce((sum, row) => sum + (row.denominator ?? 0), 0) + parcels.filter((row) => row.inDenominator).length;
        expect([unit.code, numerator, denominator]).toEqual([
          unit.code,
          metrics[metric].numerator,
          metrics[metric].denominator ?? 0,
        ]);
      }
    });

    it.each(['to_village_rate', 'extra_charge_rate', 'inbound_parcels', 'outbound_parcels', 'outbound_inbound_ratio'] as const)(
      'of %s of a village is its parcels, one row each',
      async (metric) => {
        const { metrics } = await county.coverage(A, month);
        const rows = (await evidence(metric, A)).filter((row) => row.kind === 'parcel');
        expect(rows.filter((row) => row.inNumerator)).toHaveLength(metrics[metric].numerator);
        expect(rows.filter((row) => row.inDenominator)).toHaveLength(metrics[metric].denominator ?? 0);
      },
    );

    it('of effective coverage of a village is what made its service days', async () => {
      for (const code of [A, '990101100202', '990101200201']) {
        const { assessment } = await county.coverage(code, month);
        const rows = await evidence('effective_coverage', code);
        const days = new Set(rows.flatMap((row) => ('day' in row ? [row.day] : [])));
        expect([code, days.size]).toEqual([code, assessment?.serviceDays]);
      }
      expect((await evidence('effective_coverage', '990101200201')).every((row) => row.kind === 'check_in')).toBe(true);
    });

    it('of nominal coverage is the registered services, of the resident rate only those of a station of its own', async () => {
      expect(await evidence('nominal_coverage', A)).toEqual(
        ['STO', 'ZTO'].map((carrierCode) => ({
          kind: 'relation',
          carrierCode,
          mode: 'resident_station',
          stationCode: 'S-A',
          validFrom: '2020-01-01',
          validTo: null,
        })),
      );
      expect((await evidence('resident_rate', '990101100202')).filter((row) => row.kind === 'relation')).toEqual([]);
    });

    it('keeps the served village apart from the one the parcel belongs to', async () => {
      const [row] = await evidence('effective_coverage', '990101100202');
      expect(row).toMatchObject({ kind: 'parcel', stationCode: 'S-A' });
    });
  });

  describe('as a table', () => {
    it('is CSV with titles in the language of the reader', async () => {
      const csv = async (path: string, language: string) => {
        const { body, headers } = await county.app.get<string>(path, county.token('officer'), {
          accept: 'text/csv',
          'accept-language': language,
        });
        expect(headers.get('content-type')).toContain('text/csv');
        return body.replace('\uFEFF', '').trim().split('\n');
      };
      const report = await csv(`/api/coverage?unit=${TOWN}&period=${month}`, 'zh-CN');
      expect(report[0]).toContain('区划代码,名称,行政村数,名义覆盖率');
      expect(report).toHaveLength(4);
      expect(report[1]).toContain('A村,1,1,1,');
      const rows = await csv(`/api/coverage/inbound_parcels/evidence?unit=${A}&period=${month}`, 'en');
      expect(rows[0]).toContain('Kind,Division code,Name,Day,Waybill');
      expect(rows).toHaveLength(1 + daysOf(month).length * 2);
    });

    it('is XLSX', async () => {
      const response = await fetch(
        `${county.app.baseUrl}/api/coverage/effective_coverage/evidence?unit=${COUNTY}&period=${month}`,
        {
          headers: { accept: XLSX, authorization: `Bearer ${county.token('officer')}` },
        },
      );
      const workbook = new ExcelJS.Workbook();
      await workbook.xlsx.load(await response.arrayBuffer());
      expect(workbook.worksheets[0]?.rowCount).toBe(1 + 5);
    });
  });

  describe('after a change', () => {
    it('of a figure counts its versions, and only those that changed it', async () => {
      const versionOf = async () => (await county.coverage(COUNTY, month)).metrics.inbound_parcels.version;
      const before = await versionOf();
      await county.db.transaction((tx) => county.touch(tx, [`${county.id('A')} ${day(5)}`]));
      await county.settled();
      expect(await versionOf()).toBe(before);
      const late = parcel('D', day(5), COUNTS.inbound);
      await county.put([late]);
      await county.settled();
      expect(await versionOf()).toBe(before + 1);
      await county.put([], [late.waybill]);
      await county.settled();
      expect(await versionOf()).toBe(before + 2);
    });

    it('of a suspension, a relation or a lineage assesses the months again', async () => {
      const unit = async (code: string): Promise<Coverage> => await county.coverage(code, month);
      expect((await unit('990101200202')).assessment).toMatchObject({ relapsed: true, nominal: false });
      await county.suspension('G', day(4), day(6));
      await county.relation('G', 'YTO');
      await county.settled();
      expect((await unit('990101200202')).assessment).toMatchObject({ relapsed: false, nominal: true, suspendedDays: 3 });
      expect((await unit('990101200')).metrics.nominal_coverage.numerator).toBe(1);

      await county.merge(['A', 'B'], 'M', '990101100209', day(16));
      await county.settled();
      const town = await unit(TOWN);
      expect(town.children.map((child) => child.unit.code)).toEqual(['990101100203', '990101100209']);
      expect(town.children[1]?.assessment).toMatchObject({
        status: 'effective',
        serviceDays: daysOf(month).length,
        resident: true,
      });
      expect(town.metrics.outbound_parcels.numerator).toBe(3);
      expect(await county.rebuild.rebuildCoverage(COUNTY, { verify: true })).toMatchObject({ differing: 0 });
      expect((await evidence('outbound_parcels', '990101100209')).length).toBe(2);
    });

    it('forgets the months before the first facts', async () => {
      const odd = parcel('D', addDays(firstDayOf(addMonths(month, -3)), 2), COUNTS.inbound);
      await county.put([odd]);
      await county.settled();
      expect((await county.coverage(COUNTY, month)).trend).toHaveLength(4);
      await county.put([], [odd.waybill]);
      await county.settled();
      expect((await county.coverage(COUNTY, month)).trend).toHaveLength(2);
      expect(await county.rebuild.rebuildCoverage(COUNTY, { verify: true })).toMatchObject({ differing: 0 });
    });

    it('looks at a month again that was last looked at on an earlier day', async () => {
      const running = county.today.slice(0, 7);
      await county.db.query(
        `update insight.unit_month set as_of = as_of - interval '1 day', facts = jsonb_set(facts, '{nominal}', '0') where month = $1`,
        [firstDayOf(running)],
      );
      expect((await county.coverage(COUNTY, running)).metrics.nominal_coverage.numerator).toBe(0);
      await county.put([parcel('E', county.today, COUNTS.service, 'ZTO', 'SE')]);
      await county.settled();
      expect((await county.coverage(COUNTY, running)).metrics.nominal_coverage.numerator).toBe(2);
    });
  });

  describe('live', () => {
    interface Live {
      status: number | undefined;
      headers: Record<string, unknown>;
      next(): Promise<string>;
      ended: Promise<void>;
      stop(): void;
    }
    const listen = (unit: string, headers: Record<string, string>): Promise<Live> =>
      new Promise((resolve, reject) => {
        const call = request(`${county.app.baseUrl}/api/coverage/stream?unit=${unit}`, { headers }, (response) => {
          const messages: string[] = [];
          const waiting: ((message: string) => void)[] = [];
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
            const parts = text.split('\n\n');
            text = parts.pop() ?? '';
            for (const part of parts.filter((one) => one.startsWith('data: '))) {
              const waiter = waiting.shift();
              if (waiter) waiter(part.slice(6));
              else messages.push(part.slice(6));
            }
          });
          const ended = new Promise<void>((end) => response.on('close', end));
          const next = () =>
            new Promise<string>((got, late) => {
              const message = messages.shift();
              if (message !== undefined) return got(message);
              waiting.push(got);
              setTimeout(() => late(new Error('No change was told')), 5000).unref();
            });
          resolve({ status: response.statusCode, headers: response.headers, next, ended, stop: () => call.destroy() });
        });
        call.on('error', reject);
        call.end();
      });

    it('tells a scan to who looks at its village, town or county, well within three seconds, and to nobody else', async () => {
      const watchers = await Promise.all([
        listen(COUNTY, { authorization: `Bearer ${county.token('officer')}` }),
        listen('990101200', { cookie: `xiangyi_session=${county.token('officer')}` }),
        listen('9901', { authorization: `Bearer ${county.token('admin')}` }),
      ]);
      const other = await listen(TOWN, { authorization: `Bearer ${county.token('town')}` });
      expect(watchers[0]?.headers['content-type']).toContain('text/event-stream');
      const started = performance.now();
      await county.put([parcel('G', county.today, COUNTS.service | COUNTS.inbound, 'YTO', 'SG')]);
      const told = await Promise.all(watchers.map((watcher) => watcher.next()));
      const tookMs = performance.now() - started;
      for (const message of told)
        expect(coverageChangeSchema.parse(JSON.parse(message))).toMatchObject({
          countyCode: COUNTY,
          periods: [county.today.slice(0, 7)],
        });
      process.stdout.write(`scan to screen in ${Math.round(tookMs)} ms\n`);
      await expect(
        Promise.race([other.next(), new Promise((resolve) => setTimeout(() => resolve('silence'), 500))]),
      ).resolves.toBe('silence');
      for (const watcher of [...watchers, other]) watcher.stop();
    });

    it('takes a bounded number of connections of one person', async () => {
      const streams = await Promise.all(
        Array.from({ length: 10 }, () => listen(A, { authorization: `Bearer ${county.token('keeper')}` })),
      );
      expect(streams.map((stream) => stream.status)).toEqual(Array(10).fill(200));
      const refused = await county.app.get<Problem>(`/api/coverage/stream?unit=${A}`, county.token('keeper'));
      expect([refused.status, refused.body.code]).toEqual([503, 'coverage_streams_full']);
      streams[0]?.stop();
      await new Promise((resolve) => setTimeout(resolve, 200));
      const again = await listen(A, { authorization: `Bearer ${county.token('keeper')}` });
      expect(again.status).toBe(200);
      for (const stream of [...streams, again]) stream.stop();
    });

    it('ends when the application stops', async () => {
      const second = await CoverageCounty.start();
      const url = second.app.baseUrl;
      const response = await fetch(`${url}/api/coverage/stream?unit=${COUNTY}`, {
        headers: { authorization: `Bearer ${second.token('officer')}` },
      });
      const reading = response.text();
      await second.close();
      expect(await reading).toContain('retry:');
    });
  });
});
