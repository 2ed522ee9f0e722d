/**
 * `npm run simulate`: the demo county's people scan on a running system until Ctrl-C.
 *   npm run simulate -- --rate 5 --url http://127.0.0.1:8080
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './run/install.mjs';
import { at, fail, requireNode } from './run/workspace.mjs';

requireNode();
const { HOST = '127.0.0.1', PORT = '8080', DEMO_PASSWORD = 'xiangyi-demo' } = process.env;
const { rate, url } = readArguments();

await ensureInstalled();
const { ensureBuilt } = await import('./run/build.mjs');
await ensureBuilt({ web: false }).catch((error) => fail(error.message));
const { runSimulation } = await import(pathToFileURL(at('dist', 'prisma', 'seed', 'simulation.runner.js')).href);

const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => ending.abort());
process.stdout.write(`Scanning on ${url}, ${rate} scans a second. Ctrl-C stops it.\n`);
try {
  const report = await runSimulation({
    baseUrl: url,
    password: DEMO_PASSWORD,
    ratePerSecond: rate,
    signal: ending.signal,
    onProgress,
  });
  process.stdout.write(`${line(report)}\n`);
} catch (error) {
  fail(`${error.cause?.code === 'ECONNREFUSED' ? `Nothing answers on ${url}: start it with \`npm start\`` : error.message}`);
}

function readArguments() {
  try {
    const options = { rate: { type: 'string', default: '2' }, url: { type: 'string', default: `http://${HOST}:${PORT}` } };
    const { values } = parseArgs({ options });
    const perSecond = Number(values.rate);
    if (!(perSecond > 0 && perSecond <= 500)) throw new Error('--rate is a number of scans a second, up to 500');
    return { rate: perSecond, url: values.url };
  } catch (error) {
    return fail(error.message);
  }
}

function line({ accepted, duplicate, rejected, retries }) {
  return `${accepted} accepted, ${duplicate} sent twice, ${rejected} rejected, ${retries} tried again`;
}

function onProgress(report) {
  if (process.stdout.isTTY) process.stdout.write(`\r${line(report)}  `);
}
