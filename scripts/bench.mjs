/** `npm run bench scans [seconds]`: a measurement of test/load, on the built application; prints its figures and writes nothing. */
import { existsSync } from 'node:fs';
import { node } from './run/child.mjs';
import { ensureInstalled } from './run/install.mjs';
import { filesUnder, isServerFile } from './run/sources.mjs';
import { at, fail, requireNode } from './run/workspace.mjs';

const LIMIT_MS = 20 * 60_000;

requireNode();
await ensureInstalled();
const { ensureBuilt } = await import('./run/build.mjs');
await ensureBuilt({ web: false }).catch((error) => fail(error.message));

const [name = 'scans', ...args] = process.argv.slice(2);
const measurements = filesUnder(['test/load', 'test/factories'], isServerFile);
if (!existsSync(at('test', 'load', `${name}.ts`))) fail(`No measurement ${name} in test/load`);
const { emit } = await import('./run/emit.mjs');
await emit(measurements, ['test']);
const { code, timedOut } = await node([at('dist', 'test', 'load', `${name}.js`), ...args], { timeoutMs: LIMIT_MS, show: true });
if (timedOut) fail(`Ended after ${LIMIT_MS / 60_000} minutes.`);
process.exitCode = code ?? 1;
