/**
 * `npm run bench trace [seconds]`: the consumer's page beside a bare Fastify server that returns the same bytes; making codes and label pages beside the
 * `qrcode` package alone; and a recall eight lots deep at a million units. Everything stays on the loopback address; rounds are taken in turns, medians.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import QRCode from 'qrcode';
import { Database, openDatabase, uuidv7 } from '#platform';
import type { CodeBatch, CodeView, LotListItem, Page } from '#contracts';
import { startStandalone } from '../factories/standalone.js';
import { measureRecall } from './recall.data.js';

const ROUNDS = 3;
const SECONDS = Number(process.argv[2] ?? 8);
const CONNECTIONS = 100;
const CODES = 100_000;
const LABELS = 4800;
const LABELS_A_SHEET = 24;
const TIMEOUT_MS = 180_000;

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const whole = (value: number) => Math.round(value).toLocaleString('en-US');

interface Client {
  readonly baseUrl: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
  bytes(path: string): Promise<Buffer>;
}

async function signIn(baseUrl: string): Promise<Client> {
  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    const answer = await fetch(`${baseUrl}${path}`, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer;
  };
  const json = { 'content-type': 'application/json' };
  const login = JSON.stringify({ username: 'county', password: 'xiangyi-demo' });
  const session = (await (await ask('/api/auth/login', { method: 'POST', headers: json, body: login })).json()) as {
    accessToken: string;
  };
  const authorization = `Bearer ${session.accessToken}`;
  return {
    baseUrl,
    get: async <T>(at: string) => (await (await ask(at, { headers: { authorization } })).json()) as T,
    post: async <T>(at: string, body: object) =>
      (await (await ask(at, { method: 'POST', headers: { ...json, authorization }, body: JSON.stringify(body) })).json()) as T,
    bytes: async (at) => Buffer.from(await (await ask(at, { headers: { authorization } })).arrayBuffer()),
  };
}

/** Orders codes and waits for them; codes a second, from the order to the last one registered. */
async function makeCodes(client: Client, lotId: string): Promise<{ batchId: string; codesPerSecond: number }> {
  const started = performance.now();
  const order = { id: uuidv7(), level: 'unit', count: CODES };
  const { id: batchId } = await client.post<CodeBatch>(`/api/lots/${lotId}/codes`, order);
  for (const until = performance.now() + TIMEOUT_MS; performance.now() < until;) {
    const batch = await client.get<CodeBatch>(`/api/code-batches/${batchId}`);
    if (batch.state === 'failed') throw new Error(batch.problem ?? 'The codes were not made');
    if (batch.state === 'done') return { batchId, codesPerSecond: CODES / ((performance.now() - started) / 1000) };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`No ${CODES} codes after ${TIMEOUT_MS / 1000} s`);
}

/** Links of the first codes of a batch. */
async function linksOf(client: Client, batchId: string, count: number): Promise<string[]> {
  const links: string[] = [];
  for (let cursor: string | undefined; links.length < count;) {
    const next = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await client.get<Page<CodeView>>(`/api/codes?batch=${batchId}&limit=1000${next}`);
    links.push(...page.items.map((code) => code.url));
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return links;
}

async function pagesPerSecond(baseUrl: string, paths: readonly string[]): Promise<{ rate: number; p99: number }> {
  let next = 0;
  const result = await autocannon({
    url: baseUrl,
    connections: CONNECTIONS,
    duration: SECONDS,
    requests: [
      {
        method: 'GET',
        setupRequest: (request) => ({ ...request, path: paths[next++ % paths.length] ?? '/' }),
        headers: { accept: 'text/html', 'accept-language': 'zh-CN', 'user-agent': 'MicroMessenger/8.0' },
      },
    ],
  });
  if (result.errors || result.non2xx) throw new Error(`${result.errors} errors, ${result.non2xx} answers other than 2xx`);
  return { rate: result['2xx'] / result.duration, p99: result.latency.p99 };
}

async function bareServer(page: Buffer, folder: string): Promise<{ url: string; process: ChildProcess }> {
  const file = path.join(folder, 'page.html');
  writeFileSync(file, page);
  const child = fork(fileURLToPath(new URL('bare.server.js', import.meta.url)), [file], { silent: true });
  const [line] = (await once(child.stdout ?? child, 'data', { signal: AbortSignal.timeout(20_000) })) as [Buffer];
  return { url: line.toString().trim(), process: child };
}

async function measurePages(client: Client, links: readonly string[], folder: string): Promise<void> {
  const paths = links.map((link) => new URL(link).pathname);
  const page = await client.bytes(paths[0] ?? '/');
  const bare = await bareServer(page, folder);
  try {
    const [ours, theirs]: [{ rate: number; p99: number }[], { rate: number; p99: number }[]] = [[], []];
    await pagesPerSecond(client.baseUrl, paths);
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await pagesPerSecond(client.baseUrl, paths));
      theirs.push(await pagesPerSecond(bare.url, paths));
    }
    const [rate, bareRate] = [median(ours.map((run) => run.rate)), median(theirs.map((run) => run.rate))];
    console.log(
      `consumer page (${page.length} bytes, each look recorded): ${whole(rate)} a second, p99 ${median(ours.map((run) => run.p99))} ms`,
    );
    console.log(`bare server, the same bytes: ${whole(bareRate)} a second`);
    console.log(`ratio: ${(rate / bareRate).toFixed(2)} (aim ≥ 0.5)\n`);
  } finally {
    bare.process.kill();
  }
}

async function measureLabels(client: Client, batchId: string, links: readonly string[]): Promise<void> {
  const texts = links.slice(0, LABELS);
  const drawn: number[] = [];
  const printed: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    for (const text of texts) await QRCode.toString(text, { type: 'svg', errorCorrectionLevel: 'M' });
    drawn.push(texts.length / ((performance.now() - started) / 1000));
    const asked = performance.now();
    await client.bytes(`/api/code-batches/${batchId}/labels.pdf?form=a4&limit=${texts.length}`);
    printed.push(texts.length / ((performance.now() - asked) / 1000));
  }
  const [ours, theirs] = [median(printed), median(drawn)];
  console.log(`labels in a PDF: ${whole(ours)} a second, ${(ours / LABELS_A_SHEET).toFixed(1)} A4 sheets`);
  console.log(`qrcode alone, as SVG: ${whole(theirs)} a second`);
  console.log(`ratio: ${(ours / theirs).toFixed(2)}\n`);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'xiangyi-bench-'));
  const app = await startStandalone();
  try {
    const client = await signIn(app.baseUrl);
    const lots = await client.get<Page<LotListItem>>('/api/lots?limit=1');
    const lotId = lots.items[0]?.id;
    if (!lotId) throw new Error('The demo county has no lot');
    console.log(`${ROUNDS} rounds of ${SECONDS} s each, ${CONNECTIONS} connections, in turns; medians.\n`);
    const { batchId, codesPerSecond } = await makeCodes(client, lotId);
    const links = await linksOf(client, batchId, 20_000);
    console.log(`codes registered: ${whole(codesPerSecond)} a second (${whole(CODES)} in one order)\n`);
    await measureLabels(client, batchId, links);
    await measurePages(client, links, folder);
    const { url } = await openDatabase({ DATABASE_URL: undefined, DATA_DIR: app.dataDir }, { join: true });
    const database = new Database(url, { DATABASE_POOL: 4 });
    console.log(await measureRecall(database));
    await database.onApplicationShutdown();
  } catch (error) {
    console.error(error, app.output());
    process.exitCode = 1;
  } finally {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
