/** Where the repository stands, and how its commands speak to the person who runs them. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository's root folder. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Absolute path of a file under the root. */
export const at = (...parts) => path.join(ROOT, ...parts);

const NEEDED = [20, 19];

/** Ends the process with one clear line when Node is older than package.json's `engines` asks for. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return;
  fail(`Xiangyi needs Node.js ${NEEDED.join('.')} or newer; this is ${process.versions.node}.`);
}

/** One line on stderr, then exit code 1. */
export function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

/** Seconds since `startedAt` (performance.now()), as people read them: `0.4 s`. */
export const seconds = (startedAt) => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;

/**
 * Runs one step and prints its name and its seconds. On a terminal the name shows while the step runs; elsewhere a line is
 * printed when it starts only if it takes longer than two seconds.
 */
export async function step(name, work) {
  const startedAt = performance.now();
  const slow = setTimeout(() => process.stdout.write(`  … ${name}\n`), 2000);
  try {
    const result = await work();
    process.stdout.write(`  ✓ ${name} (${seconds(startedAt)})\n`);
    return result;
  } catch (error) {
    process.stdout.write(`  ✗ ${name} (${seconds(startedAt)})\n`);
    throw error;
  } finally {
    clearTimeout(slow);
  }
}
