import type { Browser } from 'playwright-core';
import { DEMO_PASSWORD } from '#platform';
import { startStandalone, type Standalone } from '../factories/standalone.js';
import { browserRequired, chromiumPath, launch } from './browser.js';
import { faultsAt, faultsOf, keepPicture } from './page.faults.js';

const executable = chromiumPath();
const PHONE = { width: 360, height: 640 };
const PAGES = [
  '',
  'hand-out',
  'send',
  'more',
  'parcels',
  'shelf',
  'overdue',
  'stocktake',
  'notices',
  'transport',
  'certificates',
  'open-day',
  'day',
  'fees',
  'complaints',
  'accounts',
  'queue',
  'hand-over',
  'me',
];
/** What sorting staff have. */
const HALL_PAGES = ['', 'transport', 'parcels', 'more', 'queue', 'me'];

if (!executable) {
  it('is left out: there is no Chromium on this machine (CHROMIUM_PATH can name one)', () => {
    expect(browserRequired).toBe(false);
  });
} else {
  describe('every page of the station, on the demo county', () => {
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

    it.each([
      ['a keeper in Chinese', 'station', PAGES, { language: 'zh-CN' }],
      ['a keeper in English', 'station', PAGES, { language: 'en' }],
      ['a keeper in the dark, in large type', 'station', PAGES, { language: 'zh-CN', theme: 'dark', large: true }],
      ['staff of a sorting hall', 'town', HALL_PAGES, { language: 'zh-CN' }],
    ])('reads well for %s', async (_, username, pages, { language, ...appearance }) => {
      const context = await browser.newContext({ baseURL: app.baseUrl, viewport: PHONE, locale: language });
      await context.addInitScript(
        ([code, look]) => {
          localStorage.setItem('xiangyi.locale', code);
          localStorage.setItem('xiangyi.appearance', look);
        },
        [language, JSON.stringify(appearance)] as const,
      );
      const answer = await context.request.post('/api/auth/login', { data: { username, password: DEMO_PASSWORD } });
      expect(answer.status()).toBe(200);
      const folder = `${username}-${language}${'theme' in appearance ? '-dark-large' : ''}`;
      const faults = await faultsOf(
        context,
        pages.map((page) => `/station/${page}`),
        (page, address) => keepPicture(page, `${folder}/${address.slice('/station/'.length) || 'scan'}`),
      );
      expect(faults).toEqual([]);
      await context.close();
    });

    it('asks who works here, before anything else', async () => {
      const context = await browser.newContext({ baseURL: app.baseUrl, viewport: PHONE, locale: 'zh-CN' });
      const page = await context.newPage();
      await page.goto('/station/');
      await page.locator('[data-testid=station-sign-in]').waitFor();
      expect(await faultsAt(page, 'steps/sign-in')).toEqual([]);
      await context.close();
    });
  });
}
