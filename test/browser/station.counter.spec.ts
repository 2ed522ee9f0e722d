import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { Page as Listed, ParcelView, ProofView, Shelf } from '#contracts';
import { startStandalone, type Standalone } from '../factories/standalone.js';
import { until } from '../e2e/api.client.js';
import { browserRequired, chromiumPath, freshWaybills, launch, scan, signIn, untilText, visit } from './browser.js';
import { filmLabels, type Shot } from './label.video.js';
import { faultsAt } from './page.faults.js';

const executable = chromiumPath();
const WAIT_MS = 60_000;

if (!executable) {
  it('is left out: there is no Chromium on this machine (CHROMIUM_PATH can name one)', () => {
    expect(browserRequired).toBe(false);
  });
} else {
  describe('a station’s counter in a browser', () => {
    let app: Standalone;
    let browser: Browser;
    const folder = mkdtempSync(path.join(tmpdir(), 'xiangyi-film-'));
    beforeAll(async () => {
      app = await startStandalone();
      browser = await launch(executable);
    });
    afterAll(async () => {
      await browser?.close();
      await app?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const ask = async <T>(page: Page, address: string): Promise<T> => {
      const answer = await page.request.get(`${app.baseUrl}${address}`);
      expect([address, answer.status()]).toEqual([address, 200]);
      return (await answer.json()) as T;
    };
    const kindsOf = async (page: Page, waybill: string) =>
      (await ask<ParcelView>(page, `/api/parcels/${waybill}`)).timeline
        .filter(({ flags }) => !flags?.includes('undone'))
        .map(({ kind }) => kind);

    it('takes worn labels in front of the camera in, several a frame, each on the server once', async () => {
      const waybills = freshWaybills(12);
      const shots: Shot[] = [
        ...waybills.slice(0, 6).map((text): Shot => [{ text, format: 'Code128' }]),
        waybills.slice(6, 9).map((text) => ({ text, format: 'Code128' }) as const),
        ...waybills.slice(9).map((text): Shot => [{ text, format: 'QRCode' }]),
      ];
      const film = path.join(folder, 'labels.y4m');
      await filmLabels(film, shots, 10);
      const camera = await chromium.launch({
        executablePath: executable,
        args: [
          '--no-sandbox',
          '--use-fake-ui-for-media-stream',
          '--use-fake-device-for-media-stream',
          `--use-file-for-fake-video-capture=${film}`,
        ],
      });
      try {
        const { page, complaints } = await visit(camera, app.baseUrl, { phone: true });
        await signIn(page, 'station', '/station/');
        await page.click('[data-testid=camera-start]');
        await page.waitForFunction(
          (wanted) => Number(document.querySelector('[data-testid=received-count]')?.textContent) >= wanted,
          waybills.length,
          { timeout: 180_000 },
        );
        await page.click('[data-testid=camera-stop]');
        for (const waybill of waybills) expect([waybill, await kindsOf(page, waybill)]).toEqual([waybill, ['arrived_village']]);
        expect(complaints()).toEqual([]);
      } finally {
        await camera.close();
      }
    });

    it('offers a photo, then typing, where a page gets no camera', async () => {
      const { page, context } = await visit(browser, app.baseUrl, { phone: true });
      await signIn(page, 'station', '/station/');
      await page.click('[data-testid=camera-start]');
      await page.locator('[data-testid=camera-photo]').waitFor();
      await page.setInputFiles('[data-testid=camera-photo-input]', 'docs/img/keeper.png').catch(() => undefined);
      await scan(page, freshWaybills(1)[0] ?? '');
      await untilText(page, 'pending-count', '0');
      await context.close();
    });

    it('shelves, takes a mistake back, finds by pickup code and hands out to a neighbour with a name', async () => {
      const { page, context, complaints } = await visit(browser, app.baseUrl, { phone: true });
      await signIn(page, 'station', '/station/');
      const [kept, mistaken] = freshWaybills(2) as [string, string];
      await page.click('[data-testid=kind-shelved]');
      await page.fill('[data-testid=shelf-input]', '8-3-0001');
      await scan(page, kept);
      await untilText(page, 'shelf-code', '8-3-0001');
      await scan(page, mistaken);
      await untilText(page, 'shelf-code', '8-3-0002');
      expect(await faultsAt(page, 'steps/scan-shelved')).toEqual([]);
      await page.click('[data-testid=undo]');
      const kinds = await until(
        () => kindsOf(page, mistaken),
        (found) => found[0] === 'undone',
        WAIT_MS,
      );
      expect(kinds).toEqual(['undone']);
      expect(await page.inputValue('[data-testid=shelf-input]')).toBe('8-3-0002');

      await page.click('text=出库');
      await page.fill('[data-testid=hand-out-input]', '8-3-0002');
      await page.press('[data-testid=hand-out-input]', 'Enter');
      await page.locator('[data-testid=hand-out-answer][data-tone=bad]').waitFor();
      await context.setOffline(true);
      await page.fill('[data-testid=hand-out-input]', '8-3-0001');
      await page.press('[data-testid=hand-out-input]', 'Enter');
      await page.locator('[data-testid=shelf-parcel]', { hasText: kept }).waitFor();
      await page.click('[data-testid=way-named_proxy]');
      await page.click('[data-testid=hand-out]');
      await page.locator('[role=alert]', { hasText: '代取人' }).waitFor();
      expect(await faultsAt(page, 'steps/hand-out-proxy')).toEqual([]);
      await page.fill('[data-testid=proxy-name]', '王秀英');
      await page.locator('[data-testid=hand-out]').evaluate((button: HTMLElement) => {
        button.click();
        button.click();
      });
      await page.locator('[data-testid=hand-out-answer][data-tone=good]').waitFor();
      await untilText(page, 'pending-count', '2');
      await context.setOffline(false);
      await untilText(page, 'pending-count', '0');
      const parcel = await ask<ParcelView>(page, `/api/parcels/${kept}`);
      expect([parcel.stage, parcel.proof]).toEqual(['collected', 'named_proxy']);
      const proofs = await ask<Listed<ProofView>>(page, `/api/proofs?waybill=${kept}`);
      expect(proofs.items.map(({ kind, proxyName }) => [kind, proxyName])).toEqual([['named_proxy', '王**']]);
      const shelf = await ask<Shelf>(page, '/api/shelf');
      expect(shelf.parcels.some(({ waybill }) => waybill === kept || waybill === mistaken)).toBe(false);
      expect(complaints().filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
      await context.close();
    });

    it('sends a scan whose question nobody answers, and asks again what a full phone could not write down', async () => {
      const { page, context } = await visit(browser, app.baseUrl, { phone: true });
      await signIn(page, 'station', '/station/');
      const [left, asked] = freshWaybills(2).map((waybill) => `4${waybill.slice(3)}`) as [string, string];
      await scan(page, left);
      await page.locator('[data-testid=carrier-question]').waitFor();
      await untilText(page, 'pending-count', '1');
      await page.click('text=出库');
      await untilText(page, 'pending-count', '0');
      expect(await kindsOf(page, left)).toEqual(['arrived_village']);

      await page.goBack();
      await scan(page, asked);
      const answer = page.locator('[data-testid=carrier-question] button').first();
      await answer.waitFor();
      await page.evaluate(() => {
        const { add, put } = IDBObjectStore.prototype;
        const full = () => {
          throw new DOMException('full', 'QuotaExceededError');
        };
        Object.assign(globalThis, { makeRoom: () => Object.assign(IDBObjectStore.prototype, { add, put }) });
        Object.assign(IDBObjectStore.prototype, { add: full, put: full });
      });
      await answer.click();
      await page.locator('[data-testid=result-card][data-tone=bad]', { hasText: '还不能发送' }).waitFor();
      await page.evaluate('makeRoom()');
      await answer.click();
      await untilText(page, 'pending-count', '0');
      expect((await ask<ParcelView>(page, `/api/parcels/${asked}`)).carrierCode).not.toBeNull();
      await context.close();
    });

    it('knows what a colleague scanned on this phone and has not sent, and lets go of reads of a month ago', async () => {
      const { page, context } = await visit(browser, app.baseUrl, { phone: true });
      await signIn(page, 'station', '/station/');
      await page.locator('[data-testid=scan-input]').waitFor();
      const { stationCode } = await ask<Shelf>(page, '/api/shelf');
      const [waybill] = freshWaybills(1) as [string];
      const storedAt = new Date(Date.now() - 8 * 86_400_000).toISOString();
      const id = crypto.randomUUID();
      const body = { id, kind: 'shelved', waybill, shelfCode: '8-5-0001', stationCode, occurredAt: storedAt };
      const entry = { id, path: 'scans', userId: 'colleague', body, bytes: 200, storedAt, stage: 'pending', attempts: 0 };
      const tally = { key: 'colleague|open|', userId: 'colleague', state: 'open', day: '', count: 1 };
      const read = { key: 'colleague|bag', userId: 'colleague', asOf: new Date(Date.now() - 32 * 86_400_000).toISOString() };
      /** Does its work in the phone's database, and resolves to the keys of the reads there. */
      const inDatabase = (rows: readonly (readonly [table: string, row: object])[]): Promise<string[]> =>
        page.evaluate(async (added) => {
          const opening = indexedDB.open('xiangyi.phone');
          const database = await new Promise<IDBDatabase>((resolve, reject) => {
            opening.onsuccess = () => resolve(opening.result);
            opening.onerror = () => reject(opening.error ?? new Error('open'));
          });
          const transaction = database.transaction(['entries', 'tallies', 'cache'], 'readwrite');
          for (const [table, row] of added) transaction.objectStore(table).put(row);
          const keys = transaction.objectStore('cache').getAllKeys();
          await new Promise((resolve) => (transaction.oncomplete = resolve));
          database.close();
          return keys.result.map(String);
        }, rows);
      const keys = await inDatabase([
        ['entries', entry],
        ['tallies', tally],
        ['cache', read],
      ]);
      expect(keys).toContain('colleague|bag');
      await page.goto(`${app.baseUrl}/station/hand-out`);
      await page.fill('[data-testid=hand-out-input]', '8-5-0001');
      await page.press('[data-testid=hand-out-input]', 'Enter');
      await page.locator('[data-testid=shelf-parcel]', { hasText: waybill }).waitFor();
      const left = await until(
        () => inDatabase([]),
        (found) => !found.includes('colleague|bag'),
        WAIT_MS,
      );
      expect(left.some((key) => key.includes('|shelf/'))).toBe(true);
      await context.close();
    });

    it('warns of a parcel that is to be held back, and does not hand it out', async () => {
      const { page, context } = await visit(browser, app.baseUrl, { phone: true });
      await signIn(page, 'station', '/station/');
      const [held] = freshWaybills(1) as [string];
      const officer = await visit(browser, app.baseUrl);
      await signIn(officer.page, 'county', '/county/');
      await page.click('[data-testid=kind-shelved]');
      await page.fill('[data-testid=shelf-input]', '8-4-0001');
      await scan(page, held);
      await untilText(page, 'pending-count', '0');
      await officer.page.request.post(`${app.baseUrl}/api/scans`, {
        data: {
          scans: [
            {
              id: crypto.randomUUID(),
              kind: 'exception_open',
              exception: 'intercepted',
              waybill: held,
              occurredAt: new Date().toISOString(),
            },
          ],
        },
      });
      await page.goto(`${app.baseUrl}/station/hand-out`);
      const shelf = await until(
        () => ask<Shelf>(page, '/api/shelf'),
        ({ parcels }) => parcels.some(({ exceptions }) => exceptions.includes('intercepted')),
        WAIT_MS,
      );
      expect(shelf.parcels.find(({ waybill }) => waybill === held)?.exceptions).toEqual(['intercepted']);
      await page.reload();
      await page.fill('[data-testid=hand-out-input]', '8-4-0001');
      await page.press('[data-testid=hand-out-input]', 'Enter');
      await page.locator('[data-testid=shelf-parcel]', { hasText: '拦截' }).waitFor();
      await page.click('[data-testid=way-self]');
      await page.click('[data-testid=hand-out]');
      await page.locator('[role=alert]', { hasText: '拦截' }).waitFor();
      expect(await faultsAt(page, 'steps/hand-out-held')).toEqual([]);
      await page.goto(`${app.baseUrl}/station/parcels/${held}`);
      await page.locator('[data-testid=shelf-parcel]', { hasText: '拦截' }).waitFor();
      await page.waitForLoadState('networkidle');
      expect(await faultsAt(page, 'steps/parcel')).toEqual([]);
      expect((await ask<ParcelView>(page, `/api/parcels/${held}`)).stage).toBe('at_station');
      await officer.context.close();
      await context.close();
    });
  });
}
