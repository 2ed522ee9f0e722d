/** `npm start`: installs and builds what is missing or out of date, then runs every service and the web in one program. */
import { runProgram } from './run/application.mjs';
import { ensureInstalled } from './run/install.mjs';
import { fail, requireNode } from './run/workspace.mjs';

requireNode();
await ensureInstalled();
const { ensureBuilt } = await import('./run/build.mjs');
await ensureBuilt().catch((error) => fail(error.message));
runProgram('apps/standalone/src/main.js', process.argv.slice(2));
