/** The built application as a user starts it: a process of its own on a fresh data folder, with the demo county. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '#platform';

/** On a machine that does much else, loading the demo county takes minutes. */
const START_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 30_000;

export interface Standalone {
  baseUrl: string;
  dataDir: string;
  process: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Ends it by a signal and waits; the data folder goes unless `keepData`. */
  stop(options?: { signal?: NodeJS.Signals; keepData?: boolean }): Promise<void>;
}

interface StartOptions {
  readonly dataDir?: string;
  readonly port?: number;
  readonly env?: Record<string, string>;
}

/**
 * Starts the built standalone application; `dataDir` starts it again on an existing folder. Under `npm test` the demo county is loaded once for all
 * suites, and each test file works on a copy (`scripts/run/suites.mjs`).
 */
export async function startStandalone(options: StartOptions = {}): Promise<Standalone> {
  const folder = process.env['XIANGYI_DEMO_FOLDER'];
  if (!folder || options.dataDir !== undefined || options.env !== undefined) return await start(options);
  const loaded = path.join(folder, 'county');
  if (!existsSync(loaded)) {
    const loading = path.join(folder, 'loading');
    await (await start({ dataDir: loading })).stop({ keepData: true });
    execFileSync('mv', [loading, loaded]);
  }
  const dataDir = mkdtempSync(path.join(tmpdir(), 'xiangyi-app-'));
  // With its owners: the database's files belong to another user when the tests run as root.
  execFileSync('cp', ['-a', `${loaded}/.`, dataDir]);
  return await start({ ...options, dataDir });
}

async function start(options: StartOptions): Promise<Standalone> {
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'xiangyi-app-'));
  const port = options.port ?? (await freePort());
  const baseUrl = `http://127.0.0.1:${port}`;
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !['DATABASE_URL', 'SECRET_KEY', 'NODE_OPTIONS', 'DEMO'].includes(name)),
  );
  const child = spawn(process.execPath, ['dist/apps/standalone/src/main.js'], {
    env: {
      ...inherited,
      DATA_DIR: dataDir,
      PORT: String(port),
      RATE_LIMIT: 'off',
      ...(process.env['TEST_REDIS_URL'] ? { REDIS_URL: process.env['TEST_REDIS_URL'] } : {}),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop: Standalone['stop'] = async ({ signal = 'SIGTERM', keepData = false } = {}) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const timeout = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timeout);
    if (!keepData) rmSync(dataDir, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady(baseUrl))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`The application did not become ready:\n${printed}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { baseUrl, dataDir, process: child, output: () => printed, stop };
}

async function isReady(baseUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${baseUrl}/health/ready`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}
