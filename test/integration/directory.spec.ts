/** Units, stations, carriers, relations, suspensions and parameters over HTTP. */
import type {
  BoundaryCollection,
  Page,
  Parameters,
  ParametersView,
  Problem,
  RelationView,
  StationView,
  SuspensionView,
  UnitDetail,
  UnitView,
} from '#contracts';
import { DirectoryModule, DirectoryReader, RelationService, StationService, SYSTEM_ACTOR, UnitService } from '#directory';
import { uuidv7 } from '#platform';
import { testApp, type TestApplication } from '../factories/application.js';
import { smallCounty, type SmallCounty } from '../factories/county.js';

let app: TestApplication;
let county: SmallCounty;
async function start(): Promise<void> {
  // No relay runs, so that what is published stays where the tests can see it.
  app = await testApp({ modules: [DirectoryModule], services: [] });
  county = await smallCounty(app);
}

const codesOf = (body: Page<{ code: string }>): string[] => body.items.map((item) => item.code);
const snapshot = async () => await app.resolve(DirectoryReader).snapshot();

/** Domain events that were published since the last look. */
async function published(): Promise<{ county: string; unitIds: string[]; from: string | null }[]> {
  const rows = await app.db.database.query<{ county: string; payload: { unitIds: string[]; from: string | null } }>(
    `delete from platform.outbox where topic = 'directory.changed' returning county_code as county, payload`,
  );
  return rows.map(({ county: code, payload }) => ({ county: code, unitIds: [...payload.unitIds].sort(), from: payload.from }));
}

describe('a county as it is', () => {
  beforeAll(start);
  afterAll(async () => await app?.close());

  describe('the list of units', () => {
    it('gives what is within the caller’s unit, by parent, level and day', async () => {
      const { tokens, codes } = county;
      const own = await app.get<Page<UnitView>>('/api/units', tokens.town);
      expect(codesOf(own.body)).toEqual([codes.town1, codes.village1, codes.village2, codes.village3]);
      const children = await app.get<Page<UnitView>>('/api/units?parent=990101000000', tokens.county);
      expect(codesOf(children.body)).toEqual([codes.town1, codes.town2]);
      const villages = await app.get<Page<UnitView>>(`/api/units?parent=${codes.county}&level=village`, tokens.county);
      expect(villages.body.items).toHaveLength(5);
      expect((await app.get<Page<UnitView>>('/api/units?level=village&day=2019-12-31', tokens.county)).body.items).toEqual([]);
      expect((await app.get(`/api/units?parent=${codes.otherCounty}`, tokens.county)).status).toBe(403);
      expect((await app.get('/api/units?parent=990199', tokens.county)).status).toBe(404);
      expect((await app.get('/api/units?parent=9901x', tokens.county)).status).toBe(400);
    });

    it('comes in pages', async () => {
      const seen: string[] = [];
      let cursor = '';
      do {
        const { body } = await app.get<Page<UnitView>>(
          `/api/units?limit=3${cursor && `&cursor=${cursor}`}`,
          county.tokens.county,
        );
        seen.push(...codesOf(body));
        cursor = body.nextCursor ?? '';
      } while (cursor);
      expect(seen).toHaveLength(8);
      expect(seen).toEqual([...new Set(seen)].sort());
      const bad = await app.get<Problem>('/api/units?cursor=nonsense', county.tokens.county);
      expect({ status: bad.status, code: bad.body.code }).toEqual({ status: 400, code: 'bad_cursor' });
    });

    it('comes whole as CSV and as XLSX', async () => {
      const csv = await app.get<string>('/api/units?level=village', county.tokens.county, {
        accept: 'text/csv',
        'accept-language': 'en',
      });
      expect(csv.headers.get('content-type')).toContain('text/csv');
      const lines = csv.body.trim().split(/\r?\n/);
      expect(lines).toHaveLength(6);
      expect(lines[0]).toContain('Code,Name');
      expect(lines[1]).toContain('990101100201,东一村村委会');
      const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
      const xlsx = await app.get('/api/units', county.tokens.county, { accept: type });
      expect({ status: xlsx.status, type: xlsx.headers.get('content-type') }).toEqual({ status: 200, type });
    });
  });

  describe('one unit', () => {
    it('shows its way up, which the caller may follow, but not its neighbours', async () => {
      const { tokens, codes } = county;
      const { body } = await app.get<UnitDetail>(`/api/units/${codes.village1}`, tokens.station);
      expect(body.path.map((unit) => unit.code)).toEqual([codes.province, codes.prefecture, codes.county, codes.town1]);
      expect((await app.get(`/api/units/${codes.town1}`, tokens.station)).status).toBe(200);
      expect((await app.get(`/api/units/${codes.village2}`, tokens.station)).status).toBe(403);
      expect((await app.get(`/api/units/${codes.village2}`)).status).toBe(401);
    });

    it('has the areas of what is below it as GeoJSON', async () => {
      const { body } = await app.get<BoundaryCollection>(
        `/api/units/boundaries?unit=${county.codes.town1}`,
        county.tokens.county,
      );
      expect(body.features.map((feature) => feature.properties.code)).toEqual([
        county.codes.village1,
        county.codes.village2,
        county.codes.village3,
      ]);
      expect(body).toMatchObject({
        type: 'FeatureCollection',
        features: [{ type: 'Feature', geometry: { type: 'Polygon' } }, {}, {}],
      });
      const villages = await app.get<BoundaryCollection>(
        `/api/units/boundaries?unit=${county.codes.county}&level=village`,
        county.tokens.county,
      );
      expect(villages.body.features).toHaveLength(5);
    });
  });

  describe('a new unit', () => {
    const input = () => ({ id: uuidv7(), code: '990101100204', name: '东四村村委会', validFrom: '2026-03-01' });

    it('is refused outside of the caller’s unit, without a parent, or with a code that is taken', async () => {
      const send = async (change: object, token = county.tokens.county) => {
        const { status, body } = await app.post<Problem>('/api/units', { ...input(), ...change }, token);
        return `${status} ${body.code}`;
      };
      expect(await send({}, county.tokens.stranger)).toBe('403 forbidden');
      expect(await send({}, county.tokens.town)).toBe('403 forbidden');
      expect(await send({ code: '990101199201' })).toBe('409 code_without_parent');
      expect(await send({ code: county.codes.village1 })).toBe('409 code_taken');
      expect(await send({ id: county.ids.village1 })).toBe('409 id_taken');
      expect(await send({ code: '12345' })).toBe('400 invalid_input');
      expect(await send({ name: 'a\u0000b' })).toBe('400 invalid_input');
      expect(await send({ boundary: { type: 'Polygon', coordinates: [[[1, 2]]] } })).toBe('400 invalid_input');
    });
  });

  describe('stations', () => {
    it('are listed within the caller’s unit', async () => {
      const { body } = await app.get<Page<StationView>>('/api/stations', county.tokens.town2);
      expect(codesOf(body)).toEqual(['S-T2', 'S-V4']);
      expect(
        (await app.get<Page<StationView>>(`/api/stations?unit=${county.codes.town1}`, county.tokens.county)).body.items,
      ).toHaveLength(4);
      expect((await app.get('/api/stations/S-V4', county.tokens.station)).status).toBe(403);
    });
  });

  describe('service relations', () => {
    const relation = (change: object = {}) => ({
      id: uuidv7(),
      villageCode: county.codes.village2,
      carrierCode: 'STO',
      mode: 'neighbour_agent',
      stationCode: county.stations.village1.code,
      validFrom: '2026-01-01',
      ...change,
    });

    it('are refused when they overlap, leave the county, or name what there is not', async () => {
      const send = async (change: object) => {
        const { status, body } = await app.post<Problem>('/api/service-relations', relation(change), county.tokens.county);
        return `${status} ${body.code ?? ''}`;
      };
      expect(await send({})).toBe('201 ');
      expect(await send({ validFrom: '2027-01-01' })).toBe('409 relation_overlaps');
      expect(await send({ carrierCode: 'NOBODY' })).toBe('404 not_found');
      expect(await send({ stationCode: 'S-NONE' })).toBe('404 not_found');
      expect(await send({ villageCode: '990101100000' })).toBe('409 not_a_village');
      expect(await send({ villageCode: county.codes.otherVillage })).toBe('403 forbidden');
      expect(await send({ validTo: '2026-01-01', carrierCode: 'JD' })).toBe('400 span_empty');
      expect(await send({ mode: 'by_drone' })).toBe('400 invalid_input');
    });
  });

  describe('a suspension', () => {
    it('is listed page by page, newest first', async () => {
      const { tokens, codes } = county;
      for (const village of [codes.village1, codes.village2, codes.village3])
        await app.post(
          '/api/suspensions',
          { id: uuidv7(), villageCode: village, from: '2026-02-10', to: '2026-02-10', reason: '雪' },
          tokens.town,
        );
      const first = await app.get<Page<SuspensionView>>('/api/suspensions?limit=2', tokens.county);
      const second = await app.get<Page<SuspensionView>>(
        `/api/suspensions?limit=2&cursor=${first.body.nextCursor}`,
        tokens.county,
      );
      expect([...first.body.items, ...second.body.items].map((item) => item.village.code)).toEqual([
        codes.village3,
        codes.village2,
        codes.village1,
      ]);
      expect((await app.get('/api/suspensions?cursor=WyJ4Il0', tokens.county)).status).toBe(400);
    });
  });

  describe('the parameters of a county', () => {
    it('are refused when unknown, out of range, of another county, or naming no carrier', async () => {
      const put = async (values: object, token = county.tokens.county) => {
        const { status, body } = await app.send<Problem>('PUT', '/api/parameters/990101', values, token);
        return `${status} ${body.code}`;
      };
      expect(await put({ coverageDaysPerWeek: 8 })).toBe('400 invalid_input');
      expect(await put({ coverageDaysPerWeak: 3 })).toBe('400 invalid_input');
      expect(await put({ carrierSuccessors: [{ carrierCode: 'BEST', successorCode: 'NOBODY', from: '2021-12-01' }] })).toBe(
        '409 carrier_unknown',
      );
      expect(await put({}, county.tokens.stranger)).toBe('403 forbidden');
      expect(await put({}, county.tokens.town)).toBe('403 forbidden');
    });
  });

  describe('carriers', () => {
    it('are known from the start and can be added to, but not renamed', async () => {
      const { body } = await app.get<Page<{ code: string }>>('/api/carriers', county.tokens.station);
      expect(codesOf(body)).toEqual(expect.arrayContaining(['POSTAL', 'STO', 'YTO', 'ZTO', 'BEST', 'YUNDA']));
      const add = async (nameZh: string) =>
        (await app.post('/api/carriers', { code: 'LOCAL', nameZh, nameEn: 'Local' }, county.tokens.county)).status;
      expect(await add('本地')).toBe(201);
      expect(await add('本地')).toBe(201);
      expect(await add('别的')).toBe(409);
    });
  });

  describe('a whole county at once', () => {
    it('is registered in under two seconds: 170 units, 160 stations, 600 relations', async () => {
      const day = { validFrom: '2020-01-01', validTo: null };
      const pad = (number: number) => String(number).padStart(3, '0');
      const towns = Array.from({ length: 8 }, (_, index) => ({
        id: uuidv7(),
        code: `990105${pad(100 + index)}`,
        name: `镇${index}`,
        validFrom: '2020-01-01',
      }));
      const villages = Array.from({ length: 160 }, (_, index) => ({
        id: uuidv7(),
        code: `990105${pad(100 + (index % 8))}${pad(200 + index)}`,
        name: `村${index}`,
        validFrom: '2020-01-01',
        latitude: 35 + index / 100,
        longitude: 110,
      }));
      const stations = villages.map(({ code, latitude, longitude }) => ({
        id: uuidv7(),
        code: `S${code}`,
        name: code,
        unitCode: code,
        latitude,
        longitude,
        ...day,
      }));
      const relations = villages.flatMap(({ code }) =>
        ['POSTAL', 'STO', 'YTO', 'ZTO'].map((carrierCode) => ({
          id: uuidv7(),
          villageCode: code,
          carrierCode,
          mode: 'resident_station' as const,
          stationCode: `S${code}`,
          ...day,
        })),
      );
      await app
        .resolve(UnitService)
        .createMany(SYSTEM_ACTOR, [
          { id: uuidv7(), code: '990105', name: '大县', validFrom: '2020-01-01' },
          ...towns,
          ...villages,
        ]);
      await app.resolve(StationService).createMany(SYSTEM_ACTOR, stations);
      await app.resolve(RelationService).createMany(SYSTEM_ACTOR, relations);
      const master = await snapshot();
      const registered = villages.flatMap(({ id }) => master.relationsOf(id));
      expect(registered).toHaveLength(640);
    });
  });

  describe('bad input', () => {
    it('is refused as such on every route, never as a failure of the server', async () => {
      const { admin } = county.tokens;
      const [id, day, nul] = [uuidv7(), '2026-01-01', 'a\u0000b'];
      const requests: [method: string, path: string, body?: unknown][] = [
        ['GET', '/api/units?day=0000-01-01'],
        ['GET', '/api/units?cursor=WzFd'],
        ['GET', '/api/units/%00'],
        ['GET', '/api/units/boundaries?unit=1'],
        ['GET', '/api/stations/%E0%A4%A'],
        ['GET', '/api/stations/no%00where'],
        ['GET', '/api/service-relations?stationCode=%00'],
        ['GET', '/api/users?limit=1000'],
        ['GET', '/api/api-keys?cursor=WyJ4Il0'],
        ['POST', '/api/devices/no%00where/revoke'],
        ['POST', '/api/units', '{"id":'],
        ['POST', '/api/units', [1]],
        ['POST', '/api/units', { id, code: '990101100298', name: '村', validFrom: '0000-01-01' }],
        ['POST', '/api/units', { id, code: '990101100298', name: '村', validFrom: day, latitude: 1e9 }],
        ['POST', '/api/stations', { id, code: nul, name: '站', unitCode: '990101', validFrom: day }],
        ['POST', '/api/stations', { id, code: 'S-X', name: nul, unitCode: '990101', validFrom: day }],
        ['POST', '/api/carriers', { code: 'XX', nameZh: nul, nameEn: 'x' }],
        ['POST', '/api/suspensions', { id, villageCode: '990101100201', from: day, to: day, reason: nul }],
        ['POST', '/api/suspensions', { id, villageCode: '990101100201', from: '2026-02-30', to: day, reason: '雪' }],
        ['POST', '/api/service-relations/none/end', { validTo: day }],
        ['POST', '/api/api-keys', { id, name: nul, unitCode: '990101' }],
        ['POST', '/api/users', { id, username: 'x y', password: 'long enough', role: 'town', unitCode: '990101' }],
        ['PATCH', `/api/users/${id}`, { disabled: true }],
        ['PUT', '/api/parameters/990101', 'null'],
        ['POST', '/api/units/import', 'no file'],
        ['POST', '/api/auth/login', { username: nul, password: nul }],
      ];
      const answers = await Promise.all(
        requests.map(async ([method, path, body]) => {
          const headers = { 'content-type': 'application/json' };
          const answer = await app.send<Problem>(method, path, body, admin, body === undefined ? {} : headers);
          return { path: `${method} ${path}`, status: answer.status, code: answer.body.code };
        }),
      );
      expect(answers.filter(({ status, code }) => status < 400 || status >= 500 || !code)).toEqual([]);
    });
  });

  describe('many changes at once', () => {
    it('each see the one before: of ten claims to one code, one wins', async () => {
      const claims = Array.from({ length: 10 }, () => ({
        id: uuidv7(),
        code: '990101100299',
        name: '争议村',
        validFrom: '2026-01-01',
      }));
      const answers = await Promise.all(
        claims.map(async (claim) => (await app.post('/api/units', claim, county.tokens.county)).status),
      );
      expect(answers.sort()).toEqual([201, ...Array<number>(9).fill(409)]);
    });
  });
});

describe('a county that changes', () => {
  beforeEach(start);
  afterEach(async () => await app?.close());

  describe('a new unit', () => {
    const input = () => ({ id: uuidv7(), code: '990101100204', name: '东四村村委会', validFrom: '2026-03-01' });

    it('is registered once, however often it is sent, and told to the others', async () => {
      const unit = input();
      await published();
      const before = (await snapshot()).revision;
      for (let time = 0; time < 2; time += 1) {
        const { status, body } = await app.post<UnitView>('/api/units', unit, county.tokens.county);
        expect({ status, body }).toMatchObject({
          status: 201,
          body: { code: unit.code, level: 'village', parentId: county.ids.town1 },
        });
      }
      expect((await snapshot()).revision).toBe(before + 1);
      expect(await published()).toEqual([{ county: '990101', unitIds: [unit.id], from: '2026-03' }]);
    });
  });

  describe('a unit that changes', () => {
    it('keeps its history: renamed, then moved to the other town', async () => {
      const { tokens, codes, ids } = county;
      const path = `/api/units/${codes.village3}/versions`;
      expect((await app.post(path, { validFrom: '2026-02-01', name: '东三新村' }, tokens.county)).status).toBe(201);
      await published();
      const moved = await app.post<UnitView>(
        path,
        { validFrom: '2026-05-01', parentCode: codes.town2, code: '990101200203' },
        tokens.county,
      );
      expect(moved).toMatchObject({ status: 201, body: { code: '990101200203', parentId: ids.town2, name: '东三新村' } });
      expect(await published()).toEqual([
        { county: '990101', unitIds: [ids.town1, ids.town2, ids.village3].sort(), from: '2026-05' },
      ]);
      const again = await app.post<UnitView>(
        path,
        { validFrom: '2026-05-01', parentCode: codes.town2, code: '990101200203' },
        tokens.county,
      );
      expect(again).toMatchObject({ status: 201, body: { code: '990101200203' } });
      expect(await published()).toEqual([]);
      const { body } = await app.get<UnitDetail>('/api/units/990101200203', tokens.county);
      expect(body.versions.map(({ validFrom, name, code }) => `${validFrom} ${name} ${code}`)).toEqual([
        '2020-01-01 东三村村委会 990101100203',
        '2026-02-01 东三新村 990101100203',
        '2026-05-01 东三新村 990101200203',
      ]);
      expect((await app.get<UnitDetail>(`/api/units/${codes.village3}?day=2026-01-31`, tokens.county)).body.name).toBe(
        '东三村村委会',
      );
    });

    it('refuses a change that was made upon an older state', async () => {
      const path = `/api/units/${county.codes.village1}`;
      const etag = (await app.get(path, county.tokens.county)).headers.get('etag') ?? '';
      const rename = async (name: string, validFrom: string) =>
        (await app.post(`${path}/versions`, { validFrom, name }, county.tokens.county, { 'if-match': etag })).status;
      expect(await rename('第一', '2026-02-01')).toBe(201);
      expect(await rename('第二', '2026-03-01')).toBe(412);
      expect(
        (await app.send('PUT', `${path}/place`, { latitude: 1, longitude: 1 }, county.tokens.county, { 'if-match': etag }))
          .status,
      ).toBe(412);
    });

    it('is merged with another, which leaves its stations, relations and past to the successor', async () => {
      const { tokens, codes, ids, stations } = county;
      const successor = { id: uuidv7(), code: codes.village1, name: '东合村村委会' };
      const merge = { on: '2026-07-01', predecessorCodes: [codes.village1, codes.village2], successor };
      await published();
      expect((await app.post('/api/units/merge', merge, tokens.stranger)).status).toBe(403);
      for (let time = 0; time < 2; time += 1)
        expect(await app.post('/api/units/merge', merge, tokens.county)).toMatchObject({
          status: 201,
          body: { id: successor.id, code: codes.village1 },
        });
      expect(await published()).toEqual([
        { county: '990101', unitIds: [ids.town1, ids.village1, ids.village2, successor.id].sort(), from: '2026-07' },
      ]);
      const master = await snapshot();
      expect(master.lineage()).toMatchObject([
        { successorId: successor.id, share: 1 },
        { successorId: successor.id, share: 1 },
      ]);
      expect(master.descendants(ids.county, 'village', '2026-06-30')).toHaveLength(5);
      expect(master.descendants(ids.county, 'village', '2026-07-01')).toHaveLength(4);
      expect(master.stationsOf(successor.id, '2026-07-01').map((station) => station.id)).toEqual([
        stations.village1.id,
        stations.village2.id,
      ]);
      expect(master.relationsOf(successor.id)).toHaveLength(7);
      expect(master.relationsOf(ids.village1).every((relation) => relation.validTo === '2026-07-01')).toBe(true);
      const { body } = await app.get<UnitDetail>(`/api/units/${codes.village1}`, tokens.station);
      expect(body.predecessors.map((link) => link.unit.id).sort()).toEqual([ids.village1, ids.village2].sort());
    });

    it('is split by shares that sum to 1', async () => {
      const { tokens, codes, ids } = county;
      const part = (code: string, share: number) => ({ id: uuidv7(), code, name: `村${code.slice(-3)}`, share });
      const split = {
        on: '2026-07-01',
        predecessorCode: codes.village1,
        successors: [part('990101100211', 0.4), part('990101100212', 0.6)],
      };
      const short = { ...split, successors: [part('990101100211', 0.4), part('990101100212', 0.5)] };
      expect((await app.post<Problem>('/api/units/split', short, tokens.county)).body.code).toBe('shares_sum');
      for (let time = 0; time < 2; time += 1) expect((await app.post('/api/units/split', split, tokens.county)).status).toBe(201);
      const master = await snapshot();
      expect(
        master
          .lineage()
          .map((link) => link.share)
          .sort(),
      ).toEqual([0.4, 0.6]);
      expect(master.unit(ids.village1)?.validTo).toBe('2026-07-01');
      expect(master.successorOn(ids.village1)?.code).toBe('990101100212');
    });

    it('is put on the map', async () => {
      const boundary = {
        type: 'Polygon',
        coordinates: [
          [
            [110, 35],
            [110.1, 35],
            [110.1, 35.1],
            [110, 35],
          ],
        ],
      };
      const path = `/api/units/${county.codes.village5}/place`;
      expect(
        (await app.send('PUT', path, { latitude: 35.05, longitude: 110.05, boundary }, county.tokens.county)).body,
      ).toMatchObject({ latitude: 35.05 });
      const { body } = await app.get<BoundaryCollection>(
        `/api/units/boundaries?unit=${county.codes.town2}`,
        county.tokens.county,
      );
      expect(body.features[1]).toMatchObject({ geometry: boundary, properties: { latitude: 35.05, longitude: 110.05 } });
    });
  });

  describe('stations', () => {
    it('are registered, changed upon the state that was seen, and closed with the service through them', async () => {
      const { tokens, codes, ids } = county;
      const input = { id: uuidv7(), code: 'S-V5', name: '西二村站', unitCode: codes.village5, validFrom: '2026-01-01' };
      for (let time = 0; time < 2; time += 1) expect((await app.post('/api/stations', input, tokens.county)).status).toBe(201);
      expect((await app.post<Problem>('/api/stations', { ...input, id: uuidv7() }, tokens.county)).body.code).toBe(
        'station_code_taken',
      );
      expect(
        (await app.post<Problem>('/api/stations', { ...input, id: uuidv7(), code: 'S-P', unitCode: '99' }, tokens.admin)).body
          .code,
      ).toBe('station_level');
      const seen = await app.get<StationView>('/api/stations/S-V4', tokens.county);
      const etag = { 'if-match': seen.headers.get('etag') ?? '' };
      const change = { name: '西一村综合站', latitude: 35.3, longitude: 110, validTo: null };
      expect(await app.send('PUT', '/api/stations/S-V4', change, tokens.county, etag)).toMatchObject({
        status: 200,
        body: { name: change.name },
      });
      expect((await app.send('PUT', '/api/stations/S-V4', change, tokens.county, etag)).status).toBe(412);
      await published();
      expect((await app.send('PUT', '/api/stations/S-V4', { ...change, validTo: '2026-06-01' }, tokens.county)).status).toBe(200);
      expect(await published()).toEqual([{ county: '990101', unitIds: [ids.village4, ids.village5].sort(), from: '2026-06' }]);
      expect((await snapshot()).relationsOf(ids.village5)).toMatchObject([{ validTo: '2026-06-01' }]);
      const late = {
        id: uuidv7(),
        villageCode: codes.village5,
        carrierCode: 'STO',
        mode: 'neighbour_agent',
        stationCode: 'S-V4',
        validFrom: '2026-06-01',
      };
      expect((await app.post<Problem>('/api/service-relations', late, tokens.county)).body.code).toBe('station_closed');
    });
  });

  describe('service relations', () => {
    const relation = (change: object = {}) => ({
      id: uuidv7(),
      villageCode: county.codes.village2,
      carrierCode: 'STO',
      mode: 'neighbour_agent',
      stationCode: county.stations.village1.code,
      validFrom: '2026-01-01',
      ...change,
    });

    it('take the distance from the positions, and end on a day', async () => {
      const { tokens, ids } = county;
      const input = relation();
      await published();
      for (let time = 0; time < 2; time += 1) {
        const { status, body } = await app.post<RelationView>('/api/service-relations', input, tokens.county);
        expect({ status, distanceM: body.distanceM }).toEqual({ status: 201, distanceM: 1112 });
      }
      expect(await published()).toEqual([{ county: '990101', unitIds: [ids.village2], from: '2026-01' }]);
      expect(await app.post(`/api/service-relations/${input.id}/end`, { validTo: '2026-03-01' }, tokens.county)).toMatchObject({
        status: 200,
        body: { validTo: '2026-03-01' },
      });
      expect(await published()).toEqual([{ county: '990101', unitIds: [ids.village2], from: '2026-03' }]);
      const inForce = async (day: string) => {
        const { body } = await app.get<Page<RelationView>>(
          `/api/service-relations?unit=${county.codes.village2}&day=${day}`,
          tokens.county,
        );
        return body.items.map((item) => item.carrierCode).sort();
      };
      expect(await inForce('2026-02-28')).toEqual(['POSTAL', 'STO']);
      expect(await inForce('2026-03-01')).toEqual(['POSTAL']);
    });
  });

  describe('a suspension', () => {
    it('counts once another person has approved it', async () => {
      const { tokens, codes, ids } = county;
      const input = { id: uuidv7(), villageCode: codes.village1, from: '2026-02-10', to: '2026-02-14', reason: '春节' };
      await published();
      for (let time = 0; time < 2; time += 1) expect((await app.post('/api/suspensions', input, tokens.county)).status).toBe(201);
      expect((await snapshot()).suspensionsOf(ids.village1)).toEqual([]);
      const decide = async (token: string, decision = 'approved') => {
        const { status, body } = await app.post<{ code?: string; status: string | number }>(
          `/api/suspensions/${input.id}/decision`,
          { decision },
          token,
        );
        return `${status} ${body.code ?? body.status}`;
      };
      expect(await decide(tokens.county)).toBe('403 decided_by_requester');
      expect(await decide(tokens.town)).toBe('403 forbidden');
      expect(await decide(tokens.stranger)).toBe('403 forbidden');
      expect(await published()).toEqual([]);
      expect(await decide(tokens.county2)).toBe('200 approved');
      expect(await decide(tokens.county2)).toBe('200 approved');
      expect(await decide(tokens.county2, 'rejected')).toBe('409 already_decided');
      expect(await published()).toEqual([{ county: '990101', unitIds: [ids.village1], from: '2026-02' }]);
      expect((await snapshot()).suspensionsOf(ids.village1)).toMatchObject([{ from: '2026-02-10', to: '2026-02-14' }]);
      const { body } = await app.get<Page<SuspensionView>>('/api/suspensions?status=approved', tokens.town);
      expect(body.items).toMatchObject([{ id: input.id, village: { code: codes.village1 }, decidedBy: county.users.county2.id }]);
      expect((await app.get<Page<SuspensionView>>('/api/suspensions', tokens.town2)).body.items).toEqual([]);
    });
  });

  describe('the parameters of a county', () => {
    it('are the defaults until they are set, and every month is recomputed then', async () => {
      const { tokens, ids } = county;
      const path = '/api/parameters/990101';
      const before = await app.get<ParametersView>(path, tokens.station);
      expect(before.body).toMatchObject({ countyCode: '990101', values: { coverageDaysPerWeek: 3 }, changed: [] });
      await published();
      const values: Partial<Parameters> = { coverageDaysPerWeek: 4 };
      const etag = { 'if-match': before.headers.get('etag') ?? '' };
      const set = await app.send<ParametersView>('PUT', path, values, tokens.county, etag);
      expect(set).toMatchObject({ status: 200, body: { changed: ['coverageDaysPerWeek'] } });
      expect(await published()).toEqual([{ county: '990101', unitIds: [ids.county], from: null }]);
      expect((await snapshot()).parameters('990101')).toMatchObject({ coverageDaysPerWeek: 4, coverageMaxGapDays: 5 });
      expect((await app.send('PUT', path, {}, tokens.county, etag)).status).toBe(412);
      expect((await app.send<ParametersView>('PUT', path, {}, tokens.county)).body.changed).toEqual([]);
    });
  });
});
