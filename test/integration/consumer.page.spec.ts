import { createHash } from 'node:crypto';
import type { AlertView, CertificateView, FakeReportView, Page, Problem, TracePage } from '#contracts';
import { Database, SecretBox, uuidv7 } from '#platform';
import { CodeScans, TracePages } from '#trace';
import { insertOrder, insertShipment } from '../factories/produce.js';
import { codeCounty, type CodeCounty } from './code.county.js';

const PHONE = '13812345678';
const WIRE_BYTES = 14_000;

describe('the consumer page', () => {
  let trace: CodeCounty;
  let codes: string[] = [];
  beforeAll(async () => {
    trace = await codeCounty();
    const made = await trace.made(trace.lots.plain, { count: 30 });
    codes = made.codes.map(({ code }) => code);
    await query('update upflow.producer set contact_phone = $1 where village_id = $2', [
      trace.app.resolve(SecretBox).encrypt(PHONE),
      trace.county.ids.village1,
    ]);
    await query(
      `insert into upflow.lot_test (id, lot_id, item, result, tested_on, laboratory, created_by) values ($1, $2, '农药残留<快检>', 'pass', '2026-11-02', '县检测中心', $1)`,
      [uuidv7(), trace.lots.plain],
    );
  });
  afterAll(() => trace.close());

  const query = <T>(text: string, params: unknown[] = []) => trace.app.db.database.query<T>(text, params);
  const fresh = () => {
    const code = codes.pop();
    if (!code) throw new Error('More codes are needed');
    return code;
  };
  const html = (path: string, headers: Record<string, string> = {}) => trace.app.get<string>(path, undefined, headers);
  const json = (path: string, headers: Record<string, string> = {}) =>
    trace.app.get<TracePage>(path, undefined, { accept: 'application/json', ...headers });
  const form = (path: string, fields: Record<string, string>) => trace.app.post<string>(path, new URLSearchParams(fields));

  describe('of a genuine code', () => {
    it('says so first, and counts each look', async () => {
      const code = fresh();
      const first = await json(`/t/${code}`);
      expect(first.status).toBe(200);
      expect(first.body).toMatchObject({
        verdict: 'genuine',
        reasons: [],
        code,
        level: 'unit',
        message: '这个码是我们发的，今天是第一次有人查。',
        scans: { count: 1 },
        recall: null,
        product: { name: '红富士苹果', categoryCode: '010301' },
        lot: { lotNo: '20261101-2', harvestedOn: '2026-11-01', plot: '东坡三号', origin: '示范县东镇东一村村委会', mixed: false },
        producer: { name: '东山果业合作社', kind: 'coop' },
        tests: [{ item: '农药残留<快检>', result: 'pass', testedOn: '2026-11-02', laboratory: '县检测中心' }],
      });
      const second = await html(`/t/${code}`, { 'accept-language': 'en' });
      expect(second.body).toContain('It was looked up 2 times.');
      expect((await json(`/t/${code}`)).body).toMatchObject({ scans: { count: 3, firstAt: first.body.scans?.firstAt } });
    });

    it('shows everything in order, in both languages, without a script or a further request', async () => {
      const code = fresh();
      const { body, headers, status } = await html(`/t/${code}`);
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      const order = [
        'class="v genuine"',
        '是真的',
        '<h2>产品',
        '东镇东一村',
        '<svg class="map"',
        '谁种的、谁做的',
        '承诺达标合格证',
        '<h2>检测',
        '一路怎么来',
        '<h2>召回',
        '/report?lang=zh-CN',
      ];
      const places = order.map((part) => body.indexOf(part));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places[0]).toBeGreaterThan(0);
      expect(body).toContain('农药残留&lt;快检&gt;');
      expect(body).not.toMatch(/<script|<link rel="stylesheet|<img|src=|style="|@import|url\(/);
      const english = (await html(`/t/${code}?lang=en`)).body;
      expect(english).toContain('<html lang="en">');
      expect(english).toContain('How it came to you');
      for (const page of [body, english]) expect(Buffer.byteLength(page)).toBeLessThan(WIRE_BYTES);
    });

    it('lets its own style in and nothing else', async () => {
      const { body, headers } = await html(`/t/${fresh()}`);
      const style = /<style>(.*)<\/style>/s.exec(body)?.[1] ?? '';
      const hash = createHash('sha256').update(style).digest('base64');
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy.split(';')).toEqual([
        "default-src 'none'",
        `style-src 'sha256-${hash}'`,
        'img-src data:',
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ]);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('etag')).toBeNull();
    });

    it('bears the strict headers of every answer, and is not compressed where it arrives in one go anyway', async () => {
      const { headers } = await html(`/t/${fresh()}`, { 'accept-encoding': 'br, gzip' });
      const strict = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-frame-options': 'SAMEORIGIN' };
      for (const [name, value] of Object.entries(strict)) expect(headers.get(name)).toBe(value);
      expect(headers.get('x-correlation-id')).toMatch(/^[\w-]{36}$/);
      expect(headers.get('content-encoding')).toBeNull();
      const api = await trace.app.get('/api/openapi.json', undefined, { 'accept-encoding': 'br, gzip' });
      expect(api.headers.get('content-encoding')).toBe('br');
      expect(api.headers.get('content-security-policy')).toContain("script-src 'self' 'wasm-unsafe-eval'");
    });

    it('never tells a telephone, a buyer or a waybill', async () => {
      const { countyCode, ids } = trace.county;
      const { database } = trace.app.db;
      const [lot] = await query<{ producerId: string }>('select producer_id as "producerId" from upflow.lot where id = $1', [
        trace.lots.plain,
      ]);
      const secrets = trace.app.resolve(SecretBox);
      const place = { countyCode, villageId: ids.village1, sellerId: lot!.producerId };
      for (const [index, province] of ['浙江省', '上海市', '浙江省'].entries()) {
        const buyer = { name: '赵买家', phone: '13711112222', secrets };
        const order = await insertOrder(database, {
          ...place,
          channelOrderNo: `O${index}`,
          lots: [{ lotId: trace.lots.plain }],
          buyer,
        });
        const id = await insertShipment(database, {
          countyCode,
          orderId: order.id,
          waybill: `7700000000${index}`,
          allocationIds: order.allocationIds,
        });
        await query(
          `update upflow.shipment set province = $2, stage = 'delivered', stage_at = packed_at + interval '2 days' where id = $1`,
          [id, province],
        );
      }
      await query(`update upflow.lot set revision = revision + 1 where id = $1`, [trace.lots.plain]);
      const { body } = await json(`/t/${fresh()}`);
      const steps = body.timeline.map(({ step, text, place: where }) => `${step} ${text} ${where ?? ''}`.trim());
      expect(steps).toEqual([
        'harvested 采收 示范县东镇东一村村委会',
        'packed 开始打包发货 东镇',
        expect.stringMatching(/^heading 寄往(浙江省、上海市|上海市、浙江省)$/),
        'tested 农药残留<快检>：合格 县检测中心',
        expect.stringMatching(/^delivered 送到买家手里 /),
      ]);
      for (const text of [JSON.stringify(body), (await html(`/t/${fresh()}`)).body])
        expect(text).not.toMatch(/赵|1371111|7700000000|13812345678/);
    });

    it('does not count a machine, a prefetch or a request for the head', async () => {
      const code = fresh();
      await html(`/t/${code}`, { 'user-agent': 'Mozilla/5.0 (compatible; Baiduspider/2.0)' });
      await html(`/t/${code}`, { 'sec-purpose': 'prefetch' });
      expect((await trace.app.send('HEAD', `/t/${code}`, undefined)).status).toBe(200);
      await html(`/t/${code}/certificate`);
      await html(`/t/${code}/report`);
      expect((await json(`/t/${code}`)).body.scans?.count).toBe(1);
    });
  });

  it('does not know a code with one character changed, and asks the database nothing about it', async () => {
    const code = fresh();
    const wrong = (code.startsWith('A') ? 'B' : 'A') + code.slice(1);
    const { pool } = trace.app.resolve(Database);
    const asked: unknown[] = [];
    const query = pool.query.bind(pool);
    pool.query = ((...call: Parameters<typeof query>) => (asked.push(call[0]), query(...call))) as typeof pool.query;
    const { status, body } = await json(`/t/${wrong}`);
    await json(`/t/${code}`);
    pool.query = query;
    // The last of two: the right code is asked about, the wrong one is not.
    expect(asked.filter((statement) => JSON.stringify(statement).includes('join trace.code c'))).toHaveLength(1);
    expect(status).toBe(404);
    expect(body).toMatchObject({ verdict: 'unknown', product: null, lot: null, scans: null });
    const page = await html(`/t/${wrong}`);
    expect(page.status).toBe(404);
    expect(page.body).toContain('查不到');
    expect(page.body).not.toContain('/report');
    for (const odd of ['x', '%00', '%3Cscript%3E', 'a'.repeat(400), '%F0%9F%8D%8E'])
      expect((await html(`/t/${odd}`)).status).toBe(404);
    expect((await html('/t/%3Cscript%3Ealert(1)%3C%2Fscript%3E')).body).not.toContain('<script');
  });

  it.each([
    ['made', 'suspicious', ['not_activated'], '还没有启用'],
    ['void', 'void', [], '已经作废'],
  ])('says of a code that is %s that it is %s', async (state, verdict, reasons, words) => {
    const code = fresh();
    const { serial } = await serialOf(code);
    await query('update trace.code set state = $2 where serial = $1', [serial, state]);
    const { body } = await json(`/t/${code}`);
    expect(body).toMatchObject({ verdict, reasons });
    expect(body.message).toContain(words);
  });

  it('warns of a copy with the reason in plain words', async () => {
    const code = fresh();
    await json(`/t/${code}`);
    const { serial } = await serialOf(code);
    const places = [
      [31.2, 121.5],
      [23.1, 113.3],
      [39.9, 116.4],
      [30.6, 104.1],
      [45.8, 126.5],
    ];
    // Days apart, as people are.
    for (const [index, [latitude = 0, longitude = 0]] of places.entries()) {
      const point = { place: null, latitude, longitude, network: `network ${index}`, device: Buffer.from(`phone ${index}`) };
      await trace.app.resolve(CodeScans).look(serial, point, new Date(Date.now() + (index - places.length) * 86_400_000));
    }
    const last = (await json(`/t/${code}`)).body;
    expect(last.verdict).toBe('suspicious');
    expect(last.reasons.length).toBeGreaterThan(0);
    const page = (await html(`/t/${code}?lang=en`)).body;
    expect(page).toContain('Be careful');
    expect(page).toMatch(/far apart|many cities|Too many/);
  });

  it('warns within minutes when ten phones look in ten cities, tells the staff, and not when one phone does what phones do', async () => {
    const code = fresh();
    expect((await json(`/t/${code}`)).body.verdict).toBe('genuine');
    const places = [
      '39.9 116.4',
      '31.2 121.5',
      '23.1 113.3',
      '30.6 104.1',
      '30.6 114.3',
      '34.3 108.9',
      '41.8 123.4',
      '30.3 120.2',
    ];
    const look = async (of: string, place: string, phone: string) => {
      const [lat, lon] = place.split(' ');
      return (await json(`/t/${of}?lat=${lat}&lon=${lon}`, { 'user-agent': `Mozilla/5.0 (Linux; Android 14; ${phone})` })).body;
    };
    let last: TracePage | undefined;
    for (const [index, place] of [...places, '25.0 102.7', '43.8 87.6'].entries())
      last = await look(code, place, `phone ${index}`);
    expect(last).toMatchObject({ verdict: 'suspicious', scans: { count: 11 } });
    expect(last?.reasons).toEqual(expect.arrayContaining(['impossible_travel', 'many_places']));
    const alerts = (await trace.get<Page<AlertView>>('/api/alerts?state=open', trace.county.tokens.town)).body.items;
    expect(alerts.some((alert) => alert.code === code)).toBe(true);
    // One phone that loads twice, whose link a machine opens, and that goes from Wi-Fi to its mobile network.
    const other = fresh();
    for (const [place, phone] of [
      ['39.9 116.4', 'mine'],
      ['39.9 116.4', 'mine'],
      ['23.1 113.3', 'machine'],
      ['34.3 108.9', 'mine'],
      ['39.9 116.4', 'mine'],
    ] as const)
      expect((await look(other, place, phone)).verdict).toBe('genuine');
  });

  const serialOf = async (code: string) => ({ serial: Buffer.from(code.slice(0, 8), 'base64url').readUIntBE(0, 5) });

  it('warns of a recall at once, above everything else, on every page of the lot', async () => {
    const lotId = trace.lots.gtin;
    const [code] = (await trace.made(lotId, { count: 1 })).codes;
    const path = `/t/${code!.code}`;
    expect((await json(path)).body.verdict).toBe('genuine');
    const [recallId, reason] = [uuidv7(), '农药残留超标 <b>'];
    await query(
      `insert into trace.recall (id, county_code, lot_id, reason, started_by, started_at) values ($1, '990101', $2, $3, $1, now())`,
      [recallId, lotId, reason],
    );
    await query('insert into trace.recall_lot (recall_id, lot_id) values ($1, $2)', [recallId, lotId]);
    expect((await json(path)).body).toMatchObject({ verdict: 'recalled', recall: { reason } });
    const page = (await html(path)).body;
    expect(page.indexOf('农药残留超标 &lt;b&gt;')).toBeLessThan(page.indexOf('<h2>产品'));
    expect(page).toContain('不要吃');
    expect((await trace.app.resolve(TracePages).forLot(lotId, 'en')).verdict).toBe('recalled');
    await query('update trace.recall set ended_at = now() where id = $1', [recallId]);
    expect((await json(path)).body.verdict).toBe('genuine');
  });

  it('of a lot or a product without a code says what it is, and what it is not', async () => {
    const pages = trace.app.resolve(TracePages);
    const lot = await pages.forLot(trace.lots.plain, 'zh-CN');
    expect(lot).toMatchObject({ verdict: 'genuine', code: null, scans: null, lot: { lotNo: '20261101-2' } });
    expect(lot.message).toContain('整批');
    const [row] = await query<{ id: string }>('select product_id as id from upflow.lot where id = $1', [trace.lots.plain]);
    expect(await pages.forProduct(row!.id, 'en')).toMatchObject({
      verdict: 'genuine',
      lot: null,
      product: { name: '红富士苹果' },
    });
    expect((await pages.forLot(uuidv7(), 'en')).verdict).toBe('unknown');
    expect((await pages.forProduct(uuidv7(), 'en')).verdict).toBe('unknown');
  });

  it('keeps a household private', async () => {
    const [code] = (await trace.made(trace.lots.household, { count: 1 })).codes;
    const page = (await html(`/t/${code!.code}`)).body;
    expect(page).toContain('王*');
  });

  describe('of a certificate', () => {
    const issue = async () =>
      (await trace.post<CertificateView>(`/api/lots/${trace.lots.plain}/certificate`, { id: uuidv7() })).body;

    it('opens by its number and by the code, with the telephone masked, and is kept by tag', async () => {
      const certificate = await issue();
      const path = new URL(certificate.url).pathname;
      const page = await html(path);
      expect(page.status).toBe(200);
      for (const text of ['承诺达标合格证', '东山果业合作社', '138******78', '100千克', '自我检测'])
        expect(page.body).toContain(text);
      expect(page.body).not.toContain(PHONE);
      expect((await html(`/t/${fresh()}/certificate`)).body).toBe(page.body);
      const tag = page.headers.get('etag') ?? '';
      expect((await html(path, { 'if-none-match': tag })).status).toBe(304);
      const code = fresh();
      expect((await json(`/t/${code}`)).body.certificate?.number).toBe(certificate.number);
      const newer = await issue();
      expect((await json(`/t/${code}`)).body.certificate?.number).toBe(newer.number);
      const old = await html(path, { 'if-none-match': tag });
      expect(old.status).toBe(200);
      expect(old.body).toContain(`/c/${newer.number}`);
      expect((await json(path)).body).toMatchObject({
        number: certificate.number,
        supersededBy: newer.number,
        contact: '138******78',
      });
    });

    it('is not there for a wrong number', async () => {
      for (const path of ['/c/990101261123000011', '/c/abc', '/c/%00', `/t/${'A'.repeat(20)}/certificate`]) {
        const { status, body } = await html(path);
        expect(status).toBe(404);
        expect(body).toContain('没有这张合格证');
      }
    });
  });

  describe('takes reports of fakes', () => {
    const idOf = (page: string) => /name="id" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const list = async (search = '', token?: string) =>
      (await trace.get<Page<FakeReportView>>(`/api/fake-reports?limit=200${search}`, token)).body.items;

    it('from a form without a script, and leads on to the thanks', async () => {
      const code = fresh();
      const page = await html(`/t/${code}/report`);
      expect(page.body).toContain('<form method="post"');
      const fields = { id: idOf(page.body), text: '味道不对\u0000', boughtAt: '夜市', contact: PHONE, website: '' };
      const sent = await form(`/t/${code}/report?lang=zh-CN`, fields);
      expect(sent.status).toBe(303);
      expect(sent.headers.get('location')).toBe(`/t/${code}/report?sent=1&lang=zh-CN`);
      expect((await html(sent.headers.get('location') ?? '')).body).toContain('收到了，谢谢您');
      await form(`/t/${code}/report?lang=zh-CN`, fields);
      const mine = (await list()).filter((report) => report.code === code);
      expect(mine).toMatchObject([
        {
          id: fields.id,
          text: '味道不对',
          boughtAt: '夜市',
          contact: '138******78',
          state: 'open',
          lot: { lotNo: '20261101-2' },
        },
      ]);
      const stored = await query<{ row: string }>('select f::text as row from trace.fake_report f where id = $1', [fields.id]);
      expect(stored[0]?.row).not.toContain(PHONE);
      expect(stored[0]?.row).not.toContain(Buffer.from(PHONE).toString('hex'));
    });

    it('not from a machine that fills in every field, not empty, not for a code that is not ours', async () => {
      const code = fresh();
      expect((await form(`/t/${code}/report`, { text: 'buy', website: 'https://x.example' })).status).toBe(303);
      const empty = await form(`/t/${code}/report`, { text: '  ', contact: '"><script>' });
      expect(empty.status).toBe(400);
      expect(empty.body).toContain('请写一写哪里不对');
      expect(empty.body).not.toContain('<script');
      expect((await form(`/t/${code}/report`, { text: 'x'.repeat(1001) })).status).toBe(400);
      expect((await form(`/t/${'A'.repeat(20)}/report`, { text: 'x' })).status).toBe(404);
      expect((await trace.app.post(`/t/${code}/report`, { text: { deep: 1 } })).status).toBe(400);
      expect((await list()).filter((report) => report.code === code)).toEqual([]);
    });

    it('only so many a day of one code, also at the same time', async () => {
      const code = fresh();
      const answers = await Promise.all(
        Array.from({ length: 9 }, (_, index) => form(`/t/${code}/report`, { text: `假的 ${index}` })),
      );
      const ends = answers.map(({ headers }) => headers.get('location')?.includes('sent=full'));
      expect(ends.filter((full) => full === true)).toHaveLength(4);
      expect((await list()).filter((report) => report.code === code)).toHaveLength(5);
    });

    it('for staff of the place to decide', async () => {
      const { tokens } = trace.county;
      const code = fresh();
      await form(`/t/${code}/report`, { text: '像是假的' });
      const report = (await list()).find((entry) => entry.code === code)!;
      expect((await list('', tokens.town2)).map(({ id }) => id)).not.toContain(report.id);
      const decide = (body: object, token = tokens.town) =>
        trace.app.post<FakeReportView & Problem>(`/api/fake-reports/${report.id}/decide`, body, token);
      expect((await decide({ state: 'confirmed' }, tokens.town2)).status).toBe(404);
      expect((await decide({ state: 'confirmed' }, tokens.producer)).status).toBe(403);
      const first = await decide({ state: 'confirmed', note: '标签是复制的' });
      expect(first).toMatchObject({ status: 200, body: { state: 'confirmed', note: '标签是复制的' } });
      expect((await decide({ state: 'confirmed', note: '标签是复制的' })).body).toEqual(first.body);
      expect(await decide({ state: 'unfounded' })).toMatchObject({ status: 409, body: { code: 'fake_report_decided' } });
      expect((await list('&state=open')).map(({ id }) => id)).not.toContain(report.id);
      expect((await trace.get('/api/fake-reports?cursor=x')).status).toBe(400);
    });
  });
});
