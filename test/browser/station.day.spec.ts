/** A keeper's day around the shelf: counting it through a reload and without a network, closing the day, what lies too long, what was earned. */
import type { Browser, Page as Tab } from 'playwright-core';
import {
  dayOf,
  type ComplaintView,
  type FeeSheet,
  type Me,
  type Page,
  type ParcelView,
  type RecordResult,
  type Scan,
  type ScanResult,
  type Shelf,
  type StationDay,
  type StocktakeView,
} from '#contracts';
import { uuidv7 } from '#platform';
import { yuanExact } from '../../apps/web/src/shared/format/figure.format.js';
import { startStandalone, type Standalone } from '../factories/standalone.js';
import { ApiClient, until } from '../e2e/api.client.js';
import { browserRequired, chromiumPath, freshWaybills, launch, untilText, visit, type Visit } from './browser.js';
import { faultsAt } from './page.faults.js';

const executable = chromiumPath();
const HOUR_MS = 3_600_000;
const WAIT_MS = 60_000;

if (!executable) {
  it('is left out: there is no Chromium on this machine (CHROMIUM_PATH can name one)', () => {
    expect(browserRequired).toBe(false);
  });
} else {
  describe('a day at the shelf', () => {
    let app: Standalone;
    let browser: Browser;
    let keeper: ApiClient;
    let seen: Visit;
    let page: Tab;
    /** Complaints of the console before the sign-in: the question who is there is answered 401. */
    let signedIn = 0;

    const url = (path: string) => `${app.baseUrl}${path}`;
    const byId = (id: string) => page.locator(`[data-testid=${id}]`);
    const shelf = async () => (await keeper.get<Shelf>(url('/api/shelf'))).body;
    const parcelOf = async (waybill: string) => (await keeper.get<ParcelView>(url(`/api/parcels/${waybill}`))).body;
    const timesOf = ({ timeline }: ParcelView, kind: Scan['kind']) => timeline.filter((event) => event.kind === kind).length;

    async function scanIn(waybills: readonly string[], hoursAgo: number, codes: readonly string[]): Promise<void> {
      const occurredAt = new Date(Date.now() - hoursAgo * HOUR_MS).toISOString();
      const scans = waybills.map((waybill, index) => ({
        id: uuidv7(),
        kind: 'shelved',
        waybill,
        occurredAt,
        shelfCode: codes[index],
      }));
      const { body } = await keeper.post<{ results: ScanResult[] }>(url('/api/scans'), { scans });
      expect(body.results.map(({ outcome }) => outcome)).toEqual(waybills.map(() => 'accepted'));
    }
    /** Whether recipients are told without being asked for. */
    async function setNoticeOnShelving(noticeOnShelving: boolean): Promise<void> {
      const officer = await ApiClient.signIn(app.baseUrl, 'county');
      const county = (await officer.get<Me>(url('/api/auth/me'))).body.unit.code;
      const answer = await fetch(url(`/api/parameters/${county}`), {
        method: 'PUT',
        headers: { authorization: `Bearer ${officer.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ noticeOnShelving }),
        signal: AbortSignal.timeout(WAIT_MS),
      });
      expect(answer.status).toBe(200);
    }
    async function open(path: string): Promise<void> {
      await page.goto(`/station/${path}`);
    }
    /** Types as a scanner does, one line after the other. */
    async function scanAll(waybills: readonly string[]): Promise<void> {
      for (const waybill of waybills) {
        await page.fill('[data-testid=stocktake-input]', waybill);
        await page.press('[data-testid=stocktake-input]', 'Enter');
        await byId('stocktake-answer').filter({ hasText: waybill }).waitFor();
      }
    }

    beforeAll(async () => {
      app = await startStandalone();
      browser = await launch(executable);
      keeper = await ApiClient.signIn(app.baseUrl, 'station');
      seen = await visit(browser, app.baseUrl, { phone: true, language: 'zh-CN' });
      page = seen.page;
      await page.goto('/station/');
      await page.fill('input[name=username]', 'station');
      await page.fill('input[name=password]', 'xiangyi-demo');
      await page.click('[data-testid=station-sign-in]');
      await byId('scan-input').waitFor();
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: WAIT_MS });
      signedIn = seen.complaints().length;
    });
    afterAll(async () => {
      await browser?.close();
      await app?.stop();
    });

    it('is counted through a reload, and the county has the differences and every scan exactly once', async () => {
      const [missing = '', moved = '', ...others] = freshWaybills(5);
      const [surplus = ''] = freshWaybills(1);
      await scanIn([missing, moved, ...others], 1, ['7-1-01', '7-1-02', '7-1-03', '7-1-04', '7-1-05']);
      const all = (await shelf()).parcels.map(({ waybill }) => waybill);
      const rest = all.filter((waybill) => waybill !== missing && waybill !== moved);
      const half = Math.floor(rest.length / 2);

      await open('stocktake');
      await page.getByText(`账上 ${all.length} 件`).waitFor();
      await page.click('[data-testid=stocktake-start]');
      await scanAll(rest.slice(0, half));
      await page.reload();
      await untilText(page, 'stocktake-found', String(half));
      await untilText(page, 'stocktake-missing', String(all.length - half));
      await scanAll([...rest.slice(half), surplus]);
      expect(await byId('stocktake-answer').getAttribute('data-kind')).toBe('surplus');
      await page.fill('[data-testid=stocktake-area]', '7-9');
      await scanAll([moved]);
      await untilText(page, 'stocktake-missing', '1');
      await untilText(page, 'stocktake-surplus', '1');
      await untilText(page, 'stocktake-moved', '1');
      const faults = await faultsAt(page, 'steps/stocktake-open');
      await page.click('[data-testid=stocktake-finish]');
      await page.click('[data-testid=stocktake-sure]');
      await byId('stocktake-result').waitFor();
      faults.push(...(await faultsAt(page, 'steps/stocktake-result')));
      expect(faults).toEqual([]);
      await untilText(page, 'pending-count', '0');

      const { items } = (await keeper.get<Page<StocktakeView>>(url('/api/stocktakes'))).body;
      const mine = items.filter((item) => item.surplus.includes(surplus));
      expect(mine).toHaveLength(1);
      expect(mine[0]).toMatchObject({
        expected: all.length,
        found: all.length,
        missing: [missing],
        surplus: [surplus],
        moved: [{ waybill: moved, from: '7-1-02', to: '7-9-02' }],
      });
      for (const waybill of [moved, surplus, ...rest.slice(0, 3)])
        expect([waybill, timesOf(await parcelOf(waybill), 'stocktake')]).toEqual([waybill, 1]);

      // What differs is dealt with, also after another reload.
      await page.reload();
      await page.click('[data-testid=report-missing]');
      await page.click('[data-testid=scan-surplus]');
      await untilText(page, 'pending-count', '0');
      const dealt = await until(
        shelf,
        ({ parcels }) => parcels.some((entry) => entry.waybill === surplus && entry.shelfCode),
        WAIT_MS,
      );
      expect(dealt.parcels.find(({ waybill }) => waybill === surplus)?.shelfCode).toMatch(/^1-1-/);
      expect(dealt.parcels.find(({ waybill }) => waybill === moved)?.shelfCode).toBe('7-9-02');
      expect((await parcelOf(missing)).exceptions.map(({ kind }) => kind)).toEqual(['missing']);
      await byId('past-stocktake').first().getByText('少 1 件，多 1 件').waitFor();
      await page.click('[data-testid=stocktake-away]');
      await byId('stocktake-start').waitFor();
    });

    it('is closed without a network; a count that differs asks for a stock-take first; the county has it when the network is back', async () => {
      await open('day');
      await byId('sum-total').waitFor();
      const before = (await keeper.get<StationDay>(url('/api/station-days'))).body;
      expect(before.closedAt).toBeUndefined();
      expect(await byId('sum-total').innerText()).toContain(`= ${before.shelfAfter}`);

      // A close that the county does not take is none, and says why.
      await page.route('**/api/closings', async (route) => {
        const { records } = route.request().postDataJSON() as { records: { id: string }[] };
        const problem = { code: 'later_closed', detail: '之后的一天已经日结' };
        await route.fulfill({ json: { results: records.map(({ id }) => ({ id, outcome: 'rejected', problem })) } });
      });
      await page.fill('[data-testid=close-count]', String(before.shelfAfter));
      await page.click('[data-testid=close-go]');
      await byId('close-refused').filter({ hasText: '之后的一天已经日结' }).waitFor();
      await byId('day-closed').waitFor({ state: 'detached' });
      await page.unroute('**/api/closings');

      await seen.context.setOffline(true);
      await page.reload();
      await byId('sum-total').waitFor();
      await byId('as-of').filter({ hasText: '手机里的数据' }).first().waitFor();
      await page.fill('[data-testid=close-count]', String(before.shelfAfter + 2));
      await page.click('[data-testid=close-go]');
      await byId('close-differs').filter({ hasText: '比账上多 2 件' }).waitFor();
      await byId('close-stocktake').waitFor();
      expect(await faultsAt(page, 'steps/day-differs')).toEqual([]);
      await page.fill('[data-testid=close-count]', String(before.shelfAfter));
      await page.click('[data-testid=close-go]');
      await page.locator('[data-testid=day-closed][data-local=true]').waitFor();
      await page.reload();
      await page.locator('[data-testid=day-closed][data-local=true]').waitFor();

      await seen.context.setOffline(false);
      await page.locator('[data-testid=day-closed][data-local=false]').waitFor({ timeout: WAIT_MS });
      const after = (await keeper.get<StationDay>(url('/api/station-days'))).body;
      expect([after.counted, after.closedAt === undefined]).toEqual([before.shelfAfter, false]);
      await page.click('[data-testid=step-back]');
      await byId('step-label').filter({ hasNotText: '今天' }).waitFor();
    });

    it('shows what lies too long, the oldest first; tells recipients, and sends back', async () => {
      const [old = '', older = ''] = freshWaybills(2);
      await scanIn([old, older], 50, ['7-5-01', '7-5-02']);
      await scanIn([older], 100, ['7-5-02']);
      await setNoticeOnShelving(false);
      const recipient = { id: uuidv7(), waybill: older, phone: '13800005678', occurredAt: new Date().toISOString() };
      const noted = await keeper.post<{ results: RecordResult[] }>(url('/api/recipients'), { records: [recipient] });
      expect(noted.body.results.map(({ outcome }) => outcome)).toEqual(['accepted']);
      const late = (await shelf()).parcels.filter(({ since }) => Date.now() - Date.parse(since) > 24 * HOUR_MS);
      await open('overdue');
      const mine = (waybill: string) => byId('overdue-parcel').filter({ hasText: waybill });
      await mine(older).waitFor();
      await mine(old).waitFor();
      const shown = await byId('overdue-parcel').allInnerTexts();
      const places = [older, old].map((waybill) => shown.findIndex((text) => text.includes(waybill)));
      expect(places.every((place) => place >= 0)).toBe(true);
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(shown).toHaveLength(Math.min(40, late.length));

      await mine(older).getByText('还没有通知').waitFor();
      await mine(older).getByRole('checkbox').check();
      await page.click('[data-testid=notify]');
      await byId('overdue-said').filter({ hasText: '1 人：通知马上发出' }).waitFor();
      await mine(older).getByRole('checkbox').waitFor({ state: 'detached' });
      const { body } = await keeper.get<Page<{ waybill: string }>>(url('/api/notices'));
      expect(body.items.map(({ waybill }) => waybill)).toContain(older);

      await mine(old).locator('[data-testid=overdue-return]').click();
      await mine(old).locator('[data-testid=return-reason]').selectOption('refused');
      await mine(old).locator('[data-testid=return-keep]').click();
      await mine(old).waitFor({ state: 'detached' });
      await untilText(page, 'pending-count', '0');
      expect(timesOf(await parcelOf(old), 'returned')).toBe(1);

      await open('notices');
      await byId('notice').filter({ hasText: older }).waitFor();
    });

    it('is found by code and searched, a thousand parcels at once', async () => {
      const waybills = freshWaybills(1000);
      const codes = waybills.map((_, index) => `8-${Math.floor(index / 100)}-${String(index).padStart(4, '0')}`);
      for (let at = 0; at < 1000; at += 250) await scanIn(waybills.slice(at, at + 250), 1, codes.slice(at, at + 250));
      const { length } = (await shelf()).parcels;
      await open('shelf');
      await byId('shelf-count')
        .filter({ hasText: `${length} 件` })
        .waitFor();
      await byId('area-8-3').click();
      await page.fill('[data-testid=shelf-search]', '8-3-0345');
      await byId('shelf-parcel')
        .filter({ hasText: waybills[345] ?? '' })
        .waitFor();
      expect(await byId('shelf-parcel').count()).toBe(1);
      await page.fill('[data-testid=shelf-search]', '');
      await byId('area-8-3').click();
      expect(await byId('shelf-parcel').count()).toBeLessThanOrEqual(120);
      await byId('shelf-parcel').first().click();
      await page.waitForURL('**/station/parcels/**');
    });

    it('shows what the county pays', async () => {
      await open('fees');
      const period = dayOf(Date.now()).slice(0, 7);
      const { body } = await keeper.get<FeeSheet>(url(`/api/fees?period=${period}`));
      await byId('fee-total').waitFor();
      expect(await byId('fee-total').innerText()).toBe(`${yuanExact(body.totalFen)}元`);
      expect(await byId('fee-row').count()).toBe(body.rows.length);
      for (const [index, row] of body.rows.entries()) {
        const text = await byId('fee-row').nth(index).innerText();
        expect(text).toContain(`${yuanExact(row.amountFen)}元`);
        expect(text).toContain(`${row.pieces} 件`);
      }
      expect(await byId('fee-without-rate').count()).toBe(body.rows.some(({ withoutRate }) => withoutRate > 0) ? 1 : 0);
      await page.click('[data-testid=step-back]');
      await byId('fee-total').waitFor();
    });

    it('reports an extra charge once, whatever the line does, and asks for no amount', async () => {
      const { parcels } = await shelf();
      const waybill = parcels.at(-1)?.waybill ?? '';
      await open('complaints');
      await byId('complaint-text').waitFor();
      expect(await byId('complaint-form').locator('input').count()).toBe(2);
      await page.fill('[data-testid=complaint-waybill]', waybill);
      await page.fill('[data-testid=complaint-text]', '取件时又要了钱');
      await seen.context.setOffline(true);
      await page.click('[data-testid=complaint-send]');
      await page.getByText('需要网络才能发给县里').waitFor();
      await seen.context.setOffline(false);
      await page.click('[data-testid=complaint-send]');
      await byId('complaint-said').waitFor();
      await byId('complaint').filter({ hasText: waybill }).waitFor();
      const { items } = (await keeper.get<Page<ComplaintView>>(url('/api/complaints'))).body;
      expect(items.filter((item) => item.waybill === waybill).map(({ status }) => status)).toEqual(['reported']);
    });

    it('leaves no error in the console but the requests that the cut line failed', () => {
      const since = seen.complaints().slice(signedIn);
      expect(since.filter((text) => !/ERR_INTERNET_DISCONNECTED|Failed to fetch/.test(text))).toEqual([]);
    });
  });
}
