import { addDays, dayOf, type LotListItem, type LotTransformView, type LotView, type Page, type Problem } from '#contracts';
import type { ProductView, ReportView, StockEntryView } from '#contracts';
import { Clock, uuidv7 } from '#platform';
import { LotStock, UpflowModule } from '#upflow';
import { testCounty, type TestCounty } from './income.county.js';

const PDF = Buffer.from('%PDF-1.7\n% a report\n');

describe('lots', () => {
  let county: TestCounty;
  /** Producers and their products: of the village that the producer's user acts for, of another one, of the other town. */
  let own: { producerId: string; apple: string; pear: string; leek: string };
  let neighbour: { producerId: string; apple: string };
  let foreign: { producerId: string; apple: string };
  let today = '';

  beforeAll(async () => {
    county = await testCounty([UpflowModule], ['upflow']);
    // The relay takes events out of the outbox as soon as it can: what was ever in it is kept here.
    await county.app.db.database.query(`create table told (like platform.outbox);
      create function keep_told() returns trigger language plpgsql as 'begin insert into told select new.*; return null; end';
      create trigger keep_told after insert on platform.outbox for each row execute function keep_told()`);
    today = dayOf(county.app.resolve(Clock).now());
    const ownId = await producer(county.villages[0]);
    own = {
      producerId: ownId,
      apple: await product(ownId, '红富士苹果', '010301'),
      pear: await product(ownId, '桃', '010302'),
      leek: await product(ownId, '大葱', '010408'),
    };
    const neighbourId = await producer(county.villages[1], 'household');
    neighbour = { producerId: neighbourId, apple: await product(neighbourId, '国光苹果', '010301') };
    const foreignId = await producer(county.foreignVillages[0]);
    foreign = { producerId: foreignId, apple: await product(foreignId, '苹果', '010301') };
    await post(`/api/producers/${ownId}/members`, { username: 'producer' });
  });
  afterAll(() => county.close());

  const post = <T = Problem>(path: string, body: object, token = county.tokens.county) =>
    county.app.post<T & Problem>(path, body, token);
  const get = <T = Problem>(path: string, token = county.tokens.county) => county.app.get<T & Problem>(path, token);
  async function producer(villageCode: string, kind = 'coop'): Promise<string> {
    const id = uuidv7();
    await post('/api/producers', { id, kind, name: '东山果业', villageCode });
    return id;
  }
  async function product(producerId: string, name: string, categoryCode: string): Promise<string> {
    return (await post<ProductView>('/api/products', { id: uuidv7(), producerId, name, categoryCode })).body.id;
  }
  const harvest = (rest: object = {}) => ({
    id: uuidv7(),
    productId: own.apple,
    plot: { name: '北坡果园', latitude: 35.11, longitude: 110, areaMu: 3.5 },
    harvestedOn: addDays(today, -10),
    quantityG: 100_000,
    ...rest,
  });
  const spray = (rest: object = {}) => ({
    id: uuidv7(),
    kind: 'pesticide',
    name: '苦参碱水剂',
    appliedOn: addDays(today, -20),
    safetyIntervalDays: 7,
    ...rest,
  });
  const test = (rest: object = {}) => ({ id: uuidv7(), item: '农药残留快检', result: 'pass', testedOn: today, ...rest });
  async function lot(rest: object = {}): Promise<LotView> {
    const { status, body } = await post<LotView>('/api/lots', harvest(rest));
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body;
  }
  const read = async (id: string) => (await get<LotView>(`/api/lots/${id}`)).body;
  const steps = async (kind: string) =>
    (
      await county.app.db.database.query<{ step: Record<string, unknown> }>(
        `select payload->'step' as step from told where topic = 'upflow.step.recorded' and payload->'step'->>'kind' = $1 order by id`,
        [kind],
      )
    ).map(({ step }) => step);

  describe('of a harvest', () => {
    it('are entered once, with number, stock and inputs', async () => {
      const inputs = [spray()];
      const input = { ...harvest(), inputs, note: '头茬' };
      const first = await post<LotView>('/api/lots', input);
      expect(first).toMatchObject({
        status: 201,
        body: {
          origin: 'harvest',
          plot: input.plot,
          quantityG: 100_000,
          stockG: 100_000,
          flags: [],
          revision: 1,
          inputs,
          producer: { id: own.producerId },
          village: { code: county.villages[0] },
        },
      });
      expect(first.body.lotNo).toMatch(new RegExp(`^${input.harvestedOn.slice(2).replaceAll('-', '')}-\\d\\d$`));
      expect((await post<LotView>('/api/lots', input)).body).toEqual(first.body);
      for (const other of [{ quantityG: 1 }, { note: '二茬' }, { plot: { name: '南坡' } }, { productId: own.pear }])
        expect(await post('/api/lots', { ...input, ...other })).toMatchObject({ status: 409, body: { code: 'lot_id_taken' } });
      expect((await steps('harvested')).filter(({ lotId }) => lotId === input.id)).toHaveLength(1);
      const { body } = await get<Page<StockEntryView>>(`/api/lots/${input.id}/stock`);
      expect(body.items).toMatchObject([{ kind: 'harvested', deltaG: 100_000 }]);
    });

    it('are numbered one after the other, also when twenty are entered at once', async () => {
      const productId = await product(own.producerId, '嘎啦苹果', '010301');
      const lots = await Promise.all(Array.from({ length: 20 }, () => lot({ productId })));
      const running = lots.map(({ lotNo }) => Number(lotNo.split('-')[1])).sort((left, right) => left - right);
      expect(running).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    });

    it('are one lot when the same harvest is sent ten times at once', async () => {
      const input = harvest();
      const answers = await Promise.all(Array.from({ length: 10 }, () => post<LotView>('/api/lots', input)));
      for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 201, body: answers[0]?.body });
    });

    it('keep a number of their own, which belongs to one lot of the product', async () => {
      expect((await lot({ lotNo: 'A-1' })).lotNo).toBe('A-1');
      expect(await post('/api/lots', harvest({ lotNo: 'A-1' }))).toMatchObject({ status: 409, body: { code: 'lot_no_taken' } });
      expect((await lot({ lotNo: 'A-1', productId: own.pear })).lotNo).toBe('A-1');
    });

    it('are refused inside a safety interval, with the input and the first day', async () => {
      const inputs = [spray({ appliedOn: addDays(today, -12), safetyIntervalDays: 7 })];
      const { status, body } = await post('/api/lots', harvest({ inputs }));
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'harvest_in_safety_interval' });
      expect(JSON.stringify(body)).toContain('苦参碱水剂');
      expect(JSON.stringify(body)).toContain(addDays(today, -5));
      expect((await post('/api/lots', harvest({ inputs, harvestedOn: addDays(today, -5) }))).status).toBe(201);
    });

    it.each([
      ['in the future', () => ({ harvestedOn: addDays(today, 1) }), 422, 'harvest_in_future'],
      ['before its input', () => ({ inputs: [spray({ appliedOn: addDays(today, -9) })] }), 422, 'input_after_harvest'],
      ['of an unknown product', () => ({ productId: uuidv7() }), 400, 'invalid_input'],
      ['of no weight', () => ({ quantityG: 0 }), 400, 'invalid_input'],
      ['with a lot number that no label can carry', () => ({ lotNo: 'a b' }), 400, 'invalid_input'],
      ['with a NUL in its text', () => ({ note: 'a\u0000b' }), 400, 'malformed_body'],
    ])('are refused %s', async (_, rest, status, code) => {
      expect(await post('/api/lots', harvest(rest()))).toMatchObject({ status, body: { code } });
    });

    it('take an input that was forgotten, and refuse one that forbids the harvest', async () => {
      const { id } = await lot();
      const input = spray({ dose: '每亩30毫升' });
      const path = `/api/lots/${id}/inputs`;
      const first = await post<LotView>(path, input);
      expect(first).toMatchObject({ status: 201, body: { inputs: [input], revision: 2 } });
      expect((await post<LotView>(path, input)).body).toEqual(first.body);
      expect(await post(path, { ...input, name: '别的' })).toMatchObject({ status: 409, body: { code: 'input_id_taken' } });
      const late = spray({ appliedOn: addDays(today, -5), safetyIntervalDays: 0 });
      expect(await post(path, late)).toMatchObject({ status: 422, body: { code: 'input_after_harvest' } });
      const close = spray({ appliedOn: addDays(today, -12), safetyIntervalDays: 3 });
      expect(await post(path, close)).toMatchObject({ status: 422, body: { code: 'harvest_in_safety_interval' } });
      expect((await read(id)).revision).toBe(2);
      expect(await post('/api/lots', harvest({ inputs: [input] }))).toMatchObject({
        status: 409,
        body: { code: 'input_id_taken' },
      });
    });
  });

  describe('with tests', () => {
    it('are flagged by the latest test of an item, and each test is told once', async () => {
      const { id } = await lot();
      const path = `/api/lots/${id}/tests`;
      const failed = test({ result: 'fail', testedOn: addDays(today, -2), laboratory: '县检测站' });
      const first = await post<LotView>(path, failed);
      expect(first).toMatchObject({ status: 201, body: { flags: ['test_failed'], tests: [failed], revision: 2 } });
      expect((await post<LotView>(path, failed)).body).toEqual(first.body);
      expect(await post(path, { ...failed, result: 'pass' })).toMatchObject({ status: 409, body: { code: 'test_id_taken' } });
      expect((await post<LotView>(path, test({ item: '重金属' }))).body.flags).toEqual(['test_failed']);
      expect((await post<LotView>(path, test({ testedOn: addDays(today, -3) }))).body.flags).toEqual(['test_failed']);
      expect((await post<LotView>(path, test())).body.flags).toEqual([]);
      expect(await post(path, test({ testedOn: addDays(today, 1) }))).toMatchObject({
        status: 422,
        body: { code: 'test_in_future' },
      });
      expect((await steps('tested')).filter(({ lotId }) => lotId === id)).toHaveLength(4);
    });

    const upload = (content: Buffer, name: string, token: string, query = '') => {
      const form = new FormData();
      form.append('file', new Blob([Uint8Array.from(content)]), name);
      return county.app.send<ReportView & Problem>('POST', `/api/reports${query}`, form, token);
    };

    it('keep a report that opens for those who may see the lot', async () => {
      const query = `?id=${uuidv7()}`;
      const { status, body } = await upload(PDF, '../农残报告.PDF', county.tokens.producer, query);
      expect({ status, body }).toEqual({
        status: 201,
        body: { id: query.slice(4), filename: '农残报告.pdf', mediaType: 'application/pdf', bytes: PDF.length },
      });
      expect((await upload(PDF, '../农残报告.PDF', county.tokens.producer, query)).body).toEqual(body);
      const other = Buffer.concat([PDF, Buffer.from('x')]);
      expect((await upload(other, '../农残报告.PDF', county.tokens.producer, query)).body.code).toBe('report_id_taken');
      const path = `/api/reports/${body.id}`;
      expect((await get(path, county.tokens.town)).status).toBe(404);
      const { id } = await lot();
      const tested = test({ reportId: body.id });
      expect((await post(`/api/lots/${id}/tests`, tested, county.tokens.town)).body.errors?.[0]?.path).toBe('reportId');
      expect((await post(`/api/lots/${id}/tests`, tested, county.tokens.producer)).status).toBe(201);
      const answer = await county.app.get<string>(path, county.tokens.town);
      expect(answer).toMatchObject({ status: 200, body: PDF.toString() });
      expect(answer.headers.get('content-type')).toBe('application/pdf');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-disposition')).toBe(
        `attachment; filename*=UTF-8''${encodeURIComponent('农残报告.pdf')}`,
      );
      expect((await get(path, '')).status).toBe(401);
    });

    it.each([
      ['a web page called a PDF', Buffer.from('<script>'), 415, 'report_type_unsupported'],
      ['six megabytes', Buffer.concat([PDF, Buffer.alloc(6 * 1024 * 1024)]), 413, 'payload_too_large'],
    ])('refuse %s as a report', async (_, content, status, code) => {
      expect(await upload(content, 'a.pdf', county.tokens.town)).toMatchObject({ status, body: { code } });
    });

    it('refuse a report that is no upload', async () => {
      expect((await post('/api/reports', { file: 'x' })).status).toBe(400);
    });
  });

  describe('made of others', () => {
    const transform = (mode: string, inputs: object[], outputs: object[], rest: object = {}) => ({
      id: uuidv7(),
      mode,
      inputs,
      outputs: outputs.map((output) => ({ id: uuidv7(), productId: own.apple, ...output })),
      ...rest,
    });
    const send = (body: object, token = county.tokens.county) => post<LotTransformView>('/api/lots/transform', body, token);

    it('are split, mixed and repacked, and the grams add up', async () => {
      const [first, second] = [await lot(), await lot({ productId: neighbour.apple, quantityG: 40_000 })];
      const split = transform('split', [{ lotId: first.id, quantityG: 60_000 }], [{ quantityG: 35_000 }, { quantityG: 20_000 }]);
      const answer = await send(split);
      expect(answer).toMatchObject({ status: 201, body: { mode: 'split', outputs: [{ stockG: 35_000 }, { stockG: 20_000 }] } });
      expect((await send(split)).body).toEqual(answer.body);
      expect(await send({ ...split, note: 'x' })).toMatchObject({ status: 409, body: { code: 'transform_id_taken' } });
      const parts = answer.body.outputs.map(({ id }) => id);
      const mix = transform(
        'mix',
        [
          { lotId: parts[0], quantityG: 35_000 },
          { lotId: second.id, quantityG: 40_000 },
        ],
        [{ quantityG: 70_000 }],
      );
      const mixed = (await send(mix)).body.outputs[0];
      expect(mixed).toMatchObject({ origin: 'mix', village: { code: county.villages[1] }, producer: { id: own.producerId } });
      const repack = transform('repack', [{ lotId: mixed?.id, quantityG: 70_000 }], [{ productId: own.pear, quantityG: 69_000 }]);
      const box = (await send(repack)).body.outputs[0];
      const view = await read(mixed?.id ?? '');
      expect(view).toMatchObject({ stockG: 0, plot: null, wentInto: [{ lotId: box?.id, quantityG: 69_000 }] });
      expect(view.madeOf.reduce((sum, part) => sum + part.quantityG, 0)).toBe(70_000);
      expect(await read(first.id)).toMatchObject({ stockG: 40_000, flags: [] });
      const ids = [first.id, second.id, ...parts, view.id, box?.id];
      const sums = await county.app.db.database.query<{ kind: string; sum: number }>(
        'select kind, sum(delta_g)::bigint as sum from upflow.stock_entry where lot_id = any($1::uuid[]) group by kind',
        [ids],
      );
      const of = Object.fromEntries(sums.map(({ kind, sum }) => [kind, sum]));
      expect(of.harvested).toBe(140_000);
      expect(of.moved_in).toBe(-(of.moved_out ?? 0));
      const [stock] = await county.app.db.database.query<{ sum: number }>(
        'select sum(stock_g)::bigint as sum from upflow.lot where id = any($1::uuid[])',
        [ids],
      );
      expect((stock?.sum ?? 0) - (of.lost ?? 0)).toBe(140_000);
      expect((await steps('transformed')).length).toBe(3);
    });

    it('are made once whether ids are written in capitals or not', async () => {
      const { id } = await lot();
      const split = transform(
        'split',
        [{ lotId: id.toUpperCase(), quantityG: 10 }],
        [{ id: uuidv7().toUpperCase(), quantityG: 10 }],
      );
      const answer = await send({ ...split, id: split.id.toUpperCase() });
      expect(answer).toMatchObject({ status: 201, body: { outputs: [{ stockG: 10 }] } });
      expect((await send({ ...split, id: split.id.toUpperCase() })).body).toEqual(answer.body);
      expect((await read(id)).stockG).toBe(99_990);
    });

    it.each([
      [
        'more than there is',
        (id: string) => transform('split', [{ lotId: id, quantityG: 100_001 }], [{ quantityG: 1 }]),
        'lot_stock_short',
      ],
      [
        'more out than in',
        (id: string) => transform('split', [{ lotId: id, quantityG: 10 }], [{ quantityG: 11 }]),
        'transform_outweighs',
      ],
      [
        'splitting into another product',
        (id: string) => transform('split', [{ lotId: id, quantityG: 10 }], [{ quantityG: 10, productId: own.pear }]),
        'transform_product_differs',
      ],
      [
        'repacking fruit as leek',
        (id: string) => transform('repack', [{ lotId: id, quantityG: 10 }], [{ quantityG: 10, productId: own.leek }]),
        'transform_category_differs',
      ],
      [
        'mixing one lot',
        (id: string) => transform('mix', [{ lotId: id, quantityG: 10 }], [{ quantityG: 10 }]),
        'transform_shape',
      ],
      [
        'a time before the harvest',
        (id: string) =>
          transform('split', [{ lotId: id, quantityG: 10 }], [{ quantityG: 10 }], { at: '2020-01-01T00:00:00+08:00' }),
        'transform_before_harvest',
      ],
      [
        'a time to come',
        (id: string) =>
          transform('split', [{ lotId: id, quantityG: 10 }], [{ quantityG: 10 }], { at: '2099-01-01T00:00:00+08:00' }),
        'transform_in_future',
      ],
    ])('refuse %s, and nothing is kept', async (_, body, code) => {
      const { id } = await lot();
      const request = body(id);
      expect(await send(request)).toMatchObject({ status: 422, body: { code } });
      expect(await read(id)).toMatchObject({ stockG: 100_000, revision: 1, wentInto: [] });
      const kept = await county.app.db.database.query('select 1 from upflow.lot_transform where id = $1::uuid', [request.id]);
      expect(kept).toEqual([]);
    });

    it('refuse a lot whose test failed', async () => {
      const { id } = await lot();
      await post(`/api/lots/${id}/tests`, test({ result: 'fail' }));
      const body = transform('split', [{ lotId: id, quantityG: 10 }], [{ quantityG: 10 }]);
      expect(await send(body)).toMatchObject({ status: 422, body: { code: 'lot_test_failed' } });
    });

    it('refuse what was made of a lot whose test failed afterwards', async () => {
      const { id } = await lot();
      const split = await send(transform('split', [{ lotId: id, quantityG: 10 }], [{ quantityG: 10 }]));
      const child = split.body.outputs[0]?.id ?? '';
      const again = () => send(transform('split', [{ lotId: child, quantityG: 5 }], [{ quantityG: 5 }]));
      expect((await again()).status).toBe(201);
      await post(`/api/lots/${id}/tests`, test({ result: 'fail' }));
      expect(await again()).toMatchObject({ status: 422, body: { code: 'lot_test_failed' } });
    });

    it('never take more than there is, however many ask at once', async () => {
      const { id } = await lot();
      const asked = Array.from({ length: 8 }, () =>
        transform('split', [{ lotId: id, quantityG: 30_000 }], [{ quantityG: 30_000 }]),
      );
      const statuses = (await Promise.all(asked.map((body) => send(body)))).map(({ status }) => status).sort();
      expect(statuses).toEqual([201, 201, 201, 422, 422, 422, 422, 422]);
      expect((await read(id)).stockG).toBe(10_000);
    });

    it('cross one another without a deadlock', async () => {
      const [left, right] = [await lot(), await lot()];
      const mixes = Array.from({ length: 10 }, (_, index) => {
        const inputs = [left, right].map(({ id }) => ({ lotId: id, quantityG: 1000 }));
        return transform('mix', index % 2 === 0 ? inputs : inputs.toReversed(), [{ quantityG: 2000 }]);
      });
      const answers = await Promise.all(mixes.map((body) => send(body)));
      expect(answers.map(({ status }) => status)).toEqual(mixes.map(() => 201));
      expect((await read(left.id)).stockG + (await read(right.id)).stockG).toBe(180_000);
    });

    it('are made only of lots that the actor may use', async () => {
      const [mine, theirs] = [await lot(), await lot({ productId: neighbour.apple })];
      const inputs = [mine, theirs].map(({ id }) => ({ lotId: id, quantityG: 10 }));
      const body = transform('mix', inputs, [{ quantityG: 20 }]);
      expect((await send(body, county.tokens.producer)).body.errors?.[0]?.path).toBe('inputs.1.lotId');
      const away = transform('repack', [inputs[0] ?? {}], [{ quantityG: 10, productId: neighbour.apple }]);
      expect((await send(away, county.tokens.producer)).body.errors?.[0]?.path).toBe('outputs.0.productId');
    });

    it('are not taken away by those who see the lot for its origin and do not act for its producer', async () => {
      const mine = await lot();
      const away = transform('repack', [{ lotId: mine.id, quantityG: 100 }], [{ quantityG: 100, productId: neighbour.apple }]);
      const theirs = (await send(away)).body.outputs[0]?.id ?? '';
      const { station } = county.tokens;
      expect((await get(`/api/lots/${theirs}`, station)).status).toBe(200);
      const back = await send(transform('repack', [{ lotId: theirs, quantityG: 10 }], [{ quantityG: 10 }]), station);
      expect([back.status, back.body.errors?.[0]?.path]).toEqual([400, 'inputs.0.lotId']);
      const counted = { id: uuidv7(), kind: 'counted', quantityG: 0 };
      expect((await post(`/api/lots/${theirs}/stock`, counted, station)).status).toBe(404);
      expect(await read(theirs)).toMatchObject({ stockG: 100 });
      expect((await post(`/api/lots/${theirs}/tests`, test(), station)).status).toBe(201);
      const own = transform('split', [{ lotId: mine.id, quantityG: 10 }], [{ quantityG: 10 }]);
      expect((await send(own, station)).status).toBe(201);
    });

    it('take no inputs of their own', async () => {
      const { id } = await lot();
      const { body } = await send(transform('split', [{ lotId: id, quantityG: 10 }], [{ quantityG: 10 }]));
      expect(await post(`/api/lots/${body.outputs[0]?.id ?? ''}/inputs`, spray())).toMatchObject({
        status: 422,
        body: { code: 'lot_not_harvested' },
      });
    });
  });

  describe('in stock', () => {
    const correct = (id: string, body: object) => post<LotView>(`/api/lots/${id}/stock`, { id: uuidv7(), ...body });

    it('lose grams and are counted, each told once', async () => {
      const { id } = await lot();
      const lost = { id: uuidv7(), kind: 'lost', quantityG: 20_000, note: '霜冻' };
      expect((await correct(id, lost)).body).toMatchObject({ stockG: 80_000, revision: 2 });
      const count = { id: uuidv7(), kind: 'counted', quantityG: 79_500 };
      expect((await correct(id, count)).body).toMatchObject({ stockG: 79_500, revision: 3 });
      expect((await correct(id, lost)).body).toMatchObject({ stockG: 79_500, revision: 3 });
      expect((await correct(id, { ...count, quantityG: 1 })).body.code).toBe('stock_entry_id_taken');
      expect((await correct(id, { kind: 'lost', quantityG: 79_501 })).body.code).toBe('lot_stock_short');
      expect((await correct(id, { kind: 'counted', quantityG: 102_001 })).body.code).toBe('stock_above_harvest');
      expect((await correct(id, { kind: 'lost', quantityG: 0 })).status).toBe(400);
      const first = (await get<Page<StockEntryView>>(`/api/lots/${id}/stock?limit=2`)).body;
      expect(first.items.map(({ kind, deltaG }) => [kind, deltaG])).toEqual([
        ['counted', -500],
        ['lost', -20_000],
      ]);
      const rest = (await get<Page<StockEntryView>>(`/api/lots/${id}/stock?cursor=${first.nextCursor ?? ''}`)).body;
      expect(rest.items.map(({ kind }) => kind)).toEqual(['harvested']);
    });

    it('are flagged when more is shipped than was harvested, and cleared when it comes back', async () => {
      const { id } = await lot();
      const stock = county.app.resolve(LotStock);
      const move = (kind: 'shipped' | 'returned', deltaG: number) =>
        county.app.db.database.transaction((tx) =>
          stock.move(tx, { countyCode: county.code, lotId: id, kind, deltaG, refId: null, actorId: uuidv7(), at: new Date() }),
        );
      expect(await move('shipped', -102_000)).toMatchObject({ stockG: -2000, flags: [] });
      expect(await move('shipped', -1)).toMatchObject({ stockG: -2001, flags: ['over_shipped'], revision: 3 });
      expect(await read(id)).toMatchObject({ flags: ['over_shipped'] });
      expect(await move('returned', 1)).toMatchObject({ flags: [] });
    });
  });

  describe('seen', () => {
    it('by their producer and their unit alone', async () => {
      const [mine, theirs, away] = [
        await lot(),
        await lot({ productId: neighbour.apple }),
        await lot({ productId: foreign.apple }),
      ];
      const seen = async (token: string) => {
        const statuses = await Promise.all(
          [mine, theirs, away].map(async ({ id }) => (await get(`/api/lots/${id}`, token)).status),
        );
        const { body } = await get<Page<LotListItem>>('/api/lots?limit=200', token);
        const listed = [mine, theirs, away].map(({ id }) => (body.items.some((item) => item.id === id) ? 200 : 404));
        expect(listed).toEqual(statuses);
        return statuses;
      };
      expect(await seen(county.tokens.county)).toEqual([200, 200, 200]);
      expect(await seen(county.tokens.town)).toEqual([200, 200, 404]);
      expect(await seen(county.tokens.station)).toEqual([200, 404, 404]);
      expect(await seen(county.tokens.producer)).toEqual([200, 404, 404]);
      for (const path of ['inputs', 'tests', 'stock'])
        for (const body of [spray(), test(), { id: uuidv7(), kind: 'lost', quantityG: 1 }]) {
          const { status } = await post(`/api/lots/${theirs.id}/${path}`, body, county.tokens.producer);
          expect([400, 404]).toContain(status);
        }
      expect(await read(theirs.id)).toMatchObject({ revision: 1, stockG: 100_000 });
      expect((await post('/api/lots', harvest({ productId: neighbour.apple }), county.tokens.producer)).status).toBe(400);
      expect((await get('/api/lots/nonsense')).status).toBe(400);
      expect((await get(`/api/lots/${uuidv7()}`)).status).toBe(404);
    });

    it('by filters, page by page, and as a table', async () => {
      const productId = await product(own.producerId, '花牛苹果', '010301');
      const lots: LotView[] = [];
      for (let index = 0; index < 3; index += 1) lots.push(await lot({ productId }));
      await post(`/api/lots/${lots[0]?.id ?? ''}/stock`, { id: uuidv7(), kind: 'lost', quantityG: 100_000 });
      const list = async (query: string) => (await get<Page<LotListItem>>(`/api/lots?productId=${productId}&${query}`)).body;
      const all = await list('');
      expect(all.items.map(({ id }) => id)).toEqual(lots.map(({ id }) => id).toReversed());
      const first = await list('limit=2');
      const second = await list(`limit=2&cursor=${first.nextCursor ?? ''}`);
      expect([...first.items, ...second.items]).toEqual(all.items);
      expect((await list('inStock=true')).items).toHaveLength(2);
      expect((await list('inStock=false')).items).toHaveLength(1);
      expect((await list(`lotNo=${lots[1]?.lotNo ?? ''}`)).items.map(({ id }) => id)).toEqual([lots[1]?.id]);
      expect((await list(`unit=${county.villages[1]}`)).items).toEqual([]);
      expect((await list(`producerId=${neighbour.producerId}`)).items).toEqual([]);
      expect((await get('/api/lots?cursor=xyz')).body.code).toBe('bad_cursor');
      const table = await county.app.get<string>(`/api/lots?productId=${productId}`, county.tokens.county, {
        accept: 'text/csv',
        'accept-language': 'en',
      });
      expect(table.body.trim().split('\n')).toHaveLength(4);
      expect(table.body).toContain('花牛苹果');
    });

    it('again after their product changed', async () => {
      const productId = await product(own.producerId, '秦冠', '010301');
      const { id } = await lot({ productId });
      const change = { name: '秦冠苹果', categoryCode: '010301', version: 1 };
      await county.app.send('PUT', `/api/products/${productId}`, change, county.tokens.county);
      expect(await read(id)).toMatchObject({ revision: 2, product: { name: '秦冠苹果' } });
    });
  });
});
