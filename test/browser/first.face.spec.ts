import type { Browser } from 'playwright-core';
import type { Coverage, CoverageEvidenceRow, Me, Page, ParcelView } from '#contracts';
import { periodOf } from '#contracts';
import { startStandalone, type Standalone } from '../factories/standalone.js';
import { browserRequired, chromiumPath, freshWaybills, launch, scan, signIn, untilText, visit } from './browser.js';

const executable = chromiumPath();

if (!executable) {
  it('is left out: there is no Chromium on this machine (CHROMIUM_PATH can name one)', () => {
    expect(browserRequired).toBe(false);
  });
} else {
  describe('the pages in a browser, on the demo county', () => {
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

    /** Asks the API as the person signed in on the page. */
    async function ask<T>(page: Awaited<ReturnType<typeof visit>>['page'], path: string): Promise<T> {
      const answer = await page.request.get(`${app.baseUrl}${path}`);
      expect([path, answer.status()]).toEqual([path, 200]);
      return (await answer.json()) as T;
    }
    const timesSeen = async (page: Awaited<ReturnType<typeof visit>>['page'], waybill: string) => {
      const parcel = await ask<ParcelView>(page, `/api/parcels/${waybill}`);
      return parcel.timeline.filter((event) => event.kind === 'arrived_village').length;
    };

    it('send each role to its own app, in the language that was chosen', async () => {
      const { page, context, complaints } = await visit(browser, app.baseUrl);
      await page.goto('/');
      await page.waitForFunction(() => document.title.includes('登录'));
      await page.click('[data-testid=language-en]');
      await page.locator('text=User name').waitFor();
      await signIn(page, 'county', '/county/');
      await page.locator('[data-testid=headline]').waitFor();
      expect(await page.locator('nav a').first().innerText()).toBe('Coverage');
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
      await page.click('[data-testid=me-menu]');
      await page.click('[data-testid=language-zh-CN]');
      await page.locator('nav a', { hasText: '快递进村' }).waitFor();
      expect(await page.locator('[data-testid=answer]').innerText()).toMatch(/\d+ 个村中，\d+ 个有效覆盖/);
      expect(complaints()).toEqual([]);
      await context.close();
    });

    it('say in words why signing in failed', async () => {
      const { page, context } = await visit(browser, app.baseUrl);
      await page.goto('/');
      await page.fill('input[name=username]', 'county');
      await page.fill('input[name=password]', 'wrong password');
      await page.click('[data-testid=sign-in]');
      expect((await page.locator('[role=alert]').innerText()).trim().length).toBeGreaterThan(0);
      expect(new URL(page.url()).pathname).toBe('/');
      await context.close();
    });

    it('take ten scans from a keeper, each on the server once', async () => {
      const { page, context, complaints } = await visit(browser, app.baseUrl, { phone: true });
      await signIn(page, 'station', '/station/');
      const waybills = freshWaybills(10);
      for (const waybill of waybills) await scan(page, waybill);
      await untilText(page, 'received-count', '10');
      await untilText(page, 'pending-count', '0');
      expect(await page.locator('[data-testid=result-card]').getAttribute('data-tone')).toBe('good');
      expect(await page.locator('[data-testid=recent-scan]').count()).toBe(10);
      for (const waybill of waybills) expect(await timesSeen(page, waybill)).toBe(1);
      expect(complaints()).toEqual([]);
      await context.close();
    });

    it('show the shelf of a parcel and suggest the next one', async () => {
      const { page, context, complaints } = await visit(browser, app.baseUrl, { phone: true, language: 'en' });
      await signIn(page, 'station', '/station/');
      await page.click('[data-testid=kind-shelved]');
      await page.fill('[data-testid=shelf-input]', '9-9-1521');
      await scan(page, freshWaybills(1)[0] ?? '');
      await untilText(page, 'shelf-code', '9-9-1521');
      expect(await page.inputValue('[data-testid=shelf-input]')).toBe('9-9-1522');
      expect(complaints()).toEqual([]);
      await context.close();
    });

    it('refuse what is not a waybill without storing it', async () => {
      const { page, context } = await visit(browser, app.baseUrl, { phone: true });
      await signIn(page, 'station', '/station/');
      await scan(page, '12?');
      await page.locator('[data-testid=result-card][data-tone=bad]').waitFor();
      await untilText(page, 'pending-count', '0');
      expect(await page.locator('[data-testid=recent-scan]').count()).toBe(0);
      await context.close();
    });

    it('keep scans while the network is away, through a reload, and send each once when it is back', async () => {
      const { page, context } = await visit(browser, app.baseUrl, { phone: true });
      await signIn(page, 'station', '/station/');
      await page.locator('[data-testid=scan-input]').waitFor();
      const [first, second, third] = freshWaybills(3) as [string, string, string];
      await context.setOffline(true);
      await scan(page, first);
      await untilText(page, 'pending-count', '1');
      await scan(page, second);
      await untilText(page, 'pending-count', '2');
      await context.setOffline(false);
      await untilText(page, 'received-count', '2');

      // The answer is lost on the way back: the server has the scan, the phone does not know.
      await context.route('**/api/scans', async (route) => {
        await route.fetch();
        // The test may have ended the route meanwhile; then there is no answer to lose.
        await route.abort().catch(() => undefined);
      });
      await scan(page, third);
      await page.locator('[data-testid=result-card][data-tone=warn]').waitFor();
      await context.unroute('**/api/scans');
      await page.reload();
      await untilText(page, 'received-count', '3');
      await untilText(page, 'pending-count', '0');
      for (const waybill of [first, second, third]) expect(await timesSeen(page, waybill)).toBe(1);
      await context.close();
    });

    it('change the county page soon after a scan', async () => {
      const keeper = await visit(browser, app.baseUrl, { phone: true });
      const officer = await visit(browser, app.baseUrl, { language: 'en' });
      await signIn(keeper.page, 'station', '/station/');
      await signIn(officer.page, 'county', '/county/');
      const village = (await ask<Me>(keeper.page, '/api/auth/me')).unit.code;
      await officer.page.goto(`/county/coverage?unit=${village}&period=${periodOf(Date.now())}`);
      const value = officer.page.locator('[data-metric=inbound_parcels] .value');
      const before = await value.innerText();
      await officer.page.locator('[data-testid=live]', { hasText: 'As of' }).waitFor();
      await scan(keeper.page, freshWaybills(1)[0] ?? '');
      await untilText(keeper.page, 'pending-count', '0');
      const started = Date.now();
      await officer.page.waitForFunction(
        (old) => document.querySelector('[data-metric=inbound_parcels] .value')?.textContent?.trim() !== old,
        before.trim(),
        { polling: 50 },
      );
      process.stdout.write(`from the keeper's phone to the county's page: ${Date.now() - started} ms\n`);
      await officer.page.locator('[data-testid=live]', { hasText: 'Updated just now' }).waitFor();
      expect([...keeper.complaints(), ...officer.complaints()]).toEqual([]);
      await keeper.context.close();
      await officer.context.close();
    });

    it('lead from the county to a parcel behind its number', async () => {
      const { page, context, complaints } = await visit(browser, app.baseUrl, { language: 'en' });
      await signIn(page, 'county', '/county/');
      const headline = await page.locator('[data-testid=headline]').innerText();
      const me = await ask<Me>(page, '/api/auth/me');
      const report = await ask<Coverage>(page, `/api/coverage?unit=${me.unit.code}&period=${periodOf(Date.now())}`);
      const { numerator, denominator } = report.metrics.effective_coverage;
      expect(headline).toBe(`${((numerator / (denominator ?? 1)) * 100).toFixed(1)}%`);

      await page.locator('[data-testid=children] a').first().click();
      await page.locator('[data-testid=village-verdict], [data-testid=children] a').first().waitFor();
      await page.waitForFunction(
        (county) => document.querySelector('[data-testid=unit-name]')?.textContent !== county,
        me.unit.name,
      );
      const town = new URL(page.url()).searchParams.get('unit') ?? '';
      const villages = await ask<Coverage>(page, `/api/coverage?unit=${town}&period=${report.period}`);
      const served = villages.children.find((child) => child.metrics.inbound_parcels.numerator > 0);
      expect(served).toBeDefined();
      await page
        .locator('[data-testid=children] a', { hasText: served?.unit.name ?? '' })
        .first()
        .click();
      await page.locator('[data-testid=village-verdict]').waitFor();
      expect(await page.locator('ol.strip li').count()).toBeGreaterThanOrEqual(28);

      const row = page.locator('[data-testid=evidence] tr[data-kind=parcel] a').first();
      const waybill = await row.innerText();
      await row.click();
      await page.locator('[data-testid=timeline] li').first().waitFor();
      expect(await page.locator('h1').innerText()).toBe(waybill);
      expect(complaints()).toEqual([]);
      await context.close();
    });

    it('show the villages behind the headline, as many as it says', async () => {
      const { page, context, complaints } = await visit(browser, app.baseUrl);
      await signIn(page, 'county', '/county/');
      await page.click('[data-testid=headline-evidence]');
      await page.locator('[data-testid=evidence] tr[data-kind=village]').first().waitFor();
      const me = await ask<Me>(page, '/api/auth/me');
      const period = periodOf(Date.now());
      const behind = await ask<Page<CoverageEvidenceRow>>(
        page,
        `/api/coverage/effective_coverage/evidence?unit=${me.unit.code}&period=${period}&limit=200`,
      );
      expect(await page.locator('[data-testid=evidence] tr[data-kind=village]').count()).toBe(behind.items.length);
      expect(complaints()).toEqual([]);
      await context.close();
    });

    it('ask to sign in again when the session has ended, and lead back', async () => {
      const { page, context } = await visit(browser, app.baseUrl);
      await signIn(page, 'county', '/county/');
      await page.locator('[data-testid=headline]').waitFor();
      await context.clearCookies();
      await page.goto('/county/income');
      await page.waitForURL('**/?next=**');
      await page.fill('input[name=username]', 'county');
      await page.fill('input[name=password]', 'xiangyi-demo');
      await page.click('[data-testid=sign-in]');
      await page.waitForURL('**/county/income**');
      await page.locator('[data-testid=income-headline]').waitFor();
      await context.close();
    });
  });
}
