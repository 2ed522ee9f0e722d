/** The test suites: what each one runs, what it needs of the machine, and how long it may take. */
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runChecks } from './checks.mjs';
import { node } from './child.mjs';
import { findChromium, findProgram, startRedis } from './tools.mjs';
import { at } from './workspace.mjs';

const MINUTE = 60_000;

/** Runs Jest with one of the configurations; counts come from its report, so a crash or a time-out is a failure too. */
async function jest(config, { paths = [], env = {}, timeoutMs = 10 * MINUTE } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'xiangyi-jest-'));
  const report = path.join(folder, 'report.json');
  const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', at('node_modules/jest/bin/jest.js')];
  const options = ['--config', config, '--json', `--outputFile=${report}`, ...paths];
  try {
    const { code, timedOut } = await node([...args, ...options], { timeoutMs, show: true, env });
    if (timedOut) process.stdout.write(`Ended after ${timeoutMs / MINUTE} minutes.\n`);
    return countsOf(report, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countsOf(report, code) {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const found = JSON.parse(readFileSync(report, 'utf8'));
  const failed = found.numFailedTests + found.numRuntimeErrorTestSuites;
  // Jest may fail for a reason that no test bears: no test found, a teardown that threw.
  return { passed: found.numPassedTests, failed: code === 0 ? failed : Math.max(failed, 1) };
}

/** Runs tests of the built application. The first that wants the demo county loads it into a folder, the others work on copies of it. */
const system = (folder, options) =>
  jest('jest.system.config.js', { ...options, paths: [`test/${folder}`], env: { ...options?.env, ...sharedCounty() } });

let countyFolder;
function sharedCounty() {
  // Copies keep the owners of the database's files; where that cannot be, each test file loads its own county.
  if (process.platform === 'win32') return {};
  if (!countyFolder) {
    countyFolder = mkdtempSync(path.join(tmpdir(), 'xiangyi-demo-'));
    process.once('exit', () => rmSync(countyFolder, { recursive: true, force: true }));
  }
  return { XIANGYI_DEMO_FOLDER: countyFolder };
}

async function onRedis(program) {
  const redis = await startRedis(program);
  try {
    return await jest('jest.integration.config.js', { env: { TEST_REDIS_URL: redis.url } });
  } finally {
    await redis.stop();
  }
}

/**
 * In the order in which they run. `find` gives what the suite needs of the machine; a suite whose need is not met is left out
 * with the reason in `missing`. `web`: it needs the built pages.
 */
export const SUITES = [
  { id: 'check', title: 'Checks', run: runChecks },
  { id: 'unit', title: 'Unit tests', run: () => jest('jest.config.js') },
  { id: 'integration', title: 'Integration tests, queue on PostgreSQL', run: () => jest('jest.integration.config.js') },
  {
    id: 'redis',
    title: 'Integration tests, queue on Redis',
    find: () => findProgram('redis-server'),
    missing: 'no redis-server on this machine',
    run: onRedis,
  },
  {
    id: 'e2e',
    title: 'End-to-end tests over HTTP',
    web: true,
    run: () => system('e2e'),
  },
  { id: 'chaos', title: 'Kill and recover', run: () => system('chaos') },
  {
    id: 'browser',
    title: 'Browser tests',
    web: true,
    find: findChromium,
    missing: 'no Chromium on this machine (CHROMIUM_PATH can name one)',
    run: (chromium) => system('browser', { env: { CHROMIUM_PATH: chromium }, timeoutMs: 20 * MINUTE }),
  },
];
