import { createHash } from 'node:crypto';
import type { Browser } from 'playwright-core';
import {
  dayOf,
  type AlertView,
  type CertificateView,
  type CodeBatch,
  type CodeView,
  type LotView,
  type OrderImportResult,
  type OrderListItem,
  type OrderView,
  type Page,
  type PayoutView,
  type ProducerView,
  type ProductView,
  type TracePage,
} from '#contracts';
import { uuidv7 } from '#platform';
import { cropped, readQr, renderPdf } from '../factories/rendered.pdf.js';
import { startStandalone, type Standalone } from '../factories/standalone.js';
import { ApiClient, until } from '../e2e/api.client.js';
import { browserRequired, chromiumPath, launch } from './browser.js';

const executable = chromiumPath();
const CODES = 500;
const TIMEOUT_MS = 60_000;
/** Networks of ten cities in the demo county's table. */
const CITIES = Array.from({ length: 10 }, (_, index) => `198.18.${index + 1}.7`);

if (!executable) {
  it('is left out: there is no Chromium on this machine (CHROMIUM_PATH can name one)', () => {
    expect(browserRequired).toBe(false);
  });
} else {
  describe('a harvest on its way to a consumer, on the demo county', () => {
    let app: Standalone;
    let browser: Browser;
    let producer: ApiClient;
    let keeper: ApiClient;
    let officer: ApiClient;
    let coop: ProducerView;
    let lot: LotView;
    let codes: CodeView[];
    let orders: OrderListItem[];
    const run = String(Date.now()).slice(-8);
    const today = dayOf(Date.now());
    const waybill = `YT88${run}${run.slice(0, 5)}`.slice(0, 15);
    const url = (path: string) => `${app.baseUrl}${path}`;

    beforeAll(async () => {
      app = await startStandalone();
      browser = await launch(executable);
      [producer, keeper, officer] = (await Promise.all(
        ['producer', 'station', 'county'].map((name) => ApiClient.signIn(app.baseUrl, name)),
      )) as [ApiClient, ApiClient, ApiClient];
      const { items } = (await producer.get<Page<ProducerView>>(url('/api/producers'))).body;
      coop = items.find((item) => item.kind === 'coop') ?? fail('The login producer acts for no cooperative');
    });
    afterAll(async () => {
      await browser?.close();
      await app?.stop();
    });

    it('is entered, tested and certified', async () => {
      const { items } = (await producer.get<Page<ProductView>>(url(`/api/products?producerId=${coop.id}`))).body;
      const harvest = {
        id: uuidv7(),
        productId: items[0]?.id,
        plot: { name: '东坡新园', areaMu: 6 },
        harvestedOn: today,
        quantityG: 2_000_000,
        inputs: [{ id: uuidv7(), kind: 'fertiliser', name: '有机肥', appliedOn: '2026-05-01', safetyIntervalDays: 0 }],
      };
      const entered = await producer.post<LotView>(url('/api/lots'), harvest);
      expect(entered.status).toBe(201);
      lot = entered.body;
      const test = { id: uuidv7(), item: '农药残留快检', result: 'pass', testedOn: today, laboratory: '示范检测站' };
      expect((await producer.post<LotView>(url(`/api/lots/${lot.id}/tests`), test)).status).toBe(201);
      const certificate = await producer.post<CertificateView>(url(`/api/lots/${lot.id}/certificate`), { id: uuidv7() });
      expect(certificate).toMatchObject({ status: 201, body: { content: { quantityG: 2_000_000, lotNo: lot.lotNo } } });
    });

    it('gets five hundred codes, and every printed label decodes to its own', async () => {
      const order = { id: uuidv7(), level: 'unit', count: CODES };
      expect((await producer.post<CodeBatch>(url(`/api/lots/${lot.id}/codes`), order)).status).toBe(202);
      const batch = await until(
        async () => (await producer.get<CodeBatch>(url(`/api/code-batches/${order.id}`))).body,
        ({ state }) => state === 'done',
        TIMEOUT_MS,
      );
      expect(batch).toMatchObject({ state: 'done', made: CODES });
      codes = (await producer.get<Page<CodeView>>(url(`/api/codes?lot=${lot.id}&limit=1000`))).body.items;
      expect(codes).toHaveLength(CODES);
      const answer = await fetch(url(`/api/code-batches/${order.id}/labels.pdf?form=a4`), {
        headers: { authorization: `Bearer ${producer.token}` },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const pages = await renderPdf(new Uint8Array(await answer.arrayBuffer()), 150);
      const decoded = (await Promise.all(pages.map((page) => readQr(cropped(page, [0, 0, page.widthPt, page.heightPt]))))).flat();
      expect([...decoded].sort()).toEqual(codes.map((code) => code.url).sort());
    });

    it('is ordered on a channel, packed, and followed to its delivery', async () => {
      const rows = [1, 2].map((number) =>
        [
          `PDD${run}${number}`,
          '红富士苹果 5斤装',
          '1',
          '39.80',
          `${today} 08:0${number}:00`,
          '甲示范',
          '19900091234',
          '广东省',
          '广州市',
          '示范路1号',
        ].join(','),
      );
      const table = `订单号,商品,商品数量(件),商家实收金额(元),支付时间,收货人,手机,省,市,详细地址\n${rows.join('\n')}\n`;
      const form = new FormData();
      form.set('file', new Blob([`\uFEFF${table}`]), 'orders.csv');
      const imported = await producer.post<OrderImportResult>(
        url(`/api/orders/import?channel=pinduoduo&sellerId=${coop.id}`),
        form,
      );
      expect(imported.body).toMatchObject({ missing: [], counts: { orders: 2, added: 2, refused: 0 } });
      orders = (await producer.get<Page<OrderListItem>>(url(`/api/orders?sellerId=${coop.id}&limit=200`))).body.items.filter(
        (item) => item.channelOrderNo.startsWith(`PDD${run}`),
      );
      expect(orders).toHaveLength(2);
      const [order] = orders;
      const view = (await producer.get<OrderView>(url(`/api/orders/${order?.id}`))).body;
      const allocations = view.lines.map((line) => ({ id: uuidv7(), lineId: line.id, lotId: lot.id, quantityG: 2500 }));
      expect((await producer.post<OrderView>(url(`/api/orders/${order?.id}/allocations`), { allocations })).body.state).toBe(
        'allocated',
      );
      const shipment = { id: uuidv7(), waybill, carrierCode: 'YTO', weightG: 2800, freightFen: 620 };
      expect((await producer.post(url(`/api/orders/${order?.id}/shipments`), shipment)).status).toBe(201);
      const bound = await producer.post(url(`/api/shipments/${shipment.id}/codes`), { codes: [codes[0]?.url] });
      expect(bound.status).toBeLessThan(300);

      const scans = [{ id: uuidv7(), kind: 'accepted', waybill, occurredAt: new Date().toISOString() }];
      await keeper.post(url('/api/scans'), { scans });
      const stateOf = async () => (await producer.get<OrderView>(url(`/api/orders/${order?.id}`))).body.state;
      expect(await until(stateOf, (state) => state === 'shipped', TIMEOUT_MS)).toBe('shipped');
      await pushDelivered();
      expect(await until(stateOf, (state) => state === 'delivered', TIMEOUT_MS)).toBe('delivered');
    });

    it('is paid out', async () => {
      const sheet = { id: uuidv7(), sellerId: coop.id, from: today, to: today };
      const made = await producer.post<PayoutView>(url('/api/payouts'), sheet);
      expect(made).toMatchObject({
        status: 201,
        body: { state: 'draft', amountFen: 3980, producers: [{ producer: { id: coop.id } }] },
      });
      const paid = await producer.post<PayoutView>(url(`/api/payouts/${sheet.id}/paid`), { paidAt: new Date().toISOString() });
      expect(paid.body.state).toBe('paid');
    });

    it('is genuine to the first who scans it, and suspicious after ten cities', async () => {
      const code = codes[0] ?? fail('no code');
      const context = await browser.newContext({
        viewport: { width: 360, height: 640 },
        locale: 'zh-CN',
        javaScriptEnabled: false,
      });
      const page = await context.newPage();
      const bytes: number[] = [];
      page.on(
        'response',
        (response) =>
          void response.body().then(
            (body) => bytes.push(body.length),
            () => undefined,
          ),
      );
      await page.goto(code.url);
      const words = await page.locator('body').innerText();
      expect(words).toContain('东坡新园');
      expect(words).toContain('承诺达标合格证');
      expect(bytes.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(14 * 1024);
      await context.close();
      const look = async (address: string, phone: string): Promise<TracePage> =>
        (await (
          await fetch(code.url, {
            headers: { accept: 'application/json', 'x-forwarded-for': address, 'user-agent': phone },
            signal: AbortSignal.timeout(TIMEOUT_MS),
          })
        ).json()) as TracePage;
      expect(await look('127.0.0.1', 'first')).toMatchObject({ verdict: 'genuine', scans: { count: 2 } });
      let seen: TracePage | undefined;
      for (const [index, city] of CITIES.entries()) seen = await look(city, `phone ${index}`);
      expect(seen).toMatchObject({ verdict: 'suspicious', scans: { count: 12 } });
      const { items } = (await officer.get<Page<AlertView>>(url('/api/alerts?state=open'))).body;
      expect(items.some((alert) => alert.code === code.code)).toBe(true);
    });

    it('warns everybody at once when it is recalled', async () => {
      const recall = await officer.post(url('/api/recalls'), { id: uuidv7(), lotId: lot.id, reason: '抽检农残超标' });
      expect(recall.status).toBe(201);
      const answer = await fetch(codes[1]?.url ?? '', {
        headers: { accept: 'application/json' },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      expect(await answer.json()).toMatchObject({ verdict: 'recalled', recall: { reason: '抽检农残超标' } });
    });

    function fail(why: string): never {
      throw new Error(why);
    }

    /** What 快递100 pushes when the buyer has signed. */
    async function pushDelivered(): Promise<void> {
      const at = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
      const line = {
        time: at,
        ftime: at,
        context: '【广州市】快件已签收，签收人：本人',
        status: '签收',
        statusCode: '301',
        areaCode: '',
      };
      const param = JSON.stringify({
        status: 'shutdown',
        billstatus: 'check',
        message: '',
        lastResult: { message: 'ok', nu: waybill, ischeck: '1', com: 'yuantong', status: '200', state: '3', data: [line] },
      });
      const sign = createHash('md5').update(param).digest('hex').toUpperCase();
      const answer = await officer.post<{ result: boolean }>(
        url('/api/carriers/kuaidi100/push?county=990101'),
        new URLSearchParams({ param, sign }),
      );
      expect(answer.body).toMatchObject({ result: true });
    }
  });
}
