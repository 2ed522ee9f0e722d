/** Installs the packages when they are missing or the lock file asks for others. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { run } from './child.mjs';
import { at, fail, step } from './workspace.mjs';

const STAMP = at('node_modules', '.xiangyi-installed');

/** What the lock asks for on this platform, as one line. */
function wanted(lock) {
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}`;
}

/** npm's own record of what is installed: true when it holds every package that the lock requires here, in its version. */
function recordMatches(lock) {
  const record = at('node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const present = JSON.parse(readFileSync(record, 'utf8')).packages;
  const fits = (list, value) => !list || list.includes(value);
  return Object.entries(JSON.parse(lock).packages).every(([name, entry]) => {
    if (name === '' || entry.link) return true;
    // Optional packages with a C library of their own choice are left to npm.
    if (entry.optional && (entry.libc || !fits(entry.os, process.platform) || !fits(entry.cpu, process.arch))) return true;
    return present[name]?.version === entry.version;
  });
}

/** `npm ci` if needed; prints progress; ends the process with one line when the registry refuses. */
export async function ensureInstalled() {
  const lock = readFileSync(at('package-lock.json'), 'utf8');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted(lock)) return;
  if (!recordMatches(lock)) await step('packages installed', install);
  writeFileSync(STAMP, wanted(lock));
}

async function install() {
  const npm = process.env.npm_execpath;
  const options = { timeoutMs: 15 * 60_000, env: { npm_config_loglevel: 'error' } };
  // Started by npm: the same npm. Started by hand: the one on the path.
  const result = npm?.endsWith('.js')
    ? await run(process.execPath, [npm, 'ci', '--include=dev'], options)
    : await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--include=dev'], options);
  if (result.code !== 0) fail(`${result.output.trim()}\nThe packages could not be installed: \`npm ci\` says why above.`);
}
