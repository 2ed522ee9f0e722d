/** The checks that need no running system: style, types, database, docker, tidiness. */
import { node } from './child.mjs';
import { dockerProblems } from './docker.mjs';
import { tidyProblems } from './tidy.mjs';
import { at, seconds } from './workspace.mjs';

const MINUTE = 60_000;
const bin = (path, ...args) => [at('node_modules', path), ...args];

async function tool(args, timeoutMs) {
  const { code, timedOut, output } = await node(args, { timeoutMs, env: { FORCE_COLOR: '0' } });
  if (timedOut) return [`${output.trim()}\nended after ${timeoutMs / 1000} s`];
  return code === 0 ? [] : [output.trim()];
}

const CHECKS = [
  [
    'types',
    () =>
      tool(
        bin('typescript/bin/tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', '.cache/tsc.tsbuildinfo', '-p', '.'),
        5 * MINUTE,
      ),
  ],
  ['lint', () => tool(bin('eslint/bin/eslint.js', '.', '--max-warnings', '0'), 5 * MINUTE)],
  ['types of the tests of the web', () => tool(bin('typescript/bin/tsc', '--noEmit', '-p', 'test/browser'), 5 * MINUTE)],
  ['types of the web', () => tool(bin('vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', 'apps/web'), 5 * MINUTE)],
  ['format', () => tool(bin('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'), 3 * MINUTE)],
  ['database: schema = migrations, growing tables', () => tool([at('scripts', 'check-database.mjs')], 3 * MINUTE)],
  ['docker', dockerProblems],
  ['tidiness', async () => tidyProblems()],
];

/** Runs every check, two at a time, printing each result; resolves to how many passed and failed. */
export async function runChecks() {
  const waiting = [...CHECKS];
  const counts = { passed: 0, failed: 0 };
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, check] = next;
      const startedAt = performance.now();
      const problems = await check().catch((error) => [error.stack]);
      process.stdout.write(`  ${problems.length ? '✗' : '✓'} ${name} (${seconds(startedAt)})\n`);
      problems.forEach((problem) => process.stdout.write(`${problem}\n`));
      counts[problems.length ? 'failed' : 'passed'] += 1;
    }
  };
  await Promise.all([worker(), worker()]);
  return counts;
}
