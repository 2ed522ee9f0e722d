/** Installs the packages when they are missing or the lock file asks for others. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { run } from './child.mjs';
import { at, fail, step } from './workspace.mjs';

const STAMP = at('node_modules', '.xiangyi-installed');

const PLATFORM = `${process.platform}-${process.arch}`;
const stampOf = (lock) => `${createHash('sha256').update(lock).digest('hex')} ${PLATFORM}`;

/** npm's own record of what is installed: true when it holds every package that the lock requires, in its version. */
function recordMatches(lock) {
  const record = at('node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const present = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = Object.entries(JSON.parse(lock).packages);
  // Which optional packages belong on this platform is npm's business.
  return wanted.every(([name, entry]) => name === '' || entry.optional || present[name]?.version === entry.version);
}

/** `npm ci` if needed; prints progress; ends the process with what npm said when it fails. */
export async function ensureInstalled() {
  const lock = readFileSync(at('package-lock.json'), 'utf8');
  const stamp = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : PLATFORM;
  if (stamp === stampOf(lock)) return;
  const movedHere = !stamp.endsWith(PLATFORM);
  if (movedHere || !recordMatches(lock)) await step('packages installed', install);
  writeFileSync(STAMP, stampOf(lock));
}

async function install() {
  const npm = process.env.npm_execpath;
  const options = { timeoutMs: 15 * 60_000, env: { npm_config_loglevel: 'error' } };
  // Started by npm: the same npm. Started by hand: the one on the path.
  const result = npm?.endsWith('.js')
    ? await run(process.execPath, [npm, 'ci', '--include=dev'], options)
    : await run('npm', ['ci', '--include=dev'], { ...options, shell: process.platform === 'win32' });
  if (result.code !== 0) fail(`${result.output.trim()}\nThe packages could not be installed: \`npm ci\` says why above.`);
}
