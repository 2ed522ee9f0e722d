import {
  hasGs1CheckDigit,
  type BoxingView,
  type CodeBatch,
  type CodeChangeResult,
  type CodeKeyView,
  type CodeSummary,
  type CodeView,
  type Page,
} from '#contracts';
import { Outbox, OutboxRelay, uuidv7 } from '#platform';
import { CodeKeys, codeOf, keyIdOf } from '#trace';
import { insertOrder, insertShipment } from '../factories/produce.js';
import { BASE, codeCounty, GTIN, type CodeCounty } from './code.county.js';

describe('codes', () => {
  let county: CodeCounty;
  beforeAll(async () => {
    county = await codeCounty();
  });
  afterAll(() => county.close());
  const tokens = () => county.county.tokens;
  const rows = <R>(text: string, params: unknown[] = []) => county.app.db.database.query<R>(text, params);
  const linkOf = (codes: readonly CodeView[]) => codes.map(({ url }) => url);
  const unitsOf = async (lotId: string, count: number) => (await county.made(lotId, { count })).codes;
  const boxOf = async (lotId: string) => (await county.made(lotId, { level: 'box', count: 1 })).codes[0]!;

  describe('batches', () => {
    it('are ordered once, however often they are sent', async () => {
      const order = { id: uuidv7(), count: 3 };
      const path = `/api/lots/${county.lots.plain}/codes`;
      const [first, second] = await Promise.all([county.post<CodeBatch>(path, order), county.post<CodeBatch>(path, order)]);
      expect([first.status, second.status]).toEqual([202, 202]);
      expect(first.body).toMatchObject({ id: order.id, level: 'unit', form: 'short', count: 3, lotNo: '20261101-2' });
      await county.reached(order.id, 'done');
      expect((await county.post<CodeBatch>(path, order)).body).toMatchObject({ made: 3, state: 'done' });
      expect(await county.post(path, { ...order, count: 4 })).toMatchObject({
        status: 409,
        body: { code: 'code_batch_id_taken' },
      });
      expect(await rows('select 1 from trace.code where batch_id = $1', [order.id])).toHaveLength(3);
    });

    it('hold exactly what was ordered, chunk after chunk, in spite of repeated events', async () => {
      const batch = await county.order(county.lots.plain, { count: 25_000 });
      const event = {
        countyCode: county.county.countyCode,
        topic: 'trace.batch.wanted' as const,
        payload: { batchId: batch.id },
      };
      const outbox = county.app.resolve(Outbox);
      for (let repeat = 0; repeat < 5; repeat += 1)
        await county.app.db.database.transaction((tx) => outbox.publish(tx, 'trace', [event]));
      expect(await county.reached(batch.id, 'done')).toMatchObject({ made: 25_000, finishedAt: expect.any(String) });
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const [counted] = await rows<{ n: number }>('select count(*)::int as n from trace.code where batch_id = $1', [batch.id]);
      expect(counted).toEqual({ n: 25_000 });
    });

    it('pause after the chunk under way, and go on where they stood', async () => {
      const batch = await county.order(county.lots.plain, { count: 60_000 });
      expect((await county.post<CodeBatch>(`/api/code-batches/${batch.id}/pause`, {})).body).toMatchObject({ state: 'paused' });
      const { made } = (await county.get<CodeBatch>(`/api/code-batches/${batch.id}`)).body;
      expect(made).toBeLessThan(60_000);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect((await county.get<CodeBatch>(`/api/code-batches/${batch.id}`)).body).toMatchObject({ state: 'paused', made });
      expect((await county.post<CodeBatch>(`/api/code-batches/${batch.id}/resume`, {})).status).toBe(200);
      expect(await county.reached(batch.id, 'done')).toMatchObject({ made: 60_000 });
      expect(await county.post(`/api/code-batches/${batch.id}/pause`, {})).toMatchObject({
        status: 409,
        body: { code: 'code_batch_not_making' },
      });
    });

    it('in GS1 form need a GTIN, and their links are Digital Links', async () => {
      expect(await county.post(`/api/lots/${county.lots.plain}/codes`, { id: uuidv7(), count: 1, form: 'gs1' })).toMatchObject({
        status: 409,
        body: { code: 'product_without_gtin' },
      });
      const { codes } = await county.made(county.lots.gtin, { count: 2, form: 'gs1' });
      for (const { code, url } of codes) expect(url).toBe(`${BASE}/01/${GTIN}/10/20261101-1/21/${code}`);
    });

    it('have one code for all of a lot', async () => {
      expect(await county.post(`/api/lots/${county.lots.plain}/codes`, { id: uuidv7(), count: 2, level: 'lot' })).toMatchObject({
        status: 400,
        body: { code: 'invalid_input', errors: [{ path: 'count', code: 'lot_level_count' }] },
      });
      expect((await county.made(county.lots.plain, { count: 1, level: 'lot' })).codes).toMatchObject([
        { level: 'lot', sscc: null },
      ]);
    });

    it('of boxes have an SSCC each, with a right check digit, and none twice', async () => {
      const [one, two] = await Promise.all([
        county.made(county.lots.gtin, { level: 'box', count: 300 }),
        county.made(county.lots.plain, { level: 'box', count: 300 }),
      ]);
      const ssccs = [...one.codes, ...two.codes].map(({ sscc }) => sscc ?? '');
      expect(new Set(ssccs).size).toBe(600);
      for (const sscc of ssccs)
        expect([sscc.length, hasGs1CheckDigit(sscc), sscc.startsWith('06999999')]).toEqual([18, true, true]);
    });

    it('say why they failed, and can be tried again', async () => {
      const [counter] = await rows<{ next: number }>(`update trace.sscc_counter set next = 999999999 returning next`);
      expect(counter).toBeDefined();
      const batch = await county.order(county.lots.plain, { level: 'box', count: 5 });
      expect(await county.reached(batch.id, 'failed')).toMatchObject({ problem: 'sscc_used_up', made: 0 });
      await rows(`update trace.sscc_counter set next = 5000`);
      await county.post(`/api/code-batches/${batch.id}/resume`, {});
      expect(await county.reached(batch.id, 'done')).toMatchObject({ problem: null, made: 5 });
    });

    it('are listed by lot for those who may see it, and are not there for others', async () => {
      const { batch } = await county.made(county.lots.household, { count: 1 });
      const list = await county.get<{ items: CodeBatch[] }>(`/api/code-batches?lot=${county.lots.household}`);
      expect(list.body.items).toMatchObject([{ id: batch.id, state: 'done' }]);
      for (const token of [tokens().stranger, tokens().producer, tokens().town2]) {
        expect((await county.get(`/api/code-batches?lot=${county.lots.household}`, token)).status).toBe(404);
        expect((await county.get(`/api/code-batches/${batch.id}`, token)).status).toBe(404);
        expect((await county.get(`/api/codes?lot=${county.lots.household}`, token)).status).toBe(404);
        expect((await county.get(`/api/code-batches/${batch.id}/codes.csv`, token)).status).toBe(404);
        expect((await county.post(`/api/lots/${county.lots.household}/codes`, { id: uuidv7(), count: 1 }, token)).status).toBe(
          404,
        );
        expect((await county.post(`/api/code-batches/${batch.id}/pause`, {}, token)).status).toBe(404);
      }
      expect(
        (await county.post(`/api/lots/${county.lots.plain}/codes`, { id: uuidv7(), count: 1 }, tokens().producer)).status,
      ).toBe(202);
    });

    it('refuse what is no order without an error of the server', async () => {
      const path = `/api/lots/${county.lots.plain}/codes`;
      for (const body of [
        {},
        { id: 'x', count: 1 },
        { id: uuidv7(), count: 0 },
        { id: uuidv7(), count: 1_000_001 },
        { id: uuidv7(), count: 1.5 },
      ])
        expect((await county.post(path, body)).status).toBe(400);
      expect((await county.post('/api/lots/nonsense/codes', { id: uuidv7(), count: 1 })).status).toBe(400);
      expect((await county.post(`/api/lots/${uuidv7()}/codes`, { id: uuidv7(), count: 1 })).status).toBe(404);
      expect((await county.get('/api/codes')).status).toBe(400);
      for (const cursor of ['x', btoa('["unit",1e300]'), btoa('["unit\\u0000",1]')])
        expect((await county.get(`/api/codes?lot=${county.lots.plain}&cursor=${encodeURIComponent(cursor)}`)).status).toBe(400);
    });
  });

  describe('a list', () => {
    it('goes through all codes of a lot, page by page, each once', async () => {
      const { batch, codes } = await county.made(county.lots.gtin, { count: 25, level: 'unit' });
      const seen: CodeView[] = [];
      let cursor = '';
      do {
        const page = await county.get<Page<CodeView>>(`/api/codes?batch=${batch.id}&limit=10${cursor && `&cursor=${cursor}`}`);
        seen.push(...page.body.items);
        cursor = page.body.nextCursor ?? '';
      } while (cursor);
      expect(seen).toEqual(codes);
      expect(new Set(seen.map(({ code }) => code)).size).toBe(25);
      const all: string[] = [];
      do {
        const page = await county.get<Page<CodeView>>(
          `/api/codes?lot=${county.lots.gtin}&limit=100${cursor && `&cursor=${cursor}`}`,
        );
        all.push(...page.body.items.map(({ code }) => code));
        cursor = page.body.nextCursor ?? '';
      } while (cursor);
      const [stored] = await rows<{ n: number }>('select count(*)::int as n from trace.code where lot_id = $1', [
        county.lots.gtin,
      ]);
      expect(new Set(all).size).toBe(stored?.n);
      expect(all).toHaveLength(stored?.n ?? -1);
    });

    it('as CSV holds every code that may be printed, with its link and SSCC', async () => {
      const { batch, codes } = await county.made(county.lots.gtin, { count: 12, level: 'box' });
      await county.post('/api/codes/void', { codes: [codes[3]!.code], reason: '印坏' });
      const { body, headers } = await county.get<string>(`/api/code-batches/${batch.id}/codes.csv`);
      expect(headers.get('content-type')).toContain('text/csv');
      const printed = codes.filter((_, index) => index !== 3);
      const lines = printed.map(({ code, url, sscc }) => `${code},${url},${sscc}`);
      expect(String(body)).toBe(['code,url,sscc', ...lines, ''].join('\r\n'));
    });
  });

  describe('keys', () => {
    it('are rotated by the administrator alone; labels printed before stay valid', async () => {
      const [old] = await unitsOf(county.lots.plain, 1);
      for (const token of [tokens().county, tokens().producer])
        expect((await county.post('/api/code-keys/rotate', {}, token)).status).toBe(403);
      const rotated = await county.post<CodeKeyView>('/api/code-keys/rotate', {}, tokens().admin);
      expect(rotated).toMatchObject({ status: 201, body: { id: 1, signs: true } });
      const list = await county.get<CodeKeyView[]>('/api/code-keys', tokens().admin);
      expect(list.body).toMatchObject([
        { id: 1, signs: true },
        { id: 0, signs: false, createdBy: null },
      ]);
      expect(JSON.stringify(list.body)).not.toContain('secret');
      const [fresh] = await unitsOf(county.lots.plain, 1);
      const keys = county.app.resolve(CodeKeys);
      expect([old!, fresh!].map(({ code }) => keyIdOf(keys.check(code)!))).toEqual([0, 1]);
      expect(await rows(`select 1 from platform.audit where action = 'code_key.rotated'`)).toHaveLength(1);
    });

    it('that another process made are met by their number', async () => {
      const other = await county.app.resolve(CodeKeys).list();
      const keys = county.app.resolve(CodeKeys);
      const text = (await unitsOf(county.lots.plain, 1))[0]!.code;
      expect(other.length).toBeGreaterThan(1);
      const forgetful = keys as unknown as { keys: Map<number, unknown>; readAtMs: number };
      forgetful.keys = new Map();
      forgetful.readAtMs = -Infinity;
      expect(keys.check(text)).toBeUndefined();
      expect(await keys.checkFresh(text)).toBe(await keys.checkFresh(codeOf(`/t/${text}`)!));
      expect(keys.check(text)).toBeDefined();
    });
  });

  describe('activation', () => {
    it('makes codes of a print shop worth something, by batch or one by one', async () => {
      const { batch, codes } = await county.made(county.lots.plain, { count: 5, activation: 'later' });
      expect(codes.every(({ state }) => state === 'made')).toBe(true);
      const texts = [codes[0]!.code, codes[1]!.url, 'A'.repeat(20), 'x\0y'];
      const some = await county.post<CodeChangeResult>('/api/codes/activate', { codes: texts });
      expect(some).toMatchObject({ status: 200, body: { changed: 2, unchanged: 0, unknown: texts.slice(2) } });
      expect((await county.post('/api/codes/activate', { batchId: batch.id })).body).toEqual({
        changed: 3,
        unchanged: 2,
        unknown: [],
      });
      expect((await county.post('/api/codes/activate', { batchId: batch.id })).body).toEqual({
        changed: 0,
        unchanged: 5,
        unknown: [],
      });
      expect((await county.post('/api/codes/activate', { batchId: batch.id, codes: texts })).status).toBe(400);
      expect((await county.post('/api/codes/activate', { batchId: batch.id }, tokens().stranger)).status).toBe(404);
      expect((await county.post('/api/codes/activate', { codes: [codes[0]!.code] }, tokens().stranger)).body).toMatchObject({
        changed: 0,
        unknown: [codes[0]!.code],
      });
    });

    it('never brings a void code back; voiding is recorded', async () => {
      const { batch, codes } = await county.made(county.lots.plain, { count: 3 });
      const reason = '标签遗失';
      expect((await county.post('/api/codes/void', { codes: [codes[0]!.code], reason })).body).toMatchObject({ changed: 1 });
      expect((await county.post('/api/codes/activate', { codes: [codes[0]!.code] })).body).toMatchObject({
        changed: 0,
        unchanged: 1,
      });
      expect((await county.post('/api/codes/void', { batchId: batch.id, reason })).body).toMatchObject({
        changed: 2,
        unchanged: 1,
      });
      const audit = await rows<{ detail: { count: number; reason: string } }>(
        `select detail from platform.audit where action = 'code.voided' and subject = $1 order by id`,
        [`code_batch:${batch.id}`],
      );
      expect(audit.map(({ detail }) => detail)).toEqual([
        { count: 1, reason },
        { count: 2, reason },
      ]);
    });

    it('shows in the numbers of the lot', async () => {
      const before = (await county.get<CodeSummary>(`/api/lots/${county.lots.household}/codes/summary`)).body;
      const { codes } = await county.made(county.lots.household, { count: 10, activation: 'later' });
      await county.post('/api/codes/activate', { codes: linkOf(codes.slice(0, 4)) });
      await county.post('/api/codes/void', { codes: linkOf(codes.slice(8)), reason: '印坏' });
      const after = (await county.get<CodeSummary>(`/api/lots/${county.lots.household}/codes/summary`)).body;
      expect(after).toEqual({ ...before, made: before.made + 10, activated: before.activated + 4, void: before.void + 2 });
    });
  });

  describe('boxes', () => {
    it('take units in and give them back, each boxing once', async () => {
      const [box, units] = [await boxOf(county.lots.gtin), await unitsOf(county.lots.gtin, 3)];
      const boxing = { id: uuidv7(), box: box.url, units: linkOf(units) };
      // What is told stays where it can be read.
      const release = county.app.resolve(OutboxRelay).hold();
      const packed = await county.post<BoxingView>('/api/boxes', boxing);
      expect(packed).toMatchObject({ status: 200, body: { action: 'pack', box: box.code, sscc: box.sscc, units: 3 } });
      expect((await county.post('/api/boxes', boxing)).body).toEqual(packed.body);
      expect(await county.post('/api/boxes', { ...boxing, units: [units[0]!.code] })).toMatchObject({
        status: 409,
        body: { code: 'boxing_id_taken' },
      });
      const inside = await county.get<Page<CodeView>>(`/api/codes?batch=${units[0]!.batchId}`);
      expect(inside.body.items.map(({ boxCode }) => boxCode)).toEqual([box.code, box.code, box.code]);
      const out = { id: uuidv7(), action: 'unpack', box: box.code, units: [units[0]!.code] };
      expect((await county.post<BoxingView>('/api/boxes', out)).body).toMatchObject({ action: 'unpack', units: 1 });
      const events = await rows<{ payload: { action: string; unitSerials: number[] } }>(
        `select payload from platform.outbox where topic = 'trace.boxed' and payload->>'id' = any($1) order by id`,
        [[boxing.id, out.id]],
      );
      expect(events.map(({ payload }) => [payload.action, payload.unitSerials.length])).toEqual([
        ['pack', 3],
        ['unpack', 1],
      ]);
      release();
    });

    it('that are packed twice at a time are packed once', async () => {
      const [box, units] = [await boxOf(county.lots.gtin), await unitsOf(county.lots.gtin, 2)];
      const boxing = { id: uuidv7(), box: box.code, units: linkOf(units) };
      const [one, two] = await Promise.all([county.post('/api/boxes', boxing), county.post('/api/boxes', boxing)]);
      expect([one.status, two.status]).toEqual([200, 200]);
      expect(one.body).toEqual(two.body);
    });

    it('refuse what does not belong into them, and then take nothing', async () => {
      const [box, other] = [await boxOf(county.lots.gtin), await boxOf(county.lots.gtin)];
      const [free, boxed, spent] = await unitsOf(county.lots.gtin, 3);
      await county.post('/api/boxes', { id: uuidv7(), box: other.code, units: [boxed!.code] });
      await county.post('/api/codes/void', { codes: [spent!.code], reason: '破损' });
      const pack = (units: string[], into = box.code) => county.post('/api/boxes', { id: uuidv7(), box: into, units });
      expect(await pack([free!.code, boxed!.code])).toMatchObject({ status: 409, body: { code: 'code_in_other_box' } });
      expect(await pack([free!.code, spent!.code])).toMatchObject({ status: 409, body: { code: 'code_void' } });
      expect(await pack([free!.code, other.code])).toMatchObject({ status: 409, body: { code: 'code_not_unit' } });
      expect(await pack([free!.code, box.code])).toMatchObject({ status: 409, body: { code: 'code_not_unit' } });
      expect(await pack([free!.code, 'B'.repeat(20)])).toMatchObject({ status: 404, body: { code: 'code_unknown' } });
      expect(await pack([free!.code], boxed!.code)).toMatchObject({ status: 409, body: { code: 'box_is_no_box' } });
      const [row] = await rows<{ boxed: boolean }>(
        'select bool_or(box_serial is not null) as boxed from trace.code where serial = $1',
        [county.app.resolve(CodeKeys).check(free!.code)],
      );
      expect(row).toEqual({ boxed: false });
    });

    it('hold nothing of another county', async () => {
      const admin = tokens().admin;
      const batch = await county.post<CodeBatch>(`/api/lots/${county.lots.foreign}/codes`, { id: uuidv7(), count: 1 }, admin);
      for (let wait = 0; wait < 200; wait += 1) {
        if ((await county.get<CodeBatch>(`/api/code-batches/${batch.body.id}`, admin)).body.state === 'done') break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const { body } = await county.get<Page<CodeView>>(`/api/codes?lot=${county.lots.foreign}`, admin);
      const input = { id: uuidv7(), box: (await boxOf(county.lots.gtin)).code, units: linkOf(body.items) };
      expect(await county.post('/api/boxes', input, admin)).toMatchObject({
        status: 409,
        body: { code: 'code_of_other_county' },
      });
      expect(await county.post('/api/boxes', input)).toMatchObject({ status: 404, body: { code: 'code_unknown' } });
    });
  });

  describe('a shipment', () => {
    const shipment = async (lotIds: readonly string[]) => {
      const { database } = county.app.db;
      const [lot] = await rows<{ producer_id: string }>('select producer_id from upflow.lot where id = $1', [county.lots.gtin]);
      const place = { countyCode: county.county.countyCode, villageId: county.county.ids.village1 };
      const no = uuidv7();
      const order = await insertOrder(database, {
        ...place,
        sellerId: lot!.producer_id,
        channelOrderNo: no,
        lots: lotIds.map((lotId) => ({ lotId })),
      });
      const { countyCode } = place;
      return insertShipment(database, { countyCode, orderId: order.id, waybill: no, allocationIds: order.allocationIds });
    };

    it('takes codes of its lots, and boxes with what they hold', async () => {
      const id = await shipment([county.lots.gtin]);
      const [box, [loose, ...units]] = [await boxOf(county.lots.gtin), await unitsOf(county.lots.gtin, 3)];
      await county.post('/api/boxes', { id: uuidv7(), box: box.code, units: linkOf(units) });
      const codes = [box.url, loose!.code];
      const token = tokens().producer;
      expect((await county.post(`/api/shipments/${id}/codes`, { codes }, token)).body).toEqual({
        changed: 4,
        unchanged: 0,
        unknown: [],
      });
      expect((await county.post(`/api/shipments/${id}/codes`, { codes }, token)).body).toEqual({
        changed: 0,
        unchanged: 4,
        unknown: [],
      });
      const other = await shipment([county.lots.gtin]);
      expect(await county.post(`/api/shipments/${other}/codes`, { codes: [loose!.code] })).toMatchObject({
        status: 409,
        body: { code: 'code_in_other_shipment' },
      });
      expect((await county.post(`/api/shipments/${id}/codes`, { codes }, tokens().stranger)).status).toBe(404);
    });

    it.each(['cancelled', 'returned'])('that was %s gives its codes to the next one', async (stage) => {
      const [first, second] = [await shipment([county.lots.gtin]), await shipment([county.lots.gtin])];
      const [box, [loose, unit]] = [await boxOf(county.lots.gtin), await unitsOf(county.lots.gtin, 2)];
      const pack = (units: string[]) => county.post('/api/boxes', { id: uuidv7(), box: box.code, units });
      await pack([unit!.code]);
      const bind = (id: string) => county.post(`/api/shipments/${id}/codes`, { codes: [box.code, loose!.code] });
      expect((await bind(first)).body).toMatchObject({ changed: 3 });
      expect(await bind(second)).toMatchObject({ status: 409, body: { code: 'code_in_other_shipment' } });
      expect(await pack([loose!.code])).toMatchObject({ status: 409, body: { code: 'code_in_other_shipment' } });
      await rows('update upflow.shipment set stage = $2 where id = $1', [first, stage]);
      expect((await pack([(await unitsOf(county.lots.gtin, 1))[0]!.code])).status).toBe(200);
      expect((await bind(second)).body).toMatchObject({ changed: 4 });
      expect((await bind(second)).body).toMatchObject({ changed: 0, unchanged: 4 });
      const third = await shipment([county.lots.gtin]);
      expect(await bind(third)).toMatchObject({ status: 409, body: { code: 'code_in_other_shipment' } });
    });

    it('takes nothing of another lot, not in a box either', async () => {
      const id = await shipment([county.lots.gtin]);
      const [box, [right], [wrong]] = [
        await boxOf(county.lots.gtin),
        await unitsOf(county.lots.gtin, 1),
        await unitsOf(county.lots.plain, 1),
      ];
      const bind = (codes: string[]) => county.post(`/api/shipments/${id}/codes`, { codes });
      expect(await bind([right!.code, wrong!.code])).toMatchObject({ status: 409, body: { code: 'code_of_other_lot' } });
      await county.post('/api/boxes', { id: uuidv7(), box: box.code, units: [right!.code, wrong!.code] });
      expect(await bind([box.code])).toMatchObject({ status: 409, body: { code: 'code_of_other_lot' } });
      expect(await bind([right!.code])).toMatchObject({ status: 409, body: { code: 'code_boxed' } });
      const empty = await boxOf(county.lots.plain);
      expect(await bind([empty.code])).toMatchObject({ status: 409, body: { code: 'code_of_other_lot' } });
      expect(await rows('select 1 from trace.code where shipment_id = $1', [id])).toHaveLength(0);
    });
  });
});
