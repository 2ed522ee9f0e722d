/**
 * `npm test`: every suite that this machine can run, then what was left out and why. `npm test -- unit redis` runs only those.
 * With REQUIRE_ALL=1 a suite that is left out counts as a failure. The last line is `N passed, N failed`.
 */
import { ensureInstalled } from './run/install.mjs';
import { fail, requireNode, seconds } from './run/workspace.mjs';

requireNode();
await ensureInstalled();
const { SUITES } = await import('./run/suites.mjs');
const { ensureBuilt } = await import('./run/build.mjs');

const asked = process.argv.slice(2);
const unknown = asked.filter((id) => !SUITES.some((suite) => suite.id === id));
if (unknown.length) fail(`No suite ${unknown.join(', ')}; there are: ${SUITES.map((suite) => suite.id).join(', ')}`);
const suites = SUITES.filter(({ id }) => asked.length === 0 || asked.includes(id));

try {
  await ensureBuilt({ web: suites.some((suite) => suite.web) });
} catch (error) {
  process.stdout.write(`${error.message}\n0 passed, 1 failed\n`);
  process.exit(1);
}

const total = { passed: 0, failed: 0 };
const lines = [];
for (const suite of suites) {
  const need = suite.find?.();
  if (suite.find && !need) {
    lines.push(`  – ${suite.title}: left out, ${suite.missing}`);
    if (process.env.REQUIRE_ALL === '1') total.failed += 1;
    continue;
  }
  process.stdout.write(`\n${suite.title}\n`);
  const startedAt = performance.now();
  const { passed, failed } = await suite.run(need).catch((error) => {
    process.stdout.write(`${error.stack}\n`);
    return { passed: 0, failed: 1 };
  });
  total.passed += passed;
  total.failed += failed;
  lines.push(`  ${failed ? '✗' : '✓'} ${suite.title}: ${passed} passed, ${failed} failed (${seconds(startedAt)})`);
}
process.exitCode = total.failed ? 1 : 0;
process.stdout.write(`\n${lines.join('\n')}\n${total.passed} passed, ${total.failed} failed\n`);
