/**
 * `npm start`: installs and builds what is missing or out of date, then runs the standalone app in this very process, so that
 * signals reach it directly and nothing is left behind when the process ends.
 */
import { pathToFileURL } from 'node:url';
import { ensureInstalled } from './run/install.mjs';
import { at, fail, requireNode } from './run/workspace.mjs';

requireNode();
await ensureInstalled();
const { ensureBuilt } = await import('./run/build.mjs');
await ensureBuilt().catch((error) => fail(error.message));

stopWithParent();
const main = at('dist', 'apps', 'standalone', 'src', 'main.js');
process.argv[1] = main;
process.setSourceMapsEnabled(true);
await import(pathToFileURL(main).href);

/** When npm started this and is killed outright, it cannot pass the signal on: its end shows in the parent's id. */
function stopWithParent() {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}
