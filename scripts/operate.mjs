/** Commands of an operator: `npm run county -- …`, `npm run rebuild -- …`, `npm run verify:trace`. Builds what is out of date, then runs the program. */
import { runProgram } from './run/application.mjs';
import { ensureInstalled } from './run/install.mjs';
import { fail, requireNode } from './run/workspace.mjs';

const [program, ...args] = process.argv.slice(2);
requireNode();
await ensureInstalled();
const { ensureBuilt } = await import('./run/build.mjs');
await ensureBuilt({ web: false }).catch((error) => fail(error.message));
runProgram(`apps/standalone/src/${program}.js`, args);
