/** A keeper's phone: a browser process of its own on a profile that outlives it, so that it can be killed and switched on again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const START_MS = 30_000;

export class Phone {
  private process: ChildProcess | undefined;
  private browser: Browser | undefined;
  private readonly profile = mkdtempSync(path.join(tmpdir(), 'xiangyi-phone-'));

  constructor(private readonly executable: string) {}

  /** Switches it on; the pages of before are not opened again. */
  async on(): Promise<BrowserContext> {
    const portFile = path.join(this.profile, 'DevToolsActivePort');
    rmSync(portFile, { force: true });
    const flags = [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--remote-debugging-port=0',
      '--window-size=390,844',
    ];
    this.process = spawn(this.executable, [...flags, `--user-data-dir=${this.profile}`, 'about:blank'], {
      stdio: 'ignore',
      detached: true,
    });
    const deadline = Date.now() + START_MS;
    while (!existsSync(portFile) || !readFileSync(portFile, 'utf8').includes('\n')) {
      if (Date.now() > deadline) throw new Error('The browser did not start');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const [port] = readFileSync(portFile, 'utf8').split('\n');
    this.browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { timeout: START_MS });
    const [context] = this.browser.contexts();
    if (!context) throw new Error('The browser has no context');
    return context;
  }

  /** A page of the phone's size. */
  async page(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.setViewportSize({ width: 360, height: 640 });
    return page;
  }

  /** The battery falls out: every process of the browser is killed at once. */
  async kill(): Promise<void> {
    const { process: running } = this;
    if (!running?.pid) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    process.kill(-running.pid, 'SIGKILL');
    await ended;
    this.process = undefined;
    await this.browser?.close().catch(() => undefined);
  }

  /** Throws the phone away. */
  async end(): Promise<void> {
    await this.kill();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
