import type { AlertView, CodeScanView, Page, Problem } from '#contracts';
import { DirectoryModule, DirectoryReader } from '#directory';
import { Database, uuidv7 } from '#platform';
import { CodeKeys, CodeScanRepository, CodeScans, NetworkPlaces, TraceModule } from '#trace';
import { testApp, type TestApplication } from '../factories/application.js';
import { smallCounty, type SmallCounty } from '../factories/county.js';
import { insertLot, insertOrder, insertProducer, insertProduct, insertShipment } from '../factories/produce.js';
import { COPY_WORLDS, measureCopies, total, type CopyWorld } from '../load/copies.measure.js';

const CITIES = [
  ['北京', 39.9, 116.4],
  ['上海', 31.2, 121.5],
  ['广州', 23.1, 113.3],
  ['成都', 30.6, 104.1],
  ['沈阳', 41.8, 123.4],
] as const;
const NOW = Date.now();

describe('looks at codes', () => {
  let app: TestApplication;
  let county: SmallCounty;
  let scans: CodeScans;
  let lotId: string;
  let owner: string;
  let serial = 1000;
  beforeAll(async () => {
    app = await testApp({ modules: [DirectoryModule, TraceModule], services: ['directory', 'trace'] });
    county = await smallCounty(app);
    scans = app.resolve(CodeScans);
    const { database } = app.db;
    const villageId = county.ids.village1;
    owner = await insertProducer(database, { countyCode: county.countyCode, villageId });
    const product = await insertProduct(database, { producerId: owner });
    lotId = await insertLot(database, {
      countyCode: county.countyCode,
      villageId,
      producerId: owner,
      productId: product,
      lotNo: 'L1',
    });
    // The key that the codes below are signed under, for the alert shows a code's text.
    await app.resolve(CodeKeys).ready();
  });
  afterAll(() => app.close());

  async function code(state = 'active', level = 'unit', shipmentId: string | null = null): Promise<number> {
    serial += 1;
    await app.db.database.query(
      `insert into trace.code (serial, county_code, batch_id, lot_id, level, state, shipment_id) values ($1, $2, $3::uuid, $4::uuid, $6, $5, $7::uuid)`,
      [serial, county.countyCode, uuidv7(), lotId, state, level, shipmentId],
    );
    return serial;
  }
  /** A parcel that was packed forty days ago and delivered three days later. */
  async function parcelTo(province: string, city: string): Promise<string> {
    const { database } = app.db;
    const { countyCode } = county;
    const place = { countyCode, villageId: county.ids.village1, sellerId: owner };
    const order = await insertOrder(database, { ...place, channelOrderNo: uuidv7(), lots: [{ lotId }] });
    await database.query('update upflow.sale_order set province = $2, city = $3 where id = $1::uuid', [order.id, province, city]);
    const shipmentId = await insertShipment(database, { countyCode, orderId: order.id, waybill: uuidv7() });
    const days = (count: number): string => new Date(NOW + count * 86_400_000).toISOString();
    await database.query(
      `update upflow.shipment set packed_at = $2::timestamptz, stage = 'delivered', stage_at = $3::timestamptz where id = $1::uuid`,
      [shipmentId, days(-40), days(-37)],
    );
    return shipmentId;
  }
  const look = (of: number, city: number, device: string, day = city) => {
    const [place = null, latitude = null, longitude = null] = CITIES[city] ?? [];
    const point = { place, latitude, longitude, network: `n${city}`, device: Buffer.from(device) };
    return scans.look(of, point, new Date(NOW - 40 * 86_400_000 + day * 86_400_000));
  };
  const alerts = async (token = county.tokens.town) => (await app.get<Page<AlertView>>('/api/alerts', token)).body.items;

  it('count one by one, though they come at once', async () => {
    const of = await code();
    const seen = await Promise.all(Array.from({ length: 40 }, () => look(of, 0, 'me')));
    expect(seen.map((sighting) => sighting?.scans)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(seen.every((sighting) => sighting?.risk === 'none' && sighting.firstPlace === '北京')).toBe(true);
    const [{ rows } = { rows: 0 }] = await app.db.database.query<{ rows: number }>(
      'select count(*)::int as rows from trace.code_scan where serial = $1',
      [of],
    );
    expect(rows).toBe(40);
  });

  it('at what was never registered leave nothing behind', async () => {
    expect(await look(77, 0, 'me')).toBeUndefined();
    expect(await app.db.database.query('select 1 from trace.code_watch where serial = 77')).toEqual([]);
  });

  it('by processes that race count once each', async () => {
    const of = await code();
    const other = new CodeScans(
      app.resolve(DirectoryReader),
      new CodeScanRepository(app.resolve(Database)),
      app.resolve(NetworkPlaces),
    );
    const point = { place: null, latitude: null, longitude: null, network: null, device: null };
    const both = Array.from({ length: 30 }, (_, index) => (index % 2 ? scans : other).look(of, point, new Date(NOW)));
    const counts = (await Promise.all(both)).map((sighting) => sighting?.scans ?? 0);
    expect([...counts].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  it('from city to city raise one alert, which only staff of the village’s unit see', async () => {
    const of = await code();
    for (const [city] of CITIES.entries()) await look(of, city, `phone ${city}`);
    const [alert, ...others] = await alerts();
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ state: 'open', scans: 5, village: { id: county.ids.village1 } });
    expect(await alerts(county.tokens.town2)).toEqual([]);
    expect((await app.get('/api/alerts', county.tokens.producer)).status).toBe(403);
    const looks = await app.get<{ items: CodeScanView[] }>(`/api/alerts/${alert?.id}/scans`, county.tokens.town);
    expect(looks.body.items.map(({ place }) => place)).toEqual(CITIES.map(([name]) => name).reverse());
    expect((await app.get(`/api/alerts/${alert?.id}/scans`, county.tokens.stranger)).status).toBe(404);
  });

  it('are forgotten when the alert is dismissed, and raise it again when new ones come', async () => {
    const [alert] = await alerts();
    const decide = (state: string, rest: object = {}) =>
      app.post<AlertView & Problem>(`/api/alerts/${alert?.id}/decide`, { state, ...rest }, county.tokens.town);
    expect((await decide('dismissed')).body.state).toBe('dismissed');
    expect((await decide('dismissed')).status).toBe(200);
    expect(await decide('confirmed')).toMatchObject({ status: 409, body: { code: 'alert_decided' } });
    expect(await look(serial, 0, 'phone 0', 30)).toMatchObject({ risk: 'none', scans: 6 });
    for (const [city] of CITIES.entries()) await look(serial, city, `other phone ${city}`, 31 + city);
    expect((await alerts())[0]?.state).toBe('open');
    expect((await decide('confirmed', { voidCode: true, note: '市场上发现假货' })).body).toMatchObject({ state: 'confirmed' });
    expect(await look(serial, 0, 'phone 0', 39)).toMatchObject({ state: 'void' });
  });

  it('at the code of a whole lot are counted and never judged by places and phones', async () => {
    const open = (await alerts()).filter(({ state }) => state === 'open').length;
    const of = await code('active', 'lot');
    for (let day = 0; day < 30; day += 1)
      expect(await look(of, day % CITIES.length, `phone ${day}`, day)).toMatchObject({
        level: 'lot',
        risk: 'none',
        scans: day + 1,
      });
    expect((await alerts()).filter(({ state }) => state === 'open')).toHaveLength(open);
    // The same looks at the code of one pack are an alarm.
    const unit = await code();
    let seen: unknown;
    for (let day = 0; day < 30; day += 1) seen = await look(unit, day % CITIES.length, `phone ${day}`, day);
    expect(seen).toMatchObject({ level: 'unit', risk: 'high' });
  });

  it('weigh less where the parcel went than where it did not go', async () => {
    await app.resolve(NetworkPlaces).replace(
      CITIES.map(([city, latitude, longitude], index) => ({
        network: `198.18.${index}.0/24`,
        city: `${city}市`,
        latitude,
        longitude,
      })),
      { id: county.ids.village1, countyCode: county.countyCode },
    );
    const memory = async (destination: string): Promise<number> => {
      const of = await code('active', 'unit', await parcelTo(destination, `${destination}市`));
      for (const [index, day] of [4, 5, 6].entries()) await look(of, 1, `phone ${index}`, day);
      const [row] = await app.db.database.query<{ most: number }>(
        `select (memory ->> 'most')::float8 as most from trace.code_watch where serial = $1`,
        [of],
      );
      return row?.most ?? -1;
    };
    expect(await memory('上海')).toBe(0);
    expect(await memory('广州')).toBeGreaterThan(0);
  });
});

describe('networks', () => {
  it('are imported as a table, and a bad row is named', async () => {
    const app = await testApp({ modules: [DirectoryModule, TraceModule], services: ['directory', 'trace'] });
    try {
      const county = await smallCounty(app);
      const upload = (text: string) => {
        const form = new FormData();
        form.set('file', new Blob([text]), 'networks.csv');
        return app.post<Problem & { count: number }>('/api/network-places/import', form, county.tokens.admin);
      };
      expect(
        (await upload('network,city,latitude,longitude\n198.18.1.0/24,北京市,39.9,116.4\n2001:db8::/32,上海市,31.2,121.5')).body,
      ).toEqual({
        count: 2,
      });
      expect(await upload('network,city,latitude,longitude\n198.18.1.0/240,北京市,39.9,116.4')).toMatchObject({
        status: 400,
        body: { code: 'network_places_invalid' },
      });
      const places = app.resolve(NetworkPlaces);
      expect(places.find('198.18.1.77')?.city).toBe('北京市');
      expect(places.find('::ffff:198.18.1.77')?.city).toBe('北京市');
      expect(places.find('2001:db8:1::5')?.city).toBe('上海市');
      expect(places.find('198.18.2.1')).toBeUndefined();
      expect(places.nearest({ latitude: 31.3, longitude: 121.4 })).toBe('上海市');
    } finally {
      await app.close();
    }
  });
});

describe('the detection of copies in simulated worlds', () => {
  const measured = (world: CopyWorld): { third: number; tenth: number; wrong: number } => {
    const { honest, copied } = measureCopies(world, 20_000, 1000, 5);
    const [right, wrong] = [total(copied), total(honest)];
    return {
      third: right.alarms / right.histories,
      tenth: right.tenth / right.histories,
      wrong: wrong.alarms / wrong.histories,
    };
  };

  it('in the plain one finds 94 % by the third scan of a copy, and alarms for at most 0.5 % of honest codes', () => {
    const { third, tenth, wrong } = measured(COPY_WORLDS.plain);
    expect(third).toBeGreaterThan(0.94);
    expect(tenth).toBeGreaterThan(0.98);
    expect(wrong).toBeLessThan(0.005);
  });

  it('in the harsh one finds two thirds by the third scan and nine in ten by the tenth, and alarms for at most 0.7 % of honest codes', () => {
    const { third, tenth, wrong } = measured(COPY_WORLDS.harsh());
    expect(third).toBeGreaterThan(0.65);
    expect(tenth).toBeGreaterThan(0.88);
    expect(wrong).toBeLessThan(0.007);
  });
});
