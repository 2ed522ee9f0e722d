/**
 * What leaves a village, in two browsers: a keeper without a network takes a parcel in as the law asks and seals a bag; the town takes the bag, opens it
 * and counts. After each, the county's own answer is asked.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  residentIdCheck,
  type BagDetail,
  type CertificateView,
  type ConsignmentRecord,
  type ConsignmentView,
  type ManifestDetail,
  type Me,
  type Page as List,
} from '#contracts';
import { startStandalone, type Standalone } from '../factories/standalone.js';
import { ApiClient } from '../e2e/api.client.js';
import { uuidv7 } from '#platform';
import { browserRequired, chromiumPath, freshWaybills, launch, scan, untilText } from './browser.js';
import { Line } from './line.js';
import { faultsAt } from './page.faults.js';

const executable = chromiumPath();
const PASSWORD = 'xiangyi-demo';
const FIRST = '11010519491231002';
const IDENTITY = FIRST + residentIdCheck(FIRST);
const PHONE = { width: 360, height: 640 };

if (!executable) {
  it('is left out: there is no Chromium on this machine (CHROMIUM_PATH can name one)', () => {
    expect(browserRequired).toBe(false);
  });
} else {
  describe('what leaves a village', () => {
    let app: Standalone;
    let line: Line;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    let keeper: ApiClient;
    let stationCode: string;

    beforeAll(async () => {
      app = await startStandalone();
      browser = await launch(executable);
      keeper = await ApiClient.signIn(app.baseUrl, 'station');
      const { body } = await keeper.get<Me>(`${app.baseUrl}/api/auth/me`);
      stationCode = body.stations[0]?.code ?? '';
    });
    afterAll(async () => {
      await browser?.close();
      await app?.stop();
    });
    beforeEach(async () => {
      line = await Line.to(app.baseUrl);
      [context, page] = await phoneOf('station', line.url);
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 60_000 });
    });
    afterEach(async () => {
      await context.close();
      await line.close();
    });

    /** Somebody's phone, signed in at the station's app. */
    async function phoneOf(username: string, baseURL: string): Promise<[BrowserContext, Page]> {
      const own = await browser.newContext({ baseURL, viewport: PHONE, locale: 'zh-CN' });
      const opened = await own.newPage();
      opened.setDefaultTimeout(60_000);
      await opened.goto('/station/');
      await opened.fill('input[name=username]', username);
      await opened.fill('input[name=password]', PASSWORD);
      await opened.click('[data-testid=station-sign-in]');
      await opened.locator('[data-testid=scan-input]').waitFor();
      return [own, opened];
    }
    const at = (on: Page, testId: string) => on.locator(`[data-testid="${testId}"]`);
    const answer = (on: Page, tone: string) => on.locator(`[data-testid=answer][data-tone=${tone}]`);
    async function backOnline(): Promise<void> {
      line.condition = 'up';
      await page.evaluate(() => dispatchEvent(new Event('online')));
      await untilText(page, 'pending-count', '0');
    }
    const waiting = async (): Promise<ConsignmentView[]> =>
      (await keeper.get<List<ConsignmentView>>(`${app.baseUrl}/api/consignments?stationCode=${stationCode}&limit=200`)).body
        .items;

    /** The steps up to the freight, each field typed. */
    async function fillSender(): Promise<void> {
      await page.fill('[data-testid=sender-phone]', '13812345678');
      await page.fill('[data-testid=sender-name]', '张三丰');
      await page.fill('[data-testid=sender-identity]', IDENTITY);
    }
    async function fillReceiver(): Promise<void> {
      await page.fill('[data-testid=receiver-name]', '李四');
      await page.fill('[data-testid=receiver-phone]', '13987654321');
      await page.selectOption('[data-testid=receiver-province]', { index: 11 });
      await page.fill('[data-testid=receiver-city]', '杭州市');
      await page.fill('[data-testid=receiver-detail]', '文三路12号3栋502室');
    }
    const next = (): Promise<void> => page.click('[data-testid=send-next]');

    it('is not accepted without inspection, is kept sealed without a network, and is in the county once', async () => {
      const [waybill = '', second = ''] = freshWaybills(2);
      line.cut();
      await page.goto('/station/send');
      // As a scanner types.
      await page.locator('[data-testid=scan-input]').pressSequentially(waybill);
      await page.keyboard.press('Enter');
      await untilText(page, 'send-waybill', waybill);
      await next();
      await fillSender();
      await page.fill('[data-testid=sender-identity]', FIRST + (residentIdCheck(FIRST) === '1' ? '2' : '1'));
      await next();
      expect(await at(page, 'send-problem').getAttribute('data-problem')).toBe('identityWrong');
      await fillSender();
      await next();
      await page.fill('[data-testid=send-contents]', '苹果');
      await page.click('[data-testid=security-machine]');
      await next();
      // Blocked, and says why: the box was not opened.
      expect(await at(page, 'send-problem').getAttribute('data-problem')).toBe('inspected');
      await page.check('[data-testid=send-inspected]');
      await next();
      await fillReceiver();
      await next();
      await page.fill('[data-testid=send-weight]', '2.5');
      await page.fill('[data-testid=send-freight]', '12.8');
      await page.click('[data-testid=send-keep]');
      await untilText(page, 'pending-count', '1');

      const onDisk = await page.evaluate(async () => {
        const open = indexedDB.open('xiangyi.phone');
        const database = await new Promise<IDBDatabase>((resolve, reject) => {
          open.onsuccess = () => resolve(open.result);
          open.onerror = () => reject(new Error('No database'));
        });
        const rows: unknown[] = [];
        for (const name of database.objectStoreNames) {
          const all = database.transaction(name).objectStore(name).getAll();
          rows.push(await new Promise((resolve) => (all.onsuccess = () => resolve(all.result))));
        }
        return JSON.stringify([rows, { ...localStorage }]);
      });
      for (const secret of [IDENTITY, '13812345678', '13987654321', '张三丰'])
        expect([secret, onDisk.includes(secret)]).toEqual([secret, false]);

      await page.click('[data-testid=send-label]');
      const label = await at(page, 'label').innerText();
      expect([
        label.includes('张**'),
        label.includes('138******78'),
        label.includes('***室'),
        label.includes('502室'),
        label.includes(waybill),
      ]).toEqual([true, true, true, false, true]);

      // The next of the same sender: known by the phone number.
      await page.goto('/station/send');
      await scan(page, second);
      await next();
      await page.fill('[data-testid=sender-phone]', '13812345678');
      await page.click('[data-testid=sender-known]');
      expect(await page.inputValue('[data-testid=sender-identity]')).toBe(IDENTITY);

      await backOnline();
      const kept = (await waiting()).filter((entry) => entry.waybill === waybill);
      expect(kept.map(({ senderName, weightG, freightFen, left }) => [senderName, weightG, freightFen, left])).toEqual([
        ['张**', 2500, 1280, false],
      ]);
    });

    it('goes in a sealed bag to the town, which finds one missing and one in excess', async () => {
      const [first = '', second = '', third = '', stranger = '', surplus = ''] = freshWaybills(5);
      await consign([first, second, third]);
      // What the phone remembers of an earlier visit does not have them.
      const list = page.waitForResponse((response) => response.url().includes('/api/consignments?') && response.ok());
      await page.goto('/station/transport');
      await list;
      await at(page, 'transport-as-of').waitFor();
      await page.click('[data-testid=new-bag]');
      // The page before has a field of the same name.
      await page.waitForURL('**/station/bag');
      await scan(page, first);
      await answer(page, 'good').waitFor();
      line.cut();
      for (const waybill of [second, third]) {
        await scan(page, waybill);
        await at(page, `in-bag-${waybill}`).waitFor();
      }
      // Nobody took this one in: it would make the county refuse the bag.
      await scan(page, stranger);
      await answer(page, 'bad').waitFor();
      await at(page, `in-bag-${stranger}`).locator('button').click();
      await page.reload();
      await at(page, `in-bag-${third}`).waitFor();
      await page.click('[data-testid=seal]');
      const code = (await at(page, 'bag-tag').getAttribute('data-code')) ?? '';
      await page.click('[data-testid=give]');
      await untilText(page, 'pending-count', '2');
      await backOnline();

      const [hall, desk] = await phoneOf('town', app.baseUrl);
      await desk.goto('/station/transport');
      await scan(desk, `XYB:${code}`);
      await desk.click('[data-testid=take]');
      await answer(desk, 'good').waitFor();
      await desk.click('[data-testid=open]');
      for (const waybill of [first, second, surplus]) await scan(desk, waybill);
      await untilText(desk, 'count-matched', '2');
      await untilText(desk, 'count-missing', '1');
      await untilText(desk, 'count-excess', '1');
      await desk.click('[data-testid=open-done]');
      await at(desk, 'open-sure').waitFor();
      // On a full phone nothing is written down, and the count is not lost.
      await desk.evaluate(() => {
        const full = () => {
          throw new DOMException('full', 'QuotaExceededError');
        };
        Object.assign(IDBObjectStore.prototype, { add: full, put: full });
      });
      await desk.click('[data-testid=open-done]');
      await answer(desk, 'bad').filter({ hasText: '手机没有存下来' }).waitFor();
      await desk.reload();
      await desk.click('[data-testid=open]');
      await untilText(desk, 'count-matched', '2');
      await desk.click('[data-testid=open-done]');
      await at(desk, 'open-sure').waitFor();
      await desk.click('[data-testid=open-done]');
      await answer(desk, 'bad').waitFor();
      const wrong = await at(desk, 'missing-excess').innerText();
      expect([wrong.includes(third), wrong.includes(surplus), wrong.includes(first)]).toEqual([true, true, false]);
      await untilText(desk, 'pending-count', '0');
      await hall.close();

      const { body } = await keeper.get<BagDetail>(`${app.baseUrl}/api/bags/${code}`);
      expect([body.state, body.parcels, body.missing, body.excess]).toEqual(['opened', 3, 1, 1]);
      expect(Object.fromEntries(body.waybills.map(({ waybill, state }) => [waybill, state]))).toEqual({
        [first]: 'found',
        [second]: 'found',
        [third]: 'missing',
        [surplus]: 'excess',
      });
      expect(body.handovers.map(({ side }) => side)).toEqual(['given', 'taken', 'taken']);
    });

    it('goes with the bus, by the code of its sheet', async () => {
      const [waybill = ''] = freshWaybills(1);
      await consign([waybill]);
      await page.goto('/station/bag');
      await scan(page, waybill);
      await page.click('[data-testid=seal]');
      const bag = (await at(page, 'bag-tag').getAttribute('data-code')) ?? '';
      await page.goto('/station/manifest');
      await page.click(`[data-testid="load-${bag}"]`);
      await page.fill('[data-testid=route]', '1路');
      await page.click('[data-testid=load]');
      await page.locator(`[data-testid=bag-tag]:not([data-code="${bag}"])`).waitFor();
      const code = (await at(page, 'bag-tag').getAttribute('data-code')) ?? '';
      await page.click('[data-testid=give]');
      await answer(page, 'good').waitFor();
      await untilText(page, 'pending-count', '0');
      const { body } = await keeper.get<ManifestDetail>(`${app.baseUrl}/api/manifests/${code}`);
      expect([body.state, body.route, body.bagList.map((entry) => [entry.code, entry.state])]).toEqual([
        'on_the_way',
        '1路',
        [[bag, 'on_the_way']],
      ]);
    });

    it('comes with a certificate that is collected once, and nothing else is bought', async () => {
      const [certificate] = (await keeper.get<List<CertificateView>>(`${app.baseUrl}/api/certificates?limit=1`)).body.items;
      await page.goto('/station/certificates');
      // A last digit that does not fit the others.
      const number = certificate?.number ?? '';
      await scan(page, number.slice(0, -1) + String((Number(number.slice(-1)) + 1) % 10));
      await answer(page, 'bad').waitFor();
      await scan(page, `https://example.org/c/${number}`);
      await page.click('[data-testid=collect]');
      await at(page, 'collect').waitFor({ state: 'detached' });
      const { body } = await keeper.get<CertificateView>(`${app.baseUrl}/api/certificates/${certificate?.id}`);
      expect(body.collections.length).toBe((certificate?.collections.length ?? 0) + 1);
      expect(body.collections.filter(({ station }) => station?.code === stationCode).length).toBeGreaterThan(0);
    });

    it('reads well at every step', async () => {
      const found: string[] = [];
      const look = async (name: string): Promise<void> => {
        found.push(...(await faultsAt(page, `steps/${name}`)));
      };
      const [waybill = ''] = freshWaybills(1);
      await page.goto('/station/send');
      await scan(page, waybill);
      await look('send-1-waybill');
      await next();
      await next();
      await look('send-2-sender');
      await fillSender();
      await next();
      await at(page, 'send-produce').waitFor();
      await look('send-3-goods');
      await page.fill('[data-testid=send-contents]', '苹果');
      await page.click('[data-testid=security-machine]');
      await page.check('[data-testid=send-inspected]');
      await next();
      await look('send-4-receiver');
      await fillReceiver();
      await next();
      await page.fill('[data-testid=send-weight]', '2.5');
      await page.fill('[data-testid=send-freight]', '12.8');
      await look('send-5-freight');
      await page.click('[data-testid=send-keep]');
      await look('send-kept');
      await page.click('[data-testid=send-label]');
      await at(page, 'label').waitFor();
      await look('send-label');
      await page.goto('/station/bag');
      await scan(page, waybill);
      await answer(page, 'good').waitFor();
      await look('bag-open');
      await page.click('[data-testid=seal]');
      await at(page, 'bag-tag').waitFor();
      await look('bag-sealed');
      await page.goto('/station/manifest');
      await page.locator('main .thumb').waitFor();
      await look('manifest-new');
      await page.goto('/station/transport');
      await at(page, 'view-out').click();
      await look('transport-out');
      await page.goto('/station/certificates');
      await scan(page, '123456');
      await answer(page, 'bad').waitFor();
      await look('certificate-wrong');
      expect(found).toEqual([]);
    });

    async function consign(waybills: readonly string[]): Promise<void> {
      const records = waybills.map((waybill): ConsignmentRecord => ({
        id: uuidv7(),
        occurredAt: new Date().toISOString(),
        stationCode,
        waybill,
        carrierCode: 'SF',
        sender: { name: '张三丰', phone: '13812345678', identityKind: 'resident_id', identityNumber: IDENTITY },
        receiver: { name: '李四', phone: '13987654321', address: { province: '浙江省', city: '杭州市', detail: '文三路12号' } },
        contents: '苹果',
        inspected: true,
        securityCheck: 'machine',
        weightG: 2500,
        freightFen: 1280,
      }));
      const { body } = await keeper.post<{ results: { outcome: string }[] }>(`${app.baseUrl}/api/consignments`, { records });
      expect(body.results.map(({ outcome }) => outcome)).toEqual(records.map(() => 'accepted'));
    }
  });
}
