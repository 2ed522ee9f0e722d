import type { Browser, BrowserContext } from 'playwright-core';
import { addDays, dayOf, type LotListItem, type OrderListItem, type Page as ListPage, type PayoutView } from '#contracts';
import { DEMO_PASSWORD } from '#platform';
import { startStandalone, type Standalone } from '../factories/standalone.js';
import { browserRequired, chromiumPath, launch } from './browser.js';
import { faultsOf } from './page.faults.js';

const executable = chromiumPath();
const PHONE = { width: 360, height: 640 };
const DESK = { width: 1440, height: 900 };

if (!executable) {
  it('is left out: there is no Chromium on this machine (CHROMIUM_PATH can name one)', () => {
    expect(browserRequired).toBe(false);
  });
} else {
  describe('every page of farm produce, on the demo county', () => {
    let app: Standalone;
    let browser: Browser;
    beforeAll(async () => {
      app = await startStandalone();
      browser = await launch(executable);
    });
    afterAll(async () => {
      await browser?.close();
      await app?.stop();
    });

    /** Somebody signed in, or nobody. */
    async function contextOf(username: string | undefined, viewport: typeof PHONE, language: string): Promise<BrowserContext> {
      const context = await browser.newContext({ baseURL: app.baseUrl, viewport, locale: language });
      await context.addInitScript((code) => localStorage.setItem('xiangyi.locale', code), language);
      if (username) {
        const answer = await context.request.post('/api/auth/login', { data: { username, password: DEMO_PASSWORD } });
        expect(answer.status()).toBe(200);
      }
      return context;
    }
    async function first<T>(context: BrowserContext, list: string): Promise<T> {
      const { items } = (await (await context.request.get(list)).json()) as ListPage<T>;
      return items[0] ?? fail(`Nothing in ${list}`);
    }

    it.each([
      ['a telephone in Chinese', PHONE, 'zh-CN'],
      ['a desk in English', DESK, 'en'],
    ])('reads well for a producer on %s', async (_, viewport, language) => {
      const context = await contextOf('producer', viewport, language);
      const lot = await first<LotListItem>(context, '/api/lots?inStock=true&limit=1');
      const order = await first<OrderListItem>(context, '/api/orders?limit=1');
      const payout = await first<PayoutView>(context, '/api/payouts?limit=1');
      const ofLot = ['', '/test', '/certificate', '/codes', '/transform'].map((page) => `lots/${lot.id}${page}`);
      const others = ['', 'harvest', 'products/new', 'orders', 'orders/import', 'payouts', 'me'];
      const addresses = [...others, ...ofLot, `orders/${order.id}`, `payouts/${payout.id}`].map((page) => `/producer/${page}`);
      expect(await faultsOf(context, addresses)).toEqual([]);
      await context.close();
    });

    it.each([
      ['a desk in Chinese', DESK, 'zh-CN'],
      ['a telephone in English', PHONE, 'en'],
    ])('reads well for staff on %s', async (_, viewport, language) => {
      const context = await contextOf('county', viewport, language);
      const lot = await first<LotListItem>(context, '/api/lots?inStock=true&limit=1');
      const trace = ['', '?part=products', `/lots/${lot.id}`, '/import', '/alerts', '/alerts?part=fakes', '/recalls'];
      const addresses = [
        ...trace.map((page) => `/county/trace${page}`),
        `/county/trace/recalls?lot=${lot.id}`,
        '/county/sales',
        '/county/sales/evidence',
      ];
      expect(await faultsOf(context, addresses)).toEqual([]);
      await context.close();
    });

    it('reads well for a consumer, by the link that the start names', async () => {
      const link = /\/t\/\S+/.exec(app.output())?.[0] ?? fail('The start names no code');
      expect(app.output()).toContain('/producer/');
      for (const language of ['zh-CN', 'en']) {
        const context = await contextOf(undefined, PHONE, language);
        const certificate = async () => {
          const page = await context.newPage();
          await page.goto(link);
          return (await page.locator('main a[href*="/c/"]').getAttribute('href')) ?? fail('The page shows no certificate');
        };
        expect(await faultsOf(context, [link, `${link}/report`, await certificate()])).toEqual([]);
        await context.close();
      }
    });

    it('lets a cooperative make a payout sheet and mark it paid', async () => {
      const context = await contextOf('producer', PHONE, 'zh-CN');
      const page = await context.newPage();
      const today = dayOf(Date.now());
      await page.goto('/producer/payouts');
      await page.click('[data-testid=payout-new]');
      await page.fill('[data-testid=payout-from]', addDays(today, -30));
      await page.fill('[data-testid=payout-to]', today);
      await page.click('[data-testid=payout-make]');
      await page.click('[data-testid=payout-paid]');
      await page.click('.van-dialog__confirm');
      await page.locator('[data-testid=payout-paid]').waitFor({ state: 'detached' });
      expect(await page.locator('main').innerText()).toContain('已付款');
      await context.close();
    });

    it('leads staff to each of its pages from the menu', async () => {
      const context = await contextOf('county', DESK, 'zh-CN');
      const page = await context.newPage();
      await page.goto('/county/');
      await page.click('header nav a[href*="/sales"]');
      await page.click('[data-testid=sales-evidence]');
      await page.locator('main table').first().waitFor();
      await page.click('header nav a[href*="/trace"]');
      for (const tab of ['trace-import', 'trace-alerts', 'trace-recalls', 'trace']) {
        await page.click(`[data-testid=${tab}]`);
        await page.locator(`[data-testid=${tab}][aria-current=page]`).waitFor();
      }
      await page.locator('[data-testid=lots] th a').first().click();
      await page.click('[data-testid=recall-start]');
      await page.locator('[data-testid=recall-reach]').waitFor();
      await context.close();
    });

    function fail(why: string): never {
      throw new Error(why);
    }
  });
}
