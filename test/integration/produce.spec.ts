import type { Page, Problem, ProducerView, ProductView } from '#contracts';
import { uuidv7 } from '#platform';
import { UpflowModule } from '#upflow';
import { testCounty, type TestCounty } from './income.county.js';

const GTIN = '6901234567892';

describe('produce', () => {
  let county: TestCounty;
  beforeAll(async () => {
    county = await testCounty([UpflowModule], ['upflow']);
  });
  afterAll(() => county.close());

  const post = <T = Problem>(path: string, body: object, token = county.tokens.town) =>
    county.app.post<T & Problem>(path, body, token);
  const producer = (rest: object = {}) => ({
    id: uuidv7(),
    kind: 'coop',
    name: '东山果业合作社',
    villageCode: county.villages[0],
    ...rest,
  });
  const product = (producerId: string, rest: object = {}) => ({
    id: uuidv7(),
    producerId,
    name: '红富士苹果',
    categoryCode: '010301',
    ...rest,
  });
  describe('producers', () => {
    it('are added once, however often they are sent', async () => {
      const input = producer();
      const first = await post<ProducerView>('/api/producers', input);
      expect(first).toMatchObject({
        status: 201,
        body: { kind: 'coop', name: '东山果业合作社', village: { code: county.villages[0] } },
      });
      expect((await post<ProducerView>('/api/producers', input)).body).toEqual(first.body);
      expect(await post('/api/producers', { ...input, name: '别的合作社' })).toMatchObject({
        status: 409,
        body: { code: 'producer_id_taken' },
      });
    });

    it('keep a household private: masked in answers, lists and tables, sealed in the row', async () => {
      const input = producer({
        kind: 'household',
        name: '欧阳修文',
        povertyAlleviated: true,
        contactName: '张三',
        contactPhone: '13812345678',
      });
      const { body } = await post<ProducerView>('/api/producers', input);
      expect(body).toMatchObject({ name: '欧***', povertyAlleviated: true, contactName: '张*', contactPhone: '138******78' });
      expect((await post('/api/producers', input)).status).toBe(201);
      const list = await county.app.get('/api/producers?kind=household', county.tokens.town);
      const table = await county.app.get('/api/producers', county.tokens.town, { accept: 'text/csv' });
      const rows = await county.app.db.database.query('select * from upflow.producer where id = $1', [input.id]);
      expect(JSON.stringify(table.body)).toContain('欧***');
      for (const shown of [list, table, rows]) expect(JSON.stringify(shown)).not.toMatch(/欧阳|13812345678|张三/);
    });

    it('stay inside the unit', async () => {
      expect((await post('/api/producers', producer({ villageCode: county.foreignVillages[0] }))).status).toBe(403);
      const foreign = producer({ villageCode: county.foreignVillages[0] });
      await post('/api/producers', foreign, county.tokens.county);
      expect((await county.app.get(`/api/producers/${foreign.id}`, county.tokens.town)).status).toBe(404);
      expect((await county.app.get(`/api/producers/${foreign.id}`, county.tokens.county)).status).toBe(200);
      expect((await county.app.get(`/api/producers?unit=${county.code}`, county.tokens.town)).status).toBe(403);
      const { body } = await county.app.get<Page<ProducerView>>('/api/producers', county.tokens.town);
      expect(body.items.map(({ id }) => id)).not.toContain(foreign.id);
      expect((await county.app.get('/api/producers')).status).toBe(401);
    });

    it.each([
      ['an unknown village', { villageCode: '990101999999' }, 'villageCode'],
      ['a cooperative lifted out of poverty', { povertyAlleviated: true }, 'povertyAlleviated'],
      ['a phone that is none', { contactPhone: 'call me' }, 'contactPhone'],
      ['an empty name', { name: ' ' }, 'name'],
    ])('refuse %s', async (_, rest, field) => {
      const { status, body } = await post('/api/producers', producer(rest));
      expect(status).toBe(400);
      expect(body.errors?.[0]?.path).toBe(field);
    });
  });

  describe('products', () => {
    let owner = '';
    beforeAll(async () => {
      owner = (await post<ProducerView>('/api/producers', producer())).body.id;
    });

    it('are changed from the version that was seen', async () => {
      const { status, body } = await post<ProductView>('/api/products', product(owner, { gtin: GTIN }));
      expect(status).toBe(201);
      expect(body).toMatchObject({ gtin: `0${GTIN}`, categoryName: '果品', version: 1, producer: { id: owner } });
      const changed = { name: '红富士苹果 一级', categoryCode: '010301', gtin: GTIN, version: 1 };
      const put = (token = county.tokens.town) =>
        county.app.send<ProductView & Problem>('PUT', `/api/products/${body.id}`, changed, token);
      expect((await put()).body).toMatchObject({ name: '红富士苹果 一级', version: 2 });
      expect((await put()).body.version).toBe(2);
      changed.name = '另一个名字';
      expect(await put()).toMatchObject({ status: 409, body: { code: 'product_version_conflict' } });
    });

    it('are added once, and a GTIN belongs to one of them', async () => {
      const input = product(owner, { gtin: '96385074' });
      const first = await post<ProductView>('/api/products', input);
      expect((await post<ProductView>('/api/products', input)).body).toEqual(first.body);
      expect(await post('/api/products', { ...input, name: '梨' })).toMatchObject({
        status: 409,
        body: { code: 'product_id_taken' },
      });
      expect(await post('/api/products', product(owner, { gtin: '0000096385074' }))).toMatchObject({
        status: 409,
        body: { code: 'product_gtin_taken' },
      });
      const other = (await post<ProductView>('/api/products', product(owner))).body;
      const take = { name: other.name, categoryCode: other.categoryCode, gtin: '96385074', version: 1 };
      expect(await county.app.send('PUT', `/api/products/${other.id}`, take, county.tokens.town)).toMatchObject({
        status: 409,
        body: { code: 'product_gtin_taken' },
      });
    });

    it('pass a GTIN on from one to another', async () => {
      const [from, to] = [product(owner, { gtin: '614141007349' }), product(owner, { name: '核桃' })];
      for (const input of [from, to]) await post('/api/products', input);
      const give = { name: from.name, categoryCode: from.categoryCode, gtin: null, version: 1 };
      expect((await county.app.send('PUT', `/api/products/${from.id}`, give, county.tokens.town)).status).toBe(200);
      const take = { name: to.name, categoryCode: to.categoryCode, gtin: '614141007349', version: 1 };
      expect((await county.app.send('PUT', `/api/products/${to.id}`, take, county.tokens.town)).status).toBe(200);
    });

    it.each([
      ['a wrong check digit', { gtin: '6901234567890' }, 'gtin'],
      ['an unknown category', { categoryCode: '99' }, 'categoryCode'],
      ['an odd category code', { categoryCode: '010' }, 'categoryCode'],
      ['an unknown producer', { producerId: uuidv7() }, 'producerId'],
    ])('refuse %s', async (_, rest, field) => {
      const { status, body } = await post('/api/products', product(owner, rest));
      expect(status).toBe(400);
      expect(body.errors?.[0]?.path).toBe(field);
    });

    it('are listed page by page, by category, and as a table', async () => {
      const list = async (query: string) =>
        (await county.app.get<Page<ProductView>>(`/api/products?${query}`, county.tokens.town)).body;
      const all = await list(`producerId=${owner}`);
      const first = await list(`producerId=${owner}&limit=2`);
      const second = await list(`producerId=${owner}&limit=200&cursor=${first.nextCursor ?? ''}`);
      expect([...first.items, ...second.items]).toEqual(all.items);
      expect((await list('category=0104')).items).toEqual([]);
      expect((await list('category=0103')).items.length).toBe(all.items.length);
      const table = await county.app.get<string>('/api/products', county.tokens.town, {
        accept: 'text/csv',
        'accept-language': 'en',
      });
      expect(table.body.trim().split('\n')).toHaveLength(all.items.length + 1);
      expect(
        (await county.app.get<Page<{ code: string; name: string }>>('/api/products/categories', county.tokens.producer)).body
          .items[3],
      ).toEqual({ code: '0103', name: '果品' });
    });
  });
});
