/** Stock-takes, a station's day and its close over HTTP. */
import { dayOf, startOfDay, type Page, type RecordResult, type StationDay, type StocktakeView } from '#contracts';
import { DirectoryModule } from '#directory';
import { LogisticsModule } from '#logistics';
import { Clock, uuidv7 } from '#platform';
import { testApp, type TestApplication } from '../factories/application.js';
import { smallCounty, type SmallCounty, type UserKey } from '../factories/county.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let app: TestApplication;
let county: SmallCounty;
/** Four in the afternoon: the day is long enough, whenever the test runs. */
const NOW = new Date(startOfDay(dayOf(new Date())).getTime() - 8 * HOUR);
const TODAY = dayOf(NOW);

beforeAll(async () => {
  app = await testApp({ modules: [DirectoryModule, LogisticsModule], services: ['directory', 'logistics'] });
  county = await smallCounty(app);
  app.resolve(Clock).now = () => NOW;
});
afterAll(async () => {
  await app.close();
});
/** Every test begins with empty shelves. */
beforeEach(async () => {
  const tables = ['parcel', 'parcel_event', 'parcel_day', 'stocktake', 'station_closing', 'station_record'];
  await app.db.database.query(`truncate ${tables.map((table) => `logistics.${table}`).join(', ')}`);
});

let serial = 0;
const newWaybill = () => `YT${String(7_000_000_000_000 + (serial += 1))}`;
const ago = (ms: number) => new Date(NOW.getTime() - ms).toISOString();

async function scan(who: UserKey, ...scans: object[]): Promise<void> {
  const full = scans.map((one) => ({ id: uuidv7(), occurredAt: ago(MINUTE), ...one }));
  const { body } = await app.post<{ results: RecordResult[] }>('/api/scans', { scans: full }, county.tokens[who]);
  expect(body.results.map(({ outcome }) => outcome)).toEqual(full.map(() => 'accepted'));
}
async function send(who: UserKey, path: string, ...records: object[]): Promise<RecordResult[]> {
  const { status, body } = await app.post<{ results: RecordResult[] }>(`/api/${path}`, { records }, county.tokens[who]);
  expect(status).toBe(200);
  return body.results;
}
async function day(who: UserKey, query = ''): Promise<StationDay> {
  const { status, body } = await app.get<StationDay>(`/api/station-days?${query}`, county.tokens[who]);
  expect(status).toBe(200);
  return body;
}

describe('A stock-take', () => {
  const stocktake = (found: object[], fields: object = {}) => ({
    id: uuidv7(),
    startedAt: ago(30 * MINUTE),
    occurredAt: ago(10 * MINUTE),
    found,
    ...fields,
  });
  const get = (who: UserKey, id: string) => app.get<StocktakeView>(`/api/stocktakes/${id}`, county.tokens[who]);

  it('tells what is missing, surplus and moved, also when its scans came first', async () => {
    const [here, lost, moved, elsewhere, unknown] = Array.from({ length: 5 }, newWaybill);
    await scan(
      'station',
      ...[here, lost, moved].map((waybill, index) => ({
        waybill,
        kind: 'shelved',
        shelfCode: `1-${index}`,
        occurredAt: ago(HOUR),
      })),
    );
    await scan('station2', { waybill: elsewhere, kind: 'shelved', occurredAt: ago(HOUR) });
    const found = [
      { waybill: here, shelfCode: '1-0' },
      { waybill: moved, shelfCode: '9-9' },
      { waybill: elsewhere },
      { waybill: unknown },
    ];
    await scan('station', ...found.map((one) => ({ ...one, kind: 'stocktake', occurredAt: ago(15 * MINUTE) })));
    const record = stocktake(found);
    expect(await send('station', 'stocktakes', record)).toEqual([
      { id: record.id, outcome: 'accepted', warnings: ['stocktake_differs'] },
    ]);
    const expected = {
      id: record.id,
      stationCode: county.stations.village1.code,
      startedAt: record.startedAt,
      finishedAt: record.occurredAt,
      expected: 3,
      found: 4,
      missing: [lost],
      surplus: [elsewhere, unknown],
      moved: [{ waybill: moved, from: '1-2', to: '9-9' }],
    };
    expect((await get('station', record.id)).body).toEqual(expected);
    const { body } = await app.get<Page<StocktakeView>>('/api/stocktakes', county.tokens.town);
    expect(body.items).toEqual([expected]);
  });

  it('finds a surplus also by a phone whose clock is an hour ahead, and one that was left lying for a week is taken in', async () => {
    const surplus = newWaybill();
    await scan('station', { waybill: surplus, kind: 'stocktake', occurredAt: ago(-55 * MINUTE) });
    const [ahead, long] = [
      stocktake([{ waybill: surplus }], { startedAt: ago(-50 * MINUTE), occurredAt: ago(-60 * MINUTE) }),
      stocktake([], { startedAt: ago(7 * 24 * HOUR), occurredAt: ago(HOUR) }),
    ];
    expect((await send('station', 'stocktakes', ahead, long)).map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted']);
    expect((await get('station', ahead.id)).body.surplus).toEqual([surplus]);
    expect((await get('station', long.id)).body.startedAt).toBe(ago(49 * HOUR));
  });

  it('that came late is compared with the shelf of its own time', async () => {
    const [fetched, later] = [newWaybill(), newWaybill()];
    await scan(
      'station',
      { waybill: fetched, kind: 'shelved', occurredAt: ago(50 * HOUR) },
      { waybill: fetched, kind: 'picked_up', occurredAt: ago(20 * HOUR) },
      { waybill: later, kind: 'shelved', occurredAt: ago(10 * HOUR) },
    );
    const times = { startedAt: ago(31 * HOUR), occurredAt: ago(30 * HOUR) };
    const [right, wrong] = [stocktake([{ waybill: fetched }], times), stocktake([{ waybill: later }], times)];
    await send('station', 'stocktakes', right, wrong);
    expect((await get('station', right.id)).body).toMatchObject({ expected: 1, found: 1, missing: [], surplus: [] });
    expect((await get('station', wrong.id)).body).toMatchObject({ expected: 1, missing: [fetched], surplus: [later] });
  });

  it('is taken once, and its differences stay as they were found', async () => {
    const waybill = newWaybill();
    await scan('station', { waybill, kind: 'shelved', occurredAt: ago(HOUR) });
    const record = stocktake([]);
    const both = await Promise.all([send('station', 'stocktakes', record), send('station', 'stocktakes', record)]);
    expect(both.map(([result]) => result?.outcome).sort()).toEqual(['accepted', 'duplicate']);
    expect(both.every(([result]) => result?.warnings?.[0] === 'stocktake_differs')).toBe(true);
    await scan('station', { waybill, kind: 'picked_up' });
    expect(await send('station', 'stocktakes', { ...record, found: [{ waybill }] })).toMatchObject([
      { outcome: 'rejected', problem: { code: 'record_id_reused' } },
    ]);
    expect((await get('station', record.id)).body.missing).toEqual([waybill]);
  });

  it('is the business of its station and of those above', async () => {
    const record = stocktake([]);
    await send('station', 'stocktakes', record);
    const own = county.tokens;
    for (const who of ['station', 'town', 'county', 'admin'] as const) expect((await get(who, record.id)).status).toBe(200);
    for (const who of ['station2', 'town2', 'stranger'] as const) expect((await get(who, record.id)).status).toBe(404);
    expect((await app.get<Page<StocktakeView>>('/api/stocktakes', own.station2)).body.items).toEqual([]);
    expect((await app.get(`/api/stocktakes?stationCode=${county.stations.village1.code}`, own.station2)).status).toBe(404);
    const refused = await send('county2', 'stocktakes', stocktake([]));
    expect(refused).toMatchObject([{ outcome: 'rejected', problem: { code: 'station_required' } }]);
    const backwards = await send('station', 'stocktakes', stocktake([], { startedAt: ago(0) }));
    expect(backwards[0]?.problem?.errors).toMatchObject([{ path: 'startedAt', code: 'after_end' }]);
    expect((await get('station', 'x')).status).toBe(400);
  });
});

describe("A station's day", () => {
  it('tallies: what lay there, came, went, and is left', async () => {
    const [old, fetched, sentBack, fresh] = Array.from({ length: 4 }, newWaybill);
    const [out, waiting] = [newWaybill(), newWaybill()];
    await scan(
      'station',
      { waybill: old, kind: 'shelved', occurredAt: ago(30 * HOUR) },
      { waybill: fetched, kind: 'shelved', occurredAt: ago(20 * HOUR) },
      { waybill: fetched, kind: 'picked_up', occurredAt: ago(3 * HOUR) },
      { waybill: sentBack, kind: 'shelved', occurredAt: ago(5 * HOUR) },
      { waybill: sentBack, kind: 'exception_open', exception: 'refused', occurredAt: ago(2 * HOUR) },
      { waybill: sentBack, kind: 'returned', occurredAt: ago(HOUR) },
      { waybill: fresh, kind: 'arrived_village', occurredAt: ago(4 * HOUR) },
      { waybill: fresh, kind: 'shelved', occurredAt: ago(3 * HOUR) },
      { waybill: out, kind: 'accepted', occurredAt: ago(4 * HOUR) },
      { waybill: out, kind: 'dispatched', occurredAt: ago(2 * HOUR) },
      { waybill: waiting, kind: 'accepted', occurredAt: ago(20 * HOUR) },
    );
    expect(await day('station')).toEqual({
      stationCode: county.stations.village1.code,
      day: TODAY,
      arrived: 1,
      shelved: 2,
      handedOut: 1,
      returned: 1,
      problems: 1,
      shelfBefore: 2,
      shelfAfter: 2,
      otherwise: 0,
      overdue: 1,
      acceptedOut: 1,
      dispatchedOut: 1,
      waitingOut: 1,
    });
    const yesterday = dayOf(NOW.getTime() - 24 * HOUR);
    expect(await day('station', `day=${yesterday}`)).toMatchObject({ shelfBefore: 0, shelved: 2, shelfAfter: 2, waitingOut: 1 });
    expect(await day('town', `stationCode=${county.stations.village1.code}`)).toEqual(await day('station'));
  });

  it('shows what left the shelf another way', async () => {
    const waybill = newWaybill();
    await scan('station', { waybill, kind: 'shelved', occurredAt: ago(20 * HOUR) });
    await scan('station2', { waybill, kind: 'shelved', occurredAt: ago(HOUR) });
    expect(await day('station')).toMatchObject({ shelfBefore: 1, shelfAfter: 0, handedOut: 0, otherwise: 1 });
    expect(await day('station2')).toMatchObject({ shelfBefore: 0, shelved: 1, shelfAfter: 1, otherwise: 0 });
  });

  it('is for its own people and those above, and not from the future', async () => {
    const path = `/api/station-days?stationCode=${county.stations.village1.code}`;
    for (const who of ['station2', 'town2', 'stranger'] as const)
      expect((await app.get(path, county.tokens[who])).status).toBe(404);
    expect((await app.get('/api/station-days', county.tokens.producer)).status).toBe(403);
    expect((await app.get<{ code: string }>('/api/station-days', county.tokens.county2)).body.code).toBe('station_required');
    const tomorrow = dayOf(NOW.getTime() + 24 * HOUR);
    for (const wrong of [tomorrow, '1899-01-01', 'x', '2026-02-30'])
      expect((await app.get(`${path}&day=${wrong}`, county.tokens.station)).status).toBe(400);
  });
});

describe('Closing the day', () => {
  const closing = (fields: object = {}) => ({ id: uuidv7(), occurredAt: ago(MINUTE), day: TODAY, counted: 1, ...fields });

  it('keeps the count, and warns when it is not what lies on the shelf', async () => {
    await scan('station', { waybill: newWaybill(), kind: 'shelved', occurredAt: ago(HOUR) });
    const right = closing({ note: '都在，电话13812345678' });
    expect(await send('station', 'closings', right)).toEqual([{ id: right.id, outcome: 'accepted' }]);
    expect(await day('station')).toMatchObject({ counted: 1, closedAt: right.occurredAt, shelfAfter: 1 });
    const [row] = await app.db.database.query<{ note: string }>('select note, on_shelf from logistics.station_closing');
    expect(row).toEqual({ note: '都在，电话***********', on_shelf: 1 });
    expect(await send('station2', 'closings', closing())).toMatchObject([{ outcome: 'accepted', warnings: ['count_differs'] }]);
  });

  it('is done once a day, whoever is quicker', async () => {
    const records = Array.from({ length: 4 }, () => closing({ counted: 0 }));
    const answers = (await Promise.all(records.map((record) => send('station', 'closings', record)))).flat();
    expect(answers.map(({ outcome, problem }) => problem?.code ?? outcome).sort()).toEqual([
      'accepted',
      'day_closed',
      'day_closed',
      'day_closed',
    ]);
    const first = records[answers.findIndex(({ outcome }) => outcome === 'accepted')] ?? {};
    expect(await send('station', 'closings', first)).toMatchObject([{ outcome: 'duplicate' }]);
    expect(await send('station', 'closings', { ...first, counted: 7 })).toMatchObject([
      { problem: { code: 'record_id_reused' } },
    ]);
    expect(await send('station', 'closings', closing({ day: dayOf(NOW.getTime() - 24 * HOUR), counted: 0 }))).toMatchObject([
      { outcome: 'accepted' },
    ]);
  });

  it('is refused for a day to come, without a station, and at another station', async () => {
    const results = await send(
      'station',
      'closings',
      closing({ day: dayOf(NOW.getTime() + 24 * HOUR) }),
      closing({ stationCode: county.stations.village4.code }),
      closing({ counted: -1 }),
    );
    expect(results.map(({ problem }) => problem?.code)).toEqual(['invalid_input', 'station_out_of_scope', 'invalid_input']);
    expect(await send('county2', 'closings', closing())).toMatchObject([{ problem: { code: 'station_required' } }]);
  });
});
