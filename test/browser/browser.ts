/** A real browser on the built pages: pages of each role in their own context, with what they wrote to the console. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const USUAL_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
/** Password of the demo logins. */
const PASSWORD = 'xiangyi-demo';
const PHONE = { width: 360, height: 640 };
const DESK = { width: 1440, height: 900 };

/** The browser on this machine, or `undefined`. */
export function chromiumPath(): string | undefined {
  return [process.env['CHROMIUM_PATH'], ...USUAL_PATHS].find((file) => file !== undefined && existsSync(file));
}

/** Whether a missing browser is a failure. */
export const browserRequired = process.env['REQUIRE_ALL'] === '1';

/** Starts the browser. */
export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

export interface Visit {
  context: BrowserContext;
  page: Page;
  /** Errors that pages wrote to the console or threw, until now. */
  complaints(): string[];
}

/** Somebody at a screen of their own, not signed in; `language` is what they chose on the page. */
export async function visit(
  browser: Browser,
  baseUrl: string,
  options: { phone?: boolean; language?: 'zh-CN' | 'en' } = {},
): Promise<Visit> {
  const context = await browser.newContext({ baseURL: baseUrl, viewport: options.phone ? PHONE : DESK, locale: 'zh-CN' });
  await context.addInitScript((language) => {
    if (language && !localStorage.getItem('xiangyi.locale')) localStorage.setItem('xiangyi.locale', language);
  }, options.language);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const found: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') found.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => found.push(`${page.url()}: ${error.message}`));
  return { context, page, complaints: () => [...found] };
}

/** Signs in by the form and waits for the role's own app. */
export async function signIn(page: Page, username: string, home: '/county/' | '/station/'): Promise<void> {
  await page.goto('/');
  await page.fill('input[name=username]', username);
  await page.fill('input[name=password]', PASSWORD);
  await page.click('[data-testid=sign-in]');
  await page.waitForURL(`**${home}**`);
}

/** Types a waybill and presses Enter, as a scanner does. */
export async function scan(page: Page, waybill: string): Promise<void> {
  await page.fill('[data-testid=scan-input]', waybill);
  await page.press('[data-testid=scan-input]', 'Enter');
}

/** Waits until an element's text is `text`. */
export async function untilText(page: Page, testId: string, text: string): Promise<void> {
  await page
    .locator(`[data-testid=${testId}]`, { hasText: new RegExp(`^\\s*${text}\\s*$`) })
    .first()
    .waitFor();
}

/** Twelve-digit waybills of SF's own shape, which no carrier has to be asked for: none is used twice in a run. */
export function freshWaybills(count: number): string[] {
  const first = 1_000_000_000_000 + Math.floor(Math.random() * 8_000_000_000_000);
  return Array.from({ length: count }, (_, index) => `SF${first + index}`);
}
