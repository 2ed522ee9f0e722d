/** `npm run check`: style, types, database, docker, tidiness. Exit code 1 when anything fails. */
import { ensureInstalled } from './run/install.mjs';
import { fail, requireNode } from './run/workspace.mjs';

requireNode();
await ensureInstalled();
const { ensureBuilt } = await import('./run/build.mjs');
await ensureBuilt({ web: false }).catch((error) => fail(error.message));
const { runChecks } = await import('./run/checks.mjs');
const { failed } = await runChecks();
process.exitCode = failed ? 1 : 0;
