import type { Page, Problem, ProducerView, ProductView, ProjectView } from '#contracts';
import { uuidv7 } from '#platform';
import { UpflowModule } from '#upflow';
import { testCounty, type TestCounty } from './income.county.js';

const GTIN = '6901234567892';
const RACED_GLN = '9506000149301';

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

    it('have location numbers of their own and of their plots, each for one thing', async () => {
      const [one, two] = [producer(), producer()];
      for (const each of [one, two]) await post('/api/producers', each);
      const path = (of: { id: string }, gln: string) => `/api/producers/${of.id}/glns/${gln}`;
      const send = <T = Problem>(method: 'PUT' | 'DELETE', at: string, body?: object) =>
        county.app.send<T & Problem>(method, at, body, county.tokens.town);
      const [own, plot] = ['9506000134352', '9506000140445'];
      const first = await send('PUT', path(one, own), {});
      expect(first).toMatchObject({ status: 200, body: { gln: own, plotName: null } });
      expect((await send('PUT', path(one, own), {})).body).toEqual(first.body);
      expect((await send('PUT', path(one, plot), { plotName: '北坡' })).status).toBe(200);
      for (const [of, body] of [
        [two, {}],
        [one, { plotName: '北坡' }],
      ] as const)
        expect(await send('PUT', path(of, own), body)).toMatchObject({ status: 409, body: { code: 'gln_taken' } });
      expect(await send('PUT', path(one, '9506000134353'), {})).toMatchObject({ status: 400 });
      const listed = await county.app.get<{ items: object[] }>(`/api/producers/${one.id}/glns`, county.tokens.town);
      expect(listed.body.items).toEqual([
        { gln: own, plotName: null },
        { gln: plot, plotName: '北坡' },
      ]);
      const raced = await Promise.all([one, two].map((of) => send('PUT', path(of, RACED_GLN), {})));
      expect(raced.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect((await send('DELETE', path(one, own))).status).toBe(204);
      expect((await send('PUT', path(two, own), {})).status).toBe(200);
      const foreign = producer({ villageCode: county.foreignVillages[0] });
      await post('/api/producers', foreign, county.tokens.county);
      expect((await send('PUT', path(foreign, plot), {})).status).toBe(404);
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
      ['a credit code with a wrong check character', { creditCode: '91350100M000100Y44' }, 'creditCode'],
      ['a credit code of a household', { kind: 'household', creditCode: '91350100M000100Y43' }, 'creditCode'],
    ])('refuse %s', async (_, rest, field) => {
      const { status, body } = await post('/api/producers', producer(rest));
      expect(status).toBe(400);
      expect(body.errors?.[0]?.path).toBe(field);
    });
  });

  describe('members', () => {
    const members = (id: string) => `/api/producers/${id}/members`;
    const as = { username: 'producer' };

    it('see and keep the own producers, wherever they are, and nothing else', async () => {
      const [own, other] = [producer({ villageCode: county.villages[1] }), producer()];
      for (const input of [own, other]) await post('/api/producers', input);
      const list = async () =>
        (await county.app.get<Page<ProducerView>>('/api/producers', county.tokens.producer)).body.items.map(({ id }) => id);
      expect(await list()).toEqual([]);
      expect((await county.app.post(members(own.id), as, county.tokens.town)).status).toBe(204);
      expect((await county.app.post(members(own.id), as, county.tokens.town)).status).toBe(204);
      expect(await list()).toEqual([own.id]);
      expect((await county.app.get(`/api/producers/${own.id}`, county.tokens.producer)).status).toBe(200);
      expect((await county.app.get(`/api/producers/${other.id}`, county.tokens.producer)).status).toBe(404);
      const mine = product(own.id);
      expect((await post('/api/products', mine, county.tokens.producer)).status).toBe(201);
      expect((await post('/api/products', product(other.id), county.tokens.producer)).status).toBe(400);
      const theirs = (await post<ProductView>('/api/products', product(other.id))).body;
      expect((await county.app.get(`/api/products/${theirs.id}`, county.tokens.producer)).status).toBe(404);
      const { body } = await county.app.get<Page<ProductView>>('/api/products', county.tokens.producer);
      expect(body.items.map(({ id }) => id)).toEqual([mine.id]);
      expect((await county.app.send('DELETE', `${members(own.id)}/producer`, undefined, county.tokens.producer)).status).toBe(
        204,
      );
      expect(await list()).toEqual([]);
    });

    it('are let in by those who may see the producer, and are users of the role producer', async () => {
      const input = producer();
      await post('/api/producers', input);
      expect((await post(members(input.id), as, county.tokens.producer)).status).toBe(404);
      expect((await post(members(input.id), { username: 'town' })).status).toBe(404);
      expect((await post(members(uuidv7()), as)).status).toBe(404);
      expect((await post('/api/producers', producer(), county.tokens.producer)).status).toBe(403);
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
      expect(body).toMatchObject({ gtin: `0${GTIN}`, categoryName: '仁果类', version: 1, producer: { id: owner } });
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

    it('without a GTIN have a code of our own, which stays when a GTIN comes', async () => {
      const seller = producer({ creditCode: '91350100m000100y43' });
      expect((await post<ProducerView>('/api/producers', seller)).body.creditCode).toBe('91350100M000100Y43');
      const inputs = Array.from({ length: 5 }, () => product(seller.id, { spec: '5斤装' }));
      const made = await Promise.all(inputs.map(async (input) => (await post<ProductView>('/api/products', input)).body));
      const codes = made.map(({ ownCode }) => ownCode ?? '').sort();
      expect(new Set(codes).size).toBe(5);
      for (const [index, code] of codes.entries()) expect(code).toMatch(new RegExp(`^91350100M000100Y40${index}[0-9A-Z]$`));
      const [first] = made;
      if (!first) throw new Error('no product');
      expect(first.spec).toBe('5斤装');
      const change = { name: first.name, categoryCode: first.categoryCode, gtin: '4006381333931', spec: null, version: 1 };
      const changed = await county.app.send<ProductView>('PUT', `/api/products/${first.id}`, change, county.tokens.town);
      expect(changed.body).toMatchObject({ gtin: '04006381333931', ownCode: first.ownCode, spec: null });
    });

    it('show their certifications, each told once', async () => {
      const { id } = (await post<ProductView>('/api/products', product(owner))).body;
      const path = `/api/products/${id}/certifications`;
      const input = {
        id: uuidv7(),
        kind: 'green',
        number: 'LB-18-1',
        issuedBy: '绿色食品中心',
        validFrom: '2026-01-01',
        validTo: '2028-12-31',
      };
      const first = await post<ProductView>(path, input);
      expect(first).toMatchObject({ status: 201, body: { certifications: [input], version: 2 } });
      expect((await post<ProductView>(path, input)).body).toEqual(first.body);
      expect(await post(path, { ...input, number: 'LB-18-2' })).toMatchObject({
        status: 409,
        body: { code: 'certification_id_taken' },
      });
      expect((await post(path, { ...input, id: uuidv7(), validTo: '2025-12-31' })).body.errors?.[0]?.path).toBe('validTo');
      expect((await county.app.get<ProductView>(`/api/products/${id}`, county.tokens.town)).body).toEqual(first.body);
      expect((await post(`/api/products/${uuidv7()}/certifications`, { ...input, id: uuidv7() })).status).toBe(404);
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
      expect((await list(`producerId=${owner}&category=0104`)).items).toEqual([]);
      expect((await list(`producerId=${owner}&category=0103`)).items.length).toBe(all.items.length);
      const table = await county.app.get<string>(`/api/products?producerId=${owner}`, county.tokens.town, {
        accept: 'text/csv',
        'accept-language': 'en',
      });
      expect(table.body.trim().split('\n')).toHaveLength(all.items.length + 1);
      const categories = await county.app.get<Page<{ code: string; name: string }>>(
        '/api/products/categories',
        county.tokens.producer,
      );
      expect(categories.body.items).toContainEqual({ code: '010301', name: '仁果类' });
    });
  });

  describe('branch projects', () => {
    const project = (rest: object = {}) => ({
      id: uuidv7(),
      villageCode: county.villages[0],
      name: '苹果示范园',
      branchName: '一村党支部',
      startedOn: '2026-01-01',
      ...rest,
    });

    it('are added once and seen within their unit', async () => {
      const input = project();
      const first = await post<ProjectView>('/api/projects', input);
      expect(first).toMatchObject({
        status: 201,
        body: { participants: [], endedOn: null, village: { code: county.villages[0] } },
      });
      expect((await post<ProjectView>('/api/projects', input)).body).toEqual(first.body);
      expect(await post('/api/projects', { ...input, name: '别的' })).toMatchObject({
        status: 409,
        body: { code: 'project_id_taken' },
      });
      expect((await post('/api/projects', project({ villageCode: county.foreignVillages[0] }))).status).toBe(403);
      expect((await post('/api/projects', project(), county.tokens.producer)).status).toBe(403);
      expect((await post('/api/projects', project({ endedOn: '2025-01-01' }))).body.errors?.[0]?.path).toBe('endedOn');
      const listed = await county.app.get<Page<ProjectView>>(`/api/projects?unit=${county.villages[0]}`, county.tokens.town);
      expect(listed.body.items.map(({ id }) => id)).toContain(input.id);
      const elsewhere = await county.app.get<Page<ProjectView>>(`/api/projects?unit=${county.villages[1]}`, county.tokens.town);
      expect(elsewhere.body.items).toEqual([]);
    });

    it('have participants for a time, who see the project', async () => {
      const { id } = (await post<ProjectView>('/api/projects', project())).body;
      const member = producer();
      await post('/api/producers', member);
      await post(`/api/producers/${member.id}/members`, { username: 'producer' });
      const take = (rest: object) => post<ProjectView>(`/api/projects/${id}/participants`, { producerId: member.id, ...rest });
      expect((await county.app.get(`/api/projects/${id}`, county.tokens.producer)).status).toBe(404);
      for (let time = 0; time < 2; time += 1)
        expect((await take({ joinedOn: '2026-02-01' })).body.participants).toMatchObject([
          { joinedOn: '2026-02-01', leftOn: null, producer: { id: member.id, kind: 'coop' } },
        ]);
      expect((await county.app.get(`/api/projects/${id}`, county.tokens.producer)).status).toBe(200);
      expect(await take({ joinedOn: '2026-03-01' })).toMatchObject({ status: 409, body: { code: 'participation_overlaps' } });
      expect((await take({ joinedOn: '2026-02-01', leftOn: '2026-03-01' })).body.participants).toMatchObject([
        { leftOn: '2026-03-01' },
      ]);
      expect((await take({ joinedOn: '2026-03-01' })).body.participants).toHaveLength(2);
      expect((await take({ joinedOn: '2025-12-31' })).body.errors?.[0]?.path).toBe('joinedOn');
      expect((await take({ producerId: uuidv7(), joinedOn: '2026-03-01' })).body.errors?.[0]?.path).toBe('producerId');
    });
  });
});
