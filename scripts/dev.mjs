/**
 * `npm run dev`: the server again at every change of a source (about a second), and Vite's own server for the pages, which passes
 * API calls on. The database stays where `npm start` has it.
 */
import { watch } from 'node:fs';
import { start, stop } from './run/child.mjs';
import { ensureInstalled } from './run/install.mjs';
import { isServerFile } from './run/sources.mjs';
import { at, fail, requireNode } from './run/workspace.mjs';

requireNode();
await ensureInstalled();
const { ensureBuilt } = await import('./run/build.mjs');
await ensureBuilt({ web: false }).catch((error) => fail(error.message));

const SETTLE_MS = 150;
const inherit = { stdio: 'inherit' };
let server;
let restarting = Promise.resolve();

function startServer() {
  server = start(process.execPath, ['--enable-source-maps', at('dist/apps/standalone/src/main.js')], inherit);
}

async function rebuild() {
  try {
    await ensureBuilt({ web: false });
  } catch (error) {
    // A source that does not parse: the old server goes on until it does.
    process.stderr.write(`${error.message}\n`);
    return;
  }
  await stop(server);
  startServer();
}

let settle;
function onChange(folder, file) {
  const name = `${folder}/${String(file).replaceAll('\\', '/')}`;
  const counts = name.endsWith('.prisma') || (isServerFile(name) && !name.startsWith('prisma/generated/'));
  if (!counts) return;
  clearTimeout(settle);
  settle = setTimeout(() => (restarting = restarting.then(rebuild)), SETTLE_MS);
}

startServer();
start(process.execPath, [at('node_modules/vite/bin/vite.js'), 'apps/web'], inherit);
for (const folder of ['apps', 'libs', 'prisma']) watch(at(folder), { recursive: true }, (_event, file) => onChange(folder, file));
