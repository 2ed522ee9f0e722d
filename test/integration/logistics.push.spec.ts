import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { CodeMapping, ImportResult, ParcelView, Problem } from '#contracts';
import { DirectoryModule } from '#directory';
import { LogisticsModule, ParcelRebuild, PushService, type Provider } from '#logistics';
import { SecretBox, uuidv7 } from '#platform';
import { testApp, type TestApplication } from '../factories/application.js';
import { smallCounty, type SmallCounty } from '../factories/county.js';

const SALT = 'xiangyi-test-salt';
let app: TestApplication;
let county: SmallCounty;

beforeAll(async () => {
  const config = { KUAIDI100_SALT: SALT, KDNIAO_APP_KEY: 'xiangyi-test-key' };
  app = await testApp({ modules: [DirectoryModule, LogisticsModule], services: ['directory', 'logistics'], config });
  county = await smallCounty(app);
});
afterAll(async () => {
  await app.close();
});

interface Recorded {
  name: string;
  note: string;
  provider: Provider;
  form: Record<string, string>;
  expected: { kinds?: string[]; stage?: string; carrierCode?: string; waybill: string; outcome?: string };
}
const recorded = (folder: 'ok' | 'not-ok'): Recorded[] =>
  readdirSync(`test/fixtures/${folder}`)
    .filter((name) => name.startsWith('logistics.k'))
    .map((name) => ({
      name,
      ...(JSON.parse(readFileSync(`test/fixtures/${folder}/${name}`, 'utf8')) as Omit<Recorded, 'name'>),
    }));
const fixture = (name: string) => recorded('ok').find((push) => push.name.includes(name))!;

const push = (provider: string, form: Record<string, string>, query = '?county=990101') =>
  app.post<Record<string, unknown>>(`/api/carriers/${provider}/push${query}`, new URLSearchParams(form));
const signed = (param: string) => ({
  param,
  sign: createHash('md5')
    .update(param + SALT)
    .digest('hex')
    .toUpperCase(),
});
const count = async (table: string) =>
  (await app.db.database.query<{ count: number }>(`select count(*)::int as count from ${table}`))[0]!.count;
const parcel = async (waybill: string) => (await app.get<ParcelView>(`/api/parcels/${waybill}`, county.tokens.county)).body;

describe('A push', () => {
  it.each(recorded('ok'))('$name makes the parcel: $note', async ({ provider, form, expected }) => {
    const answer = await push(provider, form);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject(
      provider === 'kuaidi100' ? { result: true, returnCode: '200', message: '成功' } : { EBusinessID: '1237100', Success: true },
    );
    if (!expected.stage) return;
    const view = await parcel(expected.waybill);
    expect(view).toMatchObject({ stage: expected.stage, carrierCode: expected.carrierCode, waybill: expected.waybill });
    // Without ids: their random digits may look like a telephone number.
    const said = JSON.stringify(view).replaceAll(/[\da-f]{8}(-[\da-f]{4,12}){4}/g, '');
    expect(said).not.toMatch(/(?<!\d)1[3-9]\d{9}(?!\d)|88888888/);
  });

  it('that comes again and again changes nothing', async () => {
    const { provider, form, expected } = fixture('kuaidi100-delivered');
    const before = [await count('logistics.parcel_event'), await parcel(expected.waybill)];
    await Promise.all(Array.from({ length: 10 }, () => push(provider, form)));
    expect([await count('logistics.parcel_event'), await parcel(expected.waybill)]).toEqual(before);
  });

  it.each(recorded('not-ok'))('$name is answered in the provider’s way: $note', async ({ provider, form, expected }) => {
    const before = [await count('logistics.parcel_event'), await count('logistics.provider_push'), await count('platform.audit')];
    const answer = await push(provider, form);
    expect(answer.status).toBe(expected.outcome === 'refused' ? 401 : 400);
    expect(answer.body).toMatchObject(provider === 'kuaidi100' ? { result: false } : { Success: false });
    const refused = expected.outcome === 'refused';
    const after = [await count('logistics.parcel_event'), await count('logistics.provider_push'), await count('platform.audit')];
    // A wrong signature stores the attempt alone; a signed body is kept even where it makes no sense.
    expect(after.map((value, index) => value - before[index]!)).toEqual(refused ? [0, 0, 1] : [0, 1, 0]);
  });

  it('without a signature is refused as malformed', async () => {
    expect((await push('kuaidi100', { param: '{}' })).status).toBe(400);
    expect((await push('kdniao', {})).status).toBe(400);
  });

  it('needs its county where there are several', async () => {
    const { provider, form } = fixture('kuaidi100-delivered');
    expect((await push(provider, form, '')).status).toBe(400);
    expect((await push(provider, form, '?county=112233')).status).toBe(404);
  });

  it('is kept as it came, encrypted', async () => {
    const rows = await app.db.database.query<{ body: Buffer; done: boolean; problem: string | null }>(
      'select body, processed_at is not null as done, problem from logistics.provider_push order by received_at',
    );
    expect(rows.every(({ body, done }) => done && !body.includes('lastResult'))).toBe(true);
    const bodies = rows.map(({ body }) => JSON.parse(app.resolve(SecretBox).decrypt(body)) as Record<string, string>);
    expect(bodies).toContainEqual(fixture('kuaidi100-delivered').form);
    expect(rows.some(({ problem }) => problem !== null)).toBe(true);
  });

  it('that was kept and not processed is taken up by the sweep', async () => {
    const param = fixture('kuaidi100-delivered').form['param']!.replaceAll('YT8800000000001', 'YT8800000000077');
    await app.db.database.query(
      'insert into logistics.provider_push (county_code, id, received_at, provider, body) values ($1, $2, $3, $4, $5)',
      [
        county.countyCode,
        uuidv7(),
        new Date(Date.now() - 120_000),
        'kuaidi100',
        Buffer.from(app.resolve(SecretBox).encrypt(JSON.stringify(signed(param)))),
      ],
    );
    expect(await app.resolve(PushService).sweep()).toBe(1);
    expect((await parcel('YT8800000000077')).stage).toBe('delivered');
    expect(await app.resolve(PushService).sweep()).toBe(0);
  });
});

describe('Without a salt', () => {
  it.each([
    { place: 'on a database of one’s own', DEMO: false, status: 401 },
    { place: 'of the demo county', DEMO: true, status: 200 },
  ])('a push $place is answered $status', async ({ DEMO, status }) => {
    const unset = { KUAIDI100_SALT: undefined, KDNIAO_APP_KEY: undefined, DEMO };
    const other = await testApp({
      modules: [DirectoryModule, LogisticsModule],
      services: ['directory', 'logistics'],
      config: unset,
    });
    try {
      await smallCounty(other);
      const { param = '' } = fixture('kuaidi100-delivered').form;
      const sign = createHash('md5').update(param).digest('hex').toUpperCase();
      const answer = await other.post('/api/carriers/kuaidi100/push?county=990101', new URLSearchParams({ param, sign }));
      expect(answer.status).toBe(status);
    } finally {
      await other.close();
    }
  });
});

describe('A signature while the parcel lies on our shelf', () => {
  it('opens a conflict and delivers nothing', async () => {
    const waybill = 'YT8800000000088';
    const [shelvedAt, signedAt] = [Date.now() - 60 * 60_000, Math.floor((Date.now() - 30 * 60_000) / 1000) * 1000];
    const scan = { id: uuidv7(), waybill, kind: 'shelved', occurredAt: new Date(shelvedAt).toISOString() };
    await app.post('/api/scans', { scans: [scan] }, county.tokens.station);
    const local = new Date(signedAt + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    await push(
      'kuaidi100',
      signed(
        fixture('kuaidi100-delivered')
          .form['param']!.replaceAll('YT8800000000001', waybill)
          .replaceAll('2025-10-10 18:02:11', local),
      ),
    );
    const view = await parcel(waybill);
    expect(view.stage).toBe('at_station');
    expect(view.conflicts).toEqual([
      {
        kind: 'false_delivery',
        openedAt: new Date(signedAt).toISOString(),
        detail: expect.stringContaining('虚假签收') as string,
      },
    ]);
    expect(view.timeline.map(({ source }) => source)).toContain('station');
  });
});

describe('A corrected carrier', () => {
  it('relinks the history and makes no second parcel', async () => {
    const corrected = fixture('corrected-carrier').form['param']!.replaceAll('880000000000003', '880000000000093');
    const first = corrected.replaceAll('shentong', 'yuantong').replace('"autoCheck":"1"', '"autoCheck":"0"');
    await push('kuaidi100', signed(first));
    expect((await parcel('880000000000093')).carrierCode).toBe('YTO');
    await push('kuaidi100', signed(corrected));
    const view = await parcel('880000000000093');
    expect(view.carrierCode).toBe('STO');
    expect(view.timeline.filter(({ kind }) => kind !== 'relinked')).toHaveLength(2);
    const list = await app.get<{ items: unknown[] }>('/api/parcels?carrierCode=YTO&stage=in_transit', county.tokens.county);
    expect(list.body.items).toEqual([]);
  });
});

describe('A transfer', () => {
  it('links the parcels from both ends', async () => {
    const old = await parcel('YT8800000000006');
    expect(old).toMatchObject({ stage: 'transferred', supersededBy: '4312345678901' });
    expect(await parcel('4312345678901')).toMatchObject({ supersedes: 'YT8800000000006' });
  });
});

describe('A code that no table knows', () => {
  it('waits in the queue until staff say what it means, and is then read that way', async () => {
    const queue = async (state = 'open') =>
      (await app.get<{ items: CodeMapping[] }>(`/api/mappings?state=${state}`, county.tokens.county)).body.items;
    expect(await queue()).toEqual([
      expect.objectContaining({ provider: 'kuaidi100', code: '7788', sampleText: '快件异常转运', kind: null }),
    ]);
    expect((await app.get('/api/mappings', county.tokens.town)).status).toBe(403);
    const path = '/api/mappings/kuaidi100/7788';
    expect((await app.post<Problem>(path, { kind: 'exception_open' }, county.tokens.county)).body.code).toBe(
      'kind_needs_exception',
    );
    expect((await app.post(path, { kind: 'nonsense' }, county.tokens.county)).status).toBe(400);
    expect((await app.post('/api/mappings/kdniao/7788', { kind: 'lost' }, county.tokens.county)).status).toBe(404);
    const answer = await app.post<{ parcels: number }>(path, { kind: 'out_for_delivery' }, county.tokens.county);
    expect(answer).toMatchObject({ status: 200, body: { parcels: 1, mapping: { kind: 'out_for_delivery' } } });
    expect((await parcel('YT8800000000004')).stage).toBe('out_for_delivery');
    const listed = await app.get<{ items: { waybill: string }[] }>('/api/parcels?stage=out_for_delivery', county.tokens.county);
    expect(listed.body.items).toContainEqual(expect.objectContaining({ waybill: 'YT8800000000004' }));
    expect(await queue()).toEqual([]);
    expect(await queue('resolved')).toHaveLength(1);
  });

  it('is read by its meaning when it comes later', async () => {
    await push('kuaidi100', signed(fixture('unknown-code').form['param']!.replaceAll('YT8800000000004', 'YT8800000000044')));
    expect((await parcel('YT8800000000044')).stage).toBe('out_for_delivery');
  });
});

describe("A carrier's file", () => {
  const upload = (text: string, token = county.tokens.carrier) => {
    const form = new FormData();
    form.append('file', new Blob([text]), 'parcels.csv');
    return app.send<ImportResult & Problem>('POST', '/api/parcels/import', form, token);
  };
  const good =
    '运单号,事件,时间,快递品牌,村代码\n75880000000099,揽收,2025-10-08 10:00:00,,990101100201\n75880000000099,签收,2025-10-10 10:00:00,ZTO,\n';

  it('is taken whole, and again without effect', async () => {
    expect(await upload(good)).toMatchObject({ status: 200, body: { rows: 2, imported: 2, unchanged: 0, problems: [] } });
    expect(await upload(good)).toMatchObject({ status: 200, body: { rows: 2, imported: 0, unchanged: 2 } });
    expect(await parcel('75880000000099')).toMatchObject({
      carrierCode: 'ZTO',
      stage: 'delivered',
      village: { code: '990101100201' },
      candidates: [{ carrierCode: 'ZTO', reason: 'manifest' }, {}, {}, {}],
    });
  });

  it('with problems is refused with all of them, and nothing of it is stored', async () => {
    const before = await count('logistics.parcel_event');
    const bad = `${good.replaceAll('099', '098')}?,飞了,昨天,NOSUCH,1\n75880000000098,签收,2025-10-10 10:00:00,YTO,\n`;
    const answer = await upload(bad);
    expect(answer.status).toBe(422);
    expect(answer.body.errors?.map(({ path, code }) => `${path} ${code}`)).toEqual([
      '4:waybill bad_waybill',
      '4:kind bad_kind',
      '4:occurredAt bad_time',
      '4:carrier unknown_carrier',
      '4:village unknown_village',
      '5:carrier carrier_out_of_scope',
    ]);
    expect(await count('logistics.parcel_event')).toBe(before);
    expect((await upload('a,b\n1,2\n')).body.errors?.map(({ code }) => code)).toEqual([
      'missing_column',
      'missing_column',
      'missing_column',
    ]);
    expect((await upload(good, county.tokens.station)).status).toBe(403);
  });
});

it('After all that, what is derived is what the ledger says', async () => {
  const report = await app.resolve(ParcelRebuild).rebuildParcels(county.countyCode, { verify: true });
  expect(report.differences).toEqual([]);
  expect(report.parcels).toBeGreaterThan(10);
});
