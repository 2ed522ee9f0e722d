import type { ConsentView, ParcelView, RecordResult, ScanKind, ScanResult, Shelf, ShelfParcel } from '#contracts';
import { DirectoryModule } from '#directory';
import { LogisticsModule, ParcelRebuild } from '#logistics';
import { Clock, uuidv7 } from '#platform';
import { testApp, type TestApplication } from '../factories/application.js';
import { smallCounty, type SmallCounty, type UserKey } from '../factories/county.js';
import { shownIn } from '../factories/sealed.row.js';

let app: TestApplication;
let county: SmallCounty;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

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
const newWaybill = () => `ZT${String(5_000_000_000_000 + (serial += 1))}`;
const newCode = () => `9-9-${String((serial += 1)).padStart(4, '0')}`;
const ago = (ms: number) => new Date(app.resolve(Clock).now().getTime() - ms).toISOString();
const full = (scan: Scan) => ({ id: uuidv7(), occurredAt: ago(MINUTE), ...scan });

async function scan(who: UserKey, ...scans: Scan[]): Promise<ScanResult[]> {
  const answer = await app.post<{ results: ScanResult[] }>('/api/scans', { scans: scans.map(full) }, county.tokens[who]);
  expect(answer.status).toBe(200);
  return answer.body.results;
}
const flagsOf = (results: ScanResult[]) => results.map(({ flags = [] }) => flags.join());
async function recipients(who: UserKey, ...records: object[]): Promise<RecordResult[]> {
  const body = { records: records.map((record) => ({ id: uuidv7(), occurredAt: ago(MINUTE), ...record })) };
  const answer = await app.post<{ results: RecordResult[] }>('/api/recipients', body, county.tokens[who]);
  expect(answer.status).toBe(200);
  return answer.body.results;
}
async function shelf(who: UserKey, stationCode?: string): Promise<Shelf> {
  const query = stationCode === undefined ? '' : `?stationCode=${stationCode}`;
  const answer = await app.get<Shelf>(`/api/shelf${query}`, county.tokens[who]);
  expect(answer.status).toBe(200);
  return answer.body;
}
const onShelf = async (waybill: string, who: UserKey = 'station') =>
  (await shelf(who, who === 'station' ? undefined : county.stations.village1.code)).parcels.find(
    (parcel) => parcel.waybill === waybill,
  );
const find = (query: string, who: UserKey = 'station') =>
  app.get<{ parcels: ShelfParcel[] }>(`/api/shelf/find?${query}`, county.tokens[who]);

describe('A shelf', () => {
  it('shows what lies there since when, with its code and its open exceptions, and nothing that was handed out', async () => {
    const [waybill, fetched] = [newWaybill(), newWaybill()];
    const shelfCode = newCode();
    const arrivedAt = ago(3 * HOUR);
    await scan(
      'station',
      { waybill, kind: 'arrived_village', occurredAt: arrivedAt, carrierCode: 'ZTO' },
      { waybill, kind: 'shelved', shelfCode, occurredAt: ago(2 * HOUR) },
      { waybill, kind: 'exception_open', exception: 'damaged' },
      { waybill: fetched, kind: 'shelved', occurredAt: ago(HOUR) },
      { waybill: fetched, kind: 'picked_up' },
    );
    expect(await onShelf(waybill)).toEqual({ waybill, carrierCode: 'ZTO', shelfCode, since: arrivedAt, exceptions: ['damaged'] });
    expect(await onShelf(fetched)).toBeUndefined();
    expect((await shelf('station')).overdueHours).toEqual([24, 48, 72]);
  });

  it("shows shelf codes to the station's own people only, and a waybill look-up to nobody", async () => {
    const [waybill, shelfCode] = [newWaybill(), newCode()];
    await scan('station', { waybill, kind: 'shelved', shelfCode });
    expect(await onShelf(waybill)).toMatchObject({ shelfCode });
    for (const who of ['town', 'county', 'admin'] as const) {
      expect(await onShelf(waybill, who)).toMatchObject({ waybill, shelfCode: null });
      const found = await find(`stationCode=${county.stations.village1.code}&pickupCode=${shelfCode}`, who);
      expect(found.body.parcels).toMatchObject([{ waybill, shelfCode: null }]);
    }
    const inTown = newWaybill();
    await scan('town', { waybill: inTown, kind: 'shelved', shelfCode });
    expect((await shelf('town')).parcels.find((parcel) => parcel.waybill === inTown)).toMatchObject({ shelfCode });
    for (const who of ['station', 'county'] as const)
      expect(JSON.stringify((await app.get(`/api/parcels/${waybill}`, county.tokens[who])).body)).not.toContain(shelfCode);
  });

  it('does not exist for people of other stations, and asks which one where there are several', async () => {
    const status = async (who: UserKey, query: string) => (await app.get(`/api/shelf${query}`, county.tokens[who])).status;
    const village1 = `?stationCode=${county.stations.village1.code}`;
    expect(await Promise.all((['station2', 'town2', 'stranger'] as const).map((who) => status(who, village1)))).toEqual([
      404, 404, 404,
    ]);
    expect(await Promise.all((['station', 'town', 'county'] as const).map((who) => status(who, village1)))).toEqual([
      200, 200, 200,
    ]);
    expect(await status('station', '?stationCode=nowhere')).toBe(404);
    expect(await status('county2', '')).toBe(400);
    expect(await status('producer', village1)).toBe(403);
    expect((await app.get('/api/shelf')).status).toBe(401);
    expect((await find(`stationCode=${county.stations.village1.code}&tail=1234`, 'station2')).status).toBe(404);
  });

  it('has a tag: 304 while nothing changes, another once something does', async () => {
    const waybill = newWaybill();
    await scan('station', { waybill, kind: 'shelved' });
    const ask = (tag?: string) => app.get('/api/shelf', county.tokens.station, tag === undefined ? {} : { 'if-none-match': tag });
    const tag = (await ask()).headers.get('etag') ?? '';
    expect(tag).toMatch(/^W\/"[\w-]{22}"$/);
    expect((await ask(tag)).status).toBe(304);
    expect((await ask(`"other", ${tag}`)).status).toBe(304);
    let last = tag;
    for (const change of [
      () => recipients('station', { waybill, name: '王小明' }),
      () => recipients('station', { waybill, consent: 'given', consentWay: 'phone' }),
      () => scan('station', { waybill, kind: 'exception_open', exception: 'unreachable' }),
      () => scan('station', { waybill, kind: 'picked_up' }),
    ]) {
      await change();
      const answer = await ask(last);
      expect(answer.status).toBe(200);
      last = answer.headers.get('etag') ?? '';
    }
  });

  it('comes compressed', async () => {
    await scan(
      'station',
      ...Array.from({ length: 30 }, (): Scan => ({ waybill: newWaybill(), kind: 'shelved', shelfCode: newCode() })),
    );
    const answer = await fetch(`${app.baseUrl}/api/shelf`, {
      headers: { authorization: `Bearer ${county.tokens.station}`, 'accept-encoding': 'gzip' },
      signal: AbortSignal.timeout(10_000),
    });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    const body = (await answer.json()) as Shelf;
    expect(body.parcels.length).toBeGreaterThanOrEqual(30);
  });
});

describe('What a station expects', () => {
  const expected = async (who: UserKey, waybill: string) =>
    (await shelf(who)).expected.find((parcel) => parcel.waybill === waybill);

  it('are inbound parcels for the villages that it serves, until they lie on its shelf', async () => {
    const [own, served, other] = [newWaybill(), newWaybill(), newWaybill()];
    await scan(
      'county',
      { waybill: own, kind: 'arrived_county', villageCode: county.codes.village4, occurredAt: ago(HOUR) },
      { waybill: served, kind: 'arrived_county', villageCode: county.codes.village5, carrierCode: 'ZTO', occurredAt: ago(HOUR) },
      { waybill: other, kind: 'arrived_county', villageCode: county.codes.village1, occurredAt: ago(HOUR) },
    );
    expect(await expected('station2', own)).toEqual({ waybill: own, carrierCode: null, ours: true, intercepted: false });
    expect(await expected('station2', served)).toEqual({ waybill: served, carrierCode: 'ZTO', ours: true, intercepted: false });
    expect(await expected('station2', other)).toBeUndefined();
    await scan('station2', { waybill: own, kind: 'shelved' });
    expect(await expected('station2', own)).toBeUndefined();
  });

  it('are also parcels of its town that are to be held back, as long as they are', async () => {
    const [own, neighbour, far] = [newWaybill(), newWaybill(), newWaybill()];
    const stop = (waybill: string, villageCode: string): Scan[] => [
      { waybill, kind: 'arrived_county', villageCode, occurredAt: ago(HOUR) },
      { waybill, kind: 'exception_open', exception: 'intercepted', occurredAt: ago(HOUR / 2) },
    ];
    const { village1, village4, village5 } = county.codes;
    await scan('county', ...stop(own, village5), ...stop(neighbour, village4), ...stop(far, village1));
    expect(await expected('station2', own)).toMatchObject({ ours: true, intercepted: true });
    expect(await expected('station', far)).toMatchObject({ ours: true, intercepted: true });
    expect(await expected('station2', far)).toBeUndefined();
    await scan('county', { waybill: own, kind: 'exception_close', exception: 'intercepted' });
    expect(await expected('station2', own)).toMatchObject({ ours: true, intercepted: false });
  });
});

describe('A recipient', () => {
  it('is stored sealed and shown masked, with the latest of each field, whatever came first', async () => {
    const waybill = newWaybill();
    await scan('station', { waybill, kind: 'shelved' });
    const results = await recipients(
      'station',
      { waybill, name: '欧阳娜娜', phone: '13812345678', occurredAt: ago(10 * MINUTE) },
      { waybill, phone: '13987654321', occurredAt: ago(30 * MINUTE) },
      { waybill, consent: 'given', consentWay: 'phone', occurredAt: ago(5 * MINUTE) },
      { waybill, consent: 'refused', consentWay: 'message', occurredAt: ago(20 * MINUTE) },
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(Array(4).fill('accepted'));
    expect(await onShelf(waybill)).toMatchObject({ name: '欧***', phone: '*******5678', consent: 'given' });
    const [row] = await app.db.database.query<{ name: Buffer }>('select * from logistics.recipient where waybill = $1', [
      waybill,
    ]);
    expect(shownIn(row, ['欧阳', '12345678', '13987654321', '"5678"'])).toEqual([]);
    const consents = await app.get<{ consents: ConsentView[] }>(
      `/api/recipients/consents?waybill=${waybill}`,
      county.tokens.county,
    );
    expect(consents.body.consents).toMatchObject([
      { consent: 'refused', way: 'message', stationCode: county.stations.village1.code },
      { consent: 'given', way: 'phone' },
    ]);
    expect((await app.get(`/api/recipients/consents?waybill=${waybill}`, county.tokens.town2)).status).toBe(404);
    expect((await app.get('/api/recipients/consents?waybill=%3F', county.tokens.county)).status).toBe(400);
  });

  it('sent again is a duplicate; another content under the same id is refused', async () => {
    const record = {
      id: uuidv7(),
      waybill: newWaybill(),
      name: '王小明',
      consent: 'given',
      consentWay: 'standing',
      occurredAt: ago(MINUTE),
    };
    const outcomes = async (sent: object) =>
      (await recipients('station', sent)).map(({ outcome, problem }) => problem?.code ?? outcome);
    expect(await outcomes(record)).toEqual(['accepted']);
    expect(await outcomes(record)).toEqual(['duplicate']);
    expect(await outcomes({ ...record, name: '王大明' })).toEqual(['record_id_reused']);
    const kept = await app.db.database.query('select 1 from logistics.consent where waybill = $1', [record.waybill]);
    expect(kept).toHaveLength(1);
  });

  it('sent by two phones at once is stored once, also when they claim different times', async () => {
    const record = { id: uuidv7(), waybill: newWaybill(), name: '王小明', consent: 'given', consentWay: 'phone' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => recipients('station', { ...record, occurredAt: ago((1 + (index % 2)) * HOUR) })),
    );
    // `ago` reads the clock each time, so that every one of the ten is another content.
    const codes = answers.flat().map(({ outcome, problem }) => problem?.code ?? outcome);
    expect(codes.filter((code) => code === 'accepted')).toHaveLength(1);
    expect(codes.every((code) => ['accepted', 'duplicate', 'record_id_reused'].includes(code))).toBe(true);
    expect(await app.db.database.query('select 1 from logistics.consent where waybill = $1', [record.waybill])).toHaveLength(1);
  });

  it("may come with a carrier's file; hidden ones say nothing, and what is no phone is refused without being repeated", async () => {
    const [known, hidden] = [newWaybill(), newWaybill()];
    const upload = (rows: string[]) => {
      const form = new FormData();
      form.append('file', new Blob([`运单号,事件,时间,快递品牌,村代码,收件人,收件人电话\n${rows.join('\n')}\n`]), 'parcels.csv');
      return app.send<{ imported: number; errors?: { path: string; code: string }[] }>(
        'POST',
        '/api/parcels/import',
        form,
        county.tokens.carrier,
      );
    };
    const at = ago(HOUR);
    const village = county.codes.village1;
    const rows = [
      `${known},在途,${at},ZTO,${village},李大山,+86 139-0000-4826`,
      `${hidden},在途,${at},ZTO,${village},李**,139****4826`,
    ];
    expect(await upload(rows)).toMatchObject({ status: 200, body: { imported: 2 } });
    expect(await upload(rows)).toMatchObject({ status: 200, body: { imported: 0 } });
    await scan('station', { waybill: known, kind: 'shelved' }, { waybill: hidden, kind: 'shelved' });
    expect(await onShelf(known)).toMatchObject({ name: '李**', phone: '*******4826' });
    expect((await onShelf(hidden))?.phone).toBeUndefined();
    const refused = await upload([`${newWaybill()},在途,${at},ZTO,,王小明,139000048x6`]);
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: '2:recipientPhone', code: 'bad_phone' }] } });
    expect(JSON.stringify(refused.body)).not.toContain('139000048');
  });

  it('of a parcel that nobody has seen may be told by anybody, of another station’s parcel by its people only', async () => {
    const unseen = newWaybill();
    expect((await recipients('station2', { waybill: unseen, phone: '13812345678' }))[0]).toMatchObject({ outcome: 'accepted' });
    const theirs = newWaybill();
    await scan('station', { waybill: theirs, kind: 'shelved', villageCode: county.codes.village1 });
    expect((await recipients('station2', { waybill: theirs, phone: '13812345678' }))[0]).toMatchObject({
      outcome: 'rejected',
      problem: { code: 'parcel_out_of_scope' },
    });
    const coming = newWaybill();
    await scan('county', { waybill: coming, kind: 'arrived_county', villageCode: county.codes.village5 });
    expect((await recipients('station2', { waybill: coming, phone: '13812345678' }))[0]).toMatchObject({ outcome: 'accepted' });
    // A carrier has told of it, nobody has scanned it, and no village is known.
    const announced = newWaybill();
    const form = new FormData();
    form.append('file', new Blob([`运单号,事件,时间,快递品牌\n${announced},在途,${ago(HOUR)},ZTO\n`]), 'parcels.csv');
    expect((await app.send('POST', '/api/parcels/import', form, county.tokens.carrier)).status).toBe(200);
    expect((await recipients('station2', { waybill: announced, phone: '13812345678' }))[0]).toMatchObject({
      outcome: 'accepted',
    });
    const [bad] = await recipients('station', { waybill: newWaybill(), consent: 'given' });
    expect(bad).toMatchObject({
      outcome: 'rejected',
      problem: { errors: [{ path: 'consentWay', code: 'consent_way_required' }] },
    });
    expect((await app.post('/api/recipients', { records: [{}] }, county.tokens.producer)).status).toBe(403);
  });

  it('is found by the tail of the phone, the beginning of the name, or the pickup code, at that station only', async () => {
    const [waybill, elsewhere, shelfCode] = [newWaybill(), newWaybill(), newCode()];
    await scan('station', { waybill, kind: 'shelved', shelfCode });
    await scan('station2', { waybill: elsewhere, kind: 'shelved', shelfCode });
    await recipients('station', { waybill, name: '诸葛小明', phone: '13800007391' });
    await recipients('station2', { waybill: elsewhere, name: '诸葛小明', phone: '13900007391' });
    for (const query of ['tail=7391', `name=${encodeURIComponent('诸葛')}`, `pickupCode=${shelfCode}`])
      expect((await find(query)).body.parcels).toMatchObject([{ waybill, shelfCode, name: '诸***', phone: '*******7391' }]);
    for (const query of ['tail=7392', `name=${encodeURIComponent('葛')}`, 'pickupCode=%00%27'])
      expect((await find(query)).body.parcels).toEqual([]);
    for (const query of ['', 'tail=739', 'tail=7391&pickupCode=1']) expect((await find(query)).status).toBe(400);
  });
});

describe('A warning to whoever holds the parcel', () => {
  it('tells of a parcel for another village, once', async () => {
    const waybill = newWaybill();
    const sent = full({ waybill, kind: 'arrived_village', villageCode: county.codes.village2 });
    expect(flagsOf(await scan('station', sent))).toEqual(['wrong_village']);
    const [again] = await scan('station', sent);
    expect(again).toEqual({ id: sent.id, outcome: 'duplicate' });
    expect((await app.get<ParcelView>(`/api/parcels/${waybill}`, county.tokens.county)).body.timeline[0]?.flags).toBeUndefined();
    expect(
      flagsOf(await scan('station2', { waybill: newWaybill(), kind: 'shelved', villageCode: county.codes.village5 })),
    ).toEqual(['']);
    expect(flagsOf(await scan('town', { waybill: newWaybill(), kind: 'shelved', villageCode: county.codes.village3 }))).toEqual([
      '',
    ]);
  });

  it('tells of a parcel that is to be held back', async () => {
    const waybill = newWaybill();
    await scan('county', { waybill, kind: 'exception_open', exception: 'intercepted', occurredAt: ago(HOUR) });
    const results = await scan(
      'station',
      { waybill, kind: 'arrived_village', occurredAt: ago(9 * MINUTE) },
      { waybill, kind: 'stocktake', occurredAt: ago(8 * MINUTE) },
      { waybill, kind: 'picked_up' },
    );
    expect(flagsOf(results)).toEqual(['intercepted', '', 'intercepted']);
    await scan('county', { waybill, kind: 'exception_close', exception: 'intercepted' });
    expect(flagsOf(await scan('station', { waybill, kind: 'shelved', occurredAt: ago(0) }))).toEqual(['illegal_sequence']);
  });

  it('tells of a shelf code that another parcel has there, of two at once at least the one', async () => {
    const shelfCode = newCode();
    const [first, second, third] = [newWaybill(), newWaybill(), newWaybill()];
    expect(flagsOf(await scan('station', { waybill: first, kind: 'shelved', shelfCode }))).toEqual(['']);
    expect(flagsOf(await scan('station2', { waybill: third, kind: 'shelved', shelfCode }))).toEqual(['']);
    expect(flagsOf(await scan('station', { waybill: second, kind: 'shelved', shelfCode }))).toEqual(['shelf_code_taken']);
    await scan('station', { waybill: first, kind: 'picked_up' }, { waybill: second, kind: 'picked_up' });
    expect(flagsOf(await scan('station', { waybill: newWaybill(), kind: 'shelved', shelfCode }))).toEqual(['']);
    for (let round = 0; round < 20; round += 1) {
      const code = newCode();
      const both = await Promise.all(
        [1, 2].map(() => scan('station', { waybill: newWaybill(), kind: 'shelved', shelfCode: code })),
      );
      expect(both.flatMap(flagsOf)).toContain('shelf_code_taken');
    }
  });

  it('tells of a parcel handed out that was not on the shelf', async () => {
    const [here, there] = [newWaybill(), newWaybill()];
    await scan('station', { waybill: here, kind: 'shelved', occurredAt: ago(HOUR) });
    await scan('station2', { waybill: there, kind: 'shelved', occurredAt: ago(HOUR) });
    expect(flagsOf(await scan('station', { waybill: here, kind: 'picked_up' }))).toEqual(['']);
    expect(flagsOf(await scan('station', { waybill: there, kind: 'picked_up' }))).toEqual(['not_on_shelf']);
    expect(flagsOf(await scan('station', { waybill: here, kind: 'picked_up', occurredAt: ago(-MINUTE * 4) }))).toEqual([
      'double_scan,not_on_shelf',
    ]);
  });
});

describe('Taking a scan back', () => {
  const undo = (id: string, waybill?: string, fields: object = {}): Scan => ({
    kind: 'undone',
    undoes: id,
    ...(waybill ? { waybill } : {}),
    ...fields,
  });

  it('puts the parcel back where it was, whichever came first', async () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const waybill = newWaybill();
      const shelfCode = newCode();
      const shelved = full({ waybill, kind: 'shelved', shelfCode, occurredAt: ago(HOUR) });
      const fetched = full({ waybill, kind: 'picked_up', occurredAt: ago(2 * MINUTE) });
      const story = [shelved, fetched, full(undo(fetched.id, waybill))];
      const flags: string[] = [];
      for (const index of order) flags.push(...flagsOf(await scan('station', story[index]!)));
      expect(await onShelf(waybill)).toMatchObject({ shelfCode, since: shelved.occurredAt });
      if (order[0] === 2) expect(flags).toEqual(['illegal_sequence', 'undone', '']);
      const { timeline } = (await app.get<ParcelView>(`/api/parcels/${waybill}`, county.tokens.station)).body;
      expect(timeline.map(({ kind, flags: own }) => `${kind} ${own?.join() ?? ''}`)).toEqual([
        'shelved ',
        'picked_up undone',
        'undone ',
      ]);
    }
  });

  it('has no effect from elsewhere, and another content under its id is refused', async () => {
    const waybill = newWaybill();
    const shelved = full({ waybill, kind: 'shelved', occurredAt: ago(HOUR) });
    await scan('station', shelved);
    expect(flagsOf(await scan('station2', undo(shelved.id, waybill)))).toEqual(['illegal_sequence']);
    expect(await onShelf(waybill)).toBeDefined();
    const sent = full(undo(shelved.id, waybill));
    expect(flagsOf(await scan('station', sent))).toEqual(['']);
    expect((await scan('station', { ...sent, undoes: uuidv7() }))[0]?.problem?.code).toBe('id_reused');
    expect((await scan('station', { waybill, kind: 'undone' }))[0]?.problem?.errors?.[0]).toMatchObject({
      path: 'undoes',
      code: 'undoes_required',
    });
    expect(await onShelf(waybill)).toBeUndefined();
  });

  it('of a check-in closes the day, unless another keeps it open', async () => {
    const location = { latitude: 35.11, longitude: 110 };
    const open = async () =>
      (await app.db.database.query('select 1 from logistics.open_day where station_id = $1', [county.stations.village1.id]))
        .length;
    const [first, second] = [1, 2].map((hours) => full({ kind: 'check_in', location, occurredAt: ago(hours * MINUTE) }));
    await scan('station', first!, second!);
    expect(await open()).toBe(1);
    expect(flagsOf(await scan('station', undo(first!.id)))).toEqual(['']);
    expect(await open()).toBe(1);
    expect(flagsOf(await scan('station', undo(second!.id)))).toEqual(['']);
    expect(await open()).toBe(0);
    const late = full({ kind: 'check_in', location, occurredAt: ago(3 * MINUTE) });
    expect(flagsOf(await scan('station', undo(late.id)))).toEqual(['illegal_sequence']);
    expect(flagsOf(await scan('station', late))).toEqual(['undone']);
    expect(await open()).toBe(0);
    for (let round = 0; round < 10; round += 1) {
      const checkIn = full({ kind: 'check_in', location });
      await Promise.all([scan('station', checkIn), scan('station', undo(checkIn.id))]);
    }
    expect(await open()).toBe(0);
  });

  it('and everything else here is what a fold from scratch gives', async () => {
    const { differences, parcels } = await app.resolve(ParcelRebuild).rebuildParcels(county.countyCode, { verify: true });
    expect(differences).toEqual([]);
    expect(parcels).toBeGreaterThan(50);
  });
});
