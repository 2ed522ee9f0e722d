/** What is wrong with a page, whatever it shows: errors, failed requests, a layout wider than its screen, raw values, rules of accessibility. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';

const SETTLE_MS = 4000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];

/** Faults of each address as its path and what is wrong; nothing should be. `look` sees each page when it has settled. */
export async function faultsOf(
  context: BrowserContext,
  addresses: readonly string[],
  look: (page: Page, address: string) => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const faults: string[] = [];
  const note = (fault: string) => void faults.push(`${new URL(page.url()).pathname}: ${fault}`);
  page.on('console', (message) => message.type() === 'error' && note(message.text()));
  page.on('pageerror', (error) => note(error.message));
  page.on('response', (answer) => answer.status() >= 400 && note(`${answer.status()} ${answer.url()}`));
  for (const address of addresses) {
    await page.goto(address);
    await page.locator('main :is(h1, h2, form, .card, .panel, .v)').first().waitFor();
    // A page with a live feed is never idle.
    await page.waitForLoadState('networkidle', { timeout: SETTLE_MS }).catch(() => undefined);
    (await faultsOn(page)).forEach(note);
    await look(page, address);
  }
  await page.close();
  return faults;
}

/** Faults of a page as it stands: its layout, and the rules of accessibility. */
export async function faultsOn(page: Page): Promise<string[]> {
  return [...(await layoutFaults(page)), ...(await axeFaults(page))];
}

/** The same for a step of some work, by its name; with `STATION_PICTURES` naming a folder, its picture goes there. */
export async function faultsAt(page: Page, step: string): Promise<string[]> {
  const faults = await faultsOn(page);
  await keepPicture(page, step);
  return faults.map((fault) => `${step}: ${fault}`);
}

/** Saves what the page shows in the folder that `STATION_PICTURES` names (how docs/img/station is made); else nothing. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['STATION_PICTURES'];
  if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

async function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = [document.documentElement, document.querySelector('main')].filter(
      (element) => element && element.scrollWidth > element.clientWidth + 1,
    );
    const raw = /undefined|NaN|\[object |[0-9a-f]{8}-[0-9a-f]{4}-7/.exec(document.body.innerText);
    const main = document.querySelector('main')?.textContent.trim() ?? '';
    return [
      ...wide.map((element) => `wider than the screen: ${element?.tagName ?? ''}`),
      ...(raw ? [`raw text: ${raw[0]}`] : []),
      ...(main ? [] : ['empty']),
    ];
  });
}

async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async (tags) => {
    type Axe = {
      run(root: Document, options: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }>;
    };
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return violations.map(({ id, nodes }) => `axe ${id}: ${nodes[0]?.target.join(' ') ?? ''}`);
  }, AXE_TAGS);
}
