/** `npm run check`: style, types, database, docker, tidiness. Exit code 1 when anything fails. */
import { ensureInstalled } from './run/install.mjs';
import { fail, requireNode } from './run/workspace.mjs';

requireNode();
await ensureInstalled();
const { ensureClient } = await import('./run/build.mjs');
await ensureClient().catch((error) => fail(error.message));
const { runChecks } = await import('./run/checks.mjs');
const { failed } = await runChecks();
process.exitCode = failed ? 1 : 0;
