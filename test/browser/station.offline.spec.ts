/**
 * A keeper's phone that loses everything but its scans: the network, the power, the session, the version, the room. After each, the county has every scan
 * exactly once: its `accepted` is counted by id on the line between them, and the parcels are asked for.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { BrowserContext, Page } from 'playwright-core';
import type { ParcelView } from '#contracts';
import { readQr } from '../factories/rendered.pdf.js';
import { startStandalone, type Standalone } from '../factories/standalone.js';
import { ApiClient } from '../e2e/api.client.js';
import { browserRequired, chromiumPath, freshWaybills, scan, untilText } from './browser.js';
import { Line } from './line.js';
import { Phone } from './phone.js';

const executable = chromiumPath();
const PASSWORD = 'xiangyi-demo';
/** A week of a busy station. */
const WEEK = 5000;
const SLOW_MS = 240_000;

if (!executable) {
  it('is left out: there is no Chromium on this machine (CHROMIUM_PATH can name one)', () => {
    expect(browserRequired).toBe(false);
  });
} else {
  describe("a keeper's phone", () => {
    let app: Standalone;
    let line: Line;
    let phone: Phone;
    let context: BrowserContext;
    let page: Page;
    const measured: string[] = [];

    beforeAll(async () => {
      app = await startStandalone();
    });
    afterAll(async () => {
      await app?.stop();
      process.stdout.write(measured.map((text) => `  ${text}\n`).join(''));
    });
    beforeEach(async () => {
      line = await Line.to(app.baseUrl);
      phone = new Phone(executable);
      context = await phone.on();
      page = await phone.page(context);
    });
    afterEach(async () => {
      await phone.end();
      await line.close();
    });

    const station = () => `${line.url}/station/`;
    const shown = async (testId: string) => Number(await page.locator(`[data-testid=${testId}]`).innerText());

    async function fillIn(on: Page, password: string): Promise<void> {
      await on.fill('input[name=username]', 'station');
      await on.fill('input[name=password]', password);
      await on.click('[data-testid=station-sign-in]');
    }
    /** The first visit: signs in, and waits until the app is on the phone. */
    async function firstVisit(): Promise<void> {
      await page.goto(station());
      await fillIn(page, PASSWORD);
      await page.locator('[data-testid=scan-input]').waitFor();
      await onThePhone();
    }
    async function onThePhone(): Promise<void> {
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 60_000 });
    }
    async function open(): Promise<Page> {
      page = await phone.page(context);
      await page.goto(station());
      return page;
    }
    /** Waits for something, signing in again whenever the page asks: the browser may not have written the session's cookie yet when the power went. */
    async function signingIn(isDone: () => boolean | Promise<boolean>): Promise<void> {
      const again = page.locator('[data-testid=sign-in-again]');
      await waitFor(async () => {
        if (await again.isVisible()) {
          await again.click();
          await fillIn(page, PASSWORD);
          await page.locator('[data-testid=scan-input]').waitFor();
        }
        return await isDone();
      });
    }
    /** Types as a scanner does, as fast as the page takes it. */
    async function scanAll(on: Page, waybills: readonly string[]): Promise<void> {
      await on.evaluate(async (numbers) => {
        const field = document.querySelector<HTMLInputElement>('[data-testid=scan-input]');
        for (const number of numbers) {
          if (!field) throw new Error('No field');
          field.value = number;
          field.dispatchEvent(new Event('input'));
          field.form?.requestSubmit();
          await new Promise((resolve) => setTimeout(resolve));
        }
      }, waybills);
    }
    /** The county has each of these once, and no other. */
    async function exactlyOnce(waybills: readonly string[], asked = 5): Promise<void> {
      expect([...line.waybills.values()].sort()).toEqual([...waybills].sort());
      expect([...line.accepted.values()].filter((times) => times !== 1)).toEqual([]);
      const keeper = await ApiClient.signIn(app.baseUrl, 'station');
      for (const waybill of waybills.slice(0, asked)) {
        const { body } = await keeper.get<ParcelView>(`${app.baseUrl}/api/parcels/${waybill}`);
        expect([waybill, body.timeline.filter(({ kind }) => kind === 'arrived_village').length]).toEqual([waybill, 1]);
      }
    }

    it('works after one visit without a network, through a reload, and sends when the network is back', async () => {
      await firstVisit();
      line.cut();
      await page.reload();
      const waybills = freshWaybills(4);
      for (const waybill of waybills.slice(0, 2)) await scan(page, waybill);
      await untilText(page, 'pending-count', '2');
      await page.reload();
      await untilText(page, 'pending-count', '2');
      for (const waybill of waybills.slice(2)) await scan(page, waybill);
      await untilText(page, 'pending-count', '4');
      await page.goto(`${station()}me`);
      await page.locator('[data-testid=device-id]').waitFor();
      line.condition = 'up';
      await page.evaluate(() => dispatchEvent(new Event('online')));
      await untilText(page, 'received-count', '4');
      await untilText(page, 'pending-count', '0');
      await exactlyOnce(waybills);
    });

    it('keeps every scan that it told to be saved when the power goes, also in the middle of sending', async () => {
      await firstVisit();
      line.cut();
      const waybills = freshWaybills(30);
      await scanAll(page, waybills.slice(0, 20));
      await untilText(page, 'pending-count', '20');
      await phone.kill();

      context = await phone.on();
      await open();
      await untilText(page, 'pending-count', '20');
      line.condition = 'answers lost';
      line.delayMs = 100;
      await page.evaluate(() => dispatchEvent(new Event('online')));
      await scanAll(page, waybills.slice(20));
      await untilText(page, 'pending-count', '30');
      await signingIn(() => line.batches > 0);
      await phone.kill();

      line.condition = 'up';
      context = await phone.on();
      await open();
      await signingIn(async () => (await shown('pending-count')) === 0);
      await untilText(page, 'received-count', '30');
      await exactlyOnce(waybills);
    });

    it('takes a week of scans without a network, as quick at the end as at the start, and sends them', async () => {
      await firstVisit();
      line.cut();
      const waybills = freshWaybills(WEEK);
      const took: number[] = [];
      for (let at = 0; at < WEEK; at += 500) {
        const started = performance.now();
        await scanAll(page, waybills.slice(at, at + 500));
        await page.waitForFunction(
          (count) => document.querySelector('[data-testid=pending-count]')?.textContent === String(count),
          at + 500,
          {
            timeout: 120_000,
          },
        );
        took.push((performance.now() - started) / 500);
      }
      measured.push(`${WEEK} scans without a network: ${took.map((ms) => ms.toFixed(1)).join(' ')} ms each, by 500`);
      expect(took.at(-1)).toBeLessThan(Math.max(60, (took[0] ?? 0) * 3));
      const started = performance.now();
      await page.reload();
      await page.waitForFunction(
        (count) => document.querySelector('[data-testid=pending-count]')?.textContent === String(count),
        WEEK,
      );
      measured.push(`start with ${WEEK} scans waiting: ${(performance.now() - started).toFixed(0)} ms`);
      line.condition = 'up';
      await page.evaluate(() => dispatchEvent(new Event('online')));
      await page.waitForFunction(() => document.querySelector('[data-testid=pending-count]')?.textContent === '0', undefined, {
        timeout: SLOW_MS,
      });
      expect(await shown('received-count')).toBe(WEEK);
      await exactlyOnce(waybills);
    }, 600_000);

    it.each(['with Web Locks', 'in a browser without them'])(
      'sends from one page at a time, %s, and both pages show the same',
      async (how) => {
        if (how !== 'with Web Locks')
          await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }));
        await firstVisit();
        const first = page;
        const second = await open();
        await second.locator('[data-testid=scan-input]').waitFor();
        line.condition = 'portal';
        line.delayMs = 50;
        const waybills = freshWaybills(60);
        await Promise.all([scanAll(first, waybills.slice(0, 30)), scanAll(second, waybills.slice(30))]);
        for (const one of [first, second]) await untilText(one, 'pending-count', '60');
        line.condition = 'up';
        await Promise.all([first, second].map((one) => one.evaluate(() => dispatchEvent(new Event('online')))));
        for (const one of [first, second]) await untilText(one, 'received-count', '60');
        for (const one of [first, second]) await untilText(one, 'pending-count', '0');
        expect(line.mostAtOnce).toBe(1);
        await exactlyOnce(waybills);
      },
    );

    it('keeps scanning while the session has ended, and sends once the person has signed in again', async () => {
      await firstVisit();
      await context.clearCookies();
      const waybills = freshWaybills(3);
      for (const waybill of waybills) await scan(page, waybill);
      await page.locator('[data-testid=sign-in-again]').waitFor();
      await untilText(page, 'pending-count', '3');
      expect(line.accepted.size).toBe(0);
      await page.click('[data-testid=sign-in-again]');
      await fillIn(page, PASSWORD);
      await untilText(page, 'received-count', '3');
      await exactlyOnce(waybills);
    });

    it('believes no answer but the county’s own', async () => {
      await firstVisit();
      const waybills = freshWaybills(3);
      line.condition = 'portal';
      await scan(page, waybills[0] ?? '');
      await untilText(page, 'pending-count', '1');
      line.condition = 'garbled';
      await scan(page, waybills[1] ?? '');
      await waitFor(() => line.accepted.size > 0);
      await untilText(page, 'pending-count', '2');
      line.condition = 'up';
      await scan(page, waybills[2] ?? '');
      await page.evaluate(() => dispatchEvent(new Event('online')));
      await untilText(page, 'received-count', '3');
      await exactlyOnce(waybills);
    });

    it('takes a new version with scans waiting and loses none', async () => {
      await firstVisit();
      line.condition = 'portal';
      const waybills = freshWaybills(2);
      await scan(page, waybills[0] ?? '');
      await untilText(page, 'pending-count', '1');
      line.rewrite.set('/sw.js', (text) =>
        text.replace(/("revision":")[0-9a-f]+(","url":"\/station\/index\.html")/, '$1of-tomorrow$2'),
      );
      line.rewrite.set('/station/index.html', (text) =>
        text.replace('<head>', '<head><meta name="version" content="of tomorrow" />'),
      );
      line.condition = 'answers lost';
      await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
      await page.locator('[data-testid=take-update]').waitFor();
      await scan(page, waybills[1] ?? '');
      await untilText(page, 'pending-count', '2');
      expect(await page.locator('meta[name=version]').count()).toBe(0);
      await page.click('[data-testid=take-update]');
      await page.locator('meta[name=version]').waitFor({ state: 'attached' });
      await untilText(page, 'pending-count', '2');
      line.condition = 'up';
      await page.evaluate(() => dispatchEvent(new Event('online')));
      await untilText(page, 'received-count', '2');
      await exactlyOnce(waybills);
    });

    it('signs a person in without a network by the password, and by nothing else', async () => {
      await firstVisit();
      await page.goto(`${station()}me`);
      await page.click('[data-testid=sign-out]');
      await page.locator('[data-testid=station-sign-in]').waitFor();
      line.cut();
      await page.reload();
      await page.locator('[data-testid=station-sign-in]').waitFor();
      for (let tries = 1; tries <= 4; tries += 1) {
        await fillIn(page, `wrong ${tries}`);
        await page.locator('[data-testid=sign-in-refusal]').waitFor();
        await page.locator('[data-testid=station-sign-in]:not([disabled])').waitFor();
      }
      await fillIn(page, PASSWORD);
      const [waybill = ''] = freshWaybills(1);
      await scan(page, waybill);
      await untilText(page, 'pending-count', '1');
      await page.reload();
      await untilText(page, 'pending-count', '1');
      // The phone alone opened it: the county wants to know who it is before it takes anything.
      line.condition = 'up';
      await page.evaluate(() => dispatchEvent(new Event('online')));
      await page.click('[data-testid=sign-in-again]');
      await fillIn(page, PASSWORD);
      await untilText(page, 'received-count', '1');
      await exactlyOnce([waybill]);
    });

    it('makes who guesses wait', async () => {
      await firstVisit();
      await page.goto(`${station()}me`);
      await page.click('[data-testid=sign-out]');
      await page.locator('[data-testid=station-sign-in]').waitFor();
      line.cut();
      for (let tries = 1; tries <= 5; tries += 1) {
        await fillIn(page, `wrong ${tries}`);
        await page.locator('[data-testid=sign-in-refusal]').waitFor();
        await page.locator('[data-testid=station-sign-in]:not([disabled])').waitFor();
      }
      await fillIn(page, PASSWORD);
      await page.locator('[data-testid=sign-in-refusal]', { hasText: /5/ }).waitFor();
      expect(await page.locator('[data-testid=scan-input]').count()).toBe(0);
    });

    it('brings over what the first version of the app had kept', async () => {
      const waybills = freshWaybills(2);
      await page.goto(`${line.url}/station/manifest.webmanifest`);
      const keeper = await ApiClient.signIn(app.baseUrl, 'station');
      const { body: me } = await keeper.get<{ id: string }>(`${app.baseUrl}/api/auth/me`);
      await page.evaluate(
        async ([userId, numbers]) => {
          const opening = indexedDB.open('xiangyi.station', 1);
          opening.onupgradeneeded = () => opening.result.createObjectStore('scans', { keyPath: 'id' });
          await new Promise((resolve) => (opening.onsuccess = resolve));
          const transaction = opening.result.transaction('scans', 'readwrite');
          numbers.forEach((waybill, index) => {
            const id = `01990000-0000-7000-8000-${String(Date.now()).slice(-9)}${index}00`;
            const at = new Date().toISOString();
            const made = { id, waybill, kind: 'arrived_village', occurredAt: at };
            transaction
              .objectStore('scans')
              .put({ id, userId, scan: made, storedAt: at, stage: index ? 'waiting' : 'pending', attempts: 0 });
          });
          await new Promise((resolve) => (transaction.oncomplete = resolve));
          opening.result.close();
        },
        [me.id, waybills] as const,
      );
      await firstVisit();
      await untilText(page, 'received-count', '2');
      await exactlyOnce(waybills);
    });

    /** Another phone's scanner looks at the moving code until it has seen enough. */
    async function readMovingCode(there: Page): Promise<void> {
      await page.click('[data-testid=hand-over-code]');
      const canvas = page.locator('[data-testid=hand-over-canvas]');
      await canvas.waitFor();
      await waitFor(async () => {
        // A character a pixel: the way out of the page is slow for lists.
        const { pixels, width, height } = await canvas.evaluate((element: HTMLCanvasElement) => {
          const { data = [] } = element.getContext('2d')?.getImageData(0, 0, element.width, element.height) ?? {};
          let text = '';
          for (let at = 0; at < data.length; at += 4) text += (data[at] ?? 0) < 128 ? '1' : '0';
          return { pixels: text, width: element.width, height: element.height };
        });
        const data = new Uint8ClampedArray(pixels.length * 4).fill(255);
        for (let at = 0; at < pixels.length; at += 1) if (pixels[at] === '1') data.fill(0, at * 4, at * 4 + 3);
        const [frame] = await readQr({ data, width, height, colorSpace: 'srgb' });
        if (!frame) return false;
        await there.fill('[data-testid=take-in-frame]', frame);
        await there.press('[data-testid=take-in-frame]', 'Enter');
        return await there.locator('[data-testid=take-in-number]').isVisible();
      });
    }
    async function giveFile(there: Page, waybills: readonly string[]): Promise<void> {
      const [file] = await Promise.all([page.waitForEvent('download'), page.click('[data-testid=hand-over-file]')]);
      const text = readFileSync(await file.path(), 'utf8');
      expect(text).not.toContain(waybills[0]);
      const buffer = Buffer.from(text);
      await there.setInputFiles('[data-testid=take-in-file]', { name: 'outbox.json', mimeType: 'application/json', buffer });
    }

    it.each(['a file', 'a moving code'])(
      'hands its outbox over by %s, and the county has each once whoever sends',
      async (way) => {
        await firstVisit();
        line.condition = 'portal';
        const waybills = freshWaybills(5);
        for (const waybill of waybills) await scan(page, waybill);
        await untilText(page, 'pending-count', '5');
        await page.goto(`${station()}hand-over`);

        const otherLine = await Line.to(app.baseUrl);
        const other = new Phone(executable);
        try {
          const there = await other.page(await other.on());
          await there.goto(`${otherLine.url}/station/`);
          await fillIn(there, PASSWORD);
          await there.locator('[data-testid=scan-input]').waitFor();
          await there.goto(`${otherLine.url}/station/hand-over`);
          if (way === 'a file') await giveFile(there, waybills);
          else await readMovingCode(there);
          await there.fill('[data-testid=take-in-number]', '000000000000');
          await there.click('[data-testid=take-in-go]');
          await there.locator('[role=alert]').waitFor();
          await there.fill('[data-testid=take-in-number]', await page.locator('[data-testid=hand-over-number]').innerText());
          await there.click('[data-testid=take-in-go]');
          await untilText(there, 'received-count', '5');
          line.condition = 'up';
          await page.evaluate(() => dispatchEvent(new Event('online')));
          await untilText(page, 'received-count', '5');
          expect(line.accepted.size).toBe(0);
          for (const [id, waybill] of otherLine.waybills) line.waybills.set(id, waybill);
          for (const [id, times] of otherLine.accepted) line.accepted.set(id, times);
          await exactlyOnce(waybills);
        } finally {
          await other.end();
          await otherLine.close();
        }
      },
    );

    it('says loudly that it is full, and counts nothing that it could not keep', async () => {
      await firstVisit();
      line.condition = 'portal';
      const waybills = freshWaybills(2);
      await scan(page, waybills[0] ?? '');
      await untilText(page, 'pending-count', '1');
      // As a full disk answers; no setting of the browser makes its own quota small.
      await page.evaluate(() => {
        const { add, put } = IDBObjectStore.prototype;
        const full = () => {
          throw new DOMException('full', 'QuotaExceededError');
        };
        Object.assign(globalThis, { makeRoom: () => Object.assign(IDBObjectStore.prototype, { add, put }) });
        Object.assign(IDBObjectStore.prototype, { add: full, put: full });
      });
      await scan(page, waybills[1] ?? '');
      await page.locator('[data-testid=phone-full]').waitFor();
      await page.locator('[data-testid=result-card][data-tone=bad]').waitFor();
      await untilText(page, 'pending-count', '1');
      await page.evaluate('makeRoom()');
      line.condition = 'up';
      await page.evaluate(() => dispatchEvent(new Event('online')));
      await untilText(page, 'received-count', '1');
      await exactlyOnce(waybills.slice(0, 1));
    });

    it('keeps what it knows of people encrypted', async () => {
      const shelf = page.waitForResponse((answer) => answer.url().includes('/api/shelf') && answer.ok());
      await firstVisit();
      await shelf;
      const kept = () =>
        page.evaluate(async () => {
          const rows: unknown[] = [];
          const opening = indexedDB.open('xiangyi.phone');
          await new Promise((resolve) => (opening.onsuccess = resolve));
          for (const store of opening.result.objectStoreNames) {
            const asking = opening.result.transaction(store).objectStore(store).getAll();
            await new Promise((resolve) => (asking.onsuccess = resolve));
            rows.push(...(asking.result as unknown[]));
          }
          opening.result.close();
          const bytes = (_key: string, value: unknown) =>
            value instanceof ArrayBuffer ? `sealed ${new TextDecoder('latin1').decode(value)}` : value;
          return JSON.stringify(rows, bytes) + JSON.stringify(localStorage);
        });
      await waitFor(async () => (await kept()).includes('shelf/'));
      expect(await kept()).not.toContain('overdueHours');
    });

    it('needs less than 200 kB before its first page, and is asked for anew each time', async () => {
      const shell = readFileSync('dist/web/station/index.html', 'utf8');
      const names = [...shell.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, name]) => name ?? '');
      const kept = readFileSync('dist/web/sw.js', 'utf8');
      const words = [...kept.matchAll(/"\/(assets\/[^"]+\.zh-CN-[^"]+\.js)"/g)].map(([, name]) => name ?? '');
      const files = [...names, ...words];
      expect(files.length).toBeGreaterThan(10);
      const bytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(`dist/web/${name}`), { level: 9 }).length, 0);
      measured.push(`before the first page: ${(bytes / 1000).toFixed(1)} kB gzip in ${files.length} files`);
      expect(bytes).toBeLessThan(200_000);
      const asset = await fetch(`${app.baseUrl}/${names[0]}`);
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      const worker = await fetch(`${app.baseUrl}/sw.js`);
      expect([worker.status, worker.headers.get('cache-control')]).toEqual([200, 'no-cache']);
      expect(worker.headers.get('content-type')).toContain('javascript');
    });

    it('is signed out and wiped when the county revokes it', async () => {
      await firstVisit();
      await page.goto(`${station()}me`);
      const device = await page.locator('[data-testid=device-id]').innerText();
      const admin = await ApiClient.signIn(app.baseUrl, 'admin');
      expect((await admin.post(`${app.baseUrl}/api/devices/${device}/revoke`, {})).status).toBe(200);
      await page.goto(station());
      await page.locator('[data-testid=revoked]').waitFor();
      await page.click('[data-testid=wipe]');
      await page.locator('[data-testid=station-sign-in]').waitFor();
      expect(await page.evaluate(() => localStorage.getItem('xiangyi.me'))).toBeNull();
    });

    it('sends 500 scans over 2G in few bytes, and starts on a slow phone', async () => {
      await firstVisit();
      line.cut();
      const waybills = freshWaybills(500);
      await scanAll(page, waybills);
      await page.waitForFunction(() => document.querySelector('[data-testid=pending-count]')?.textContent === '500', undefined, {
        timeout: 120_000,
      });
      const devtools = await context.newCDPSession(page);
      await devtools.send('Network.enable');
      const kbit = 1000 / 8;
      await devtools.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 300,
        downloadThroughput: 250 * kbit,
        uploadThroughput: 50 * kbit,
      });
      line.condition = 'up';
      const started = performance.now();
      await page.evaluate(() => dispatchEvent(new Event('online')));
      await page.waitForFunction(() => document.querySelector('[data-testid=pending-count]')?.textContent === '0', undefined, {
        timeout: SLOW_MS,
      });
      const seconds = (performance.now() - started) / 1000;
      measured.push(`500 scans over 2G: ${seconds.toFixed(1)} s, ${(line.bytes / 500).toFixed(0)} bytes a scan, both ways`);
      expect(line.bytes / 500).toBeLessThan(320);
      await exactlyOnce(waybills);

      line.cut();
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: 6 });
      const began = performance.now();
      await page.reload({ waitUntil: 'commit' });
      await page.locator('[data-testid=scan-input]').waitFor({ timeout: 60_000 });
      measured.push(`cold start at 6 x CPU throttle without a network: ${(performance.now() - began).toFixed(0)} ms`);
    }, 600_000);
  });
}

async function waitFor(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('It did not come about in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
