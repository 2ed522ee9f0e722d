/** Child processes that are bounded in time and never outlive the command that started them. */
import { spawn } from 'node:child_process';
import { ROOT } from './workspace.mjs';

const POSIX = process.platform !== 'win32';
const GRACE_MS = 8_000;
const live = new Set();

function signal(child, name) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  try {
    // A child leads a process group of its own, so that what it started ends with it.
    if (POSIX) process.kill(-child.pid, name);
    else child.kill(name);
  } catch {
    // It has just ended.
  }
}

/** Asks a child (and what it started) to end, and insists after eight seconds. Resolves when it has. */
export function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const insist = setTimeout(() => signal(child, 'SIGKILL'), GRACE_MS);
    child.once('exit', () => {
      clearTimeout(insist);
      resolve();
    });
    signal(child, 'SIGTERM');
  });
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

async function endAll(name) {
  await Promise.all([...live].map(stop));
  process.exit(name === 'SIGINT' ? 130 : 143);
}
const killAll = () => live.forEach((child) => signal(child, 'SIGKILL'));

// Signals are taken only while children live: a program that goes on in this process sets its own handlers.
function keep(child) {
  if (live.size === 0) {
    SIGNALS.forEach((name) => process.once(name, endAll));
    process.once('exit', killAll);
  }
  live.add(child);
}

function release(child) {
  if (!live.delete(child) || live.size > 0) return;
  SIGNALS.forEach((name) => process.off(name, endAll));
  process.off('exit', killAll);
}

/** Starts a child in the repository's root; `stop` ends it, and so does the end of this process. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { cwd: ROOT, detached: POSIX, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  keep(child);
  child.once('exit', () => release(child));
  child.once('error', () => release(child));
  return child;
}

/**
 * Runs a child to its end. Output is kept, and also passed on when `show` is set.
 * Resolves to `{ code, timedOut, output }`; `code` is null when it could not be started or was killed.
 */
export function run(command, args, { timeoutMs, env, show = false, shell = false }) {
  return new Promise((resolve) => {
    const child = start(command, args, { shell, env: { ...process.env, ...env } });
    let output = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      void stop(child);
    }, timeoutMs);
    const take = (to) => (chunk) => {
      output += chunk;
      if (show) to.write(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', take(process.stdout));
    child.stderr.setEncoding('utf8').on('data', take(process.stderr));
    const finish = (code) => {
      clearTimeout(timer);
      resolve({ code: timedOut ? null : code, timedOut, output });
    };
    child.once('error', (error) => {
      output += `${error.message}\n`;
      finish(null);
    });
    child.once('close', finish);
  });
}

/** Runs a script of an installed package, or of ours, under this Node. */
export const node = (args, options) => run(process.execPath, args, options);
