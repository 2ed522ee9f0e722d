import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '#platform';
import { startStandalone, type Standalone } from '../factories/standalone.js';
import { until } from './api.client.js';

const NO_DEMO = { DEMO: '0' };
const START_TIMEOUT_MS = 60_000;

/** Runs the application until it ends, which it should do by itself at once. */
function refusedStart(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['dist/apps/standalone/src/main.js'], { env: { ...process.env, ...NO_DEMO, ...env } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const timeout = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
    child.once('close', (code) => {
      clearTimeout(timeout);
      resolve({ code, output });
    });
  });
}

const answers = async (baseUrl: string) => {
  try {
    return (await fetch(`${baseUrl}/health/live`, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
};
const line = (text: string | RegExp) => expect.stringMatching(text instanceof RegExp ? text : new RegExp(`^${text}`)) as string;

describe('the application', () => {
  let app: Standalone;

  beforeAll(async () => {
    app = await startStandalone({ env: NO_DEMO });
  });
  afterAll(async () => {
    await app.stop();
  });

  it('refuses a data folder that another one uses, in one line', async () => {
    const { code, output } = await refusedStart({ DATA_DIR: app.dataDir, PORT: String(await freePort()) });
    expect({ code, lines: output.trim().split('\n') }).toEqual({ code: 1, lines: [line('DATA_DIR: .*in use')] });
  });

  it('refuses a taken port, an unwritable folder and a bad variable, in one line each', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'xiangyi-refused-'));
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    const refusals: [Record<string, string>, RegExp][] = [
      [{ DATA_DIR: folder, PORT: new URL(app.baseUrl).port }, /^PORT: .*taken/],
      [{ DATA_DIR: path.join(file, 'inside'), PORT: '0' }, /^DATA_DIR: cannot write/],
      [{ DATA_DIR: folder, PORT: 'eighty' }, /^Bad configuration\. PORT/],
      [{ DATA_DIR: folder, REDIS_URL: 'localhost' }, /^Bad configuration\. REDIS_URL/],
      [{ DATA_DIR: folder, DATABASE_URL: 'postgresql://127.0.0.1/none' }, /^SECRET_KEY: required/],
      [{ DATA_DIR: folder, HOST: '0.0.0.0', DEMO: '1' }, /^DEMO_PASSWORD/],
    ];
    for (const [env, expected] of refusals) {
      const { code, output } = await refusedStart(env);
      expect({ code, lines: output.trim().split('\n') }).toEqual({ code: 1, lines: [line(expected)] });
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it('stops its database with itself on Ctrl-C, and starts again on the same folder', async () => {
    const lock = path.join(app.dataDir, 'postgres', 'cluster', 'postmaster.pid');
    expect(existsSync(lock)).toBe(true);
    await app.stop({ signal: 'SIGINT', keepData: true });
    expect({ code: app.process.exitCode, lock: existsSync(lock) }).toEqual({ code: 0, lock: false });
    app = await startStandalone({ dataDir: app.dataDir, env: NO_DEMO });
    expect(await answers(app.baseUrl)).toBe(true);
  });
});

describe('npm start', () => {
  let child: ChildProcess;
  const dataDir = mkdtempSync(path.join(tmpdir(), 'xiangyi-npm-'));

  afterAll(() => {
    child.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('leaves nothing running when npm itself is killed', async () => {
    const port = await freePort();
    const baseUrl = `http://127.0.0.1:${port}`;
    const env = { ...process.env, ...NO_DEMO, DATA_DIR: dataDir, PORT: String(port) };
    child = spawn('npm', ['start'], { env, stdio: 'ignore', shell: process.platform === 'win32' });
    expect(await until(() => answers(baseUrl), Boolean, START_TIMEOUT_MS)).toBe(true);
    child.kill('SIGKILL');
    expect(
      await until(
        () => answers(baseUrl),
        (up) => !up,
        60_000,
      ),
    ).toBe(false);
    const lock = path.join(dataDir, 'postgres', 'cluster', 'postmaster.pid');
    expect(
      await until(
        () => Promise.resolve(existsSync(lock)),
        (there) => !there,
        60_000,
      ),
    ).toBe(false);
  });
});
