import {
  addDays,
  dayOf,
  PARCEL_DAY_COUNTS,
  SCAN_KINDS,
  startOfDay,
  type ParcelView,
  type ScanKind,
  type ScanResult,
} from '#contracts';
import { DirectoryModule } from '#directory';
import { LogisticsModule, ParcelRebuild, ScanService } from '#logistics';
import { Clock, uuidv7, type Principal } from '#platform';
import { testApp, type TestApplication } from '../factories/application.js';
import { smallCounty, type SmallCounty, type UserKey } from '../factories/county.js';

let app: TestApplication;
let county: SmallCounty;
const MINUTE = 60_000;
const DAY = 86_400_000;

beforeAll(async () => {
  app = await testApp({ modules: [DirectoryModule, LogisticsModule], services: ['directory', 'logistics'] });
  county = await smallCounty(app);
});
afterAll(async () => {
  await app.close();
});

interface Scan {
  id?: string;
  waybill?: string;
  kind: ScanKind;
  occurredAt?: string;
  [field: string]: unknown;
}
let serial = 0;
const newWaybill = () => `YT${String(1_000_000_000_000 + (serial += 1))}`;
const ago = (ms: number) => new Date(app.resolve(Clock).now().getTime() - ms).toISOString();
const full = (scan: Scan) => ({ id: uuidv7(), occurredAt: ago(MINUTE), ...scan });

async function send(who: UserKey | 'carrier', scans: unknown[], headers: Record<string, string> = {}) {
  return await app.post<{ results: ScanResult[]; code?: string }>('/api/scans', { scans }, county.tokens[who], headers);
}
async function scan(who: UserKey | 'carrier', ...scans: Scan[]): Promise<ScanResult[]> {
  const answer = await send(who, scans.map(full));
  expect(answer.status).toBe(200);
  return answer.body.results;
}
async function parcel(waybill: string, who: UserKey = 'county'): Promise<ParcelView> {
  const answer = await app.get<ParcelView>(`/api/parcels/${waybill}`, county.tokens[who]);
  expect(answer.status).toBe(200);
  return answer.body;
}
const outcomes = (results: ScanResult[]) => results.map(({ outcome }) => outcome);
const codes = (results: ScanResult[]) => results.map(({ problem }) => problem?.code);

async function rowsOf(waybill: string) {
  const rows = await app.db.database.query<{ unitId: string; day: string; counts: number }>(
    'select unit_id as "unitId", day, counts from logistics.parcel_day where waybill = $1 order by day, counts',
    [waybill],
  );
  const names = Object.entries(PARCEL_DAY_COUNTS);
  return rows
    .map((row) => ({ ...row, counts: names.filter(([, bit]) => row.counts & bit).map(([name]) => name) }))
    .filter(({ counts }) => counts.length > 0);
}

describe('A call with scans', () => {
  it('answers each by itself and in order, and stores the good ones', async () => {
    const [good, other] = [newWaybill(), newWaybill()];
    const answer = await send('station', [
      full({ waybill: good, kind: 'arrived_village' }),
      { id: 'not an id', waybill: good, kind: 'arrived_village', occurredAt: ago(0) },
      full({ waybill: '??', kind: 'arrived_village' }),
      full({ waybill: other, kind: 'exception_open' }),
      full({ waybill: other, kind: 'shelved', carrierCode: 'NOSUCH' }),
      full({ waybill: other, kind: 'shelved', villageCode: '990102100201' }),
      full({ waybill: other, kind: 'shelved', stationCode: 'nowhere' }),
      full({ waybill: other, kind: 'shelved', stationCode: county.stations.village2.code }),
      'nonsense',
      full({ waybill: other, kind: 'shelved', shelfCode: '2-2-1521' }),
    ]);
    expect(answer.status).toBe(200);
    const { results } = answer.body;
    expect(outcomes(results)).toEqual(['accepted', ...Array<string>(8).fill('rejected'), 'accepted']);
    expect(codes(results)).toEqual([
      undefined,
      'invalid_input',
      'invalid_input',
      'invalid_input',
      'unknown_carrier',
      'unknown_village',
      'unknown_station',
      'station_out_of_scope',
      'invalid_input',
      undefined,
    ]);
    expect(results[1]!.id).toBe('not an id');
    expect(results[8]!.id).toBeNull();
    expect(results[2]!.problem?.errors?.[0]?.path).toBe('waybill');
    expect((await parcel(good)).stage).toBe('at_station');
    expect((await parcel(other)).timeline).toHaveLength(1);
  });

  it('is refused whole without scans, with too many, and without a right', async () => {
    expect((await send('station', [])).status).toBe(400);
    expect((await send('station', Array<object>(501).fill(full({ waybill: newWaybill(), kind: 'shelved' })))).status).toBe(400);
    expect((await send('producer', [full({ waybill: newWaybill(), kind: 'shelved' })])).status).toBe(403);
    expect((await app.post('/api/scans', { scans: [] })).status).toBe(401);
  });

  it('is documented with the form and the kinds of a scan', async () => {
    const { body } = await app.get<{ components: { schemas: Record<string, { enum?: string[]; properties?: object }> } }>(
      '/api/openapi.json',
    );
    const { ScanBatch, ScanItem, ScanKind } = body.components.schemas;
    expect(ScanKind?.enum).toEqual(SCAN_KINDS);
    expect(Object.keys(ScanItem?.properties ?? {})).toEqual(
      expect.arrayContaining(['id', 'waybill', 'kind', 'occurredAt', 'shelfCode']),
    );
    expect(ScanBatch ?? ScanItem).toBeDefined();
  });

  it('takes 500 scans', async () => {
    const results = await scan(
      'station',
      ...Array.from({ length: 500 }, (): Scan => ({ waybill: newWaybill(), kind: 'shelved' })),
    );
    expect(results.every(({ outcome }) => outcome === 'accepted')).toBe(true);
  });

  it('explains a refusal in the language that is asked for', async () => {
    const body = [full({ waybill: newWaybill(), kind: 'shelved', stationCode: 'nowhere' })];
    expect((await send('station', body)).body.results[0]!.problem?.detail).toBe('没有这个站点：nowhere');
    expect((await send('station', body, { 'accept-language': 'en' })).body.results[0]!.problem?.detail).toBe(
      'No such station: nowhere',
    );
  });

  it('never answers with a server error, whatever the text', async () => {
    const odd = ['\u0000', '\\', '"', '{}', 'NULL', '\ud800', "'; drop table x; --", '村'.repeat(200)];
    const results = await scan('station', ...odd.map((note): Scan => ({ waybill: newWaybill(), kind: 'shelved', note })));
    expect(outcomes(results)).toEqual(odd.map(() => 'accepted'));
    const shelves = await scan(
      'station',
      ...odd.slice(0, 7).map((shelfCode): Scan => ({ waybill: newWaybill(), kind: 'shelved', shelfCode })),
    );
    expect(outcomes(shelves)).toEqual(['rejected', ...Array<string>(6).fill('accepted')]);
  });
});

describe('A scan that is sent again', () => {
  it('is a duplicate, in the same call and in a later one, and changes nothing', async () => {
    const sent = full({ waybill: newWaybill(), kind: 'arrived_village' });
    expect(outcomes((await send('station', [sent, sent])).body.results)).toEqual(['accepted', 'duplicate']);
    const before = await parcel(sent.waybill!);
    expect(outcomes((await send('station', [sent])).body.results)).toEqual(['duplicate']);
    expect(await parcel(sent.waybill!)).toEqual(before);
  });

  it('with the same id and another content is refused', async () => {
    const sent = full({ waybill: newWaybill(), kind: 'arrived_village' });
    await send('station', [sent]);
    for (const change of [
      { kind: 'picked_up' },
      { waybill: newWaybill() },
      { occurredAt: ago(7 * MINUTE) },
      { waybill: newWaybill(), occurredAt: ago(9 * MINUTE) },
    ]) {
      const { results } = (await send('station', [{ ...sent, ...change }])).body;
      expect(codes(results)).toEqual(['id_reused']);
    }
    const other = full({ waybill: newWaybill(), kind: 'shelved' });
    expect(codes((await send('station', [other, { ...other, kind: 'picked_up' }])).body.results)).toEqual([
      undefined,
      'id_reused',
    ]);
  });

  it('ends once though fifty copies of its batch come at the same time', async () => {
    const batch = Array.from({ length: 20 }, () => full({ waybill: newWaybill(), kind: 'shelved' }));
    const answers = await Promise.all(Array.from({ length: 50 }, () => send('station', batch)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const all = answers.map(({ body }) => outcomes(body.results));
    for (const [index, { waybill }] of batch.entries()) {
      const own = all.map((results) => results[index]);
      expect(own.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
      expect(own.filter((outcome) => outcome === 'duplicate')).toHaveLength(49);
      expect((await parcel(waybill!)).timeline).toHaveLength(1);
    }
  });

  it('by two people at once about one parcel keeps both scans', async () => {
    const waybill = newWaybill();
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        index % 2 === 0
          ? scan('station', { waybill, kind: 'stocktake', occurredAt: ago(index * 11 * MINUTE) })
          : scan('town', { waybill, kind: 'arrived_town', occurredAt: ago(index * 11 * MINUTE) }),
      ),
    );
    expect((await parcel(waybill)).timeline).toHaveLength(30);
  });
});

describe('A second scan of the same kind within ten minutes', () => {
  it('is stored and flagged', async () => {
    const waybill = newWaybill();
    await scan('station', { waybill, kind: 'arrived_village', occurredAt: ago(9 * MINUTE) });
    const [second] = await scan('station', { waybill, kind: 'arrived_village', occurredAt: ago(2 * MINUTE) });
    expect(second).toMatchObject({ outcome: 'accepted', flags: ['double_scan'] });
    expect((await parcel(waybill)).timeline.map(({ flags }) => flags)).toEqual([undefined, ['double_scan']]);
  });
});

describe('The clock of a device', () => {
  it('that is ahead is put right and flagged', async () => {
    const waybill = newWaybill();
    const before = Date.now();
    const [result] = await scan('station', { waybill, kind: 'shelved', occurredAt: ago(-DAY) });
    expect(result).toMatchObject({ outcome: 'accepted', flags: ['clock_ahead'] });
    const at = Date.parse((await parcel(waybill)).timeline[0]!.occurredAt);
    expect(at).toBeGreaterThanOrEqual(before - 1000);
    expect(at).toBeLessThanOrEqual(Date.now() + 1000);
  });

  it('that is 45 days behind puts the scan into quarantine until the county releases it', async () => {
    const waybill = newWaybill();
    const sent = full({ waybill, kind: 'arrived_village', occurredAt: ago(46 * DAY) });
    const { results } = (await send('station', [sent])).body;
    expect(results).toMatchObject([{ outcome: 'accepted', flags: ['quarantined'] }]);
    expect((await app.get(`/api/parcels/${waybill}`, county.tokens.county)).status).toBe(404);
    expect(await rowsOf(waybill)).toEqual([]);
    expect(outcomes((await send('station', [sent])).body.results)).toEqual(['duplicate']);
    expect((await app.get('/api/quarantine', county.tokens.station)).status).toBe(403);
    const list = await app.get<{ items: { id: string; stationCode: string }[] }>('/api/quarantine', county.tokens.county);
    expect(list.body.items).toEqual([expect.objectContaining({ id: sent.id, stationCode: county.stations.village1.code })]);
    expect((await app.post(`/api/quarantine/${sent.id}/release`, {}, county.tokens.county)).status).toBe(200);
    expect((await parcel(waybill)).stage).toBe('at_station');
    expect((await rowsOf(waybill)).map(({ counts }) => counts)).toEqual([['service', 'inbound']]);
    expect((await app.post(`/api/quarantine/${sent.id}/release`, {}, county.tokens.county)).status).toBe(404);
    await scan('station', { waybill, kind: 'picked_up' });
    expect((await parcel(waybill)).timeline).toHaveLength(2);
  });
});

describe('A parcel', () => {
  it('goes through its stages and counts for its village', async () => {
    const waybill = newWaybill();
    const label = { waybill, villageCode: county.codes.village1, carrierCode: 'YTO' };
    await scan('county', { ...label, kind: 'arrived_county', occurredAt: ago(300 * MINUTE) });
    await scan('town', { ...label, kind: 'arrived_town', occurredAt: ago(200 * MINUTE) });
    await scan(
      'station',
      { waybill, kind: 'picked_up', proof: 'pickup_code', occurredAt: ago(20 * MINUTE) },
      { waybill, kind: 'shelved', shelfCode: '1-1-0001', occurredAt: ago(100 * MINUTE) },
    );
    const view = await parcel(waybill, 'station');
    expect(view).toMatchObject({
      stage: 'collected',
      carrierCode: 'YTO',
      direction: 'inbound',
      proof: 'pickup_code',
      village: { code: county.codes.village1 },
      station: { code: county.stations.village1.code },
      conflicts: [],
      exceptions: [],
    });
    expect(view.timeline.map(({ kind }) => kind)).toEqual(['arrived_county', 'arrived_town', 'shelved', 'picked_up']);
    expect(JSON.stringify(view)).not.toContain('1-1-0001');
    expect(view.candidates[0]).toMatchObject({ carrierCode: 'YTO', reason: 'label' });
    const all = (await rowsOf(waybill)).flatMap(({ unitId, counts }) =>
      unitId === county.ids.village1 ? counts : ['elsewhere'],
    );
    expect(new Set(all)).toEqual(new Set(['townArrival', 'reached', 'service', 'brand', 'inbound']));
  });

  it('is the same whatever the order and batches of its scans', async () => {
    const story = (waybill: string) => [
      full({ waybill, kind: 'arrived_town', stationCode: county.stations.town1.code, occurredAt: ago(3 * DAY) }),
      full({
        waybill,
        kind: 'arrived_village',
        stationCode: county.stations.village1.code,
        villageCode: county.codes.village1,
        occurredAt: ago(2 * DAY),
      }),
      full({ waybill, kind: 'shelved', stationCode: county.stations.village1.code, occurredAt: ago(2 * DAY - MINUTE) }),
      full({
        waybill,
        kind: 'exception_open',
        exception: 'unreachable',
        stationCode: county.stations.village1.code,
        occurredAt: ago(DAY),
      }),
      full({ waybill, kind: 'picked_up', stationCode: county.stations.village1.code, proof: 'self', occurredAt: ago(MINUTE) }),
    ];
    const [straight, mixed] = [newWaybill(), newWaybill()];
    await send('county', story(straight));
    const shuffled = story(mixed);
    for (const index of [4, 1, 3, 0, 2, 1, 4]) await send('county', [shuffled[index]]);
    const plain = ({ exceptions, timeline, ...view }: ParcelView) => ({
      ...view,
      waybill: '',
      kinds: timeline.map(({ kind }) => kind),
      exceptions: exceptions.map(({ kind, closedAt }) => [kind, closedAt !== undefined]),
    });
    expect(plain(await parcel(mixed))).toEqual(plain(await parcel(straight)));
    expect(await rowsOf(mixed)).toEqual(await rowsOf(straight));
  });

  it('in an order that cannot be is stored and flagged', async () => {
    const waybill = newWaybill();
    const [result] = await scan('station', { waybill, kind: 'picked_up' });
    expect(result).toMatchObject({ outcome: 'accepted', flags: ['illegal_sequence', 'not_on_shelf'] });
    expect(await parcel(waybill)).toMatchObject({ stage: 'collected', timeline: [{ flags: ['illegal_sequence'] }] });
  });

  it('of produce counts for the village of its origin', async () => {
    const waybill = newWaybill();
    await scan('station', {
      waybill,
      kind: 'accepted',
      produce: { categoryCode: '010301', weightG: 5000, originVillageCode: county.codes.village2 },
    });
    expect(await parcel(waybill)).toMatchObject({
      direction: 'outbound',
      stage: 'accepted',
      village: { code: county.codes.village2 },
    });
    expect(await rowsOf(waybill)).toMatchObject([{ unitId: county.ids.village2, counts: ['outbound'] }]);
  });

  it("handled by a registered neighbour's station counts for its own village", async () => {
    const waybill = newWaybill();
    await scan('station2', { waybill, kind: 'shelved', villageCode: county.codes.village5, carrierCode: 'ZTO' });
    expect(await rowsOf(waybill)).toMatchObject([{ unitId: county.ids.village5, counts: ['service', 'brand', 'inbound'] }]);
    const stray = newWaybill();
    await scan('station2', { waybill: stray, kind: 'shelved', villageCode: county.codes.village1 });
    expect(await rowsOf(stray)).toMatchObject([{ unitId: county.ids.village1, counts: ['inbound'] }]);
  });

  it('with no village lies in the bucket of its town', async () => {
    const waybill = newWaybill();
    await scan('town', { waybill, kind: 'arrived_town' });
    expect(await rowsOf(waybill)).toMatchObject([{ unitId: county.ids.town1, counts: ['unassigned'] }]);
  });
});

describe('Sight of a parcel', () => {
  it('ends at the unit; whoever may not see it is told that there is none', async () => {
    const waybill = newWaybill();
    await scan('station', { waybill, kind: 'shelved', villageCode: county.codes.village1, carrierCode: 'YTO' });
    const status = async (who: UserKey | 'carrier') => (await app.get(`/api/parcels/${waybill}`, county.tokens[who])).status;
    expect(await Promise.all((['admin', 'county', 'town', 'station'] as const).map(status))).toEqual([200, 200, 200, 200]);
    expect(await Promise.all((['town2', 'station2', 'stranger', 'carrier'] as const).map(status))).toEqual([404, 404, 404, 404]);
    expect(await status('producer')).toBe(403);
    expect((await app.get('/api/parcels/NOSUCH000', county.tokens.county)).status).toBe(404);
    expect((await app.get('/api/parcels/%00', county.tokens.county)).status).toBe(404);
  });

  it('covers lists, page by page and as a table', async () => {
    const waybills = Array.from({ length: 5 }, newWaybill);
    await scan(
      'station2',
      ...waybills.map((waybill, index): Scan => ({
        waybill,
        kind: 'shelved',
        carrierCode: 'JT',
        occurredAt: ago((index + 20) * MINUTE),
      })),
    );
    const first = await app.get<{ items: { waybill: string }[]; nextCursor?: string }>(
      '/api/parcels?carrierCode=JT&limit=3',
      county.tokens.station2,
    );
    expect(first.body.items.map(({ waybill }) => waybill)).toEqual(waybills.slice(0, 3));
    const second = await app.get<typeof first.body>(
      `/api/parcels?carrierCode=JT&limit=3&cursor=${first.body.nextCursor!}`,
      county.tokens.station2,
    );
    expect(second.body).toEqual({
      items: waybills.slice(3).map((waybill) => expect.objectContaining({ waybill, stage: 'at_station' }) as object),
    });
    const none = await app.get<typeof first.body>('/api/parcels?carrierCode=JT', county.tokens.station);
    expect(none.body.items).toEqual([]);
    expect((await app.get(`/api/parcels?unit=${county.codes.town2}`, county.tokens.town)).status).toBe(404);
    expect((await app.get('/api/parcels?cursor=x', county.tokens.town)).status).toBe(400);
    const csv = await app.get<string>(`/api/parcels?carrierCode=JT&unit=${county.codes.village4}`, county.tokens.county, {
      accept: 'text/csv',
    });
    expect(csv.body.trim().split('\n')).toHaveLength(6);
    expect(csv.body).toContain('运单号');
  });

  it('lets a carrier act for itself alone', async () => {
    const waybill = newWaybill();
    const results = await scan(
      'carrier',
      { waybill, kind: 'arrived_county' },
      { waybill: newWaybill(), kind: 'arrived_county', carrierCode: 'YTO' },
    );
    expect(codes(results)).toEqual([undefined, 'carrier_out_of_scope']);
    expect(await parcel(waybill)).toMatchObject({ carrierCode: 'ZTO', timeline: [{ source: 'carrier_key' }] });
  });
});

describe('A check-in', () => {
  const here = { latitude: 35.11, longitude: 110 };

  it('opens the day when it is made at the station, and is flagged elsewhere', async () => {
    const results = await scan(
      'station',
      { kind: 'check_in', location: here },
      { kind: 'check_in', location: { latitude: 35.2, longitude: 110 } },
      { kind: 'check_in' },
    );
    expect(results).toMatchObject([
      { outcome: 'accepted' },
      { outcome: 'accepted', flags: ['outside_geofence'] },
      { outcome: 'rejected' },
    ]);
    expect(results[0]!.flags).toBeUndefined();
    const days = await app.db.database.query('select unit_id, day from logistics.open_day');
    expect(days).toEqual([{ unit_id: county.ids.village1, day: dayOf(Date.now() - MINUTE) }]);
  });
});

describe('A complaint of an extra charge', () => {
  it('is reported once, seen by its unit, decided by the county', async () => {
    const waybill = newWaybill();
    await scan('station', { waybill, kind: 'shelved' });
    const input = { id: uuidv7(), waybill, text: '取件时又收了两元，电话13912345678' };
    const made = await app.post<{ text: string; status: string; unit: { code: string } }>(
      '/api/complaints',
      input,
      county.tokens.town,
    );
    expect(made).toMatchObject({ status: 201, body: { status: 'reported', unit: { code: county.codes.village1 } } });
    expect(made.body.text).not.toContain('13912345678');
    expect((await app.post('/api/complaints', input, county.tokens.town)).body).toEqual(made.body);
    expect((await app.post('/api/complaints', { ...input, id: uuidv7() }, county.tokens.town2)).status).toBe(404);
    const listed = async (who: UserKey) =>
      (await app.get<{ items: unknown[] }>('/api/complaints', county.tokens[who])).body.items.length;
    expect([await listed('county'), await listed('station'), await listed('town2')]).toEqual([1, 1, 0]);
    const path = `/api/complaints/${input.id}/decision`;
    expect((await app.post(path, { decision: 'confirmed' }, county.tokens.town)).status).toBe(403);
    expect((await app.post(path, { decision: 'confirmed' }, county.tokens.stranger)).status).toBe(404);
    expect(await app.post(path, { decision: 'confirmed' }, county.tokens.county)).toMatchObject({
      status: 200,
      body: { status: 'confirmed' },
    });
    expect((await app.post(path, { decision: 'confirmed' }, county.tokens.county)).status).toBe(200);
    expect((await app.post(path, { decision: 'dismissed' }, county.tokens.county)).status).toBe(409);
  });
});

describe('Recognition of a waybill', () => {
  it('answers ranked candidates and decides only with a reason', async () => {
    const ask = async (text: string) => (await app.get(`/api/waybills/${text}/candidates`, county.tokens.station)).body;
    expect(await ask('RB123456785GB')).toMatchObject({ format: 's10', checkDigit: 'valid', decided: 'POSTAL' });
    expect(await ask('4301234567890')).toMatchObject({ decided: null });
  });
});

describe('What is derived from the ledger', () => {
  const rebuild = (verify: boolean) => app.resolve(ParcelRebuild).rebuildParcels(county.countyCode, { verify });

  it('is what a fold from scratch gives, and is put right when it is not', async () => {
    const clean = await rebuild(true);
    expect(clean.differences).toEqual([]);
    expect(clean.parcels).toBeGreaterThan(500);
    await app.db.database.query(
      `update logistics.parcel set stage = 'lost' where waybill = (select min(waybill) from logistics.parcel)`,
    );
    await app.db.database.query(`delete from logistics.parcel where waybill = (select max(waybill) from logistics.parcel)`);
    await app.db.database.query(
      `delete from logistics.parcel_day where waybill in (select waybill from logistics.parcel_day order by 1 limit 3)`,
    );
    await app.db.database.query(`insert into logistics.parcel_day values ($1, $2, '2026-01-01', 'GHOST01', $3, 'YTO', 1)`, [
      county.countyCode,
      county.ids.village1,
      county.stations.village1.id,
    ]);
    await app.db.database.query('delete from logistics.open_day');
    expect((await rebuild(true)).differing).toBeGreaterThanOrEqual(6);
    await rebuild(false);
    expect((await rebuild(true)).differences).toEqual([]);
  });
});

describe('A relation that is registered afterwards', () => {
  it('credits the parcels that came before', async () => {
    const waybill = newWaybill();
    await scan('station', { waybill, kind: 'shelved', villageCode: county.codes.village2 });
    expect((await rowsOf(waybill)).map(({ counts }) => counts)).toEqual([['inbound']]);
    const relation = {
      id: uuidv7(),
      villageCode: county.codes.village2,
      carrierCode: 'YTO',
      mode: 'neighbour_agent',
      stationCode: county.stations.village1.code,
      validFrom: addDays(dayOf(Date.now()), -30),
    };
    expect((await app.post('/api/service-relations', relation, county.tokens.county)).status).toBeLessThan(300);
    for (let tries = 0; tries < 100 && (await rowsOf(waybill))[0]?.counts.length !== 2; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await rowsOf(waybill)).map(({ counts }) => counts)).toEqual([['service', 'inbound']]);
  });
});

describe('Scans of the past', () => {
  it('are taken with the receive time that a loader gives', async () => {
    const { users, ids, stations } = county;
    const keeper: Principal = {
      ...users.station,
      kind: 'user',
      role: 'station',
      unitId: ids.village1,
      unitCode: '',
      countyCode: county.countyCode,
      rights: [],
      stationIds: [stations.village1.id],
      producerIds: [],
    };
    const received = startOfDay(addDays(dayOf(Date.now()), -80));
    const waybill = newWaybill();
    const [result] = await app
      .resolve(ScanService)
      .ingest(
        keeper,
        null,
        [{ id: uuidv7(), waybill, kind: 'shelved', occurredAt: new Date(received.getTime() - MINUTE).toISOString() }],
        received,
      );
    expect(result).toEqual({ id: expect.any(String) as string, outcome: 'accepted' });
    expect((await parcel(waybill)).timeline).toHaveLength(1);
  });
});
