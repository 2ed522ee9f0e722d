/** What stations earn by the piece, over HTTP. */
import { addMonths, dayOf, firstDayOf, periodOf, type FeeRate, type FeeSheet, type RecordResult } from '#contracts';
import { DirectoryModule } from '#directory';
import { LogisticsModule } from '#logistics';
import { uuidv7 } from '#platform';
import { testApp, type TestApplication } from '../factories/application.js';
import { smallCounty, type SmallCounty, type UserKey } from '../factories/county.js';

const MINUTE = 60_000;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

let app: TestApplication;
let county: SmallCounty;

beforeAll(async () => {
  app = await testApp({ modules: [DirectoryModule, LogisticsModule], services: ['directory', 'logistics'] });
  county = await smallCounty(app);
});
afterAll(async () => {
  await app.close();
});

const LONG_AGO = '2020-01-01';
const rate = (carrierCode: string, kind: FeeRate['kind'], amountFen: number, from = LONG_AGO): FeeRate => ({
  carrierCode,
  kind,
  from,
  amountFen,
});
type Rates = { rates: FeeRate[]; code?: string };
const put = (who: UserKey, rates: FeeRate[], ifMatch?: string) =>
  app.send<Rates>('PUT', '/api/fee-rates', { rates }, county.tokens[who], ifMatch === undefined ? {} : { 'if-match': ifMatch });
const get = (who: UserKey) => app.get<Rates>('/api/fee-rates', county.tokens[who]);

let serial = 0;
const newWaybill = () => `YT${String(8_000_000_000_000 + (serial += 1))}`;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
async function scan(who: UserKey, ...scans: object[]): Promise<void> {
  const full = scans.map((one) => ({ id: uuidv7(), occurredAt: ago(MINUTE), ...one }));
  const { body } = await app.post<{ results: RecordResult[] }>('/api/scans', { scans: full }, county.tokens[who]);
  expect(body.results.map(({ outcome }) => outcome)).toEqual(full.map(() => 'accepted'));
}

describe("A county's rates", () => {
  it('are replaced as a whole, and the same again changes nothing', async () => {
    expect((await get('station')).body).toEqual({ rates: [] });
    const rates = [rate('ZTO', 'handed_out', 30), rate('YTO', 'handed_out', 35), rate('YTO', 'handed_out', 40, '2026-06-01')];
    const first = await put('county', rates);
    expect(first.status).toBe(200);
    const inOrder = [rates[1], rates[2], rates[0]];
    expect(first.body.rates).toEqual(inOrder);
    const read = await get('station');
    expect(read.body.rates).toEqual(inOrder);
    expect(read.headers.get('etag')).toBe(first.headers.get('etag'));
    expect((await put('county', [...rates].reverse())).status).toBe(200);
    const audited = await app.db.database.query("select detail from platform.audit where action = 'fee_rates.replaced'");
    expect(audited).toEqual([{ detail: { rates: 3 } }]);
    expect((await get('stranger')).body).toEqual({ rates: [] });
  });

  it('are not replaced over a change that the caller has not seen', async () => {
    const { headers } = await get('county');
    const seen = headers.get('etag') ?? '';
    expect((await put('county', [rate('ZTO', 'handed_out', 31)], seen)).status).toBe(200);
    const lost = await put('county2', [rate('ZTO', 'handed_out', 99)], seen);
    expect([lost.status, lost.body.code]).toEqual([412, 'changed_meanwhile']);
    // The answer was lost, and the same is sent again.
    expect((await put('county', [rate('ZTO', 'handed_out', 31)], seen)).status).toBe(200);
    const tag = (await get('county')).headers.get('etag') ?? '';
    const race = await Promise.all([1, 2, 3].map((amount) => put('county', [rate('ZTO', 'handed_out', amount)], tag)));
    expect(race.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });

  it('are set by the county only, and must make sense', async () => {
    for (const who of ['station', 'town', 'producer'] as const) expect((await put(who, [])).status).toBe(403);
    expect((await put('county', [rate('NOSUCH', 'handed_out', 1)])).body.code).toBe('unknown_carrier');
    expect((await put('county', [rate('YTO', 'handed_out', 1), rate('YTO', 'handed_out', 2)])).body.code).toBe('invalid_input');
    for (const amountFen of [-1, 0.5, 10_001])
      expect((await put('county', [rate('YTO', 'handed_out', amountFen)])).status).toBe(400);
    expect((await put('county', [rate('YTO', 'handed_out', 1, '2026-02-30')])).status).toBe(400);
  });
});

describe("A station's sheet", () => {
  const sheet = (who: UserKey, query = '') => app.get<FeeSheet>(`/api/fees?${query}`, county.tokens[who]);
  const period = periodOf(new Date());

  beforeAll(async () => {
    await put('county', [rate('YTO', 'handed_out', 35), rate('YTO', 'accepted_out', 120), rate('ZTO', 'accepted_out', 100)]);
    const [one, two, other, out] = [newWaybill(), newWaybill(), newWaybill(), newWaybill()];
    const handOut = (waybill: string, carrierCode: string, minutes = 0) => [
      { waybill, carrierCode, kind: 'shelved', occurredAt: ago((minutes + 3) * MINUTE) },
      { waybill, kind: 'picked_up', occurredAt: ago((minutes + 2) * MINUTE) },
    ];
    await scan('station', ...handOut(one, 'YTO'), ...handOut(two, 'YTO'), ...handOut(other, 'ZTO'));
    // A second scan of the same hand-over is one piece.
    await scan('station', { waybill: one, kind: 'picked_up' });
    await scan('station', { waybill: out, carrierCode: 'YTO', kind: 'accepted' });
    await scan('station2', ...handOut(newWaybill(), 'YTO'));
  });

  it('counts each piece once, at its rate, and shows what has none', async () => {
    const { status, body } = await sheet('station');
    expect(status).toBe(200);
    expect(body).toEqual({
      stationCode: county.stations.village1.code,
      period,
      rows: [
        { carrierCode: 'YTO', kind: 'handed_out', pieces: 2, amountFen: 70, withoutRate: 0 },
        { carrierCode: 'YTO', kind: 'accepted_out', pieces: 1, amountFen: 120, withoutRate: 0 },
        { carrierCode: 'ZTO', kind: 'handed_out', pieces: 1, amountFen: 0, withoutRate: 1 },
      ],
      totalFen: 190,
    });
    const before = await sheet('station', `period=${addMonths(period, -1)}`);
    expect(before.body).toMatchObject({ rows: [], totalFen: 0 });
  });

  it('follows a rate that begins later', async () => {
    await put('county', [rate('YTO', 'handed_out', 35), rate('YTO', 'handed_out', 50, dayOf(new Date()))]);
    expect((await sheet('station')).body.totalFen).toBe(100);
    await put('county', [rate('YTO', 'handed_out', 50, firstDayOf(addMonths(period, 1)))]);
    expect((await sheet('station')).body.totalFen).toBe(0);
  });

  it("is for the station's own people and those above", async () => {
    const own = `stationCode=${county.stations.village1.code}`;
    const mine = (await sheet('station')).body;
    for (const who of ['town', 'county', 'admin'] as const) expect((await sheet(who, own)).body).toEqual(mine);
    for (const who of ['station2', 'town2', 'stranger'] as const) expect((await sheet(who, own)).status).toBe(404);
    expect((await sheet('producer', own)).status).toBe(403);
    expect((await sheet('station', 'period=2026-13')).status).toBe(400);
    expect((await sheet('station', 'stationCode=%00')).status).toBe(404);
  });

  it('can be had as a table', async () => {
    const csv = await app.get<string>('/api/fees', county.tokens.station, { accept: 'text/csv', 'accept-language': 'en' });
    expect(csv.headers.get('content-type')).toMatch('text/csv');
    expect(csv.body).toContain('Carrier,For,Pieces,Without a rate,Amount (yuan)');
    expect(csv.body).toContain('YTO,Handed out,2,2,0');
    const xlsx = await app.get<string>('/api/fees', county.tokens.station, { accept: XLSX });
    expect(xlsx.headers.get('content-type')).toBe(XLSX);
    expect(xlsx.body.slice(0, 2)).toBe('PK');
  });
});
